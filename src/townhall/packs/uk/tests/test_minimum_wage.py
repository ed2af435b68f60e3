"""The minimum wage on the days on which it changes, and to the penny."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import FactError, NotInForce, OpenFact, Situation

APRIL_2026 = date(2026, 4, 1)


def decided(name: str, day: date = APRIL_2026, **facts: Any) -> Any:
    return UK.on(day).decide([name], Situation(persons=[facts]), day=day)[name][0]


def hourly(age: int, day: str, apprentice: bool = False, first_year: bool = False) -> Decimal:
    return decided(
        "minimum_hourly_rate",
        date.fromisoformat(day),
        age=age,
        is_apprentice=apprentice,
        in_first_year_of_apprenticeship=first_year,
    )


def worker(**facts: Any) -> dict[str, Any]:
    """A worker of 30 who is paid by the week and has no home of the employer."""
    usual = {
        "age": 30,
        "is_worker": True,
        "is_apprentice": False,
        "pay_period_days": 7,
        "hours_in_pay_period": 40,
        "pay_in_pay_period": Decimal("508.40"),
        "accommodation_nights_a_week": 0,
        "accommodation_charge_a_day": 0,
    }
    return usual | facts


@pytest.mark.parametrize(
    ("age", "day", "expected"),
    [
        (17, "2026-03-31", "7.55"),
        (17, "2026-04-01", "8.00"),
        (18, "2026-04-01", "10.85"),
        (20, "2026-04-01", "10.85"),
        (21, "2026-04-01", "12.71"),
        # The living wage is paid from 21 only since 1 April 2024.
        (22, "2024-03-31", "10.18"),
        (23, "2024-03-31", "10.42"),
        (21, "2024-04-01", "11.44"),
        (20, "2024-04-01", "8.60"),
        # And from 23 since 1 April 2021, from 25 before.
        (24, "2021-03-31", "8.20"),
        (25, "2021-03-31", "8.72"),
        (23, "2021-04-01", "8.91"),
    ],
)
def test_the_hourly_rate_by_age_and_day(age: int, day: str, expected: str) -> None:
    assert hourly(age, day) == Decimal(expected)


@pytest.mark.parametrize(
    ("age", "first_year", "expected"),
    [(18, False, "8.00"), (18, True, "8.00"), (19, True, "8.00"), (19, False, "10.85")],
)
def test_apprentices_have_their_rate_under_19_or_in_the_first_year(
    age: int, first_year: bool, expected: str
) -> None:
    assert hourly(age, "2026-04-01", True, first_year) == Decimal(expected)


@pytest.mark.parametrize("day", ["2027-04-01", "2016-03-31"])
def test_a_day_without_an_enacted_rate_is_an_error_not_a_guess(day: str) -> None:
    with pytest.raises(NotInForce, match="minimum_wage"):
        hourly(30, day)


def test_a_penny_less_than_the_minimum_is_too_little() -> None:
    enough, less = (
        decided("paid_at_least_minimum", **worker(pay_in_pay_period=Decimal(pay)))
        for pay in ("508.40", "508.39")
    )
    assert enough is True
    assert less is False
    owed = decided("minimum_wage_owed", **worker(pay_in_pay_period=Decimal("508.39")))
    assert owed == Decimal("0.01")


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        ("0", "77.70"),  # free: counts as pay
        ("0.01", "0"),
        ("11.10", "0"),
        ("11.11", "-0.07"),
        ("21.10", "-70.00"),
    ],
)
def test_of_a_charge_for_a_home_only_the_excess_counts(charge: str, expected: str) -> None:
    facts = worker(accommodation_nights_a_week=7, accommodation_charge_a_day=Decimal(charge))
    assert decided("accommodation_adjustment", **facts) == Decimal(expected)


def test_the_minimum_wage_is_not_owed_to_whom_it_is_not_due() -> None:
    unpaid = {"pay_in_pay_period": 0}
    assert decided("minimum_wage_owed", **worker(**unpaid)) == Decimal("508.40")
    assert decided("minimum_wage_owed", **worker(is_worker=False, **unpaid)) == 0
    assert decided("minimum_wage_owed", **worker(age=15, **unpaid)) == 0


def test_a_missing_fact_is_named_and_never_a_zero() -> None:
    facts = worker()
    del facts["hours_in_pay_period"]
    with pytest.raises(OpenFact, match="hours_in_pay_period"):
        decided("paid_at_least_minimum", **facts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pay_in_pay_period", -1),
        ("hours_in_pay_period", -1),
        ("pay_period_days", 0),
        ("pay_period_days", 32),
        ("accommodation_nights_a_week", 8),
        ("accommodation_charge_a_day", Decimal("-0.01")),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(FactError, match=name):
        decided("paid_at_least_minimum", **worker(**{name: value}))


@settings(deadline=None)  # the first decision of a day reads its law
@given(
    hours=st.decimals(0, 100, places=2),
    pay=st.decimals(0, 3000, places=2),
    nights=st.integers(0, 7),
    charge=st.decimals(0, 40, places=2),
    days=st.integers(1, 31),
)
def test_what_is_owed_is_just_what_lacks(
    hours: Decimal, pay: Decimal, nights: int, charge: Decimal, days: int
) -> None:
    facts = worker(
        hours_in_pay_period=hours,
        pay_in_pay_period=pay,
        accommodation_nights_a_week=nights,
        accommodation_charge_a_day=charge,
        pay_period_days=days,
    )
    owed = decided("minimum_wage_owed", **facts)
    assert (owed == 0) is decided("paid_at_least_minimum", **facts)
    made_good = facts | {"pay_in_pay_period": pay + owed}
    assert decided("paid_at_least_minimum", **made_good) is True
    assert owed == owed.quantize(Decimal("0.01"))
