"""Results that the law decides.

A definition names a rule of the law as a result (`goal:`). The result then comes from
the law in force on the day, with its reasons. Where something is not known, the law
says within which bounds the result lies, and whether it matters at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from townhall.catalogue.engine.lawvalues import outward, type_of
from townhall.catalogue.engine.people import People, Seen
from townhall.rules.engine import UNKNOWN, AbsentUsed, EvaluationError, Outcome
from townhall.rules.engine.law import FactError, LawError, NoResult, NotInForce, Unit
from townhall.rules.engine.law.answers import telling
from townhall.rules.engine.law.exact import bounds


class Goal:
    """A rule of the law as the value of a result; it is used like an `Expression`.

    Parameters
    ----------
    name
        The rule.
    member
        Of a rule about persons: 0 for the applicant, 1 for the partner.
    """

    def __init__(self, people: People, name: str, unit: Unit, member: int = 0) -> None:
        self.people = people
        self.name = name
        self.member = member
        self.unit = unit
        self.type = type_of(unit)
        self.text = f"goal {name}"
        people.goals.add(name)

    @property
    def canonical(self) -> str:
        """How the goal is written in one fixed way, for the hash and for comparing versions."""
        return self.text

    @cached_property
    def names(self) -> frozenset[str]:
        """Dotted names of the data that it rests on."""
        return frozenset().union(*(each.names for each in self.people.expressions()))

    @property
    def roots(self) -> frozenset[str]:
        """The data that it rests on."""
        return frozenset(name.partition(".")[0] for name in self.names)

    def evaluate(
        self,
        values: Mapping[str, Any],
        trace: bool = False,
        elsewhere: frozenset[tuple[str, int]] = frozenset(),
    ) -> Outcome:
        """Return the value by the law of the day (by default today), with the reasons.

        Parameters
        ----------
        elsewhere
            Rules and members that are explained beside this one, and not again in it.

        Raises
        ------
        EvaluationError
            If a fact cannot be used, a rate is missing, or something that
            matters is known to nobody.
        """
        day = self.people.on(values)
        if not isinstance(day, date):
            return Outcome(UNKNOWN, day, None)
        try:
            return self._decided(values, day, elsewhere if trace else None)
        except (FactError, LawError, NoResult, NotInForce) as error:
            raise EvaluationError(str(error)) from error

    def bounds(self, values: Mapping[str, Any]) -> tuple[Any, Any] | None:
        """Return the least and the greatest that the result can be; None if nothing is known."""
        seen, today = self.people.seen(values), self.people.on(values)
        if seen.situation is None or not isinstance(today, date):
            return None
        asked = self.people.asked(seen, today)
        ranged = bounds.evaluate(asked.law, asked.planned, asked.found, today)
        low, high, _ = ranged.values[self.name][self.member]
        return outward(low, self.unit), outward(high, self.unit)

    def _decided(
        self,
        values: Mapping[str, Any],
        today: date,
        elsewhere: frozenset[tuple[str, int]] | None,
    ) -> Outcome:
        seen = self.people.seen(values)
        if seen.situation is None:
            return Outcome(UNKNOWN, seen.unknown, None)
        if self.member >= len(seen.situation.persons):
            raise AbsentUsed(self.name)
        asked = self.people.asked(seen, today)
        ranged = asked.ranged
        if ranged is not None:
            waiting = ranged.open_for(self.name, self.member)
            if waiting:
                return Outcome(UNKNOWN, self._waits(waiting, seen), None)
            for words in ranged.not_in_force([self.name]):
                raise NotInForce(words)
        decision = asked.decision(self.name)
        value = outward(decision.values[self.name][self.member], self.unit)
        # Of somebody alone there is no need to say whose each fact is.
        whose = seen.whose if len(seen.whose) > 1 else ()
        if elsewhere is None:
            return Outcome(value, frozenset(), None)
        step = telling.step(decision, self.name, self.member, whose, elsewhere)
        return Outcome(value, frozenset(), step)

    def _waits(self, waiting: Sequence[tuple[str, int]], seen: Seen) -> frozenset[str]:
        names: set[str] = set()
        for fact, member in waiting:
            known = seen.waits.get((fact, member))
            if known is None:
                raise EvaluationError(
                    f'the law needs to know "{fact}", which the service does not tell it.'
                )
            names |= known
        return frozenset(names)
