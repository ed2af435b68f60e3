"""A book of rules as its author writes it: facts, rules, exceptions, programmes.

A book only collects. Names are resolved, graphs made and everything checked by
the `Lawbook` that joins the books of a jurisdiction.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any, TypeVar

from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.terms import Plain, Words
from townhall.rules.engine.law.units import Unit

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a person, family, household or company, and not computed.

    Attributes
    ----------
    usual
        What is taken where somebody asks for the usual; never silently.
    low, high
        Limits of a number; None: none.
    cost
        How hard it is to answer: 1 (at once) to 5 (papers needed).
    ask
        The question; without one it can only be supplied.
    not_before, not_after
        Of a date: "today", the day of decision; or the name of another date of
        the same entity, such as the date of birth. One that is earlier, or later,
        is refused.
    rarely
        So seldom other than usual that nobody is asked of their own accord: the usual
        value is taken, told, and can be changed. No part of the law, only of asking.
    """

    name: str
    entity: Entity
    unit: Unit
    title: Words
    ask: Words | None
    usual: Plain | None
    low: Decimal | None
    high: Decimal | None
    cost: int
    at: str
    not_before: str | None = None
    not_after: str | None = None
    rarely: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What every rule and exception has: its law, its words, and the days [since, until).

    Attributes
    ----------
    arguments
        Names of the facts and rules that it uses.
    at
        File and line, the file as it is imported.
    """

    name: str
    function: Callable[..., Any] = field(compare=False)
    arguments: tuple[str, ...]
    title: Words
    cite: str
    because: Words
    since: date | None
    until: date | None
    at: str

    @property
    def text(self) -> str:
        """The rule as it was written; its name where it was made at run time, as by a reform."""
        try:
            return inspect.getsource(self.function)
        except OSError:
            return self.name


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule."""

    source: Source
    entity: Entity
    unit: Unit
    otherwise: Words | None

    @property
    def name(self) -> str:
        """Of the rule."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Exception_:
    """What takes the place of a rule's value where it applies; the highest priority first."""

    source: Source
    to: str
    priority: int


@dataclass(frozen=True, slots=True)
class Programme:
    """An award or duty that people ask about: what can I get, what must I pay."""

    name: str
    goal: str
    title: Words
    service: str
    about: Words | None
    gives: bool
    at: str


class Book:
    """The rules of one part of the law.

    Parameters
    ----------
    name
        What it is about: child_benefit.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.facts: list[Fact] = []
        self.versions: list[Version] = []
        self.exceptions: list[Exception_] = []
        self.programmes: list[Programme] = []

    def fact(
        self,
        name: str,
        entity: Entity,
        unit: Unit,
        *,
        title: Words,
        ask: Words | None = None,
        usual: Plain | None = None,
        low: int | str | Decimal | None = None,
        high: int | str | Decimal | None = None,
        cost: int = 3,
        not_before: str | None = None,
        not_after: str | None = None,
        options: Mapping[str, Words] | None = None,
        rarely: bool = False,
    ) -> None:
        """Name a fact; the attributes of `Fact` say what the arguments are.

        Parameters
        ----------
        options
            Of a choice: option to the words for it.

        Raises
        ------
        LawError
            If it rarely matters and has no question or no usual value.
        """
        if rarely and (ask is None or usual is None):
            raise LawError(f'"{name}" rarely matters: give it a question and its usual value.')
        self.facts.append(
            Fact(
                name,
                entity,
                _worded(unit, options, name),
                title,
                ask,
                usual,
                _limit(name, low),
                _limit(name, high),
                cost,
                _caller(),
                not_before,
                not_after,
                rarely,
            )
        )

    def rule(
        self,
        entity: Entity,
        unit: Unit,
        *,
        title: Words,
        cite: str,
        because: Words,
        otherwise: Words | None = None,
        from_: str | None = None,
        until: str | None = None,
        options: Mapping[str, Words] | None = None,
    ) -> Callable[[_F], _F]:
        """Name the function below as a rule.

        Parameters
        ----------
        entity, unit
            Whom its value belongs to, and what it counts.
        cite
            The law.
        because
            Language to reason; `{name}` is an argument or a rate that it uses.
        otherwise
            The reason where the value is "no" or nothing.
        from_, until
            The days [from_, until) on which this version is in force.
        options
            Of a choice: option to the words for it.
        """

        def named(function: _F) -> _F:
            source = _source(function, title, cite, because, (from_, until))
            worded = _worded(unit, options, function.__name__)
            self.versions.append(Version(source, entity, worded, otherwise))
            return function

        return named

    def exception(
        self,
        *,
        to: str,
        priority: int,
        title: Words,
        cite: str,
        because: Words,
        from_: str | None = None,
        until: str | None = None,
    ) -> Callable[[_F], _F]:
        """Name the function below as an exception to a rule; it returns `applies(…)`."""

        def named(function: _F) -> _F:
            source = _source(function, title, cite, because, (from_, until))
            self.exceptions.append(Exception_(source, to, priority))
            return function

        return named

    def programme(
        self,
        name: str,
        *,
        goal: str,
        title: Words,
        service: str = "",
        about: Words | None = None,
        gives: bool = True,
    ) -> None:
        """Name a rule as what people ask about; `gives` says that it is paid to them."""
        self.programmes.append(Programme(name, goal, title, service, about, gives, _caller()))


def _limit(name: str, value: int | str | Decimal | None) -> Decimal | None:
    if isinstance(value, (bool, float)):
        raise LawError(f'"{name}": write the limit {value!r} in quotes, to keep it exact.')
    return None if value is None else Decimal(value)


def _worded(unit: Unit, options: Mapping[str, Words] | None, name: str) -> Unit:
    """Return a choice with the words for its options."""
    if options is None:
        return unit
    if set(options) != set(unit.options) or not all(words.get("en") for words in options.values()):
        raise LawError(
            f'"{name}" has words for {", ".join(options)}, of {", ".join(unit.options)}.'
        )
    return replace(unit, words=options)


def _source(
    function: Callable[..., Any],
    title: Words,
    cite: str,
    because: Words,
    span: tuple[str | None, str | None],
) -> Source:
    code = function.__code__
    at = _place(code.co_filename, code.co_firstlineno, function.__module__)
    if not cite.strip():
        raise LawError(f'{at}: the rule "{function.__name__}" has no citation (cite="…").')
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or function.__defaults__:
        raise LawError(f'{at}: the arguments of "{function.__name__}" are names of facts or rules.')
    try:
        since, end = (date.fromisoformat(day) if day else None for day in span)
    except ValueError as error:
        raise LawError(f'{at}: "{function.__name__}": {error}') from None
    if since and end and end <= since:
        raise LawError(f'{at}: "{function.__name__}" ends before it begins.')
    return Source(
        function.__name__,
        function,
        code.co_varnames[: code.co_argcount],
        title,
        cite,
        because,
        since,
        end,
        at,
    )


def _caller() -> str:
    """Return the place from which a method of a book is called."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame else None
    if frame is None:
        return ""
    return _place(frame.f_code.co_filename, frame.f_lineno, frame.f_globals.get("__name__", ""))


def _place(file: str, line: int, module: str) -> str:
    """Return file and line, the file as the module is imported: where it is installed is nobody's.

    townhall/packs/uk/rules/people.py:12
    """
    parts = PurePath(file).parts
    return f"{'/'.join(parts[-len(module.split('.')) :])}:{line}"
