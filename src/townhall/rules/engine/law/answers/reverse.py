"""The question turned round: up to which income is a goal at least so much?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.law import Law
from townhall.rules.engine.law.situation import Situation

PENNY: Final = Decimal("0.01")
POINTS: Final = 240


@dataclass(frozen=True, slots=True)
class Span:
    """Values of the fact, both included, for which the condition holds."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Query:
    """A goal as a function of one number of one member.

    Attributes
    ----------
    entity, member, fact
        The fact that varies, and whose it is.
    goal, of
        The goal, and the number of its member.
    """

    law: Law
    situation: Situation
    day: date
    entity: Entity
    member: int
    fact: str
    goal: str
    of: int

    def value(self, at: Decimal) -> Any:
        """Return the goal where the fact has this value."""
        changed = self.situation.with_facts(self.entity, self.member, {self.fact: at})
        return self.law.decide([self.goal], changed, day=self.day)[self.goal][self.of]

    def curve(self, low: Decimal, high: Decimal, points: int = 60) -> list[tuple[Decimal, Any]]:
        """Return (value of the fact, value of the goal) at even distances, for a plot."""
        step = ((high - low) / max(1, points - 1)).quantize(PENNY)
        places = [low + step * number for number in range(points - 1)] + [high]
        return [(place, self.value(place)) for place in places]

    def where(
        self,
        holds: Callable[[Any], bool],
        low: Decimal,
        high: Decimal,
        points: int = POINTS,
    ) -> tuple[Span, ...]:
        """Return the spans of the fact on which a condition on the goal holds.

        The range is looked at in so many places; where the answer changes
        between two of them, the change is found to the penny. A change that
        comes and goes between two places is not seen.

        Parameters
        ----------
        holds
            The condition, such as `lambda kept: kept >= 1`.
        """
        step = ((high - low) / points).quantize(PENNY) or PENNY
        places = [low]
        while places[-1] < high:
            places.append(min(high, places[-1] + step))
        answers = [holds(self.value(place)) for place in places]
        spans: list[Span] = []
        start = low if answers[0] else None
        for before, after, was, now in zip(places, places[1:], answers, answers[1:], strict=False):
            if was == now:
                continue
            last, first = self._change(before, after, was, holds)
            if now:
                start = first
            elif start is not None:
                spans.append(Span(start, last))
                start = None
        if start is not None:
            spans.append(Span(start, high))
        return tuple(spans)

    def _change(
        self, before: Decimal, after: Decimal, was: bool, holds: Callable[[Any], bool]
    ) -> tuple[Decimal, Decimal]:
        """Return the two pennies between which the answer changes."""
        while after - before > PENNY:
            middle = ((before + after) / 2).quantize(PENNY)
            if middle in (before, after):
                break
            if holds(self.value(middle)) == was:
                before = middle
            else:
                after = middle
        return before, after
