"""Money, durations and the two that are not values."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.rules.engine import (
    ABSENT,
    UNKNOWN,
    Duration,
    EvaluationError,
    Money,
    parse_date,
    parse_duration,
)


def test_money_takes_no_floats_and_no_infinity() -> None:
    assert Money("12.50", "GBP") == Money(Decimal("12.5"), "GBP")
    assert Money(12, "GBP").amount == Decimal(12)
    with pytest.raises(TypeError, match="Decimal"):
        Money(12.5, "GBP")
    with pytest.raises(ValueError, match="finite"):
        Money("NaN", "GBP")
    with pytest.raises(ValueError, match="not an amount"):
        Money("twelve", "GBP")


def test_money_of_two_currencies_never_mixes() -> None:
    pounds, euros = Money(1, "GBP"), Money(1, "EUR")
    assert pounds != euros
    for mix in (
        lambda: pounds + euros,
        lambda: pounds - euros,
        lambda: pounds < euros,
        lambda: pounds >= euros,
    ):
        with pytest.raises(EvaluationError, match="GBP and EUR cannot be mixed"):
            mix()


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("8 weeks", Duration(days=56)),
        ("1 week", Duration(days=7)),
        ("10 working days", Duration(working_days=10)),
        ("30 days", Duration(days=30)),
        ("1 year 6 months", Duration(months=18)),
        ("5 years", Duration(months=60)),
        ("  2   months ", Duration(months=2)),
        ("P8W", Duration(days=56)),
        ("P1Y2M3D", Duration(months=14, days=3)),
    ],
)
def test_durations_are_read_in_words_and_iso(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "8", "weeks", "8 weeks or so", "P", "PT1H", "-1 days", "9999999 days", "1.5 weeks"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(0, 50), st.integers(0, 11), st.integers(0, 400), st.integers(0, 99))
def test_a_duration_is_read_back_from_its_words(y: int, m: int, d: int, w: int) -> None:
    duration = Duration(12 * y + m, d, w)
    assert parse_duration(str(duration)) == duration


def test_durations_compare_only_in_one_unit() -> None:
    assert Duration(months=1) < Duration(months=2)
    assert Duration(days=7) <= Duration(days=7)
    assert Duration() < Duration(days=1)
    with pytest.raises(EvaluationError, match="1 month and 30 days cannot be compared"):
        assert Duration(months=1) > Duration(days=30)


@pytest.mark.parametrize(
    "text", ["2026-2-3", "2026-02-30", "20260203", "3 February", "2026-02-03T"]
)
def test_only_whole_dates_of_the_calendar_are_dates(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


def test_dates_are_read() -> None:
    assert parse_date("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize("special", [UNKNOWN, ABSENT])
def test_unknown_and_absent_stay_themselves(special: object) -> None:
    assert copy.copy(special) is special
    assert copy.deepcopy([special])[0] is special
    assert pickle.loads(pickle.dumps(special)) is special
    with pytest.raises(TypeError, match="neither yes nor no"):
        bool(special)
