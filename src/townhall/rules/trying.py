"""Trying a rule out: the facts that matter for it, and its value for an invented family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from townhall.rules import answers, browsing
from townhall.rules.answers import BIRTH, key_of, usual
from townhall.rules.engine.calendar import add_months
from townhall.rules.engine.law import COMPANY, PERSON, Decision, Family, Household, Law, Situation
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.exact import bounds
from townhall.rules.engine.law.exact.bounds import Ranged
from townhall.rules.engine.law.exact.intervals import Bound
from townhall.rules.engine.law.planning import ACROSS

SHOWN: Final = 9
"""Most facts that are asked; all others are taken at their usual values."""
LOOKED_AT: Final = 16
"""Most facts of which it is found out whether they matter."""
EXAMPLE_AGES: Final = (3, 7)
"""Children of the family that stands in the form at first."""
_FIRST: Final = (BIRTH, "employment_income")
_AGE: Final = 40
_MONEY: Final = Decimal(24_000)


@dataclass(frozen=True, slots=True)
class Trial:
    """What can be tried of a rule.

    Attributes
    ----------
    asked
        Facts to ask, the nearest to the rule first.
    others
        Facts that are taken as usual.
    family
        Whether it matters who else is in the family.
    """

    law: Law
    goal: str
    asked: tuple[Fact, ...]
    others: tuple[Fact, ...]
    family: bool

    def default(self, fact: Fact, day: date) -> str:
        """Return what stands in the form at first, as `entitlements` keeps answers."""
        if fact.name == BIRTH:
            return add_months(day, -12 * _AGE).isoformat()
        if fact.name == _FIRST[1]:
            return str(_MONEY)
        if fact.usual is None:
            return ""
        value = usual(fact)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Tried:
    """The value of a rule for each of its members."""

    decision: Decision
    ranged: Ranged
    goal: str

    @property
    def bounds(self) -> tuple[Bound, ...]:
        return tuple(self.ranged.values[self.goal])

    def depends(self, member: int) -> tuple[tuple[str, int], ...]:
        """Return (fact, whose) of what is not known and matters."""
        return self.ranged.open_for(self.goal, member)


@lru_cache(maxsize=512)
def trial(law: Law, goal: str, day: date) -> Trial:
    """Return what can be tried of a rule.

    A fact is asked if it can change the value for the family that stands in the form at first.

    Raises
    ------
    NotInForce
        If the rule, or something that it needs, is not in force.
    """
    planned = law.plan([goal])
    distance = browsing.everything_below(law, goal)
    facts = tuple(
        fact
        for name in planned.inputs.values()
        if (fact := law.book.facts.get(name)) and fact.entity != COMPANY
    )
    operations = {law.graph[number].operation for each in planned.segments for number in each.nodes}
    across = law.variables[goal].kind.entity != PERSON or bool(operations & ACROSS)
    askable = sorted(
        (fact for fact in facts if fact.ask is not None or fact.usual is None),
        key=lambda fact: (fact.name not in _FIRST, distance.get(fact.name, 99), fact.cost),
    )
    rest = tuple(fact for fact in facts if fact not in askable)
    whole = Trial(law, goal, tuple(askable), rest, across or "has_partner" in distance)
    unsure = _open(whole, {}, day)
    possible = [fact for fact in askable if fact.name in unsure]
    given = {key_of(fact, 0): text for fact in askable if (text := whole.default(fact, day))}
    matters = [
        fact
        for fact in possible[:LOOKED_AT]
        if fact.name in _open(whole, {**given, key_of(fact, 0): ""}, day)
    ]
    # First what changes the value by itself, then what does so together with another fact.
    asked = tuple([*matters, *(fact for fact in possible if fact not in matters)][:SHOWN])
    others = tuple(fact for fact in facts if fact not in asked)
    return Trial(law, goal, asked, others, whole.family)


def _open(whole: Trial, facts: Mapping[str, str], day: date) -> frozenset[str]:
    """Return the facts of the first adult, family or home that leave the value uncertain."""
    ages = EXAMPLE_AGES if whole.family else ()
    tried = attempt(whole, facts, couple=False, ages=ages, day=day)
    found = (each for member in range(len(tried.bounds)) for each in tried.depends(member))
    return frozenset(name for name, whose in found if not whose)


def attempt(
    tried: Trial, facts: Mapping[str, str], *, couple: bool, ages: tuple[int, ...], day: date
) -> Tried:
    """Return the value of a rule for an invented family; what is empty is not known.

    Parameters
    ----------
    facts
        As `entitlements` keeps answers: `person.0.employment_income` to a text.
    ages
        Of the children, in whole years; each had a birthday half a year ago.

    Raises
    ------
    FactError
        If a fact is outside of its limits.
    """
    law = tried.law
    adults = 2 if couple else 1
    people: dict[str, list[dict[str, Any]]] = {
        "person": [{} for _ in range(adults + len(ages))],
        "family": [{}],
        "household": [{}],
    }
    for number, age in enumerate(ages):
        people["person"][adults + number][BIRTH] = add_months(day, -(12 * age + 6))
    for fact in (*tried.asked, *tried.others):
        is_asked = fact in tried.asked
        for member, known in enumerate(people[fact.entity.name]):
            child = fact.entity == PERSON and member >= adults
            if is_asked and not child:
                value = answers.read(fact, facts.get(key_of(fact, member), ""))
                if value is not None:
                    known[fact.name] = value
            elif fact.name not in known and fact.usual is not None:
                known[fact.name] = usual(fact)
    whole = range(adults + len(ages))
    family = Family(tuple(whole[:adults]), tuple(whole[adults:]), people["family"][0])
    situation = Situation(people["person"], [family], [Household((0,), people["household"][0])])
    planned = law.plan([tried.goal])
    found = law.admit(situation)
    ranged = bounds.evaluate(law, planned, found, day)
    decision = Decision(law, situation, day, (tried.goal,), ranged.exact(), planned, found)
    return Tried(decision, ranged, tried.goal)


def days(law: Law, today: date) -> tuple[date, ...]:
    """Return days by whose law a rule can be tried: today, and each day on which law changes."""
    start, end = law.book.covers or (today - timedelta(days=365 * 3), today + timedelta(days=366))
    changes = [day for day in law.book.changes if start <= day < end]
    return (today, *(day for day in reversed(changes) if day != today))
