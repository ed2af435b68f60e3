"""Dates: working days of a jurisdiction, and whole months and years.

Months and years follow the "corresponding date" rule (Dodds v Walker [1981] 1
WLR 1027): a month after the 31st is the last day of a shorter month. A span is
counted in full months: somebody born on 29 February is a year older on 1 March
of a common year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import EvaluationError
from .values import Duration

_DAY = timedelta(days=1)
MAX_DAYS = 4_000_000  # more than the years 1 to 9999 hold
MAX_WORKING_DAYS = 20_000
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days.

    Parameters
    ----------
    holidays
        Public holidays of the jurisdiction.
    weekend
        Days of the week that are never worked, Monday being 0.
    until
        First day for which `holidays` is not complete any more; None if the
        list has no end. Counting beyond it is refused rather than guessed.
    """

    holidays: frozenset[date]
    weekend: frozenset[int] = frozenset({5, 6})
    until: date | None = None

    def __init__(
        self,
        holidays: Iterable[date] = (),
        weekend: Iterable[int] = (5, 6),
        until: date | None = None,
    ) -> None:
        object.__setattr__(self, "holidays", frozenset(holidays))
        object.__setattr__(self, "weekend", frozenset(weekend))
        object.__setattr__(self, "until", until)
        if len(self.weekend & set(range(7))) == 7:
            raise ValueError("a calendar needs at least one working day in the week")

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked.

        Raises
        ------
        EvaluationError
            If the calendar does not cover the day.
        """
        if self.until is not None and day >= self.until:
            raise EvaluationError(
                f"The calendar of holidays ends before {day.isoformat()}: extend it first."
            )
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_working_days(self, day: date, number: int) -> date:
        """Return the working day that is `number` working days after (or before) the day.

        The day itself does not count. Zero gives the day itself, worked or not.

        Raises
        ------
        EvaluationError
            If the number is absurd, or the result lies outside the calendar.
        """
        if abs(number) > MAX_WORKING_DAYS:
            raise EvaluationError(f"{number} working days are too many to count.")
        step = _DAY if number > 0 else -_DAY
        left = abs(number)
        while left:
            try:
                day += step
            except OverflowError:
                raise EvaluationError("The date lies outside the years 1 to 9999.") from None
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`.

        Negative if `end` lies before `start`, so that it undoes
        `add_working_days`.
        """
        if abs((end - start).days) > 7 * MAX_WORKING_DAYS:
            raise EvaluationError("The two dates are too far apart to count working days.")
        day, count = start, 0
        while day > end:
            day -= _DAY
            count -= self.is_working_day(day)
        while day < end:
            day += _DAY
            count += self.is_working_day(day)
        return count


def months_between(start: date, end: date) -> int:
    """Count the full months from `start` to `end`; negative if `end` is earlier."""
    if end < start:
        return -months_between(end, start)
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (end.day < start.day)


def years_between(start: date, end: date) -> int:
    """Count the full years from `start` to `end`: an age, if `start` is a birth."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def add_months(day: date, months: int) -> date:
    """Return the corresponding date, or the last day of a month that lacks it.

    Raises
    ------
    EvaluationError
        If the result lies outside the years 1 to 9999.
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise EvaluationError("The date lies outside the years 1 to 9999.")
    last = _LENGTHS[month]
    if month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        last = 29
    return date(year, month + 1, min(day.day, last))


def add_days(day: date, days: int) -> date:
    """Return the day `days` later.

    Raises
    ------
    EvaluationError
        If the result lies outside the years 1 to 9999.
    """
    if abs(days) > MAX_DAYS:
        raise EvaluationError("The date lies outside the years 1 to 9999.")
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise EvaluationError("The date lies outside the years 1 to 9999.") from None


def shift(day: date, duration: Duration, calendar: Calendar | None) -> date:
    """Add a duration to a date: months first, then days, then working days.

    Raises
    ------
    EvaluationError
        If working days are added without a calendar, or the result lies
        outside it.
    """
    if duration.months:
        day = add_months(day, duration.months)
    if duration.days:
        day = add_days(day, duration.days)
    if duration.working_days:
        if calendar is None:
            raise EvaluationError("Working days need a calendar of holidays.")
        day = calendar.add_working_days(day, duration.working_days)
    return day
