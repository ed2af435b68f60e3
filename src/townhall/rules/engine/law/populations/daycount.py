"""Days, months and years on ordinals, in whole numbers alone.

The same functions serve NumPy columns and compiled loops: there are no branches,
and a condition counts as 0 or 1. Days are ordinals of the proleptic Gregorian
calendar, as `date.toordinal` gives them. The calendar is turned into numbers with
years that begin in March, so that the leap day is the last one of a year
(the algorithms are those of Howard Hinnant's "chrono-compatible low-level date
algorithms").
"""

from __future__ import annotations

from typing import Any

_CYCLE = 146_097  # days of 400 years
_SHIFT = 305  # from 1 March of the year 0 to the day before ordinal 1
_LAST = 3_652_059  # 31 December 9999


def civil(day: Any) -> tuple[Any, Any, Any]:
    """Return year, month and day of the month."""
    shifted = day + _SHIFT
    era = shifted // _CYCLE
    of_era = shifted - era * _CYCLE
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    month = march + 3 - 12 * (march >= 10)
    return year + era * 400 + (month <= 2), month, of_year - (153 * march + 2) // 5 + 1


def ordinal(year: Any, month: Any, day: Any) -> Any:
    """Return the ordinal of a day; 29 February of a common year is 1 March."""
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * _CYCLE + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _SHIFT


def years_between(start: Any, end: Any) -> Any:
    """Return whole years; somebody born on 29 February is a year older on 1 March."""
    year, month, day = civil(start)
    end_year, end_month, end_day = civil(end)
    return end_year - year - (end_month * 32 + end_day < month * 32 + day)


def add_years(start: Any, years: Any) -> Any:
    """Return the same day so many years later; 29 February becomes 1 March."""
    year, month, day = civil(start)
    return _within(ordinal(year + years, month, day), year + years)


def add_months(start: Any, months: Any) -> Any:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month, day = civil(start)
    count = year * 12 + month - 1 + months
    year = count // 12
    month = count - year * 12 + 1
    leap = (year % 4 == 0) * 1 - (year % 100 == 0) * 1 + (year % 400 == 0) * 1
    last = 30 + (month + month // 8) % 2 - (month == 2) * (2 - leap)
    day = day - (day - last) * (day > last)
    return _within(ordinal(year, month, day), year)


def mondays_between(start: Any, end: Any) -> Any:
    """Return how many Mondays lie between two days, both included."""
    number = (end + 6) // 7 - (start + 5) // 7  # ordinal 1 is a Monday
    return number * (number > 0)


def _within(day: Any, year: Any) -> Any:
    early, late = year < 1, year > 9999
    return day + (1 - day) * early + (_LAST - day) * late
