"""The law of a jurisdiction: books and dated rates, joined, checked, and read for a day.

Between two days on which a rate or a rule changes, the law is one graph; such a
span is a *regime*. A day is looked up, not compiled.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from townhall.rules.engine.law import checking
from townhall.rules.engine.law.book import Book, Exception_, Fact, Programme, Version
from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.law import Law, outward
from townhall.rules.engine.law.rates import problems_of_rates
from townhall.rules.engine.law.reading import Reading
from townhall.rules.engine.law.signing import signed
from townhall.rules.engine.law.terms import constant
from townhall.rules.engine.law.units import Unit
from townhall.rules.engine.parameters import Parameters

ENGINE: Final = "law-1"


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

    @cached_property
    def ordered(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Return facts that lie after one date and before another: name, and names of both."""
        return tuple(
            (fact.name, fact.not_before, fact.not_after)
            for fact in self.facts.values()
            if fact.not_before or fact.not_after
        )

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
        said = [*self.facts.values(), *self.programmes.values()]
        for versions in self.versions.values():
            said += versions
        for several in self.exceptions.values():
            said += several
        lines = [ENGINE, self.parameters.digest, *sorted(signed(each) for each in said)]
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
        for day in (start, *(change for change in self.changes if start < change < end)):
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
                    first = self.facts[fact.name].at
                    yield f'{fact.at}: the fact "{fact.name}" is named twice (first in {first}).'
                self.facts[fact.name] = fact
            for version in book.versions:
                self.versions.setdefault(version.name, []).append(version)
            for exception in book.exceptions:
                self.exceptions.setdefault(exception.to, []).append(exception)
            for programme in book.programmes:
                self.programmes[programme.name] = programme
        for fact in self.facts.values():
            yield from checking.of_fact(fact, self.facts)
        for name, versions in self.versions.items():
            versions.sort(key=lambda version: version.source.since or date.min)
            yield from checking.of_versions(name, versions, self.facts)
        for to, exceptions in self.exceptions.items():
            exceptions.sort(key=lambda each: each.priority)
            yield from checking.of_exceptions(to, exceptions, self.versions)
        programmes = [each for book in self.books for each in book.programmes]
        yield from checking.of_programmes(programmes, self.versions)
        yield from problems_of_rates(self.parameters)

    def _read(self, day: date, start: date | None, until: date | None) -> Law:
        reading = Reading(self, day)
        graph = reading.read()
        if reading.problems:
            raise LawError("\n".join(reading.problems))
        return Law(self, graph, reading.variables, reading.missing, (start, until))
