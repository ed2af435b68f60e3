"""Units and periods: what a number of the law counts, and for how long.

`GBP / WEEK` and `GBP / YEAR` are different units, and adding them is an error
that the load of the rule reports: a year of payments is not a week of them.
Converting says so in the rule, with the number of times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final

_MONEY: Final = re.compile(r"[A-Z]{3}")


@cache
def _is_currency(base: str) -> bool:
    return _MONEY.fullmatch(base) is not None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that amounts are paid or earned for.

    Attributes
    ----------
    in_year
        How many of it a year has where nothing else is said.
    """

    name: str
    in_year: Decimal


HOUR: Final = Period("hour", Decimal(0))
DAY: Final = Period("day", Decimal(364))
WEEK: Final = Period("week", Decimal(52))
MONTH: Final = Period("month", Decimal(12))
YEAR: Final = Period("year", Decimal(1))
PERIODS: Final = {period.name: period for period in (HOUR, DAY, WEEK, MONTH, YEAR)}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value counts.

    Attributes
    ----------
    base
        A currency (ISO 4217), or `number`, `percent`, `years`, `days`, `date`,
        `yes/no`, `choice`.
    period
        For money: what it is paid for; none for a sum, such as savings.
    options
        Of a choice.
    words
        Of a choice: option to language to the words for it, where there are any.
    """

    base: str
    period: Period | None = None
    options: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] | None = field(default=None, compare=False, repr=False)

    def __truediv__(self, period: Period) -> Unit:
        if not self.is_money or self.period:
            raise TypeError(f"{self} cannot be for a {period.name}; only money can, once")
        return Unit(self.base, period)

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of a currency."""
        return _is_currency(self.base)

    @property
    def is_plain(self) -> bool:
        """Whether it is a number of things, years or days."""
        return self.base in ("number", "years", "days")

    @property
    def is_numeric(self) -> bool:
        """Whether it can be added up."""
        return self.is_money or self.is_plain or self.base == "percent"

    @property
    def is_ordered(self) -> bool:
        """Whether one value can be less than another."""
        return self.is_numeric or self.base == "date"

    def __str__(self) -> str:
        return f"{self.base} a {self.period.name}" if self.period else self.base


GBP: Final = Unit("GBP")
NUMBER: Final = Unit("number")
PERCENT: Final = Unit("percent")
YEARS: Final = Unit("years")
DAYS: Final = Unit("days")
DATE: Final = Unit("date")
YES_NO: Final = Unit("yes/no")


def choice(*options: str) -> Unit:
    """Return the unit of a value that is one of the options."""
    if len(options) < 2 or len(set(options)) != len(options):
        raise TypeError("a choice has two options or more, each once")
    return Unit("choice", None, options)


def parse(text: str) -> Unit:
    """Read the unit of a parameter: `GBP/week`, `%`, `number`, `years` ...

    Raises
    ------
    ValueError
        If it is none that the law can calculate with (`text`, `list`).
    """
    base, _, period = text.partition("/")
    if text == "yes/no":
        return YES_NO
    if text == "%":
        return PERCENT
    if _MONEY.fullmatch(base):
        if period and period not in PERIODS:
            raise ValueError(f'"{text}" is for no period that is known: {", ".join(PERIODS)}')
        return Unit(base, PERIODS[period] if period else None)
    if text in ("number", "years", "days", "date"):
        return Unit(text)
    raise ValueError(f'"{text}" is no unit that the law can calculate with')
