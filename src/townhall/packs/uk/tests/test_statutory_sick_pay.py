"""Sick pay beyond the official figures, which `test_govuk_figures` compares row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from townhall.packs.uk.functions import statutory_sick_pay as functions
from townhall.packs.uk.rules import statutory_sick_pay as ssp

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
