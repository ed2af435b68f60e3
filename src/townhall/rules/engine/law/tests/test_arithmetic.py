"""Scales, roundings, limits and dates, worked out by hand."""

# ruff: noqa: PLW0108 - a rule is a function of its own: its arguments are names of facts

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine.law import (
    COMPANY,
    DATE,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
    Book,
    Situation,
    add_months,
    add_years,
    at_least,
    at_most,
    clip,
    days_between,
    mondays_between,
    percent,
    round_down,
    round_half_up,
    round_up,
    steps,
    years_between,
)

from .deciding import DAY, WORDS, alone, decided, family, named, one
from .family_book import LAW, both


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        ("0", "0"),
        ("12570", "0"),
        ("12570.01", "0.002"),
        ("12571", "0.2"),
        ("50269.99", "7539.998"),
        ("50270", "7540"),
        ("50270.01", "7540.004"),
        ("100000", "27432"),
        ("100000.01", "27432.006"),
        ("100002", "27433.2"),
        ("125139.99", "42515.994"),
        ("125140", "42516"),
        ("125140.01", "42516.0045"),
        ("200000", "76203"),
    ],
)
def test_income_tax_at_the_edges_of_its_bands(income: str, tax: str) -> None:
    assert decided("income_tax", family(0, Decimal(income))) == [Decimal(tax)]


@pytest.mark.parametrize(
    ("profit", "tax"),
    [
        ("-5", "0"),
        ("0", "0"),
        ("0.01", "0"),
        ("50000", "9500"),
        ("50000.10", "9500.02"),
        ("250000", "62500"),
        ("300000", "75000"),
    ],
)
def test_companies_stand_alone_and_bands_may_fall(profit: str, tax: str) -> None:
    law = LAW.on(DAY)
    found = law.decide(
        ["corporation_tax"], Situation([], companies=[{"profit": Decimal(profit)}]), day=DAY
    )
    assert found["corporation_tax"] == [Decimal(tax)]


def test_several_companies_and_none() -> None:
    law = LAW.on(DAY)
    several = Situation([], companies=[{"profit": 100}, {"profit": 200}])
    assert law.decide(["corporation_tax"], several, day=DAY)["corporation_tax"] == [19, 38]
    assert law.decide(["corporation_tax"], Situation([]), day=DAY)["corporation_tax"] == []


@pytest.mark.parametrize(
    ("value", "unit", "down", "up", "half"),
    [
        ("1.005", "0.01", "1.00", "1.01", "1.01"),
        ("-1.005", "0.01", "-1.01", "-1.00", "-1.01"),
        ("1.0049", "0.01", "1.00", "1.01", "1.00"),
        ("2.5", "1", "2", "3", "3"),
        ("-2.5", "1", "-3", "-2", "-3"),
        ("-0.4", "1", "-1", "0", "0"),
        ("1251", "10", "1250", "1260", "1250"),
        ("1255", "10", "1250", "1260", "1260"),
        ("1250", "10", "1250", "1250", "1250"),
        ("-1255", "10", "-1260", "-1250", "-1260"),
        ("7", "2.5", "5.0", "7.5", "7.5"),
        ("0", "0.01", "0", "0", "0"),
    ],
)
def test_roundings(value: str, unit: str, down: str, up: str, half: str) -> None:
    assert _rounded(round_down, value, unit) == Decimal(down)
    assert _rounded(round_up, value, unit) == Decimal(up)
    assert _rounded(round_half_up, value, unit) == Decimal(half)


def _rounded(function: Any, value: str, unit: str) -> Any:
    return alone(named(lambda x: function(x, unit), "rounded"), NUMBER, x=Decimal(value))


def test_limits() -> None:
    def limited(x):
        return clip(x, 0, 100) + at_least(x, 1, 2) * 1000 + at_most(x, 5, 6) * 10**6

    for value, wanted in ((-5, -5 * 10**6 + 2000), (50, 5 * 10**6 + 50050), (101, 5101100)):
        assert alone(limited, NUMBER, x=value) == wanted


# --- dates


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2004, 2, 29), date(2005, 2, 28), 0),
        (date(2004, 2, 29), date(2005, 3, 1), 1),
        (date(2004, 2, 29), date(2008, 2, 28), 3),
        (date(2004, 2, 29), date(2008, 2, 29), 4),
        (date(2004, 2, 28), date(2008, 2, 28), 4),
        (date(1990, 6, 2), date(2025, 6, 1), 34),
        (date(1990, 6, 1), date(2025, 6, 1), 35),
        (date(2025, 6, 1), date(2025, 6, 1), 0),
    ],
)
def test_age_of_somebody_born_on_29_february_counts_on_1_march(
    born: date, day: date, years: int
) -> None:
    def old(born, day):
        return years_between(born, day)

    assert alone(old, YEARS, born=born, day=day) == years


@pytest.mark.parametrize(
    ("day", "years", "months", "by_years", "by_months"),
    [
        (date(2004, 2, 29), 1, 12, date(2005, 3, 1), date(2005, 2, 28)),
        (date(2004, 2, 29), 4, 48, date(2008, 2, 29), date(2008, 2, 29)),
        (date(2004, 2, 29), -1, -12, date(2003, 3, 1), date(2003, 2, 28)),
        (date(2025, 1, 31), 0, 1, date(2025, 1, 31), date(2025, 2, 28)),
        (date(2023, 12, 31), 0, 2, date(2023, 12, 31), date(2024, 2, 29)),
        (date(2025, 3, 31), 0, -1, date(2025, 3, 31), date(2025, 2, 28)),
    ],
)
def test_years_and_months_later(
    day: date, years: int, months: int, by_years: date, by_months: date
) -> None:
    def later(day, years):
        return add_years(day, years)

    def months_later(day, months):
        return add_months(day, months)

    assert alone(later, DATE, day=day, years=years) == by_years
    assert alone(months_later, DATE, day=day, months=months) == by_months


def test_the_calendar_ends_and_no_date_lies_beyond() -> None:
    def later(day, years):
        return add_years(day, years)

    assert alone(later, DATE, day=date(2020, 2, 29), years=10**9) == date.max
    assert alone(later, DATE, day=date(2020, 2, 29), years=-(10**9)) == date.min


days = st.dates(date(1990, 1, 1), date(2040, 1, 1))


@settings(max_examples=60, deadline=None)
@given(days, days)
def test_mondays_are_those_of_a_calendar(start: date, end: date) -> None:
    def mondays(start, end):
        return mondays_between(start, end)

    def apart(start, end):
        return days_between(start, end)

    counted = sum(
        (start + timedelta(days=each)).weekday() == 0 for each in range((end - start).days + 1)
    )
    assert alone(mondays, NUMBER, start=start, end=end) == counted
    assert alone(apart, NUMBER, start=start, end=end) == (end - start).days


@pytest.mark.parametrize(
    ("born", "sex", "pension"),
    [
        (date(1950, 4, 5), "female", date(2010, 4, 5)),
        (date(1950, 4, 6), "female", date(2015, 4, 6)),
        (date(1950, 4, 5), "male", date(2015, 4, 5)),
        (date(1954, 10, 5), "male", date(2019, 10, 5)),
        (date(1954, 10, 6), "male", date(2020, 10, 6)),
        (date(1960, 4, 5), "male", date(2026, 4, 5)),
        (date(1960, 4, 6), "male", date(2026, 5, 6)),
        (date(1960, 5, 31), "female", date(2026, 7, 31)),
        (date(1961, 3, 6), "male", date(2028, 3, 6)),
        (date(1964, 2, 29), "male", date(2031, 3, 1)),
    ],
)
def test_pension_dates_at_the_seams_of_the_table(born: date, sex: str, pension: date) -> None:
    assert decided("pension_date", Situation([{"date_of_birth": born, "sex": sex}])) == [pension]


@pytest.mark.parametrize(
    ("x", "wanted"), [(-1, -9), (0, 1), (Decimal("9.99"), 1), (10, 2), (10**9, 2)]
)
def test_steps_take_the_last_row_that_begins(x: Any, wanted: int) -> None:
    def stepped(x):
        return steps(x, {10: 2, 0: 1}, -9)

    assert alone(stepped, NUMBER, x=x) == wanted


def test_units_of_time_are_converted_as_the_rule_says() -> None:
    book = Book("periods")
    book.fact("weekly", PERSON, GBP / WEEK, title=both("A", "A"))
    book.rule(PERSON, GBP / YEAR, **WORDS)(named(lambda weekly: weekly.per(YEAR), "yearly"))
    book.rule(PERSON, GBP / WEEK, **WORDS)(named(lambda yearly: yearly.per(WEEK), "back"))
    book.fact("profit", COMPANY, GBP / YEAR, title=both("A", "A"))
    assert one(book, "yearly", weekly=Decimal("10.01")) == Decimal("520.52")
    assert one(book, "back", weekly=Decimal("10.01")) == Decimal("10.01")


def test_percent_is_a_share_inside_and_a_percentage_outside() -> None:
    assert alone(named(lambda x: percent(x), "part"), PERCENT, x=29) == 29
    assert alone(named(lambda x: percent(x) * x, "share"), NUMBER, x=50) == 25
