"""What to ask next: the facts that can still change an answer, the most useful first.

A fact is worth asking where it holds up many goals alone, and is easy to answer.
`narrowing` measures it: how much narrower the goals become when the fact is
known, by running the bounds again with the fact at each end of its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.rules.engine.law.admission import Admitted
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.exact import bounds
from townhall.rules.engine.law.exact.bounds import Ranged
from townhall.rules.engine.law.law import Law
from townhall.rules.engine.law.planning import Plan


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking.

    Attributes
    ----------
    member
        Whose: the number of the person, family or household.
    goals
        What it can still change.
    worth
        The higher, the sooner to ask.
    """

    fact: str
    member: int
    goals: tuple[str, ...]
    worth: float


def questions(law: Law, ranged: Ranged, goals: Iterable[str]) -> tuple[Question, ...]:
    """Return the facts that can still change one of the goals, the most useful first.

    A goal that waits for one fact alone counts fully for it, one that waits for
    four a quarter for each; the sum is divided by the cost of the answer. Equal
    ones come in the order of the law.
    """
    found: dict[int, list[str]] = {}
    worth: dict[int, float] = {}
    for goal in goals:
        mask = ranged.mask([goal])
        share = mask.bit_count()
        for bit in bounds.positions(mask):
            found.setdefault(bit, []).append(goal)
            worth[bit] = worth.get(bit, 0.0) + 1 / share
    asked = []
    for bit, changes in found.items():
        name, member = ranged.bits[bit]
        cost = _cost(law, name)
        asked.append(
            (-worth[bit] / cost, bit, Question(name, member, tuple(changes), worth[bit] / cost))
        )
    return tuple(question for _, _, question in sorted(asked, key=lambda each: each[:2]))


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of the situation, to try out answers on."""

    law: Law
    plan: Plan
    found: Admitted
    day: date

    def narrowing(self, question: Question, ranged: Ranged, goals: Sequence[str]) -> float:
        """Return the share of the goals' uncertainty that the answer takes away, 0 to 1.

        The mean over both ends of the fact's range; a goal that becomes certain
        loses all.
        """
        total = 0.0
        ends = self._ends(question.fact)
        for end in ends:
            fixed = {(question.fact, question.member): (end, end)}
            again = bounds.evaluate(self.law, self.plan, self.found, self.day, fixed)
            total += sum(_taken(ranged.values[goal], again.values[goal]) for goal in goals)
        return total / len(ends) / max(1, len(goals))

    def ranked(
        self, asked: Sequence[Question], ranged: Ranged, goals: Sequence[str], first: int = 8
    ) -> tuple[Question, ...]:
        """Return questions with the first ones in the order of what their answers take away.

        A fact that alone decides comes first; what is taken away is divided by
        the cost of the answer. Each question that is tried costs two runs.

        Parameters
        ----------
        first
            How many are tried; the others keep their places behind.
        """
        tried = [
            (-self.narrowing(each, ranged, goals) / _cost(self.law, each.fact), place, each)
            for place, each in enumerate(asked[:first])
        ]
        return (*(each for _, _, each in sorted(tried, key=lambda one: one[:2])), *asked[first:])

    def _ends(self, fact: str) -> tuple[Any, Any]:
        """Return the ends of a fact's range; for one without limit, what it has at zero."""
        least, greatest = bounds.limits(self.law, fact, self.day)
        if isinstance(least, Decimal) and least.is_infinite():
            least = min(Decimal(0), greatest)
        if isinstance(greatest, Decimal) and greatest.is_infinite():
            greatest = max(Decimal(0), least)
        return least, greatest


def _cost(law: Law, name: str) -> int:
    spec = law.variables[name].spec
    return spec.cost if isinstance(spec, Fact) else 5


def _taken(before: Sequence[Any], after: Sequence[Any]) -> float:
    """Return the share of the width of a goal's bounds that is gone, over its members."""
    shares = []
    for (low, high, open_), (least, greatest, still) in zip(before, after, strict=True):
        if not open_:
            continue
        if not still:
            shares.append(1.0)
            continue
        width, left = _width(low, high), _width(least, greatest)
        if width == float("inf"):
            shares.append(0.0 if left == width else 0.5)
        else:
            shares.append(max(0.0, 1 - left / width) if width else 0.0)
    return sum(shares) / len(shares) if shares else 0.0


def _width(low: Any, high: Any) -> float:
    return float(high) - float(low)
