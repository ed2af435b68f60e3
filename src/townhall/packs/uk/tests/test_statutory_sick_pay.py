"""Sick pay against the figures of the official calculator (data/govuk-figures, MIT)."""

from __future__ import annotations

import csv
import pathlib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from townhall.packs.uk.functions import statutory_sick_pay as functions
from townhall.packs.uk.rules import statutory_sick_pay as ssp

FIGURES = pathlib.Path(__file__).parents[1] / "data" / "govuk-figures" / "statutory_sick_pay.csv"
RATES = functions.rates()
PENNY = Decimal("0.01")


def day(text: str) -> date:
    return date.fromisoformat(text)


class Row:
    """One line of the table, with its cells as values."""

    def __init__(self, cells: dict[str, str]) -> None:
        self.cells = cells
        names = cells["works_on"].split()
        self.works_on = frozenset(
            number for number, name in enumerate(ssp.WEEKDAYS) if name[:3].title() in names
        )

    def day(self, column: str) -> date:
        return day(self.cells[column])

    def number(self, column: str) -> Decimal:
        return Decimal(self.cells[column])

    @property
    def linked(self) -> int:
        if not self.cells["linked_from"]:
            return 0
        days = ssp.qualifying_days(self.day("linked_from"), self.day("linked_to"), self.works_on)
        return len(days)

    @property
    def earnings(self) -> Decimal | None:
        if not self.cells["total_earnings"]:
            return None
        return ssp.average_weekly_earnings(
            self.cells["pay_pattern"],
            self.number("total_earnings"),
            self.day("relevant_period_from"),
            self.day("relevant_period_to"),
        )

    @property
    def payments(self) -> tuple[tuple[date, Decimal], ...]:
        return ssp.weekly_payments(
            self.day("sick_from"),
            self.day("sick_to"),
            self.works_on,
            RATES,
            linked_qualifying=self.linked,
            earnings=self.earnings,
        )


def dates(days) -> str:
    return "; ".join(each.isoformat() for each in days)


def pennies(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def average(row: Row) -> Decimal:
    if row.cells["pay_pattern"] == "monthly":
        months = int(row.cells["monthly_payments_in_period"])
        return pennies(ssp.average_of_months(row.number("total_earnings"), months))
    if row.cells["relevant_period_from"]:
        return pennies(row.earnings)
    # The calculator's check names no paydays for these patterns: any pair gives the same.
    any_day = date(2026, 1, 1)
    pattern, pay = row.cells["pay_pattern"], row.number("total_earnings")
    return pennies(ssp.average_weekly_earnings(pattern, pay, any_day, any_day))


FIGURE = {
    "qualifying_days_in_period": lambda r: dates(
        ssp.qualifying_days(r.day("sick_from"), r.day("sick_to"), r.works_on)
    ),
    "is_period_of_incapacity": lambda r: ssp.is_period_of_incapacity(
        r.day("sick_from"), r.day("sick_to")
    ),
    "linked_is_period_of_incapacity": lambda r: ssp.is_period_of_incapacity(
        r.day("linked_from"), r.day("linked_to")
    ),
    "april_2026_rules_apply": lambda r: ssp.april_2026_rules_apply(r.day("sick_from")),
    "straddles_6_april_2026": lambda r: ssp.straddles_april_2026(
        r.day("sick_from"), r.day("sick_to")
    ),
    "days_in_period": lambda r: ssp.days_in_period(r.day("sick_from"), r.day("sick_to")),
    "last_sick_day_accepted": lambda r: functions.last_sick_day_fits(
        r.day("sick_from"), r.day("sick_to")
    ),
    "linked_start_accepted": lambda r: functions.linked_start_fits(
        r.day("linked_from"), r.day("sick_from")
    ),
    "linked_within_eight_weeks": lambda r: ssp.within_eight_weeks(
        r.day("linked_to"), r.day("sick_from")
    ),
    "gap_of_at_least_one_day": lambda r: ssp.at_least_a_day_between(
        r.day("linked_to"), r.day("sick_from")
    ),
    "last_payday_accepted": lambda r: functions.last_payday_fits(
        r.day("relevant_period_to"), r.day("sick_from")
    ),
    "payday_eight_weeks_before_accepted": lambda r: functions.payday_before_fits(
        # The table gives the first day of the relevant period: the day after that payday.
        date.fromordinal(r.day("relevant_period_from").toordinal() - 1),
        r.day("relevant_period_to"),
    ),
    "whole_months_between": lambda r: ssp.whole_months_between(
        r.day("relevant_period_from"), r.day("relevant_period_to")
    ),
    "average_weekly_earnings": average,
    "average_weekly_earnings_contractual": lambda r: ssp.average_over_days(
        r.number("total_earnings"), r.number("days_covered")
    ),
    "average_weekly_earnings_from_total": lambda r: ssp.average_over_days(
        r.number("total_earnings"), r.number("days_covered")
    ),
    "qualifying_days_in_linked_period": lambda r: r.linked,
    "waiting_days_still_to_serve": lambda r: ssp.waiting_days(r.day("sick_from"), r.linked),
    "daily_rate": lambda r: ssp.daily_rate(
        r.number("weekly_rate"), int(r.cells["days_in_pattern"])
    ),
    "weekly_rate": lambda r: RATES.weekly_on(r.day("as_of")),
    "lower_earnings_limit": lambda r: RATES.earnings_limit_on(r.day("as_of")),
    "qualifying_days_missed": lambda r: len(
        ssp.qualifying_days(r.day("sick_from"), r.day("sick_to"), r.works_on)
    ),
    "days_paid": lambda r: len(
        ssp.days_paid(r.day("sick_from"), r.day("sick_to"), r.works_on, r.linked)
    ),
    "sick_pay_total": lambda r: ssp.total(r.payments),
    "pay_week_ends": lambda r: dates(ssp.pay_week_ends(r.day("sick_from"), r.day("sick_to"))),
    "weekly_payments": lambda r: "; ".join(
        f"{saturday.isoformat()}={amount.normalize():f}" for saturday, amount in r.payments
    ),
    "latest_year_offered": lambda r: functions.latest_day_offered(r.day("as_of")),
}

# Two rows say which words are accepted as a number of days: `test_govuk_flows` asks the form.
ELSEWHERE = "contractual_days_accepted"

with FIGURES.open(encoding="utf-8", newline="") as table:
    ALL_ROWS = list(csv.DictReader(table))
ROWS = [row for row in ALL_ROWS if row["figure"] != ELSEWHERE]


@pytest.mark.parametrize("cells", ROWS, ids=[row["case_id"] for row in ROWS])
def test_figure_agrees_with_the_official_calculator(cells: dict[str, str]) -> None:
    got = FIGURE[cells["figure"]](Row(cells))
    expected: object = cells["expected"]
    if cells["unit"] == "bool":
        expected = expected == "true"
    elif cells["unit"] == "date":
        expected = day(cells["expected"])
    elif cells["unit"] not in ("dates", "date=GBP"):
        expected = Decimal(cells["expected"])
    assert got == expected


def test_the_table_is_whole() -> None:
    assert len(ALL_ROWS) == 167
    assert len(ROWS) == 165


def test_a_day_without_an_enacted_rate_is_an_error_not_a_guess() -> None:
    with pytest.raises(ssp.RateMissing):
        RATES.weekly_on(date(2027, 4, 6))
    with pytest.raises(ssp.RateMissing):
        RATES.weekly_on(date(2010, 4, 5))


@pytest.mark.parametrize("unknown", ["Monday", "someday", ""])
def test_an_unknown_weekday_is_refused(unknown: str) -> None:
    with pytest.raises(ValueError):
        ssp.weekday_numbers([unknown])


def test_pay_over_no_days_is_refused() -> None:
    with pytest.raises(ValueError):
        ssp.average_over_days(Decimal(100), Decimal(0))
