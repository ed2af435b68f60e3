"""The law of a jurisdiction: books and dated rates, joined, checked, and read for a day.

Between two days on which a rate or a rule changes, the law is one graph; such a
span is a *regime*. A day is looked up, not compiled.
"""

from __future__ import annotations

import hashlib
import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from townhall.rules.engine.graph import Builder
from townhall.rules.engine.law import wording
from townhall.rules.engine.law.book import Book, Exception_, Fact, Programme, Source, Version
from townhall.rules.engine.law.entities import PERSON, WORLD
from townhall.rules.engine.law.errors import LawError, NotInForce
from townhall.rules.engine.law.law import Law, Variable
from townhall.rules.engine.law.rates import Rates, problems_of_rates
from townhall.rules.engine.law.terms import (
    TRACING,
    Kind,
    Plain,
    Term,
    Tracing,
    add,
    common,
    literal,
    node,
)
from townhall.rules.engine.law.units import YES_NO
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
        problems = list(self._collect())
        if problems:
            raise LawError("\n".join(problems))

    # --- what is there

    def names(self) -> tuple[str, ...]:
        """Return the names of all facts and rules."""
        return (*self.facts, *self.versions)

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

    # --- reading for a day

    def _read(self, day: date, start: date | None, until: date | None) -> Law:
        reading = _Reading(self, day)
        problems = []
        for name in self.versions:
            try:
                reading.resolve(name, ())
            except LawError as error:
                problems.append(str(error))
                if name not in reading.variables:
                    reading.broken.add(name)
        if problems:
            raise LawError("\n".join(dict.fromkeys(problems)))
        return Law(
            self, reading.builder.whole(), reading.variables, reading.missing, (start, until)
        )


class _Reading:
    """Making the graph of the law of one day."""

    def __init__(self, book: Lawbook, day: date) -> None:
        self.book = book
        self.day = day
        self.builder = Builder()
        self.rates = Rates(book.parameters, day)
        self.variables: dict[str, Variable] = {}
        self.terms: dict[str, Term] = {}
        self.broken: set[str] = set()

    @property
    def missing(self) -> tuple[str, ...]:
        """What lacks a row or a version on the day."""
        return tuple(self.rates.missing)

    def resolve(self, name: str, path: tuple[str, ...]) -> Term:
        """Return the term of a fact or a rule, reading it first where it is new."""
        found = self.terms.get(name)
        if found is not None:
            return found
        if name in path:
            circle = [*path[path.index(name) :], name]
            at = ", ".join(self.book.versions[step][0].source.at for step in circle[:-1])
            raise LawError(f"{at}: a rule rests on itself: {' ← '.join(circle)}.")
        if name in self.broken:
            raise LawError(f'{self._place(path)}: "{name}" is broken, see above.')
        term = self._new(name, path)
        self.terms[name] = term
        return term

    def _place(self, path: tuple[str, ...]) -> str:
        return self.book.versions[path[-1]][0].source.at if path else "the law"

    def _new(self, name: str, path: tuple[str, ...]) -> Term:
        fact = self.book.facts.get(name)
        if fact is not None:
            term = self._leaf("fact", name, Kind(fact.entity, fact.unit))
            self.variables[name] = Variable(name, term.number, term.kind, fact)
            return term
        if name in STRUCTURE:
            term = self._leaf("structure", name, Kind(PERSON, YES_NO))
            self.variables[name] = Variable(name, term.number, term.kind, None)
            return term
        versions = self.book.versions.get(name)
        if not versions:
            hint = self._hint(name)
            raise LawError(f'{self._place(path)}: "{name}" is no fact and no rule.{hint}')
        version = _in_force(versions, self.day)
        if version is None:
            message = f'the rule "{name}" has no version in force on {self.day.isoformat()}.'
            kind = Kind(versions[0].entity, versions[0].unit)
            term = self._leaf("missing", message, kind)
            self.variables[name] = Variable(name, term.number, term.kind, versions[-1])
            return term
        return self._rule(version, path)

    def _leaf(self, operation: str, data: Any, kind: Kind) -> Term:
        return Term(self.builder.add(operation, (), kind, data), kind)

    def _hint(self, name: str) -> str:
        import difflib

        near = difflib.get_close_matches(name, self.book.names(), 1)
        return f' Did you mean "{near[0]}"?' if near else ""

    def _rule(self, version: Version, path: tuple[str, ...]) -> Term:
        below = (*path, version.name)
        used: dict[str, int] = {}
        kind = Kind(version.entity, version.unit)
        root = self._run(version.source, kind, below, used)
        exceptions = [
            each
            for each in self.book.exceptions.get(version.name, ())
            if _holds(each.source, self.day)
        ]
        with _located(version.source):
            result = _fitted(root, kind)
        arguments = list(version.source.arguments)
        for each in exceptions:
            given = self._run(each.source, kind, below, used)
            with _located(each.source):
                if not (isinstance(given, tuple) and len(given) == 2):
                    raise LawError("An exception returns applies(condition, value).")
                test, value = given
                token = TRACING.set(Tracing(self.builder, kind.entity, kind.unit, self.rates, used))
                try:
                    fitting = _fitted(value, kind)
                    result = node("exception", [test, fitting, result], kind.unit, each.source.name)
                finally:
                    TRACING.reset(token)
            arguments += [name for name in each.source.arguments if name not in arguments]
        number = self.builder.add("rule", (result.number,), kind, version.name)
        self.variables[version.name] = Variable(
            version.name,
            number,
            kind,
            version,
            rates=used,
            arguments=tuple(arguments),
            exceptions=tuple(exceptions),
        )
        problems = list(wording.problems_of(self.variables[version.name], self.variables))
        if problems:
            raise LawError("\n".join(f"{version.source.at}: {each}" for each in problems))
        return Term(number, kind)

    def _run(self, source: Source, kind: Kind, path: tuple[str, ...], used: dict[str, int]) -> Any:
        given = [self.resolve(name, path) for name in source.arguments]
        token = TRACING.set(Tracing(self.builder, kind.entity, kind.unit, self.rates, used))
        try:
            with _located(source):
                result = source.function(*given)
                if isinstance(result, Term | tuple):
                    return result
                return literal(result, kind.unit)
        finally:
            TRACING.reset(token)


class _located:
    """Says where the rule stands that an error comes from."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, (LawError, NotInForce)):
            text = str(error)
            if not text.startswith(self.source.at):
                raise LawError(f'{self.source.at}: "{self.source.name}": {text}') from None
        elif isinstance(error, (TypeError, AttributeError, ValueError)):
            raise LawError(f'{self.source.at}: "{self.source.name}": {error}') from error


def _fitted(value: Term | Plain, kind: Kind) -> Term:
    """Return a result as the rule's own unit, and refuse one of somebody narrower."""
    term = value if isinstance(value, Term) else literal(value, kind.unit)
    common([kind.unit, term.unit], "the same")
    if not kind.entity.inside(term.entity):
        raise LawError(
            f"The rule is of a {kind.entity}, but gives a value of a {term.entity}: "
            "use total, count, highest, lowest, any_of or all_of."
        )
    return term


def _holds(source: Source, day: date) -> bool:
    return (source.since or date.min) <= day and (source.until is None or day < source.until)


def _in_force(versions: Sequence[Version], day: date) -> Version | None:
    found = [version for version in versions if _holds(version.source, day)]
    return found[-1] if found else None


def _signature(source: Source) -> str:
    return f"{source.name} {source.since} {source.until} {source.cite}\n{source.text}"


__all__ = ["WORLD", "Lawbook", "add", "timedelta"]
