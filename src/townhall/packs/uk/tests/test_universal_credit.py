"""Universal Credit, worked by hand from the figures of the regulations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.packs.uk.tests.benefits import DAY, adult, child, decide, family
from townhall.rules.engine.law import OpenFact, Situation
from townhall.rules.engine.law.exact import bounds

PENNY = Decimal("0.01")


def test_somebody_alone_gets_the_standard_allowance() -> None:
    assert decide("universal_credit_payment", family(adult())) == Decimal("424.90")


@pytest.mark.parametrize(
    ("day", "allowance"),
    [
        (date(2026, 5, 31), "338.58"),
        (date(2026, 6, 1), "424.90"),
        (date(2026, 6, 2), "424.90"),
    ],
)
def test_the_full_allowance_begins_on_the_25th_birthday(day: date, allowance: str) -> None:
    alone = family(adult(date_of_birth=date(2001, 6, 1)))
    assert decide("universal_credit_payment", alone, day) == Decimal(allowance)


def test_somebody_born_on_29_february_is_25_on_1_march() -> None:
    alone = family(adult(date_of_birth=date(2000, 2, 29)))
    assert decide("standard_allowance_type", alone, date(2025, 2, 28)) == "single_under_25"
    assert decide("standard_allowance_type", alone, date(2025, 3, 1)) == "single_25_or_over"


def test_a_family_that_rents_and_works() -> None:
    # 666.97 + 351.88 (first child, before 6 April 2017) + 303.94 + 800 rent = 2,122.79.
    # 24,000 a year less 2,286 tax and 914.40 National Insurance is 1,733.30 a month; above the
    # allowance of 427 lie 1,306.30, of which 55% is 718.465.
    working = family(
        adult(employment_income=Decimal(24000)),
        adult(),
        children=[child(date(2016, 5, 1)), child(date(2019, 5, 1))],
        home={"tenure": "social_rent"},
        rent=Decimal(800),
    )
    assert decide("universal_credit_maximum_amount", working) == Decimal("2122.79")
    assert decide("earned_income_of_family", working) == Decimal("1733.30")
    assert decide("universal_credit_before_cap", working) == Decimal("1404.325")
    assert decide("universal_credit_payment", working) == Decimal("1404.33")


@pytest.mark.parametrize(
    ("savings", "tariff", "award"),
    [
        ("5999.99", "0", "424.90"),
        ("6000", "0", "424.90"),
        ("6000.01", "4.35", "420.55"),
        ("6250", "4.35", "420.55"),
        ("6250.01", "8.70", "416.20"),
        ("16000", "174.00", "250.90"),
        ("16000.01", "178.35", "0"),  # the limit: above it nothing is paid
    ],
)
def test_capital(savings: str, tariff: str, award: str) -> None:
    alone = family(adult(savings=Decimal(savings)))
    assert decide("tariff_income", alone) == Decimal(tariff)
    assert decide("universal_credit_payment", alone) == Decimal(award)


def test_the_capital_of_a_partner_who_cannot_claim_counts() -> None:
    mixed = family(
        adult(savings=Decimal(9000)),
        adult(savings=Decimal(7001), is_excluded_from_joint_claim=True),
    )
    assert decide("standard_allowance_type", mixed) == "single_25_or_over"
    assert decide("universal_credit_payment", mixed) == 0


@pytest.mark.parametrize(
    ("day", "element"),
    [(date(2026, 4, 5), 2 * Decimal("292.81")), (date(2026, 4, 6), 3 * Decimal("303.94"))],
)
def test_the_two_child_limit_ends_on_6_april_2026(day: date, element: Decimal) -> None:
    three = [child(date(2018, 1, 1)), child(date(2019, 1, 1)), child(date(2021, 1, 1))]
    parent = family(adult(), children=three)
    assert decide("universal_credit_child_element", parent, day) == element


def test_an_adopted_child_takes_no_place_under_the_limit() -> None:
    day = date(2025, 6, 1)
    three = [
        child(date(2018, 1, 1), is_adopted_child=True),
        child(date(2019, 1, 1)),
        child(date(2021, 1, 1)),
    ]
    parent = family(adult(), children=three)
    assert decide("universal_credit_child_element", parent, day) == 3 * Decimal("292.81")


def test_of_twins_who_come_third_one_is_beyond_the_limit() -> None:
    twins = [child(date(2021, 1, 1)), child(date(2021, 1, 1))]
    parent = family(adult(), children=[child(date(2018, 1, 1)), *twins])
    assert decide("universal_credit_child_element", parent, date(2025, 6, 1)) == 2 * Decimal(
        "292.81"
    )


def test_two_hundred_children_are_paid_for() -> None:
    many = family(adult(), children=[child(date(2020, 1, 1)) for _ in range(200)])
    assert decide("universal_credit_child_element", many) == 200 * Decimal("303.94")


def test_a_16_year_old_counts_until_the_first_of_september() -> None:
    parent = family(adult(), children=[child(date(2010, 3, 1))])
    assert decide("universal_credit_child_element", parent, date(2026, 8, 31)) > 0
    assert decide("universal_credit_child_element", parent, date(2026, 9, 1)) == 0


def test_the_amount_for_incapacity_is_lower_for_new_claims() -> None:
    unable = adult(has_limited_capability_for_work_related_activity=True)
    assert decide("universal_credit_incapacity_amount", family(unable)) == Decimal("217.26")
    protected = family(unable, is_protected_for_incapacity_amount=True)
    assert decide("universal_credit_incapacity_amount", protected) == Decimal("429.80")


def test_one_person_has_no_two_elements_for_incapacity_and_care() -> None:
    both = adult(has_limited_capability_for_work_related_activity=True, care_hours=35)
    assert decide("universal_credit_carer_element", family(both)) == 0
    couple = family(both, adult(has_limited_capability_for_work_related_activity=True))
    assert decide("universal_credit_carer_element", couple) == Decimal("209.34")
    assert decide("universal_credit_incapacity_amount", couple) == Decimal("217.26")


def test_childcare_is_paid_to_85_percent_and_a_limit() -> None:
    def paid(charges: str, children: int) -> Decimal:
        pay = [child(date(2023, 1, 1), childcare_charges=Decimal(charges) / children)] * children
        return decide(
            "universal_credit_childcare_element",
            family(adult(employment_income=Decimal(12000)), children=pay),
        )

    assert paid("1000", 1) == 850
    assert paid("2000", 1) == Decimal("1071.09")
    assert paid("3000", 2) == Decimal("1836.16")


def test_a_partner_out_of_work_rules_childcare_out_unless_ill() -> None:
    nursery = [child(date(2023, 1, 1), childcare_charges=Decimal(500))]
    working = adult(employment_income=Decimal(12000))
    name = "universal_credit_childcare_element"
    assert decide(name, family(working, adult(), children=nursery)) == 0
    ill = adult(has_limited_capability_for_work_only=True)
    assert decide(name, family(working, ill, children=nursery)) == 425


def test_a_grown_child_at_home_lowers_the_rent_that_is_paid() -> None:
    house = Situation(
        persons=[adult(), {"date_of_birth": date(2004, 1, 1)}],
        families=[
            {"adults": [0], "facts": {"rent": Decimal(500)}},
            {"adults": [1], "facts": {"is_liable_for_rent": False, "keeps_the_home": False}},
        ],
        households=[{"families": [0, 1], "facts": {"region": "wales", "tenure": "social_rent"}}],
    )
    assert decide("universal_credit_housing_element", house) == Decimal(500) - Decimal("96.55")


def test_the_minimum_income_floor_is_35_hours_at_the_living_wage() -> None:
    # 35 x 12.71 x 52 = 23,132.20, less 20% and 6% of what lies above 12,570.
    trader = family(adult(self_employment_income=Decimal(5000)))
    floor = Decimal("1698.84")  # (23,132.20 - 0.26 x 10,562.20) / 12
    assert round(decide("minimum_income_floor", trader), 2) == floor
    assert round(decide("earned_income_of_person", trader), 2) == floor
    starting = family(adult(self_employment_income=Decimal(5000), is_in_start_up_period=True))
    assert round(decide("earned_income_of_person", starting), 2) == Decimal("416.67")


def test_a_loss_of_a_trade_takes_nothing_off_pay() -> None:
    worker = adult(employment_income=Decimal(12000), is_in_start_up_period=True)
    losing = worker | {"self_employment_income": Decimal(-3000)}
    assert decide("earned_income_of_person", family(losing)) == decide(
        "earned_income_of_person", family(worker)
    )


def test_interest_and_rent_do_not_count_but_pensions_do() -> None:
    rentier = adult(
        savings=Decimal(5000), savings_interest=Decimal(3000), property_income=Decimal(3000)
    )
    assert decide("universal_credit_payment", family(rentier)) == Decimal("424.90")
    pensioned = adult(private_pension_income=Decimal(1200))
    assert decide("universal_credit_payment", family(pensioned)) == Decimal("324.90")


def test_a_student_loan_counts_in_the_months_of_the_course() -> None:
    # 9,990 over 9 months is 1,110, of which 110 does not count.
    student = adult(is_student_with_income=True, student_loan_and_grants=Decimal(9990))
    assert decide("student_income", family(student)) == 1000
    resting = student | {"is_student_with_income": False}
    assert decide("universal_credit_payment", family(resting)) == Decimal("424.90")


def test_deductions_leave_a_penny_and_keep_to_15_percent() -> None:
    owing = family(adult(), advance_repayment=Decimal(100))
    assert decide("universal_credit_deductions", owing) == Decimal("424.90") * 15 / 100
    poor = family(adult(private_pension_income=Decimal("5098.68")), advance_repayment=Decimal(100))
    assert decide("universal_credit_payment", poor) == PENNY


def test_no_award_is_made_on_earnings_that_nobody_knows() -> None:
    law = UK.on(DAY)
    known = law.usual(family(adult())).persons[0]
    unknown = {name: value for name, value in known.items() if name != "employment_income"}
    whole = law.usual(family(adult()))
    open_ = Situation(persons=[unknown], families=whole.families, households=whole.households)
    with pytest.raises(OpenFact, match="employment_income"):
        law.decide(["universal_credit_payment"], open_, day=DAY)


EARNINGS = st.decimals(0, 60000, places=2)


def _net(earnings: Decimal, **facts: object) -> Decimal:
    """Net pay and Universal Credit of a year of a lone parent of one child."""
    law = UK.on(DAY)
    goals = ["income_tax", "national_insurance", "universal_credit"]
    parent = family(
        adult(employment_income=earnings),
        children=[child(date(2019, 5, 1))],
        home={"tenure": "social_rent"},
        **facts,
    )
    found = law.decide(goals, law.usual(parent), day=DAY)
    off = found["income_tax"][0] + found["national_insurance"][0]
    return earnings - off + found["universal_credit"][0] * 12


@settings(max_examples=60, deadline=None)
@given(earnings=EARNINGS, more=st.decimals(PENNY, 5000, places=2))
def test_whoever_earns_more_never_has_less(earnings: Decimal, more: Decimal) -> None:
    assert _net(earnings + more, rent=Decimal(600)) >= _net(earnings, rent=Decimal(600))


THRESHOLDS = [
    Decimal(427 * 12),  # the work allowance
    Decimal("12570"),  # income tax and National Insurance begin
    Decimal("50270"),  # the higher rate begins
    Decimal("881") * 12,  # earnings that lift the benefit cap
]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_a_penny_more_or_less_changes_pennies(threshold: Decimal) -> None:
    below, at, above = (_net(threshold + step, rent=Decimal(600)) for step in (-PENNY, 0, PENNY))
    assert abs(at - below) <= PENNY
    assert abs(above - at) <= PENNY


@settings(max_examples=60, deadline=None)
@given(savings=st.decimals(0, 16000, places=2))
def test_tariff_income_rises_by_single_steps(savings: Decimal) -> None:
    here, further = (
        decide("tariff_income", family(adult(savings=amount)))
        for amount in (savings, savings + 250)
    )
    assert further - here in (0, Decimal("4.35"))


@settings(max_examples=40, deadline=None)
@given(
    first=EARNINGS,
    second=EARNINGS,
    savings=st.decimals(0, 20000, places=2),
    born=st.dates(date(1930, 1, 1), date(2012, 1, 1)),
)
def test_an_award_is_never_negative_nor_above_the_maximum(
    first: Decimal, second: Decimal, savings: Decimal, born: date
) -> None:
    couple = family(
        adult(employment_income=first, savings=savings),
        adult(self_employment_income=second, date_of_birth=born),
    )
    award = decide("universal_credit_before_cap", couple)
    assert 0 <= award <= decide("universal_credit_maximum_amount", couple)


UNKNOWN_FACTS = ("employment_income", "savings", "care_hours", "date_of_birth")


@settings(max_examples=40, deadline=None)
@given(
    earnings=EARNINGS,
    savings=st.decimals(0, 20000, places=2),
    care=st.integers(0, 60),
    born=st.dates(date(1935, 1, 1), date(2007, 1, 1)),
    hidden=st.sets(st.sampled_from(UNKNOWN_FACTS), min_size=1),
)
def test_what_is_not_known_keeps_the_answer_within_bounds(
    earnings: Decimal, savings: Decimal, care: int, born: date, hidden: set[str]
) -> None:
    law = UK.on(DAY)
    told = adult(employment_income=earnings, savings=savings, care_hours=care, date_of_birth=born)
    whole = law.usual(family(told, children=[child(date(2019, 5, 1))], rent=Decimal(500)))
    first = {name: value for name, value in whole.persons[0].items() if name not in hidden}
    partly = Situation(
        persons=[first, *whole.persons[1:]], families=whole.families, households=whole.households
    )
    goals = ["universal_credit_payment", "pension_credit_payment"]
    exact = law.decide(goals, whole, day=DAY)
    admitted = law.admit(partly)
    plan = law.plan(goals, admitted.given(law))
    found = bounds.evaluate(law, plan, admitted, DAY)
    for goal in goals:
        low, high, _ = found.values[goal][0]
        assert low <= exact[goal][0] <= high
