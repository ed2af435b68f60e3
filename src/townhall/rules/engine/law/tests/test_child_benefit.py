"""Child Benefit and its charge, to the penny, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from .deciding import DAY, decided, family
from .family_book import LAW


@pytest.mark.parametrize(
    ("children", "weekly"),
    [
        (0, "0"),
        (1, "26.05"),
        (2, "43.30"),
        (3, "60.55"),
        (30, "526.30"),
        (31, "543.55"),
        (200, "3458.80"),
    ],
)
def test_child_benefit_of_any_number_of_children(children: int, weekly: str) -> None:
    assert decided("child_benefit_weekly", family(children, 0)) == [Decimal(weekly)]


@pytest.mark.parametrize(
    ("day", "weeks", "year"),
    [
        (date(2024, 6, 1), 52, "2212.60"),
        (date(2025, 6, 1), 52, "2251.60"),
        (date(2026, 6, 1), 53, "2382.35"),
    ],
)
def test_child_benefit_of_years_with_52_and_53_mondays(day: date, weeks: int, year: str) -> None:
    assert decided("weeks", family(2, 0), day) == [weeks]
    assert decided("child_benefit", family(2, 0), day) == [Decimal(year)]


@pytest.mark.parametrize(
    ("income", "percentage"),
    [
        ("0", 0),
        ("60000", 0),
        ("60199.99", 0),
        ("60200", 1),
        ("60200.01", 1),
        ("70123", 50),
        ("79799.99", 98),
        ("79800", 99),
        ("79999.99", 99),
        ("80000", 100),
        ("80000.01", 100),
        ("1000000", 100),
        # Floats give one percent less at these.
        ("65799.99", 28),
        ("65800", 29),
        ("65800.01", 29),
        ("71399.99", 56),
        ("71400", 57),
        ("71400.01", 57),
        ("71599.99", 57),
        ("71600", 58),
        ("71600.01", 58),
    ],
)
def test_the_percentage_of_the_charge_is_whole_and_exact(income: str, percentage: int) -> None:
    assert decided("charge_percentage", family(1, Decimal(income))) == [percentage, 0]


@pytest.mark.parametrize(
    ("income", "percentage"),
    [
        ("52899.99", 28),
        ("52900", 29),
        ("52900.01", 29),
        ("55699.99", 56),
        ("55700", 57),
        ("55700.01", 57),
        ("55799.99", 57),
        ("55800", 58),
        ("55800.01", 58),
        ("60000", 100),
    ],
)
def test_and_with_the_thresholds_of_earlier_years(income: str, percentage: int) -> None:
    day = date(2024, 4, 5)
    assert decided("charge_percentage", family(1, Decimal(income)), day) == [percentage, 0]


def test_the_worked_example_of_the_notes() -> None:
    law = LAW.on(DAY)
    goals = ["child_benefit", "charge", "child_benefit_kept"]
    found = law.decide(goals, law.usual(family(2, 70123)), day=DAY)
    assert found["child_benefit"] == [Decimal("2251.60")]
    assert found["charge"] == [1125, 0, 0]
    assert found["child_benefit_kept"] == [Decimal("1126.60")]


def test_the_charge_at_a_penny_below_the_top_keeps_a_percent() -> None:
    assert decided("charge", family(1, Decimal("79999.99"))) == [1341, 0]
    assert decided("charge", family(1, 80000)) == [1354, 0]


def test_the_partner_with_the_higher_income_pays() -> None:
    assert decided("charge", family(1, 60000, 70000))[:2] == [0, 677]
    assert decided("charge", family(1, 70000, 60000))[:2] == [677, 0]


def test_of_two_equal_incomes_one_pays() -> None:
    assert decided("charge", family(1, 70000, 70000))[:2] == [677, 0]


def test_nobody_is_charged_for_no_child() -> None:
    assert decided("charge", family(0, 90000, 70000)) == [0, 0]
