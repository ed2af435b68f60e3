"""What the sick pay guidance may call: typed doors to `townhall.packs.uk.rules.statutory_sick_pay`.

Names begin with ``ssp_``. Weekdays travel as their English names, in the order in which the
boxes were ticked.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import ParamSpec, TypeVar

import yaml

from townhall.packs.uk.rules import statutory_sick_pay as ssp
from townhall.rules.engine import (
    DATE,
    NUMBER,
    TEXT,
    YES_NO,
    EvaluationError,
    Function,
    ListType,
    Money,
    MoneyType,
)

_PARAMETERS = pathlib.Path(__file__).parents[1] / "parameters" / "statutory-sick-pay.yaml"
_POUNDS = MoneyType("GBP")
_DAYS = ListType(TEXT)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _told_to_the_engine(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """What has no result (no rate that day, pay over no days) is an error of the expression."""

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except (ssp.RateMissing, ValueError) as error:
            raise EvaluationError(f"{error}.") from error

    return call


@functools.cache
def rates() -> ssp.Rates:
    """The pack's dated rates, read once: sick pay crosses tax years, so one day's is not enough."""
    # BaseLoader makes nothing but texts: amounts and days stay as they are written.
    table = yaml.load(_PARAMETERS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506

    def rows(key: str) -> tuple[tuple[date, Decimal], ...]:
        values = table[key]["values"].items()
        return tuple(sorted((date.fromisoformat(day), Decimal(amount)) for day, amount in values))

    return ssp.Rates(
        weekly=rows("ssp.weekly_rate"),
        earnings_limit=rows("ssp.lower_earnings_limit"),
        share_of_earnings=tuple(
            (day, percent / 100) for day, percent in rows("ssp.share_of_earnings")
        ),
        # "until" is the first day without a rate.
        end=date.fromisoformat(table["ssp.weekly_rate"]["until"]) - timedelta(days=1),
    )


def latest_day_offered(today: date) -> date:
    """Last day that may be entered: the end of this year, from June the end of the next."""
    return date(today.year + (today.month > 5), 12, 31)


def last_sick_day_fits(first: date, last: date) -> bool:
    """A sickness does not end before it begins."""
    return last >= first


def linked_start_fits(linked_first: date, first: date) -> bool:
    """An earlier sickness began before this one."""
    return linked_first < first


def last_payday_fits(last_payday: date, first: date) -> bool:
    """The last payday came before the sickness."""
    return last_payday < first


def payday_before_fits(payday_before: date, last_payday: date) -> bool:
    """The payday before lies at least eight weeks before the last one."""
    return payday_before <= last_payday - timedelta(weeks=ssp.LINK_WEEKS)


@_told_to_the_engine
def _linked_days(first: date, last: date, works_on: Sequence[str]) -> Decimal:
    return Decimal(len(ssp.qualifying_days(first, last, ssp.weekday_numbers(works_on))))


@_told_to_the_engine
def _days_paid(first: date, last: date, works_on: Sequence[str], linked: Decimal) -> Decimal:
    paid = ssp.days_paid(first, last, ssp.weekday_numbers(works_on), int(linked))
    return Decimal(len(paid))


@_told_to_the_engine
def _used_up(linked: Decimal, works_on: Sequence[str]) -> bool:
    return ssp.used_up(int(linked), len(ssp.weekday_numbers(works_on)))


def _pounds(amount: Decimal) -> Money:
    return Money(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), "GBP")


@_told_to_the_engine
def _average(pattern: str, pay: Money, payday_before: date, last_payday: date) -> Money:
    average = ssp.average_weekly_earnings(pattern, pay.amount, payday_before, last_payday)
    return Money(average, "GBP")


@_told_to_the_engine
def _average_over_days(pay: Money, days: Decimal) -> Money:
    return Money(ssp.average_over_days(pay.amount, days), "GBP")


@_told_to_the_engine
def _earns_enough(earnings: Money, first: date) -> bool:
    return earnings.amount >= rates().earnings_limit_on(first)


@_told_to_the_engine
def _total(
    first: date, last: date, works_on: Sequence[str], linked: Decimal, earnings: Money
) -> Money:
    payments = ssp.weekly_payments(
        first,
        last,
        ssp.weekday_numbers(works_on),
        rates(),
        linked_qualifying=int(linked),
        earnings=earnings.amount,
    )
    return _pounds(ssp.total(payments))


@_told_to_the_engine
def _full_week(day: date, first: date, earnings: Money) -> Money:
    return _pounds(ssp.weekly_rate_for(day, first, earnings.amount, rates()))


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "ssp_latest_day",
        (DATE,),
        DATE,
        latest_day_offered,
        "Last day that may be entered: the end of this year, from June the end of the next.",
    ),
    Function(
        "ssp_rates_known",
        (DATE,),
        YES_NO,
        lambda day: rates().known_on(day),
        "Whether a rate of sick pay is enacted for the day.",
    ),
    Function(
        "ssp_long_enough",
        (DATE, DATE),
        YES_NO,
        ssp.is_period_of_incapacity,
        "Whether the sickness from the first to the last day is long enough to count.",
    ),
    Function(
        "ssp_straddles_change",
        (DATE, DATE),
        YES_NO,
        ssp.straddles_april_2026,
        "Whether the sickness goes over 6 April 2026, when the rules changed.",
    ),
    Function(
        "ssp_within_eight_weeks",
        (DATE, DATE),
        YES_NO,
        ssp.within_eight_weeks,
        "Whether an earlier sickness (its last day) is at most eight weeks before the first day.",
    ),
    Function(
        "ssp_day_between",
        (DATE, DATE),
        YES_NO,
        ssp.at_least_a_day_between,
        "Whether a day lies between an earlier sickness (its last day) and the first day.",
    ),
    Function(
        "ssp_payday_before_fits",
        (DATE, DATE),
        YES_NO,
        payday_before_fits,
        "Whether the first payday is at least eight weeks before the second.",
    ),
    Function(
        "ssp_qualifying_days",
        (DATE, DATE, _DAYS),
        NUMBER,
        _linked_days,
        "Days worked by the pattern, from the first to the last day.",
    ),
    Function(
        "ssp_days_paid",
        (DATE, DATE, _DAYS, NUMBER),
        NUMBER,
        _days_paid,
        "Days of sick pay: first day, last day, days worked, qualifying days of linked sickness.",
    ),
    Function(
        "ssp_used_up",
        (NUMBER, _DAYS),
        YES_NO,
        _used_up,
        "Whether the qualifying days of linked sickness have used the 28 weeks.",
    ),
    Function(
        "ssp_average_earnings",
        (TEXT, _POUNDS, DATE, DATE),
        _POUNDS,
        _average,
        "Average weekly earnings: pay pattern, pay between the paydays, payday before, last one.",
    ),
    Function(
        "ssp_average_over_days",
        (_POUNDS, NUMBER),
        _POUNDS,
        _average_over_days,
        "Average weekly earnings of pay that covers a number of days.",
    ),
    Function(
        "ssp_earns_enough",
        (_POUNDS, DATE),
        YES_NO,
        _earns_enough,
        "Whether average weekly earnings reach the lower earnings limit of the day.",
    ),
    Function(
        "ssp_full_week",
        (DATE, DATE, _POUNDS),
        _POUNDS,
        _full_week,
        "Sick pay for a whole week on a day: day, first day of sickness, average earnings.",
    ),
    Function(
        "ssp_total",
        (DATE, DATE, _DAYS, NUMBER, _POUNDS),
        _POUNDS,
        _total,
        "Sick pay for the whole sickness: first day, last day, days worked, linked days, earnings.",
    ),
)
