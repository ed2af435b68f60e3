"""The law of a jurisdiction: books and dated rates, joined, checked, and read for a day.

Between two days on which a rate or a rule changes, the law is one graph; such a
span is a *regime*. A day is looked up, not compiled.
"""

from __future__ import annotations

import hashlib
import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from townhall.rules.engine.graph import Builder
from townhall.rules.engine.law import wording
from townhall.rules.engine.law.book import Book, Exception_, Fact, Programme, Source, Version
from townhall.rules.engine.law.entities import PERSON, Entity
from townhall.rules.engine.law.errors import LawError, NotInForce
from townhall.rules.engine.law.law import Law, Variable, outward
from townhall.rules.engine.law.rates import Rates, problems_of_rates
from townhall.rules.engine.law.terms import (
    TRACING,
    Kind,
    Plain,
    Term,
    Tracing,
    common,
    constant,
    literal,
    node,
)
from townhall.rules.engine.law.units import YES_NO, Unit
from townhall.rules.engine.parameters import Parameters

ENGINE: Final = "law-1"
STRUCTURE: Final = {
    "has_partner": {"en": "You live as a couple", "cy": "Rydych yn byw fel cwpl"},
    "is_adult_of_family": {
        "en": "An adult of the family",
        "cy": "Oedolyn o'r teulu",
    },
}


class Lawbook:
    """All books of a jurisdiction.

    Parameters
    ----------
    books
        The rules.
    parameters
        The dated rates.
    covers
        The days [from, to) for which the whole law is claimed to be there: a
        rate that is missing on one of them is an error of the load.

    Raises
    ------
    LawError
        With every problem that was found, a line each.
    """

    def __init__(
        self,
        books: Iterable[Book],
        parameters: Parameters,
        covers: tuple[date, date] | None = None,
    ) -> None:
        self.books = tuple(books)
        self.parameters = parameters
        self.covers = covers
        self.facts: dict[str, Fact] = {}
        self.versions: dict[str, list[Version]] = {}
        self.exceptions: dict[str, list[Exception_]] = {}
        self.programmes: dict[str, Programme] = {}
        self._laws: dict[int, Law] = {}
        self._usual: dict[Entity, Mapping[str, Any]] = {}
        problems = list(self._collect())
        if problems:
            raise LawError("\n".join(problems))

    # --- what is there

    def names(self) -> tuple[str, ...]:
        """Return the names of all facts and rules."""
        return (*self.facts, *self.versions)

    def usual_values(self, entity: Entity) -> Mapping[str, Any]:
        """Return the usual values of the facts of an entity, as they are given outside."""
        found = self._usual.get(entity)
        if found is None:
            found = self._usual[entity] = {
                fact.name: outward(constant(fact.usual, fact.unit), fact.unit)
                for fact in self.facts.values()
                if fact.entity == entity and fact.usual is not None
            }
        return found

    def unit_of(self, name: str) -> Unit:
        """Return what a fact or a rule counts; raises KeyError if it is neither."""
        fact = self.facts.get(name)
        return fact.unit if fact is not None else self.versions[name][-1].unit

    def on(self, day: date) -> Law:
        """Return the law in force on a day.

        Raises
        ------
        LawError
            If its rules do not fit together.
        """
        position = bisect_right(self.changes, day) - 1
        law = self._laws.get(position)
        if law is None:
            start = self.changes[position] if position >= 0 else None
            after = self.changes[position + 1] if position + 1 < len(self.changes) else None
            law = self._laws[position] = self._read(day, start, after)
        return law

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The days on which a rule or a rate changes, ascending."""
        days: set[date] = set()
        for key in self.parameters:
            for row in self.parameters[key].rows:
                days.update(day for day in (row.start, row.until) if day)
        sources = [version.source for versions in self.versions.values() for version in versions]
        sources += [each.source for several in self.exceptions.values() for each in several]
        for source in sources:
            days.update(day for day in (source.since, source.until) if day)
        return tuple(sorted(days))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the engine's version, all rules and all rates.

        A decision keeps it, so that everybody can see which law it was made by.
        """
        lines = [ENGINE, self.parameters.digest]
        lines += [repr(fact) for fact in self.facts.values()]
        for versions in self.versions.values():
            lines += [_signature(version.source) for version in versions]
        for several in self.exceptions.values():
            lines += [f"{each.to} {each.priority} {_signature(each.source)}" for each in several]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def check(self) -> None:
        """Read the law of every day that is covered.

        Raises
        ------
        LawError
            With every problem: cycles, unknown names, mixed units, rates that
            are missing on a day that is covered.
        """
        problems: dict[str, None] = {}
        start, end = self.covers or (date.min, date.max)
        for day in self.changes:
            if day >= end:
                continue
            after = min((change for change in self.changes if change > day), default=date.max)
            if after <= start:
                continue
            try:
                law = self.on(day)
            except LawError as error:
                problems.update(dict.fromkeys(str(error).splitlines()))
            else:
                if self.covers:
                    problems.update(dict.fromkeys(law.missing))
        if problems:
            raise LawError("\n".join(problems))

    # --- joining

    def _collect(self) -> Iterable[str]:
        for book in self.books:
            for fact in book.facts:
                if fact.name in self.facts:
                    yield f'{fact.at}: the fact "{fact.name}" is named twice.'
                self.facts[fact.name] = fact
            for version in book.versions:
                self.versions.setdefault(version.name, []).append(version)
            for exception in book.exceptions:
                self.exceptions.setdefault(exception.to, []).append(exception)
            for programme in book.programmes:
                self.programmes[programme.name] = programme
        for name, versions in self.versions.items():
            versions.sort(key=lambda version: version.source.since or date.min)
            yield from self._problems_of(name, versions)
        for to, exceptions in self.exceptions.items():
            exceptions.sort(key=lambda each: each.priority)
            where = exceptions[0].source.at
            if to not in self.versions:
                yield f'{where}: an exception to "{to}", which is no rule.'
            several = Counter(each.priority for each in exceptions)
            if max(several.values()) > 1:
                yield f'{where}: two exceptions to "{to}" have the same priority.'
        for programme in self.programmes.values():
            if programme.goal not in self.versions:
                yield f'{programme.at}: "{programme.goal}" is no rule.'
        yield from problems_of_rates(self.parameters)

    def _problems_of(self, name: str, versions: list[Version]) -> Iterable[str]:
        first = versions[0]
        if name in self.facts:
            yield f'{first.source.at}: "{name}" is a fact and a rule.'
        if name in STRUCTURE:
            yield f'{first.source.at}: "{name}" is a name of the engine.'
        for before, after in itertools.pairwise(versions):
            if after.source.since is None:
                yield f'{after.source.at}: "{name}" is there twice; say from_= for the later one.'
            elif before.source.until and before.source.until > after.source.since:
                yield (
                    f'{after.source.at}: two versions of "{name}" are in force on '
                    f"{after.source.since.isoformat()}."
                )
            if (before.entity, before.unit) != (after.entity, after.unit):
                yield f'{after.source.at}: "{name}" changes whom it belongs to, or its unit.'
        for version in versions:
            for words in (version.source.title, version.source.because, version.otherwise):
                if words is not None and "en" not in words:
                    yield f'{version.source.at}: "{name}" lacks its English words.'

    def _read(self, day: date, start: date | None, until: date | None) -> Law:
        reading = Reading(self, day)
        graph = reading.read()
        if reading.problems:
            raise LawError("\n".join(reading.problems))
        return Law(self, graph, reading.variables, reading.missing, (start, until))
