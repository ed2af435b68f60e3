"""The benefit cap within Universal Credit, worked by hand from its figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.tests.benefits import adult, child, decide, family
from townhall.rules.engine.law import Situation

CHILDREN = [child(date(2018, 1, 1)), child(date(2020, 1, 1)), child(date(2022, 1, 1))]


def capped(region: str = "wales", rent: int = 1500, **facts: object) -> Situation:
    """A lone parent of three with a high rent."""
    home = {"tenure": "social_rent", "region": region}
    return family(adult(**facts), children=CHILDREN, home=home, rent=Decimal(rent))


@pytest.mark.parametrize(
    ("alone", "region", "yearly"),
    [
        (True, "london", "16967"),
        (True, "north_east", "14753"),
        (False, "london", "25323"),
        (False, "scotland", "22020"),
    ],
)
def test_the_cap_by_place_and_family(alone: bool, region: str, yearly: str) -> None:
    members = [adult()] if alone else [adult(), adult()]
    assert decide("benefit_cap", family(*members, home={"region": region})) == Decimal(yearly)


def test_what_is_above_the_cap_is_taken_off() -> None:
    # 424.90 + 3 x 303.94 + 1,500 = 2,836.72 a month; Child Benefit of 27.05 + 2 x 17.90 a week
    # counts 52 times a year, 3,268.20; the cap for families outside of London is 22,020.
    parent = capped()
    assert decide("universal_credit_before_cap", parent) == Decimal("2836.72")
    benefits = Decimal("2836.72") * 12 + Decimal("62.85") * 52
    assert round(decide("benefits_under_cap", parent), 2) == benefits
    reduction = (benefits - 22020) / 12
    assert round(decide("benefit_cap_reduction", parent), 2) == round(reduction, 2)


@pytest.mark.parametrize(
    ("earnings", "lifted"), [("10571.99", False), ("10572", True), ("10572.01", True)]
)
def test_earnings_of_16_hours_at_the_living_wage_lift_it(earnings: str, lifted: bool) -> None:
    # 16 x 12.71 x 52 / 12 = 881.22..., in whole pounds 881 a month.
    parent = capped(employment_income=Decimal(earnings))
    assert decide("earnings_lift_cap", parent) is lifted
    assert (decide("benefit_cap_reduction", parent) == 0) is lifted


def test_the_minimum_income_floor_lifts_nothing() -> None:
    trader = capped(self_employment_income=Decimal(5000))
    assert decide("earned_income_of_family", trader) > 881
    assert decide("earnings_lift_cap", trader) is False


@pytest.mark.parametrize(
    "reason",
    [
        {"care_hours": 35},
        {"has_limited_capability_for_work_related_activity": True},
        {"pip_daily_living_rate": "standard"},
        {"receives_war_pension": True},
        {"industrial_injuries_benefit": Decimal(1)},
        {"has_support_component": True},
    ],
)
def test_care_and_disability_lift_it(reason: dict[str, object]) -> None:
    assert decide("benefit_cap_reduction", capped(**reason)) == 0


def test_a_childs_disability_lifts_it_and_a_grown_childs_does_not() -> None:
    home = {"tenure": "social_rent"}
    ill = child(date(2018, 1, 1), dla_care_rate="lowest")
    parent = family(adult(), children=[ill, *CHILDREN[1:]], home=home, rent=Decimal(1500))
    assert decide("benefit_cap_reduction", parent) == 0
    grown = child(date(2000, 1, 1), pip_daily_living_rate="standard")
    parent = family(adult(), children=[grown, *CHILDREN], home=home, rent=Decimal(1500))
    assert decide("benefit_cap_reduction", parent) > 0


def test_the_childcare_element_is_kept() -> None:
    paid = [child(date(2022, 1, 1), childcare_charges=Decimal(600))]
    offer = adult(has_offer_of_work=True)
    home = {"tenure": "social_rent"}
    with_care = family(offer, children=[*CHILDREN[:2], *paid], home=home, rent=Decimal(1500))
    without = family(offer, children=CHILDREN, home=home, rent=Decimal(1500))
    more = decide("universal_credit", with_care) - decide("universal_credit", without)
    assert more == decide("universal_credit_childcare_element", with_care) == 510


@settings(max_examples=40, deadline=None)
@given(
    earnings=st.decimals(0, 30000, places=2),
    more=st.decimals("0.01", 5000, places=2),
    rent=st.integers(0, 3000),
)
def test_lifting_the_cap_never_costs_money(earnings: Decimal, more: Decimal, rent: int) -> None:
    def income(amount: Decimal) -> Decimal:
        parent = capped(rent=rent, employment_income=amount)
        return decide("earned_income_of_family", parent) + decide("universal_credit", parent)

    assert income(earnings + more) >= income(earnings)
