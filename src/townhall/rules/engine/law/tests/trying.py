"""Laws that do not load: books to put something wrong into, and the error that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    Lawbook,
    LawError,
    applies,
    choice,
)

from .family_book import RATES, both

DAY = date(2025, 6, 1)
TITLE = both("A rule", "Rheol")
RULE: dict[str, Any] = {"title": TITLE, "cite": "An Act s.1", "because": both("So it is", "Felly")}
HERE = "townhall/rules/engine/law/tests"


def fresh(name: str = "trial") -> Book:
    """A book with a few facts."""
    book = Book(name)
    book.fact("born", PERSON, DATE, title=TITLE)
    book.fact("pay", PERSON, GBP / YEAR, title=TITLE, low=0)
    book.fact("pension", PERSON, GBP / WEEK, title=TITLE)
    book.fact("works", PERSON, YES_NO, title=TITLE)
    book.fact("home", FAMILY, choice("owned", "rented"), title=TITLE)
    book.fact("part", PERSON, PERCENT, title=TITLE)
    return book


def problem(*books: Book, parameters: Any = None) -> str:
    """The error of the load."""
    with pytest.raises(LawError) as found:
        Lawbook(books, Parameters.from_mapping(parameters or RATES)).on(DAY)
    return str(found.value)


def problem_of(function: Callable[..., Any], entity: Any = PERSON, unit: Any = NUMBER) -> str:
    """The error of one rule, which must name file, line and rule."""
    book = fresh()
    book.rule(entity, unit, **RULE)(function)
    words = problem(book)
    place = f'{place_of(function)}: "{function.__name__}": '
    assert words.startswith(place), words
    return words.removeprefix(place)


def place_of(function: Callable[..., Any]) -> str:
    """File and line of a function, as an error of the load says it."""
    code = function.__code__
    return f"{HERE}/{PurePath(code.co_filename).name}:{code.co_firstlineno}"


def narrower(pay):
    return pay


def narrower_exception(works):
    return applies(works, 0)


def version(book: Book, value: int, **days: str) -> None:
    def rule():
        return value

    rule.__name__ = "allowance"
    book.rule(PERSON, NUMBER, **RULE, **days)(rule)


def exception(book: Book, to: str, priority: int, **days: str) -> None:
    def special(works):
        return applies(works, 0)

    book.exception(to=to, priority=priority, **RULE, **days)(special)
