"""Income tax at its thresholds, by hand from the Acts, and what must hold for every income."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.tests.taxpayers import (
    PENNY,
    YEAR_2024,
    YEAR_2025,
    YEAR_2026,
    alone,
    couple,
    pounds,
)
from townhall.rules.engine.law import FactError

SCOTLAND = {"region": "scotland"}
INCOMES = st.decimals(min_value=0, max_value=300_000, places=2)
# Where something begins or ends: allowance, bands, taper, Scottish bands, charge.
THRESHOLDS = [
    12_570,
    17_570,
    50_270,
    60_000,
    80_000,
    100_000,
    125_140,
    16_537,
    29_526,
    43_662,
    75_000,
]


def tax(pay: Any, *, day: date = YEAR_2026, home: Any = None, **facts: Any) -> Any:
    return alone("income_tax", {"employment_income": Decimal(pay), **facts}, day=day, home=home)


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ("12570", "0"),
        ("12570.01", "0.002"),
        ("30000", "3486"),
        ("50270", "7540"),
        ("50270.01", "7540.004"),
        ("100000", "27432"),
        # Two pounds above 100,000 cost an allowance of one: 60 % of the second pound.
        ("100002", "27433.2"),
        ("125140", "42516"),
        ("150000", "53703"),
    ],
)
def test_pay_in_the_bands_of_the_united_kingdom(pay: str, expected: str) -> None:
    assert tax(pay) == pounds(expected)


@pytest.mark.parametrize(
    ("day", "pay", "expected"),
    [
        # 2,306 at 19 %, 11,685 at 20 %, 17,101 at 21 %, 6,338 at 42 %
        (YEAR_2024, "50000", "9028.31"),
        # 2,827 at 19 %, 12,094 at 20 %, 2,509 at 21 %
        (YEAR_2025, "30000", "3482.82"),
        (YEAR_2026, "16537", "753.73"),
        (YEAR_2026, "16537.01", "753.732"),
    ],
)
def test_pay_in_the_bands_of_scotland(day: date, pay: str, expected: str) -> None:
    assert tax(pay, day=day, home=SCOTLAND) == pounds(expected)


def test_scotland_taxes_interest_and_dividends_as_the_rest_does() -> None:
    facts = {"dividend_income": Decimal(40_000), "savings_interest": Decimal(8_000)}
    assert tax(0, **facts) == tax(0, home=SCOTLAND, **facts)


@pytest.mark.parametrize(
    ("income", "allowance"),
    [
        ("100000", "12570"),
        ("100000.01", "12570"),
        ("100001", "12570"),
        ("100002", "12569"),
        ("100003", "12569"),
        ("125138", "1"),
        ("125140", "0"),
        ("125140.01", "0"),
    ],
)
def test_the_allowance_shrinks_by_whole_pounds(income: str, allowance: str) -> None:
    assert alone("personal_allowance", {"employment_income": pounds(income)}) == pounds(allowance)


def test_interest_has_a_starting_band_and_an_allowance() -> None:
    nothing = {"savings_interest": Decimal(18_570)}  # 12,570 and 5,000 and 1,000
    assert tax(0, **nothing) == 0
    assert tax(0, savings_interest=Decimal("18570.01")) == pounds("0.002")
    # A pound of higher-rate income halves the allowance.
    at = alone("savings_allowance", {"employment_income": Decimal(50_270)})
    above = alone("savings_allowance", {"employment_income": pounds("50270.01")})
    assert (at, above) == (1000, 500)


def test_dividends_lie_on_top() -> None:
    assert tax(50_270, dividend_income=Decimal(500)) == 7540
    assert tax(50_270, dividend_income=Decimal(501)) == pounds("7540.3575")
    assert tax(12_570, dividend_income=Decimal(1_500)) == pounds("107.5")


def test_gift_aid_raises_the_limits_and_restores_the_allowance() -> None:
    assert tax(60_000) - tax(60_000, gift_aid=Decimal(800)) == 200
    assert tax(30_000) == tax(30_000, gift_aid=Decimal(800))
    allowed = alone(
        "personal_allowance",
        {"employment_income": Decimal(110_000), "gift_aid": Decimal(8_000)},
    )
    assert allowed == 12_570


def test_relief_at_source_is_given_by_the_provider_and_above_the_basic_rate_by_the_limits() -> None:
    # FA 2004 s.192: of 10,000 gross the provider claims 20 %; a higher-rate payer has 20 % more.
    assert tax(30_000, personal_pension_contributions=Decimal(10_000)) == tax(30_000)
    assert tax(70_000) - tax(70_000, personal_pension_contributions=Decimal(10_000)) == 2_000
    assert tax(70_000) - tax(70_000, employee_pension_contributions=Decimal(10_000)) == 4_000


def test_who_is_75_has_no_relief_for_contributions() -> None:
    facts = {"date_of_birth": date(1951, 10, 6), "employee_pension_contributions": Decimal(5_000)}
    older = alone("net_pay_pension_relief", {"employment_income": Decimal(40_000), **facts})
    facts["date_of_birth"] = date(1951, 10, 7)
    younger = alone("net_pay_pension_relief", {"employment_income": Decimal(40_000), **facts})
    assert (older, younger) == (0, 5_000)


class TestMarriageAllowance:
    def test_the_basic_rate_payer_has_a_tenth_of_the_partners_allowance(self) -> None:
        one, other = {"employment_income": Decimal(30_000)}, {"employment_income": Decimal(5_000)}
        assert couple("marriage_allowance", one, other) == [1_260, 0]
        assert couple("income_tax", one, other) == [3_234, 0]

    def test_all_or_nothing_is_given(self) -> None:
        # ITA 2007 s.55B(6): who earns 12,000 gives 1,260 too, and pays tax above 11,310.
        one, other = {"employment_income": Decimal(30_000)}, {"employment_income": Decimal(12_000)}
        assert couple("marriage_allowance", one, other) == [1_260, 0]
        assert couple("income_tax", one, other) == [3_234, 138]

    def test_not_without_a_claim_or_beside_a_married_couples_allowance(self) -> None:
        one, other = {"employment_income": Decimal(30_000)}, {}
        refused = couple("marriage_allowance", one, other, claims_marriage_allowance=False)
        assert refused == [0, 0]
        old = {"private_pension_income": Decimal(30_000), "date_of_birth": date(1934, 1, 1)}
        other = {"sex": "female"}
        assert couple("marriage_allowance", old, other) == [0, 0]
        assert couple("married_couples_allowance_reduction", old, other) == [1_170, 0]

    def test_not_for_a_higher_rate_payer(self) -> None:
        one, other = {"employment_income": pounds("50270.01")}, {}
        assert couple("marriage_allowance", one, other) == [0, 0]
        assert couple("marriage_allowance", {"employment_income": Decimal(50_270)}, other) == [
            1_260,
            0,
        ]

    def test_not_for_those_who_are_not_married(self) -> None:
        one, other = {"employment_income": Decimal(30_000)}, {}
        assert couple("marriage_allowance", one, other, is_married=False) == [0, 0]

    def test_not_to_or_from_a_child(self) -> None:
        child = {"date_of_birth": date(2009, 1, 1), "in_non_advanced_education": True}
        both = {"employment_income": Decimal(30_000)}
        assert couple("marriage_allowance", both, both, child) == [0, 0, 0]


class TestTradeAndLetting:
    @pytest.mark.parametrize(
        ("receipts", "profit", "taxed"),
        [("1000", "700", "0"), ("1000.01", "700", "0.01"), ("5000", "4900", "4000")],
    )
    def test_the_trading_allowance(self, receipts: str, profit: str, taxed: str) -> None:
        facts = {"trading_receipts": pounds(receipts), "self_employment_income": pounds(profit)}
        assert alone("taxable_self_employment_income", facts) == pounds(taxed)

    def test_a_loss_is_set_against_pay_up_to_the_cap(self) -> None:
        facts = {"employment_income": Decimal(300_000), "trading_loss": Decimal(200_000)}
        assert alone("trade_loss_relief", facts) == 75_000

    def test_a_landlord_has_the_basic_rate_of_mortgage_interest(self) -> None:
        facts = {"property_income": Decimal(14_000), "property_finance_costs": Decimal(8_000)}
        assert (
            alone("finance_cost_reduction", {"employment_income": Decimal(60_000), **facts})
            == 1_600
        )
        # No income above the allowance: all of it waits for another year.
        assert (
            alone("finance_costs_carried_forward", {**facts, "property_income": Decimal(9_000)})
            == 8_000
        )


class TestPensionAllowance:
    def test_the_taper_needs_both_incomes(self) -> None:
        facts = {
            "employment_income": Decimal(200_000),
            "employer_pension_contributions": Decimal(80_000),
        }
        assert alone("pension_annual_allowance", facts) == 60_000
        facts["employment_income"] = Decimal(200_002)
        assert alone("pension_annual_allowance", facts) == 49_999

    def test_saving_above_it_is_taxed_on_top(self) -> None:
        facts = {
            "employment_income": Decimal(100_000),
            "employer_pension_contributions": Decimal(70_000),
        }
        assert alone("pension_annual_allowance_charge", facts) == 4_000


class TestWinterFuel:
    def test_above_35_000_all_of_it_is_taken_back(self) -> None:
        born = {"date_of_birth": date(1950, 1, 1)}
        for pension, charge in (("35000", 0), ("35000.01", 200)):
            facts = {**born, "private_pension_income": pounds(pension)}
            assert alone("winter_fuel_charge", facts) == charge

    def test_not_before_2025(self) -> None:
        facts = {"date_of_birth": date(1940, 1, 1), "private_pension_income": Decimal(90_000)}
        assert alone("winter_fuel_charge", facts, day=YEAR_2024) == 0


@settings(max_examples=60, deadline=None)
@given(income=INCOMES, kind=st.sampled_from(["employment_income", "private_pension_income"]))
def test_more_income_leaves_more_after_tax(income: Decimal, kind: str) -> None:
    less = alone("income_tax", {kind: income})
    more = alone("income_tax", {kind: income + 1})
    assert 0 <= less <= more
    assert more - less <= pounds("0.9")  # 45 %, and half as much again where the allowance shrinks


@settings(max_examples=40, deadline=None)
@given(
    at=st.sampled_from(THRESHOLDS),
    off=st.sampled_from(["-0.01", "0", "0.01"]),
    region=st.sampled_from(["london", "scotland"]),
)
def test_no_cliff_at_a_threshold(at: int, off: str, region: str) -> None:
    income = at + Decimal(off)
    home = {"region": region}
    here = tax(income, home=home)
    above = tax(income + PENNY, home=home)
    # Only the allowance moves by a pound at once: at 45 % (48 % in Scotland) of it.
    assert 0 <= above - here <= pounds("0.5")


@settings(max_examples=40, deadline=None)
@given(income=INCOMES, day=st.sampled_from([YEAR_2024, YEAR_2025, YEAR_2026]))
def test_the_bands_make_up_the_taxable_income(income: Decimal, day: date) -> None:
    facts = {"employment_income": income}
    parts = [
        alone(name, facts, day=day)
        for name in ("earned_at_basic_rate", "earned_at_higher_rate", "earned_at_additional_rate")
    ]
    assert sum(parts) == alone("earned_taxable_income", facts, day=day)


@pytest.mark.parametrize("name", ["employment_income", "savings_interest", "dividend_income"])
def test_income_below_zero_is_refused_by_name(name: str) -> None:
    with pytest.raises(FactError, match=name):
        alone("income_tax", {name: Decimal(-1)})
