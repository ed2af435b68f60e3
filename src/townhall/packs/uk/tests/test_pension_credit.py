"""Pension Credit, worked by hand from the figures of the regulations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.packs.uk.tests.benefits import DAY, adult, child, decide, family
from townhall.rules.engine.law import Situation

OLD = date(1956, 3, 1)  # 70 years old
ELDERLY = date(1944, 3, 1)  # reached State Pension age before 6 April 2016


def pensioner(**facts: object) -> dict[str, object]:
    return adult(date_of_birth=OLD) | facts


def yearly(amount: str) -> Decimal:
    return Decimal(amount) * 52


def test_the_guarantee_without_any_income() -> None:
    assert decide("pension_credit_payment", family(pensioner())) == Decimal("238.00")
    couple = family(pensioner(), pensioner())
    assert decide("pension_credit_payment", couple) == Decimal("363.25")


def test_a_state_pension_is_topped_up() -> None:
    alone = family(pensioner(state_pension=yearly("184.90")))
    assert decide("guarantee_credit", alone) == Decimal("53.10")


@pytest.mark.parametrize(
    ("day", "reached"),
    [(date(2026, 5, 5), False), (date(2026, 5, 6), True), (date(2026, 5, 7), True)],
)
def test_the_qualifying_age_begins_on_its_day(day: date, reached: bool) -> None:
    # Born on 6 April 1960: 66 years and one month.
    alone = family(adult(date_of_birth=date(1960, 4, 6)))
    assert decide("can_have_pension_credit", alone, day) is reached
    assert decide("can_have_universal_credit", alone, day) is not reached


@pytest.mark.parametrize(
    ("savings", "deemed"),
    [
        ("10000", 0),
        ("10000.01", 1),
        ("10500", 1),
        ("10500.01", 2),
        ("16000.01", 13),
        ("100000", 180),
    ],
)
def test_capital_gives_a_pound_for_each_500(savings: str, deemed: int) -> None:
    alone = family(pensioner(savings=Decimal(savings)))
    assert decide("pension_credit_deemed_income", alone) == deemed


def test_a_mixed_age_couple_is_on_universal_credit_since_15_may_2019() -> None:
    couple = family(adult(date_of_birth=date(1950, 1, 1)), adult(date_of_birth=date(1965, 1, 1)))
    name = "meets_pension_credit_age_conditions"
    assert decide(name, couple, date(2019, 5, 14)) is True
    assert decide(name, couple, date(2019, 5, 15)) is False
    assert decide("can_have_universal_credit", couple) is True


@pytest.mark.parametrize(("born", "kept"), [(date(1954, 2, 5), True), (date(1954, 2, 6), False)])
def test_an_award_from_before_is_kept_by_who_was_old_enough(born: date, kept: bool) -> None:
    couple = family(
        adult(date_of_birth=born, receives_pension_credit=True),
        adult(date_of_birth=date(1966, 1, 1)),
    )
    assert decide("has_mixed_age_saving", couple) is kept


def test_severe_disability_is_paid_to_who_lives_alone_and_has_no_paid_carer() -> None:
    name = "severe_disability_addition"
    disabled = pensioner(attendance_allowance_rate="higher")
    assert decide(name, family(disabled)) == Decimal("86.05")
    assert decide(name, family(disabled, disabled)) == Decimal("172.10")
    assert decide(name, family(disabled, pensioner())) == 0
    blind = pensioner(is_severely_sight_impaired=True)
    assert decide(name, family(disabled, blind)) == Decimal("86.05")
    cared = disabled | {"is_cared_for_by_carer_on_benefit": True}
    assert decide(name, family(cared)) == 0
    assert decide(name, family(cared, disabled)) == Decimal("86.05")


def test_a_son_in_the_house_stops_the_severe_disability_addition() -> None:
    def shared(**son: object) -> Situation:
        return Situation(
            persons=[pensioner(attendance_allowance_rate="higher"), adult(**son)],
            families=[{"adults": [0]}, {"adults": [1]}],
            households=[{"families": [0, 1], "facts": {"region": "wales"}}],
        )

    assert decide("severe_disability_addition", shared()) == 0
    ill = shared(pip_daily_living_rate="standard")
    assert decide("severe_disability_addition", ill) == Decimal("86.05")


def test_grandchildren_add_to_the_guarantee() -> None:
    two = [child(date(2016, 1, 1)), child(date(2020, 1, 1))]
    carer = family(pensioner(), children=two)
    assert decide("pension_credit_child_addition", carer) == Decimal("81.07") + Decimal("69.98")


def test_some_earnings_do_not_count() -> None:
    name = "pension_credit_earnings_disregard"
    working = pensioner(employment_income=yearly("100"))
    assert decide(name, family(working)) == 5
    assert decide(name, family(working, pensioner())) == 10
    assert decide(name, family(working, children=[child(date(2016, 1, 1))])) == 20
    little = pensioner(employment_income=yearly("3"))
    assert decide(name, family(little)) == 3


def test_savings_credit_is_at_most_60_percent_above_the_threshold() -> None:
    # (238.00 - 208.07) x 60% = 17.958; a fraction of a penny is rounded up.
    alone = family(adult(date_of_birth=ELDERLY, private_pension_income=yearly("238")))
    assert decide("savings_credit", alone) == Decimal("17.958")
    assert decide("pension_credit_payment", alone) == Decimal("17.96")
    younger = family(pensioner(private_pension_income=yearly("238")))
    assert decide("savings_credit", younger) == 0


def test_incapacity_and_the_like_are_no_qualifying_income() -> None:
    alone = family(
        adult(date_of_birth=ELDERLY, severe_disablement_allowance=yearly("119.35")),
    )
    assert decide("savings_credit_income", alone) == 0


def test_who_does_not_claim_gets_nothing_but_sees_what_could_be_had() -> None:
    alone = family(pensioner(), claims_pension_credit=False)
    assert decide("pension_credit_entitlement", alone) == 238
    assert decide("pension_credit_payment", alone) == 0


@settings(max_examples=40, deadline=None)
@given(
    pension=st.decimals(0, 20000, places=2),
    more=st.decimals("0.01", 3000, places=2),
    savings=st.decimals(0, 60000, places=2),
)
def test_more_pension_never_leaves_less(pension: Decimal, more: Decimal, savings: Decimal) -> None:
    def left(amount: Decimal) -> Decimal:
        law = UK.on(DAY)
        alone = family(adult(date_of_birth=ELDERLY, private_pension_income=amount, savings=savings))
        found = law.decide(["income_tax", "pension_credit"], law.usual(alone), day=DAY)
        return amount - found["income_tax"][0] + found["pension_credit"][0] * 52

    assert left(pension + more) >= left(pension) - Decimal("0.000001")


@settings(max_examples=40, deadline=None)
@given(born=st.dates(date(1930, 1, 1), date(2008, 6, 1)))
def test_everybody_is_on_one_side_of_the_qualifying_age(born: date) -> None:
    alone = family(adult(date_of_birth=born))
    pension, working = (
        decide(name, alone) for name in ("can_have_pension_credit", "can_have_universal_credit")
    )
    assert pension is not working
    assert decide("can_have_pension_credit", family(adult(date_of_birth=born - timedelta(1)))) or (
        not pension
    )
