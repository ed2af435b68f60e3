"""Deciding in tests: a family in a line, a rule of a person alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    NUMBER,
    PERSON,
    Book,
    Lawbook,
    Situation,
)

from .family_book import LAW, both

DAY = date(2025, 6, 1)
GROWN = date(1985, 3, 2)
CHILD = date(2018, 5, 5)
PENNY = Decimal("0.01")
WORDS: dict[str, Any] = {"title": both("A", "A"), "cite": "An Act", "because": both("So", "Felly")}


def family(children: int, *incomes: Any, **facts: Any) -> Situation:
    """A family of so many children, and an adult for each income."""
    adults = [{"date_of_birth": GROWN, "income": income} for income in incomes]
    young = [{"date_of_birth": CHILD, "income": 0} for _ in range(children)]
    members = range(len(adults) + children)
    return Situation(
        [*adults, *young],
        [{"adults": list(range(len(adults))), "members": list(members), "facts": facts}],
    )


def decided(goal: str, situation: Situation, day: date = DAY) -> list[Any]:
    """The values of a goal, all facts that are missing being usual."""
    law = LAW.on(day)
    return law.decide([goal], law.usual(situation), day=day)[goal]


def one(book: Book, goal: str, on: date = DAY, /, **facts: Any) -> Any:
    """The value of a goal of a book for a person alone."""
    law = Lawbook([book], Parameters()).on(on)
    return law.decide([goal], Situation([facts]), day=on)[goal][0]


def alone(function: Any, unit: Any, **facts: Any) -> Any:
    """The value of one rule of a person whose facts are dates and numbers."""
    book = Book("alone")
    for name, value in facts.items():
        book.fact(name, PERSON, DATE if isinstance(value, date) else NUMBER, title=both("A", "A"))
    book.rule(PERSON, unit, **WORDS)(function)
    return one(book, function.__name__, **facts)


def named(function: Any, name: str) -> Any:
    """Give a function the name that its rule shall have."""
    function.__name__ = name
    return function
