"""The values of the expression language, and the two that are not values.

Text is `str`, number `Decimal`, date `datetime.date`, yes/no `bool`, a list a
tuple or list, a record a mapping. This module adds money, durations, and:

`UNKNOWN`
    Not yet known: not asked, or a register did not answer. Never zero, never
    empty. It has no truth value, so that `if value:` cannot take it for "no".
`ABSENT`
    Known not to be there, because the datum's `when` is false or the optional
    question was left empty. Only `present(...)` may be asked of it.
"""

from __future__ import annotations

import decimal
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from .errors import EvaluationError

Value: TypeAlias = Any

# decimal128 (IEEE 754-2008): enough for every currency, and bounded, so that
# no expression can build a number that fills the memory.
CONTEXT: Final = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class Special:
    """What stands in the place of a value: unknown, absent, or a failure.

    All of them share this one class, so that an operation recognises them
    with a single identity check per operand.
    """

    __slots__ = ("error", "name")

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name = name
        self.error = error

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name} is neither yes nor no: compare with `is {self.name}`")

    def __reduce__(self) -> str | tuple[Any, ...]:
        # UNKNOWN and ABSENT stay the same object through copy and pickle.
        return self.name if self.error is None else (Special, (self.name, self.error))

    def __deepcopy__(self, memo: dict[int, Any]) -> Special:
        return self


UNKNOWN: Final = Special("UNKNOWN")
ABSENT: Final = Special("ABSENT")


def failed(error: Exception) -> Special:
    """Return what an operation gives that has no result; it is raised if it matters."""
    return Special("FAILED", error)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    Parameters
    ----------
    amount
        Major units (pounds, not pennies); a text or whole number is converted.
    currency
        ISO 4217 code.

    Raises
    ------
    TypeError
        If the amount is a float: it would carry an error of its own.
    ValueError
        If the amount is not a finite number.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            if isinstance(self.amount, (float, bool)):
                raise TypeError("give the amount as Decimal, text or whole number")
            try:
                object.__setattr__(self, "amount", Decimal(self.amount))
            except decimal.InvalidOperation:
                raise ValueError(f"{self.amount!r} is not an amount") from None
        if not self.amount.is_finite():
            raise ValueError("an amount is a finite number")

    def _other(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise EvaluationError(f"{self.currency} and {other.currency} cannot be mixed.")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(CONTEXT.add(self.amount, self._other(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(CONTEXT.subtract(self.amount, self._other(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(CONTEXT.multiply(self.amount, factor), self.currency)

    def __neg__(self) -> Money:
        return Money(CONTEXT.minus(self.amount), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._other(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._other(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._other(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._other(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of calendar months, days and working days.

    The three parts are kept apart, because a month is no fixed number of days
    and a working day depends on the calendar. A year is 12 months, a week 7
    days.
    """

    months: int = 0
    days: int = 0
    working_days: int = 0

    def _plain(self, other: Duration) -> tuple[int, int]:
        """Both lengths in the one unit that they share."""
        parts = [
            (mine, theirs)
            for mine, theirs in (
                (self.months, other.months),
                (self.days, other.days),
                (self.working_days, other.working_days),
            )
            if mine or theirs
        ]
        if len(parts) > 1:
            raise EvaluationError(
                f"{self} and {other} cannot be compared: months, days and working days differ."
            )
        return parts[0] if parts else (0, 0)

    def __lt__(self, other: Duration) -> bool:
        mine, theirs = self._plain(other)
        return mine < theirs

    def __le__(self, other: Duration) -> bool:
        return self == other or self < other

    def __gt__(self, other: Duration) -> bool:
        mine, theirs = self._plain(other)
        return mine > theirs

    def __ge__(self, other: Duration) -> bool:
        return self == other or self > other

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.days, -self.working_days)

    def __str__(self) -> str:
        words = []
        years, months = divmod(self.months, 12)
        weeks, days = divmod(self.days, 7)
        if days:
            weeks, days = 0, self.days
        for number, unit in (
            (years, "year"),
            (months, "month"),
            (weeks, "week"),
            (days, "day"),
            (self.working_days, "working day"),
        ):
            if number:
                words.append(f"{number} {unit}" + ("" if number == 1 else "s"))
        return " ".join(words) or "0 days"


_WORDS: Final = re.compile(r"([0-9]{1,6}) (working day|day|week|month|year)s?")
_ISO: Final = re.compile(
    r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
)


def parse_duration(text: str) -> Duration:
    """Read `8 weeks`, `10 working days`, `1 year 6 months` or ISO 8601 `P8W`.

    Raises
    ------
    ValueError
        If the text is none of these.
    """
    words = " ".join(text.split()[:12])
    iso = _ISO.fullmatch(words)
    if iso and any(iso.groups()):
        years, months, weeks, days = (int(part or 0) for part in iso.groups())
        return Duration(months=12 * years + months, days=7 * weeks + days)
    amounts = dict.fromkeys(("year", "month", "week", "day", "working day"), 0)
    rest = words
    while rest:
        match = _WORDS.match(rest)
        if match is None:
            raise ValueError(f'{text[:60]!r} is no duration: write it like "8 weeks" or "P8W"')
        amounts[match[2]] += int(match[1])
        rest = rest[match.end() :].lstrip()
    if not words:
        raise ValueError('the duration is empty: write it like "8 weeks" or "P8W"')
    return Duration(
        months=12 * amounts["year"] + amounts["month"],
        days=7 * amounts["week"] + amounts["day"],
        working_days=amounts["working day"],
    )


def parse_date(text: str) -> date:
    """Read an ISO 8601 calendar date, `2026-04-06`, and nothing else.

    Raises
    ------
    ValueError
        If the text is no date of the calendar, such as 30 February.
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text[:60]!r} is no date: write it like 2026-04-06")
    return date.fromisoformat(text)
