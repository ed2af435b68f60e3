"""What a return comes to, and what lateness costs on the days on which it changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import Situation

YEAR_END = date(2025, 4, 5)
ON_TIME = date(2026, 1, 31)


def decided(name: str, **facts: Any) -> Any:
    """Decide about the tax year 2024-25."""
    law = UK.on(YEAR_END)
    given_facts = {"return_filed_on": ON_TIME, "tax_paid_on": ON_TIME, **facts}
    among = frozenset(law.plan([name], given_facts).inputs.values())
    given_facts = {key: each for key, each in given_facts.items() if key in among}
    told = law.usual(Situation(persons=[given_facts]), among=among)
    return law.decide([name], told, day=YEAR_END)[name][0]


def owing(name: str, owed: str = "8000", **facts: Any) -> Any:
    return decided(name, self_assessment_to_pay=Decimal(owed), **facts)


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        ("2026-01-31", 0),
        ("2026-02-01", 100),
        ("2026-04-30", 100),
        ("2026-05-01", 110),
        ("2026-05-02", 120),
        ("2026-07-28", 990),
        ("2026-07-29", 1000),
        ("2026-07-31", 1000),
        ("2026-08-01", 1400),  # 5 % of 8,000 is more than 300
        ("2027-01-31", 1400),
        ("2027-02-01", 1800),
        ("2031-02-01", 1800),
    ],
)
def test_penalties_for_a_late_return_by_the_day(filed: str, expected: int) -> None:
    assert owing("late_return_penalties", return_filed_on=date.fromisoformat(filed)) == expected


def test_little_tax_costs_at_least_300_each_time() -> None:
    late = date(2027, 2, 1)
    assert owing("late_return_penalties", "0", return_filed_on=late) == 100 + 900 + 300 + 300
    assert owing("late_return_penalties", "6000.20", return_filed_on=late) == Decimal("1600.02")


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("2026-01-31", 0),
        ("2026-03-02", 0),
        ("2026-03-03", 400),
        ("2026-08-02", 400),
        ("2026-08-03", 800),
        ("2027-02-02", 800),
        ("2027-02-03", 1200),
    ],
)
def test_penalties_for_late_payment_by_the_day(paid: str, expected: int) -> None:
    assert owing("late_payment_penalties", tax_paid_on=date.fromisoformat(paid)) == expected


def test_interest_runs_by_the_day_at_the_rate_of_that_day() -> None:
    # One day and one year after 31 January 2026, at 7.75 %.
    assert owing("late_payment_interest", "36500", tax_paid_on=date(2026, 2, 1)) == Decimal("7.75")
    assert owing("late_payment_interest", "10000", tax_paid_on=date(2027, 1, 31)) == 775
    assert owing("late_payment_interest", tax_paid_on=date(2025, 6, 1)) == 0
    # A year earlier: 25 days at 7.25 %, 40 at 7 %, 10 at 8.5 %.
    found = owing(
        "late_payment_interest",
        "36500",
        return_due_on=date(2025, 1, 31),
        tax_paid_on=date(2025, 4, 16),
    )
    assert found == Decimal("546.25")


def test_what_was_deducted_comes_off_and_too_much_comes_back() -> None:
    worker = {
        "date_of_birth": date(1985, 1, 1),
        "employment_income": Decimal(30000),
        "self_employment_income": Decimal(8000),
        "trading_receipts": Decimal(10000),
    }
    deducted = {"tax_deducted_at_source": Decimal(3486)}
    assert decided("self_assessment_to_pay", **worker, **deducted) == 1600
    assert decided("self_assessment_repayment", **worker, **deducted) == 0
    more = {"tax_deducted_at_source": Decimal(6000)}
    assert decided("self_assessment_to_pay", **worker, **more) == 0
    assert decided("self_assessment_repayment", **worker, **more) == 914


@pytest.mark.parametrize(
    ("owed", "deducted", "expected"),
    [
        ("999.99", "0", "0"),
        ("1000", "0", "500"),
        ("1000.01", "0", "500"),
        ("2000", "8000", "1000"),  # 80 % exactly is not more than 80 %
        ("2000", "8000.04", "0"),
    ],
)
def test_payments_on_account_begin_at_1000_and_end_above_80_percent(
    owed: str, deducted: str, expected: str
) -> None:
    found = owing(
        "payment_on_account",
        owed,
        class_2=Decimal(0),
        tax_deducted_at_source=Decimal(deducted),
    )
    assert found == Decimal(expected)


@given(
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 400),
    st.decimals(0, 100_000, places=2),
)
def test_later_never_costs_less(filed: date, days: int, owed: Decimal) -> None:
    later = date.fromordinal(filed.toordinal() + days)
    for name, fact in (
        ("late_return_penalties", "return_filed_on"),
        ("late_payment_penalties", "tax_paid_on"),
        ("late_payment_interest", "tax_paid_on"),
    ):
        soon, late = (owing(name, str(owed), **{fact: day}) for day in (filed, later))
        assert soon <= late
