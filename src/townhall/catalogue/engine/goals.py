"""Results that the law decides: whom it sees, and what of them it is told.

A definition says under `people:` which of its data are facts of the law, and
names a rule of the law as a result (`goal:`). The result then comes from the
law in force on the day, with its reasons. What is not known stays unknown: the
law says within which bounds the result lies, and whether it matters at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from townhall.catalogue.engine.lawvalues import outward, type_of
from townhall.rules.engine import (
    ABSENT,
    UNKNOWN,
    AbsentUsed,
    EvaluationError,
    Expression,
    Outcome,
)
from townhall.rules.engine.law import (
    FAMILY,
    HOUSEHOLD,
    PERSON,
    Decision,
    Entity,
    FactError,
    Family,
    Household,
    Lawbook,
    LawError,
    NoResult,
    NotInForce,
    Situation,
    Unit,
)
from townhall.rules.engine.law.admission import Admitted
from townhall.rules.engine.law.answers import telling
from townhall.rules.engine.law.exact import bounds
from townhall.rules.engine.law.law import Law
from townhall.rules.engine.law.planning import Plan

ME, PARTNER = "me", "partner"
Bindings = Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Children:
    """Children that a list of the service names.

    Attributes
    ----------
    each
        The list.
    fields
        Fact of the law to the field of an item.
    where
        Field that must be yes for the child to count; none: all count.
    when
        Whether the list counts at all; None: always.
    shared
        Facts that are the same for every child of the list.
    """

    each: Expression
    fields: Mapping[str, str]
    where: str = ""
    when: Expression | None = None
    shared: Bindings = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """Whom the law sees, and what it is told of them.

    Attributes
    ----------
    me, partner, family, household
        Fact of the law to what gives its value.
    couple
        Whether there is a partner; None: never.
    usual
        Whether facts that nothing is bound to are taken at their usual values.
    day
        The day whose law decides; None: today.
    goals
        Rules whose values are results of the service.
    """

    lawbook: Lawbook
    me: Bindings = field(default_factory=dict)
    couple: Expression | None = None
    partner: Bindings = field(default_factory=dict)
    children: tuple[Children, ...] = ()
    family: Bindings = field(default_factory=dict)
    household: Bindings = field(default_factory=dict)
    usual: bool = False
    day: Expression | None = None
    goals: set[str] = field(default_factory=set, repr=False, compare=False)
    _last: list[Asked] = field(default_factory=list, repr=False, compare=False)

    def asked(self, seen: Seen, today: date) -> Asked:
        """Return what the law is asked of a situation: all goals of the service at once.

        The goals of one assessment are asked one after another of the same
        situation, so the last answer is kept.
        """
        for last in self._last:
            if last.today == today and last.seen == seen:
                return last
        made = Asked.of(self, seen, today)
        self._last[:] = [made]
        return made

    def expressions(self) -> Iterable[Expression]:
        """Yield every expression of the section."""
        yield from (each for each in (self.couple, self.day) if each is not None)
        for bindings in (self.me, self.partner, self.family, self.household):
            yield from bindings.values()
        for children in self.children:
            yield children.each
            if children.when is not None:
                yield children.when
            yield from children.shared.values()

    @property
    def canonical(self) -> str:
        """Who is told what, written in one fixed way, for comparing versions."""
        told = [("me", self.me), ("partner", self.partner)]
        told += [("family", self.family), ("household", self.household)]
        told += [(f"{each.fields} {each.where}", each.shared) for each in self.children]
        bound = [f"{who} {fact}: {e.canonical}" for who, of in told for fact, e in of.items()]
        each = [expression.canonical for expression in self.expressions()]
        return "; ".join([*bound, *each, str(self.usual)])

    @cached_property
    def given(self) -> frozenset[str]:
        """Rules of the law whose value the service tells instead."""
        told = (self.bound(entity) for entity in (PERSON, FAMILY, HOUSEHOLD))
        return frozenset().union(*told) & self.lawbook.versions.keys()

    def bound(self, entity: Entity) -> frozenset[str]:
        """Return the facts of an entity that the service tells of somebody."""
        if entity == FAMILY:
            return frozenset(self.family)
        if entity == HOUSEHOLD:
            return frozenset(self.household)
        names = {*self.me, *self.partner}
        for children in self.children:
            names.update(children.fields, children.shared)
        return frozenset(names)

    def seen(self, values: Mapping[str, Any]) -> Seen:
        """Return the situation as far as it is known."""
        return _Seeing(self, values).seen()

    def on(self, values: Mapping[str, Any]) -> date | frozenset[str]:
        """Return the day whose law decides, or the names of what it waits for."""
        if self.day is None:
            today = values.get("today", UNKNOWN)
            return today if isinstance(today, date) else frozenset({"today"})
        found = self.day.evaluate(values)
        if isinstance(found.value, date):
            return found.value
        return frozenset(name.partition(".")[0] for name in found.unknown)


@dataclass(frozen=True, slots=True)
class Seen:
    """A situation of the law, and what it waits for.

    Attributes
    ----------
    situation
        None while it is not known who belongs to it.
    waits
        Names of data that are not known: of the people, or of (fact, member).
    whose
        Who each person is, by language.
    """

    situation: Situation | None
    unknown: frozenset[str]
    waits: Mapping[tuple[str, int], frozenset[str]]
    whose: tuple[Mapping[str, str], ...] = ()


class _Seeing:
    def __init__(self, people: People, values: Mapping[str, Any]) -> None:
        self.people = people
        self.values = values
        self.waits: dict[tuple[str, int], frozenset[str]] = {}
        self.unknown: set[str] = set()

    def seen(self) -> Seen:
        people = self.people
        couple = self._holds(people.couple, otherwise=False)
        rows = [row for children in people.children for row in self._rows(children)]
        if self.unknown:
            return Seen(None, frozenset(self.unknown), {})
        persons = [self._told(people.me, 0)]
        whose: list[Mapping[str, str]] = [{"en": "you", "cy": "chi"}]
        if couple:
            persons.append(self._told(people.partner, 1))
            whose.append({"en": "your partner", "cy": "eich partner"})
        adults = tuple(range(len(persons)))
        for children, item in rows:
            name = str(item.get("name") or "")
            number = len(persons) - len(adults) + 1
            whose.append(
                {"en": name, "cy": name}
                if name
                else {"en": f"child {number}", "cy": f"plentyn {number}"}
            )
            told = {fact: item.get(part, UNKNOWN) for fact, part in children.fields.items()}
            persons.append({**self._told(children.shared, len(persons)), **told})
        family = self._told(people.family, 0)
        household = self._told(people.household, 0)
        situation = Situation(
            persons,
            [Family(adults, tuple(range(len(adults), len(persons))), family)],
            [Household((0,), household)],
        )
        return Seen(situation, frozenset(), self.waits, tuple(whose))

    def _holds(self, condition: Expression | None, *, otherwise: bool) -> bool:
        if condition is None:
            return otherwise
        try:
            found = condition.evaluate(self.values)
        except AbsentUsed:
            return False
        if found.value is UNKNOWN:
            self.unknown |= {name.split(".")[0] for name in found.unknown}
        return found.value is True

    def _rows(self, children: Children) -> Iterable[tuple[Children, Mapping[str, Any]]]:
        if not self._holds(children.when, otherwise=True):
            return
        try:
            found = children.each.evaluate(self.values)
        except AbsentUsed:
            return
        if found.value is UNKNOWN:
            self.unknown |= {name.split(".")[0] for name in found.unknown}
            return
        for item in found.value:
            if not children.where or item.get(children.where) is True:
                yield children, item

    def _told(self, bindings: Bindings, member: int) -> dict[str, Any]:
        told = {}
        for fact, expression in bindings.items():
            try:
                found = expression.evaluate(self.values)
            except AbsentUsed as error:
                # Nobody knows it, and nobody is to be asked: it may not matter.
                self.waits[fact, member] = frozenset({str(error.args[0]).split(".")[0]})
                continue
            if found.value is UNKNOWN:
                names = frozenset(name.split(".")[0] for name in found.unknown)
                self.waits[fact, member] = names
                continue
            told[fact] = found.value
        return told


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


__all__ = ["ABSENT", "Children", "Goal", "People", "Seen", "outward", "type_of"]
