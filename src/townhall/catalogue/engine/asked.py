"""What the law of a day is asked of a situation, once for all goals of a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from townhall.rules.engine.law import Decision, NoResult
from townhall.rules.engine.law.admission import Admitted
from townhall.rules.engine.law.exact import bounds
from townhall.rules.engine.law.law import Law
from townhall.rules.engine.law.planning import Plan

if TYPE_CHECKING:
    from townhall.catalogue.engine.people import People, Seen


@dataclass(frozen=True)
class Asked:
    """What the law of a day is asked, of whom; worked out once for all goals of a service."""

    seen: Seen
    today: date
    law: Law
    planned: Plan
    found: Admitted

    @classmethod
    def of(cls, people: People, seen: Seen, today: date) -> Asked:
        """Return the law of the day, what it is to compute, and the facts that it has."""
        assert seen.situation is not None
        law = people.lawbook.on(today)
        planned = law.plan(people.goals, people.given, gaps=True)
        found = law.admit(seen.situation)
        if people.usual:
            waiting = {fact for fact, _ in seen.waits}
            found = law.assumed(found, planned, besides=waiting)
        return cls(seen, today, law, planned, found)

    @cached_property
    def ranged(self) -> bounds.Ranged | None:
        """The bounds where something is not known; None where all is."""
        if not self.found.lacking(self.planned):
            return None
        return bounds.evaluate(self.law, self.planned, self.found, self.today)

    @cached_property
    def _together(self) -> Decision | None:
        """The decision about all goals; None if one of them has no result."""
        goals = tuple(self.planned.goals)
        try:
            return self.law.decided(goals, self.found, self.planned, self.today)
        except NoResult:
            return None

    def decision(self, name: str) -> Decision:
        """Return the decision about what is certain."""
        if self.ranged is not None:
            certain = self.ranged.exact()
            return self.law.decided((name,), self.found, self.planned, self.today, certain)
        if self._together is not None:
            return self._together
        alone = self.law.plan([name], self.found.given(self.law), gaps=True)
        return self.law.decided((name,), self.found, alone, self.today)
