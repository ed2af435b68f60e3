"""National Insurance at its thresholds, by pay period and class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.tests.taxpayers import PENNY, YEAR_2024, YEAR_2026, alone, pounds

PAY = st.decimals(min_value=0, max_value=200_000, places=2)


def ni(name: str, pay: Any, *, day: date = YEAR_2026, **facts: Any) -> Any:
    return alone(name, {"employment_income": Decimal(pay), **facts}, day=day)


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ("12570", "0"),
        ("12570.01", "0.0008"),
        ("50270", "3016"),
        ("50270.01", "3016.0002"),
        ("100000", "4010.6"),
    ],
)
def test_employees(pay: str, expected: str) -> None:
    assert ni("class_1_employee", pay) == pounds(expected)


@pytest.mark.parametrize(
    ("period", "threshold", "limit"),
    [("week", 242 * 52, 967 * 52), ("month", 1_048 * 12, 4_189 * 12), ("year", 12_570, 50_270)],
)
def test_thresholds_are_those_of_the_pay_period(period: str, threshold: int, limit: int) -> None:
    assert ni("class_1_employee", threshold, pay_period=period) == 0
    due = ni("class_1_employee", limit + 100, pay_period=period)
    assert due == (limit - threshold) * pounds("0.08") + 2


def test_directors_have_an_annual_period_and_one_rate_for_2022_to_2023() -> None:
    day = date(2022, 10, 6)
    director = ni(
        "class_1_employee", 30_000, day=day, is_director_for_whole_year=True, pay_period="week"
    )
    assert director == (30_000 - 11_908) * pounds("0.1273")


@pytest.mark.parametrize(
    ("born", "apprentice", "expected"),
    [
        (date(2005, 10, 7), False, 0),  # 20 years old
        (date(2005, 10, 6), False, 3_750),  # 21 today
        (date(2001, 10, 7), True, 0),  # an apprentice of 24
        (date(2001, 10, 6), True, 3_750),
        (date(1955, 1, 1), False, 3_750),  # over State Pension age
        (date(2010, 10, 7), False, 0),  # 15 years old
    ],
)
def test_employers(born: date, apprentice: bool, expected: int) -> None:
    due = ni("class_1_employer", 30_000, date_of_birth=born, is_apprentice=apprentice)
    assert due == expected


def test_who_reaches_pension_age_within_the_year_still_pays_class_4_but_not_class_1() -> None:
    born = {"date_of_birth": date(1960, 6, 6)}  # pension age on 6 September 2026
    assert ni("class_1_employee", 30_000, **born) == 0
    profit = {"self_employment_income": Decimal(30_000), **born}
    assert alone("class_4", profit) == pounds("1045.8")
    assert alone("class_4", profit, day=date(2027, 10, 6)) == 0


def test_class_4_is_at_most_what_the_main_rates_leave() -> None:
    facts = {"employment_income": Decimal(60_000), "self_employment_income": Decimal(60_000)}
    # 2,262 between the limits is used up by 3,016 of Class 1: 2 % of all profits above 12,570.
    assert alone("class_4", facts) == pounds("948.6")


def test_class_2_ended_with_2023_to_2024() -> None:
    profit = {"self_employment_income": Decimal(20_000)}
    assert alone("class_2", profit, day=date(2023, 10, 6)) == pounds("179.4")
    assert alone("class_2", profit, day=YEAR_2024) == 0
    # 2019-20 had 53 weeks.
    assert alone("class_2", profit, day=date(2019, 10, 6)) == 159


def test_salary_sacrifice_counts_above_2_000_from_2029() -> None:
    facts = {"pension_contributions_by_salary_sacrifice": Decimal(5_000)}
    assert ni("salary_sacrifice_excess", 40_000, **facts) == 0
    assert ni("salary_sacrifice_excess", 40_000, day=date(2029, 10, 6), **facts) == 3_000


@settings(max_examples=60, deadline=None)
@given(pay=PAY, period=st.sampled_from(["week", "month", "year"]))
def test_contributions_never_fall_with_pay_and_never_jump(pay: Decimal, period: str) -> None:
    for name, most in (("class_1_employee", "0.08"), ("class_1_employer", "0.15")):
        here = ni(name, pay, pay_period=period)
        above = ni(name, pay + PENNY, pay_period=period)
        assert 0 <= here <= above <= here + PENNY * pounds(most)


@settings(max_examples=60, deadline=None)
@given(profit=PAY, pay=PAY)
def test_class_4_stays_below_its_maximum(profit: Decimal, pay: Decimal) -> None:
    facts = {"employment_income": pay, "self_employment_income": profit}
    assert 0 <= alone("class_4", facts) <= alone("class_4_maximum", facts)
