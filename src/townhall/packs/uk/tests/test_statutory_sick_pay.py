"""Sick pay beyond the official figures, which `test_govuk_figures` compares row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.functions import statutory_sick_pay as functions
from townhall.packs.uk.rules import UK
from townhall.packs.uk.rules import statutory_sick_pay as ssp
from townhall.rules.engine.law import Situation

RATES = functions.rates()


def test_a_day_without_an_enacted_rate_is_an_error_not_a_guess() -> None:
    with pytest.raises(ssp.RateMissing):
        RATES.weekly_on(date(2027, 4, 6))
    with pytest.raises(ssp.RateMissing):
        RATES.weekly_on(date(2010, 4, 5))


@pytest.mark.parametrize("unknown", ["Monday", "someday", ""])
def test_an_unknown_weekday_is_refused(unknown: str) -> None:
    with pytest.raises(ValueError):
        ssp.weekday_numbers([unknown])


def test_pay_over_no_days_is_refused() -> None:
    with pytest.raises(ValueError):
        ssp.average_over_days(Decimal(100), Decimal(0))


@settings(deadline=None)  # the first decision of a day reads its law
@given(
    day=st.dates(date(2020, 4, 6), date(2027, 4, 5)),
    sick_for=st.integers(0, 200),
    earnings=st.decimals(0, 400, places=2),
    days=st.integers(0, 7),
)
def test_the_rules_of_one_day_are_those_of_the_series(
    day: date, sick_for: int, earnings: Decimal, days: int
) -> None:
    began = date.fromordinal(day.toordinal() - sick_for)
    facts = {
        "sickness_began": began,
        "average_weekly_earnings": earnings,
        "days_worked_a_week": days,
    }
    goals = ["sick_pay_weekly_rate", "sick_pay_daily_rate", "earns_enough_for_sick_pay"]
    found = UK.on(day).decide(goals, Situation(persons=[facts]), day=day)
    weekly = ssp.weekly_rate_for(day, began, earnings, RATES)
    assert found["sick_pay_weekly_rate"] == [weekly]
    assert found["sick_pay_daily_rate"] == [ssp.daily_rate(weekly, days)]
    enough = earnings >= RATES.earnings_limit_on(day)
    assert found["earns_enough_for_sick_pay"] == [enough]
