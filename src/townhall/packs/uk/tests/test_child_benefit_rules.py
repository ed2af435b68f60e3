"""Child Benefit and its charge as rules: weeks, twins, couples, and every penny at the steps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.packs.uk.tests.taxpayers import PENNY, YEAR_2025, YEAR_2026, alone, people, pounds
from townhall.rules.engine.law import Situation

YEAR_2023 = date(2023, 10, 6)


def child(age: int, **facts: Any) -> dict[str, Any]:
    return {"date_of_birth": date(2026 - age, 10, 6), **facts}


def percentage(income: Decimal, day: date = YEAR_2026) -> Any:
    return alone("charge_percentage", {"adjusted_net_income": income}, day=day)


@pytest.mark.parametrize(
    ("day", "income", "percent"),
    [
        (YEAR_2026, 65_800, 29),
        (YEAR_2026, 71_400, 57),
        (YEAR_2026, 71_600, 58),
        (YEAR_2023, 52_900, 29),
        (YEAR_2023, 55_700, 57),
        (YEAR_2023, 55_800, 58),
    ],
)
def test_incomes_at_which_binary_fractions_lose_a_percent(
    day: date, income: int, percent: int
) -> None:
    assert percentage(Decimal(income), day) == percent
    assert percentage(income - PENNY, day) == percent - 1


@settings(max_examples=100, deadline=None)
@given(
    step=st.integers(min_value=0, max_value=110), off=st.sampled_from([-PENNY, Decimal(0), PENNY])
)
def test_a_percent_for_each_full_step(step: int, off: Decimal) -> None:
    income = 60_000 + step * 200 + off
    full = step if off >= 0 else step - 1
    assert percentage(income) == min(max(full, 0), 100)


@pytest.mark.parametrize(
    ("day", "weeks", "amount"),
    [
        (YEAR_2025, 52, "1354.60"),
        (YEAR_2026, 53, "1433.65"),  # 53 Mondays
        (date(2021, 3, 1), 53, "1115.65"),
    ],
)
def test_a_year_has_a_payment_for_each_monday(day: date, weeks: int, amount: str) -> None:
    family = people("child_benefit_for_year", [{}, child(10)], day=day)
    assert family == [pounds(amount)]
    assert people("child_benefit_weeks", [{}, child(10)], day=day) == [weeks]


def test_the_convention_of_52_weeks_is_a_fact_in_place_of_the_rule() -> None:
    amount = people("child_benefit_for_year", [{}, child(4)], family={"child_benefit_weeks": 52})
    assert amount == [pounds("1406.60")]


@pytest.mark.parametrize("children", [0, 1, 2, 30, 31, 200])
def test_any_number_of_children(children: int) -> None:
    weekly = people("child_benefit_weekly", [{}, *[child(4)] * children])
    expected = pounds("27.05") + pounds("17.90") * (children - 1) if children else 0
    assert weekly == [expected]


def test_twins_share_the_rate_of_the_eldest() -> None:
    amounts = people("child_benefit_for_child", [{}, child(4), child(4), child(2)])
    assert sum(amounts) == pounds("27.05") + 2 * pounds("17.90")
    assert amounts[1] == amounts[2] > amounts[3]


@pytest.mark.parametrize(
    ("born", "facts", "counts"),
    [
        (date(2010, 10, 7), {}, True),  # 15
        (date(2010, 10, 6), {}, False),  # 16 today and at no school
        (date(2010, 10, 6), {"in_non_advanced_education": True}, True),
        (date(2006, 10, 7), {"in_approved_training": True, "age_when_education_began": 18}, True),
        (date(2006, 10, 7), {"in_approved_training": True, "age_when_education_began": 19}, False),
        (date(2006, 10, 6), {"in_non_advanced_education": True}, False),  # 20 today
    ],
)
def test_who_counts_as_a_child(born: date, facts: dict[str, Any], counts: bool) -> None:
    found = people("child_benefit_children", [{}, {"date_of_birth": born, **facts}])
    assert found == [int(counts)]


class TestCharge:
    def test_the_year_is_cut_to_pounds_before_the_percentage(self) -> None:
        # ITEPA 2003 s.681C(3)(a): 99 % of 1,354, not of 1,354.60 (which would be 1,341).
        parent = {"adjusted_net_income": Decimal(79_999)}
        family = {"child_benefit_paid": pounds("1354.60")}
        found = people("high_income_child_benefit_charge", [parent], day=YEAR_2025, family=family)
        assert found == [1_340]
        parent["charge_is_on_whole_pounds"] = False
        found = people("high_income_child_benefit_charge", [parent], day=YEAR_2025, family=family)
        assert found == [1_341]

    def test_it_falls_on_the_higher_income(self) -> None:
        found = people(
            "high_income_child_benefit_charge",
            [
                {"adjusted_net_income": Decimal(70_000)},
                {"adjusted_net_income": Decimal(90_000)},
            ],
            adults=(0, 1),
            family={"child_benefit_paid": Decimal(1_000)},
        )
        assert found == [0, 1_000]

    @pytest.mark.parametrize("claimant", [0, 1])
    def test_of_two_equal_incomes_on_whoever_claims(self, claimant: int) -> None:
        members = [
            {
                "adjusted_net_income": Decimal(70_000),
                "is_child_benefit_claimant": number == claimant,
            }
            for number in range(2)
        ]
        found = people(
            "high_income_child_benefit_charge",
            members,
            adults=(0, 1),
            family={"child_benefit_paid": Decimal(1_000)},
        )
        assert found == [500 if number == claimant else 0 for number in range(2)]

    def test_who_claims_matters_only_if_the_incomes_are_equal(self) -> None:
        law = UK.on(YEAR_2026)
        persons = [
            {"adjusted_net_income": Decimal(70_000)},
            {"adjusted_net_income": Decimal(20_000)},
        ]
        situation = Situation(
            persons=persons,
            families=[{"adults": (0, 1), "facts": {"child_benefit_paid": Decimal(1_000)}}],
        )
        name = "high_income_child_benefit_charge"
        assert law.decide([name], situation, day=YEAR_2026)[name] == [500, 0]

    def test_who_wants_no_payment_that_is_taken_back_has_none(self) -> None:
        family = {"stops_child_benefit_if_all_is_taken_back": True}
        for income, paid in ((Decimal("79999.99"), True), (Decimal(80_000), False)):
            members = [{"adjusted_net_income": income}, child(4)]
            found = people("child_benefit_paid", members, family=family)
            assert (found[0] > 0) is paid

    @settings(max_examples=60, deadline=None)
    @given(
        income=st.decimals(min_value=0, max_value=120_000, places=2),
        children=st.integers(min_value=0, max_value=6),
    )
    def test_it_never_takes_more_than_was_paid(self, income: Decimal, children: int) -> None:
        members = [{"adjusted_net_income": income}, *[child(4)] * children]
        kept = people("child_benefit_kept", members)[0]
        paid = people("child_benefit_paid", members)[0]
        assert 0 <= kept <= paid
