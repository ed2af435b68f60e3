"""Lengths of time as the law writes them: `10 working days`, `8 weeks`, `P6M`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

UNITS: Final = ("working_day", "day", "week", "month", "year")
_PLAIN = re.compile(r"(\d{1,4}) +(working +day|day|week|month|year)s?")
_ISO = re.compile(r"P(\d{1,4})([DWMY])")
_ISO_UNITS: Final = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_ROUGH_DAYS: Final = {
    "working_day": 1.4,
    "day": 1,
    "week": 7,
    "month": 30.44,
    "year": 365.25,
}


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units; what it means in days depends on where it starts."""

    count: int
    unit: str

    def after(self, start: date, add_working_days: Callable[[date, int], date]) -> date:
        """Return the day on which this period, begun on `start`, is over.

        A month or year keeps the day of the month, or takes the last day of a
        shorter month. Working days are counted by the calendar handed in.

        Raises
        ------
        OverflowError
            If the day lies beyond the calendar.
        """
        if self.unit == "working_day":
            return add_working_days(start, self.count)
        if self.unit in ("day", "week"):
            return start + timedelta(self.count * (7 if self.unit == "week" else 1))
        months = start.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = start.year + months // 12, months % 12 + 1
        if year > date.max.year:
            raise OverflowError(f"{self} after {start} lies beyond the calendar")
        return date(year, month, min(start.day, monthrange(year, month)[1]))

    @property
    def rough_days(self) -> float:
        """Return the usual number of calendar days, only to compare periods."""
        return self.count * _ROUGH_DAYS[self.unit]

    def __str__(self) -> str:
        """Return the period in the words of the format: `10 working days`."""
        unit = self.unit.replace("_", " ")
        return f"{self.count} {unit}" + ("" if self.count == 1 else "s")


def parse(text: str) -> Period | None:
    """Read a period in plain words or ISO 8601; None if it is neither."""
    text = text.strip()
    if match := _PLAIN.fullmatch(text):
        return Period(int(match[1]), re.sub(" +", "_", match[2]))
    if match := _ISO.fullmatch(text):
        return Period(int(match[1]), _ISO_UNITS[match[2]])
    return None
