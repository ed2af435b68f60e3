"""What a pack says of its populations: what is income, what is a cost, who is a pensioner."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from townhall.rules.engine.law import Law
    from townhall.rules.simulation.loading import Loaded

Progress = Callable[[str, float], None]
"""Called with what is being done (`read`, `invent`, `before`, `after`, `figures`), and how much of
it is done, from 0 to 1."""

TIMES_A_YEAR: Final = {"year": 1, "month": 12, "week": 52}
"""How often an amount comes in a year; weeks as the law converts them."""

LEAST, MOST = 1_000, 1_000_000
"""Households of an invented population."""


class NoStatistics(LookupError):
    """The pack does not say what to count in a population."""


@dataclass(frozen=True, slots=True)
class Cost:
    """An award or a duty whose total is shown.

    Attributes
    ----------
    rule
        Its amount; a year, a month or a week of it.
    gives
        Whether people get it; otherwise they pay it.
    within
        The rule whose amount it is a part of: it is shown beside it and not counted twice.
    programme
        Of the law, by whose name it is shown; otherwise the rule's own.
    """

    rule: str
    gives: bool = True
    within: str = ""
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Which rules of the law a population is counted by.

    Attributes
    ----------
    net_income
        Of a household, a year, before housing costs.
    age
        Of a person.
    pensioner
        Whether a person is one.
    invent
        (law, day, households, seed, progress) to an invented population; None if
        the pack has none.
    """

    net_income: str
    costs: tuple[Cost, ...]
    age: str
    pensioner: str
    invent: Callable[[Law, date, int, int, Progress], Loaded] | None = None

    def goals(self) -> tuple[str, ...]:
        """Return all rules that are computed for everybody."""
        return (
            self.net_income,
            self.age,
            self.pensioner,
            *(cost.rule for cost in self.costs),
        )


def statistics_of(pack: str) -> Statistics:
    """Return what a pack says: `STATISTICS` of its module `population`.

    Raises
    ------
    NoStatistics
        If it says nothing.
    """
    name = f"townhall.packs.{pack}.population"
    try:
        there = importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        there = False
    found = getattr(importlib.import_module(name), "STATISTICS", None) if there else None
    if not isinstance(found, Statistics):
        raise NoStatistics(f'The pack "{pack}" does not say what to count in a population.')
    return found
