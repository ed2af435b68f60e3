"""Whom the law sees, and what it is told of them: the section `people:` of a definition.

What is not known stays unknown: the law says whether it matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from townhall.catalogue.engine.asked import Asked
from townhall.rules.engine import UNKNOWN, AbsentUsed, Expression
from townhall.rules.engine.law import (
    FAMILY,
    HOUSEHOLD,
    PERSON,
    Entity,
    Family,
    Household,
    Lawbook,
    Situation,
)

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
