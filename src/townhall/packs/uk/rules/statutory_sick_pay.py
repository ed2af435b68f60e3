"""Statutory Sick Pay: qualifying days, waiting days, average earnings, payment a week.

Source: Social Security Contributions and Benefits Act 1992, Part XI; Statutory Sick Pay
(General) Regulations 1982 (SI 1982/894); for sickness from 6 April 2026 the Employment Rights
Act 2025. The conventions (a daily rate cut to four decimals, pay weeks that end on Saturday,
each week rounded up to the penny) are those behind the figures that the tests are checked
against.

Everything here is exact: money is ``Decimal``, and a day without an enacted rate is an error
(`RateMissing`), never a guess. Dates are inclusive at both ends, as people state a sickness:
"from Monday to Friday" is five days.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal

APRIL_2026 = date(2026, 4, 6)
WAITING_DAYS = 3
LONGEST_WEEKS = 28
LINK_WEEKS = 8
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PENNY = Decimal("0.01")
_FOUR_DECIMALS = Decimal("0.0001")


class RateMissing(LookupError):
    """No weekly rate is enacted for the day asked for."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rates:
    """Weekly rates, lower earnings limits and shares, each (first day, amount), oldest first.

    ``share_of_earnings`` is the part of average weekly earnings, as 0.80, that sick pay is at most.
    ``end`` is the last day for which the law in this pack gives a rate.
    """

    weekly: tuple[tuple[date, Decimal], ...]
    earnings_limit: tuple[tuple[date, Decimal], ...]
    share_of_earnings: tuple[tuple[date, Decimal], ...]
    end: date

    def weekly_on(self, day: date) -> Decimal:
        """Weekly rate in force on ``day``; raises `RateMissing` outside the enacted years."""
        if day > self.end:
            raise RateMissing(f"no rate of Statutory Sick Pay is enacted for {day.isoformat()}")
        return _in_force(self.weekly, day)

    def earnings_limit_on(self, day: date) -> Decimal:
        """Lower earnings limit on ``day``: zero from 6 April 2026, when it was abolished."""
        return Decimal(0) if day >= APRIL_2026 else _in_force(self.earnings_limit, day)

    def share_of_earnings_on(self, day: date) -> Decimal:
        """Part of average weekly earnings that sick pay is at most, on a day from 6 April 2026."""
        return _in_force(self.share_of_earnings, day)

    def known_on(self, day: date) -> bool:
        """Whether there is a weekly rate for ``day``."""
        return self.weekly[0][0] <= day <= self.end


def _in_force(rows: Sequence[tuple[date, Decimal]], day: date) -> Decimal:
    found = [amount for since, amount in rows if since <= day]
    if not found:
        raise RateMissing(f"no rate of Statutory Sick Pay is enacted for {day.isoformat()}")
    return found[-1]


def weekday_numbers(names: Iterable[str]) -> frozenset[int]:
    """Weekdays by number (Monday 0) from their English names; an unknown name is a ValueError."""
    return frozenset(WEEKDAYS.index(name) for name in names)


def days_in_period(start: date, end: date) -> int:
    """Calendar days from ``start`` to ``end``, both counted."""
    return (end - start).days + 1


def qualifying_days(start: date, end: date, works_on: frozenset[int]) -> tuple[date, ...]:
    """Days of the sickness on which the employee would have worked, oldest first."""
    span = range(max(0, days_in_period(start, end)))
    days = (start + timedelta(days=offset) for offset in span)
    return tuple(day for day in days if day.weekday() in works_on)


def april_2026_rules_apply(start: date) -> bool:
    """Whether a sickness that begins on ``start`` falls under the rules from 6 April 2026."""
    return start >= APRIL_2026


def straddles_april_2026(start: date, end: date) -> bool:
    """Whether the sickness began under the old rules and goes on under the new ones."""
    return start < APRIL_2026 <= end


def is_period_of_incapacity(start: date, end: date) -> bool:
    """Whether the sickness is long enough to count: four days, from 6 April 2026 one day."""
    least = 1 if april_2026_rules_apply(start) else 4
    return days_in_period(start, end) >= least


def within_eight_weeks(linked_end: date, start: date) -> bool:
    """Whether an earlier sickness ended at most eight weeks before this one began."""
    return linked_end >= start - timedelta(weeks=LINK_WEEKS, days=1)


def at_least_a_day_between(linked_end: date, start: date) -> bool:
    """Whether at least one day lies between the two sicknesses (else they are one)."""
    return linked_end < start - timedelta(days=1)


def waiting_days(start: date, linked_qualifying: int) -> int:
    """Qualifying days at the start that are not paid, less those already served."""
    if april_2026_rules_apply(start):
        return 0
    return max(0, WAITING_DAYS - linked_qualifying)


def used_up(linked_qualifying: int, days_a_week: int) -> bool:
    """Whether the linked sickness alone has used the 28 weeks."""
    return linked_qualifying >= LONGEST_WEEKS * days_a_week + WAITING_DAYS


def days_paid(
    start: date, end: date, works_on: frozenset[int], linked_qualifying: int = 0
) -> tuple[date, ...]:
    """Days for which sick pay is due, oldest first.

    Parameters
    ----------
    start, end
        First and last day of the sickness.
    works_on
        Weekdays worked (Monday 0).
    linked_qualifying
        Qualifying days of an earlier linked sickness. They count towards the waiting days, and
        what lies beyond those towards the 28 weeks.
    """
    days = qualifying_days(start, end, works_on)[waiting_days(start, linked_qualifying) :]
    left = LONGEST_WEEKS * len(works_on) - max(0, linked_qualifying - WAITING_DAYS)
    return days[: max(0, left)]


def daily_rate(weekly_rate: Decimal, days_a_week: int) -> Decimal:
    """Pay for one day: the weekly rate over the days worked, cut to four decimals."""
    if days_a_week == 0:
        return Decimal(0)
    return (weekly_rate / days_a_week).quantize(_FOUR_DECIMALS, rounding=ROUND_DOWN)


def weekly_rate_for(day: date, start: date, earnings: Decimal | None, rates: Rates) -> Decimal:
    """Weekly rate on ``day``: from 6 April 2026 at most a share of average weekly earnings."""
    flat = rates.weekly_on(day)
    if not april_2026_rules_apply(start) or earnings is None:
        return flat
    return min(flat, earnings * rates.share_of_earnings_on(day))


def pay_week_end(day: date) -> date:
    """The Saturday that ends the pay week of ``day``."""
    return day + timedelta(days=(5 - day.weekday()) % 7)


def pay_week_ends(start: date, end: date) -> tuple[date, ...]:
    """Saturdays that end the pay weeks touched by the sickness."""
    first, last = pay_week_end(start), pay_week_end(end)
    return tuple(first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))


def weekly_payments(
    start: date,
    end: date,
    works_on: frozenset[int],
    rates: Rates,
    *,
    linked_qualifying: int = 0,
    earnings: Decimal | None = None,
) -> tuple[tuple[date, Decimal], ...]:
    """Payment for each pay week as (Saturday, pounds); weeks of nothing at the end are left out.

    Raises
    ------
    RateMissing
        If a paid day lies outside the enacted years.
    """
    totals = {saturday: Decimal(0) for saturday in pay_week_ends(start, end)}
    for day in days_paid(start, end, works_on, linked_qualifying):
        rate = weekly_rate_for(day, start, earnings, rates)
        totals[pay_week_end(day)] += daily_rate(rate, len(works_on))
    payments = [
        (saturday, total.quantize(_PENNY, rounding=ROUND_CEILING))
        for saturday, total in totals.items()
    ]
    while payments and payments[-1][1] == 0:
        payments.pop()
    return tuple(payments)


def total(payments: Iterable[tuple[date, Decimal]]) -> Decimal:
    """Sum of the weekly payments."""
    return sum((amount for _, amount in payments), Decimal(0))


def whole_months_between(start: date, end: date) -> int:
    """Months of pay from ``start`` to ``end``.

    The first counts if its day is before the 17th, the last if its day is after the 15th, and
    all between count.
    """
    between = (end.year - start.year) * 12 + end.month - start.month - 1
    return between + (start.day < 17) + (end.day > 15)


def average_weekly_earnings(
    pay_pattern: str, total_pay: Decimal, payday_before: date, last_payday: date
) -> Decimal:
    """Average weekly earnings, in pounds, over the eight weeks or so up to the last payday.

    Parameters
    ----------
    pay_pattern
        ``weekly``, ``fortnightly``, ``every_4_weeks``, ``monthly`` or ``irregularly``.
    total_pay
        All pay between the two paydays.
    payday_before, last_payday
        The payday at least eight weeks before the last one (excluded), and the last one.

    Raises
    ------
    ValueError
        If the pattern is unknown, or the paydays leave no month (or day) of pay between them.
    """
    if pay_pattern in ("weekly", "fortnightly", "every_4_weeks"):
        return total_pay / LINK_WEEKS
    if pay_pattern == "monthly":
        months = whole_months_between(payday_before + timedelta(days=1), last_payday)
        return average_of_months(total_pay, months)
    if pay_pattern == "irregularly":
        return _per_week(total_pay, Decimal((last_payday - payday_before).days))
    raise ValueError(f"unknown pay pattern: {pay_pattern}")


def average_of_months(total_pay: Decimal, months: int) -> Decimal:
    """Average weekly earnings of somebody paid by the month."""
    if months < 1:
        raise ValueError("the two paydays must be at least a month apart")
    return total_pay / months * 12 / 52


def average_over_days(total_pay: Decimal, days: Decimal) -> Decimal:
    """Average weekly earnings of pay that covers ``days`` days, to the penny."""
    return _per_week(total_pay, days).quantize(_PENNY, rounding=ROUND_HALF_UP)


def _per_week(total_pay: Decimal, days: Decimal) -> Decimal:
    if days <= 0:
        raise ValueError("pay must cover more than no days")
    return total_pay / days * 7
