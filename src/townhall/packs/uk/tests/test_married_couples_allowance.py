"""Married couple's allowance: whose it is, how it shrinks, how it is shared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import NotInForce, OpenFact, Situation

DAY = date(2026, 6, 1)
OLD, NEW = date(1960, 6, 1), date(2010, 6, 1)
HUSBAND, WIFE = 0, 1


def decided(
    name: str,
    incomes: tuple[Any, Any] = (30_000, 10_000),
    *,
    married: date | None = OLD,
    born: tuple[date, date] = (date(1934, 1, 1), date(1940, 1, 1)),
    day: date = DAY,
    named: tuple[bool, bool] = (False, False),
    **family: Any,
) -> list[Any]:
    """What is decided for husband and wife."""
    persons = [
        {
            "date_of_birth": born[each],
            "sex": ("male", "female")[each],
            "net_income": Decimal(incomes[each]),
            "adjusted_net_income": Decimal(incomes[each]),
            "named_for_married_couples_allowance": named[each],
        }
        for each in (HUSBAND, WIFE)
    ]
    facts = {
        "is_married": married is not None,
        "married_on": married,
        "elected_for_higher_income_rules": False,
        "married_couples_allowance_shared": "none",
    } | family
    situation = Situation(persons=persons, families=[{"adults": [0, 1], "facts": facts}])
    return UK.on(day).decide([name], situation, day=day)[name]


def reductions(*args: Any, **kwargs: Any) -> list[Decimal]:
    return decided("married_couples_allowance_reduction", *args, **kwargs)


def test_before_december_2005_it_is_the_husbands() -> None:
    assert reductions((10_000, 30_000)) == [1170, 0]
    assert reductions((10_000, 30_000), married=date(2005, 12, 4)) == [1170, 0]


def test_from_december_2005_it_goes_to_the_higher_income() -> None:
    assert reductions((10_000, 30_000), married=date(2005, 12, 5)) == [0, 1170]
    assert reductions((30_000, 10_000), married=NEW) == [1170, 0]


def test_couples_married_earlier_may_choose_the_later_rules() -> None:
    chosen = reductions((10_000, 30_000), elected_for_higher_income_rules=True)
    assert chosen == [0, 1170]


def test_of_two_equal_incomes_the_couple_names_one() -> None:
    assert reductions((20_000, 20_000), married=NEW) == [0, 0]
    assert reductions((20_000, 20_000), married=NEW, named=(False, True)) == [0, 1170]


@pytest.mark.parametrize(
    ("born", "married", "expected"),
    [
        ((date(1935, 4, 6), date(1935, 4, 5)), OLD, 1170),
        ((date(1935, 4, 6), date(1935, 4, 6)), OLD, 0),
        ((date(1930, 1, 1), date(1931, 1, 1)), None, 0),
    ],
)
def test_one_of_a_married_couple_must_be_born_before_6_april_1935(
    born: tuple[date, date], married: date | None, expected: int
) -> None:
    assert reductions(born=born, married=married) == [expected, 0]


@pytest.mark.parametrize(
    ("day", "income", "expected"),
    [
        # 2026-27: 11,700, half of what exceeds 39,200, at least 4,530.
        (date(2026, 6, 1), "39200", "1170"),
        (date(2026, 6, 1), "39200.01", "1169.9995"),
        (date(2026, 6, 1), "39202", "1169.90"),
        (date(2026, 6, 1), "53540", "453"),
        (date(2026, 6, 1), "53539.98", "453.001"),
        (date(2026, 6, 1), "1000000", "453"),
        (date(2026, 4, 5), "37700", "1127"),
        # The limit of 2024-25 is 37,000, though the calculator's rates file says 37,700.
        (date(2025, 4, 5), "37000", "1108"),
        (date(2025, 4, 5), "37700", "1073"),
    ],
)
def test_it_shrinks_by_half_of_the_income_above_the_limit(
    day: date, income: str, expected: str
) -> None:
    assert reductions((income, "0"), day=day)[HUSBAND] == Decimal(expected)


@settings(deadline=None)  # the first decision of a day reads its law
@given(st.decimals(0, 80_000, places=2))
def test_there_is_no_cliff(income: Decimal) -> None:
    before, after = (reductions((each, 0))[HUSBAND] for each in (income, income + Decimal("0.01")))
    assert 0 <= before - after <= Decimal("0.0005")


@pytest.mark.parametrize(
    ("married", "months"),
    [
        (date(2025, 12, 25), 0),
        (date(2026, 4, 6), 0),
        (date(2026, 5, 5), 0),  # the first month ends on that day, not before
        (date(2026, 5, 6), 1),
        (date(2026, 6, 5), 1),
        (date(2027, 3, 5), 10),
        (date(2027, 4, 5), 11),
    ],
)
def test_a_twelfth_is_lost_for_each_month_before_the_wedding(married: date, months: int) -> None:
    assert decided("months_before_marriage", married=married) == [months]
    assert reductions(married=married)[HUSBAND] == Decimal(117) * (12 - months) * 10 / 12


@pytest.mark.parametrize(
    ("shared", "expected"),
    [("none", ["1170", "0"]), ("half", ["943.50", "226.50"]), ("all", ["717", "453"])],
)
def test_the_minimum_can_be_shared(shared: str, expected: list[str]) -> None:
    found = reductions(married_couples_allowance_shared=shared)
    assert found == [Decimal(each) for each in expected]


def test_an_income_that_nobody_knows_is_named() -> None:
    persons = [
        {"date_of_birth": date(1934, 1, 1), "sex": "male"},
        {"date_of_birth": date(1936, 1, 1), "sex": "female"},
    ]
    family = {
        "is_married": True,
        "married_on": OLD,
        "elected_for_higher_income_rules": False,
        "married_couples_allowance_shared": "none",
    }
    situation = Situation(persons=persons, families=[{"adults": [0, 1], "facts": family}])
    with pytest.raises(OpenFact, match="employment_income"):
        UK.on(DAY).decide(["married_couples_allowance_reduction"], situation, day=DAY)


def test_a_year_that_is_not_enacted_is_refused() -> None:
    with pytest.raises(NotInForce, match="married_couples_allowance"):
        reductions(day=date(2027, 4, 6))
