"""Age to the day: full years, months and days, as letters about the State Pension say it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from townhall.rules.engine import calendar


class Age(NamedTuple):
    """An age in full years, then full months, then days."""

    years: int
    months: int
    days: int


def age_on(born: date, day: date) -> Age:
    """Age on a day, to the day.

    Somebody born on 29 February is counted from 1 March, except on a 29 February itself: so the
    birthday of a common year is a full year, not a year and a day.

    Raises
    ------
    ValueError
        If the day lies before the birth.
    """
    if day < born:
        raise ValueError(f"{day.isoformat()} lies before the birth on {born.isoformat()}")
    leap = (2, 29)
    if (born.month, born.day) == leap and (day.month, day.day) != leap:
        born = min(date(born.year, 3, 1), day)
    months = calendar.months_between(born, day)
    days = (day - calendar.add_months(born, months)).days
    return Age(months // 12, months % 12, days)
