"""The days on which an award is paid."""

from __future__ import annotations

from datetime import date, timedelta

from townhall.rules.engine.calendar import add_months

WEEK, MONTH = "week", "month"
MOST = 2_000  # periods of one award that are looked at: 38 years of weeks


def days(every: str, start: date, until: date | None, first: date, last: date) -> tuple[date, ...]:
    """Return the first days of the periods of an award that lie in [first, last].

    A weekly award is paid for each Monday (SSCBA 1992 s.147(1)), a monthly one
    for each assessment period that begins on the day of the month on which the
    award began (UC Regs 2013 reg. 21), or on the last of a shorter month.

    Parameters
    ----------
    every
        `week` or `month`.
    start, until
        First day of the award, and the day after its last; None: no end.

    Raises
    ------
    ValueError
        If `every` is neither, or there would be more than `MOST` periods.
    """
    if every == WEEK:
        found = _weeks(start, first, last)
    elif every == MONTH:
        found = _months(start, first, last)
    else:
        raise ValueError(f'an award is paid every "week" or "month", not every "{every}"')
    if until is not None:
        found = [day for day in found if day < until]
    if len(found) > MOST:
        raise ValueError(f"an award has at most {MOST} periods at once")
    return tuple(found)


def after(every: str, start: date, until: date | None, day: date) -> date | None:
    """Return the first day of the next period after a day; None where the award has ended."""
    horizon = day + timedelta(days=62)
    found = days(every, start, until, day + timedelta(days=1), max(horizon, start + timedelta(62)))
    return found[0] if found else None


def _weeks(start: date, first: date, last: date) -> list[date]:
    begin = max(start, first)
    monday = begin + timedelta(days=-begin.weekday() % 7)
    count = max(0, (last - monday).days // 7 + 1)
    return [monday + timedelta(weeks=number) for number in range(min(count, MOST + 1))]


def _months(start: date, first: date, last: date) -> list[date]:
    begin = max(start, first)
    number = max(0, (begin.year - start.year) * 12 + begin.month - start.month - 1)
    found: list[date] = []
    while len(found) <= MOST:
        day = add_months(start, number)
        if day > last:
            break
        if day >= begin:
            found.append(day)
        number += 1
    return found
