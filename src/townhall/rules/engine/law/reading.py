"""Reading the law of one day: names are resolved, and each rule runs once to make its nodes.

What is wrong is said with file, line and rule. What only rests on a broken rule
is not told again.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any

from townhall.rules.engine.graph import Builder, Graph
from townhall.rules.engine.law import wording
from townhall.rules.engine.law.book import Source, Version
from townhall.rules.engine.law.entities import PERSON, STRUCTURE
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.law import Variable
from townhall.rules.engine.law.rates import Rates
from townhall.rules.engine.law.terms import (
    TRACING,
    Kind,
    Plain,
    Term,
    Tracing,
    common,
    condition,
    literal,
    node,
)
from townhall.rules.engine.law.units import YES_NO

if TYPE_CHECKING:
    from townhall.rules.engine.law.lawbook import Lawbook


class _Broken(LawError):
    """A rule rests on one that cannot be read, which is reported by itself."""


class Reading:
    """Making the graph of the law of one day.

    Attributes
    ----------
    problems
        What is wrong, in the order in which it was found.
    """

    def __init__(self, book: Lawbook, day: date) -> None:
        self.book = book
        self.day = day
        self.builder = Builder()
        self.rates = Rates(book.parameters, day)
        self.variables: dict[str, Variable] = {}
        self.problems: dict[str, None] = {}
        self._terms: dict[str, Term] = {}
        self._broken: set[str] = set()

    @property
    def missing(self) -> tuple[str, ...]:
        """What a rule uses that has no row or no version on the day."""
        return tuple(self.rates.missing)

    def read(self) -> Graph:
        """Return the graph of all facts and rules; what is wrong is put into `problems`."""
        for name in (*self.book.facts, *STRUCTURE, *self.book.versions):
            try:
                self._resolve(name, ())
            except _Broken:
                continue
            except LawError as error:
                self.problems.update(dict.fromkeys(str(error).splitlines()))
        return self.builder.whole()

    def _resolve(self, name: str, path: tuple[str, ...]) -> Term:
        """Return the term of a fact or a rule, reading it first where it is new."""
        found = self._terms.get(name)
        if found is not None:
            self._note_end(found, name, path)
            return found
        if name in self._broken:
            raise _Broken(name)
        if name in path:
            circle = [*path[path.index(name) :], name]
            at = ", ".join(self._place(step) for step in circle[:-1])
            raise LawError(f"{at}: a rule rests on itself: {' → '.join(circle)}.")
        try:
            term = self._new(name, path)
        except LawError:
            self._broken.add(name)
            raise
        self._terms[name] = term
        self._note_end(term, name, path)
        return term

    def _note_end(self, term: Term, name: str, path: tuple[str, ...]) -> None:
        """Note that a rule uses one that is not in force."""
        if path and self.builder[term.number].operation == "missing":
            note = f'{self._place(path[-1])}: "{path[-1]}" uses "{name}", which is not in force '
            self.rates.missing[f"{note}on {self.day.isoformat()}."] = None

    def _place(self, name: str) -> str:
        """Return file and line of the version of a rule that is in force."""
        versions = self.book.versions[name]
        return (in_force(versions, self.day) or versions[0]).source.at

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
            near = difflib.get_close_matches(name, (*self.book.names(), *STRUCTURE), 1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            user = path[-1]
            raise LawError(f'{self._place(user)}: "{user}": "{name}" is no fact and no rule.{hint}')
        version = in_force(versions, self.day)
        if version is None:
            return self._ended(name, versions)
        return self._rule(version, path)

    def _ended(self, name: str, versions: Sequence[Version]) -> Term:
        message = f'the rule "{name}" has no version in force on {self.day.isoformat()}.'
        kind = Kind(versions[0].entity, versions[0].unit)
        term = self._leaf("missing", message, kind)
        self.variables[name] = Variable(name, term.number, term.kind, versions[-1])
        return term

    def _leaf(self, operation: str, data: Any, kind: Kind) -> Term:
        return Term(self.builder.add(operation, (), kind, data), kind)

    def _rule(self, version: Version, path: tuple[str, ...]) -> Term:
        below = (*path, version.name)
        used: dict[str, int] = {}
        kind = Kind(version.entity, version.unit)
        root = self._run(version.source, kind, below, used)
        with _Located(version.source):
            result = _fitted(root, kind)
        exceptions = [
            each
            for each in self.book.exceptions.get(version.name, ())
            if holds(each.source, self.day)
        ]
        for each in exceptions:
            given = self._run(each.source, kind, below, used)
            with self._tracing(kind, used), _Located(each.source):
                if not (isinstance(given, tuple) and len(given) == 2):
                    raise LawError("An exception returns applies(condition, value).")
                test, value = given
                parts = [condition(test), _fitted(value, kind), result]
                result = _fitted(node("exception", parts, kind.unit, each.source.name), kind)
        sources = [version.source, *(each.source for each in exceptions)]
        number = self.builder.add("rule", (result.number,), kind, version.name)
        variable = Variable(
            version.name,
            number,
            kind,
            version,
            rates=used,
            arguments=tuple(dict.fromkeys(name for each in sources for name in each.arguments)),
            exceptions=tuple(exceptions),
        )
        self.variables[version.name] = variable
        for problem in wording.problems_of(variable, self.variables):
            self.problems[f"{version.source.at}: {problem}"] = None
        return Term(number, kind)

    def _run(self, source: Source, kind: Kind, path: tuple[str, ...], used: dict[str, int]) -> Any:
        """Return what the function of a rule or an exception gives."""
        given = [self._resolve(name, path) for name in source.arguments]
        with self._tracing(kind, used), _Located(source):
            result = source.function(*given)
            if result is None:
                raise LawError("It returns nothing: write return before its value.")
            return result if isinstance(result, Term | tuple) else literal(result, kind.unit)

    def _tracing(self, kind: Kind, used: dict[str, int]) -> _Traced:
        return _Traced(Tracing(self.builder, kind.entity, kind.unit, self.rates, used))


class _Traced:
    """Lets the words of the language find what is being read."""

    def __init__(self, tracing: Tracing) -> None:
        self.tracing = tracing

    def __enter__(self) -> None:
        self.token = TRACING.set(self.tracing)

    def __exit__(self, *_: object) -> None:
        TRACING.reset(self.token)


class _Located:
    """Says where the rule stands that an error comes from, whatever the error is."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            words = str(error) if isinstance(error, LawError) else f"{kind.__name__}: {error}"  # type: ignore[union-attr]
            raise LawError(f'{self.source.at}: "{self.source.name}": {words}') from error


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


def holds(source: Source, day: date) -> bool:
    """Whether a version or an exception is in force on a day."""
    return (source.since or date.min) <= day and (source.until is None or day < source.until)


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """Return the version in force on a day: of several, the one that began last."""
    found = [version for version in versions if holds(version.source, day)]
    return found[-1] if found else None
