"""Working days and whole months: the official rows, and what must hold for every date."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.rules.engine import Calendar, Duration, EvaluationError
from townhall.rules.engine.calendar import (
    add_days,
    add_months,
    months_between,
    shift,
    years_between,
)

DATA = Path(__file__).parent / "data"
ROWS = list(csv.DictReader((DATA / "working_days.csv").open(encoding="utf-8")))
HOLIDAYS = [
    date.fromisoformat(event["date"])
    for event in json.loads((DATA / "bank_holidays_2013.json").read_text(encoding="utf-8"))[
        "england-and-wales"
    ]["events"]
]
# The fixture lists the holidays up to August; Christmas is not in it.
ENGLAND_2013 = Calendar(HOLIDAYS, until=date(2013, 12, 25))

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("row", ROWS, ids=[row["case_id"] for row in ROWS])
def test_working_days_as_gov_uk_counts_them(row: dict[str, str]) -> None:
    sign = 1 if row["direction"] == "after" else -1
    found = ENGLAND_2013.add_working_days(
        date.fromisoformat(row["start"]), sign * int(row["working_days"])
    )
    assert found == date.fromisoformat(row["expected"])


def test_there_are_rows_to_check() -> None:
    assert len(ROWS) == 16
    assert len(HOLIDAYS) == 6


def test_the_calendar_does_not_guess_beyond_its_end() -> None:
    assert ENGLAND_2013.add_working_days(date(2013, 12, 23), 1) == date(2013, 12, 24)
    with pytest.raises(EvaluationError, match="ends before 2013-12-25: extend it first"):
        ENGLAND_2013.add_working_days(date(2013, 12, 24), 1)


def test_a_week_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        Calendar(weekend=range(7))


@given(days, st.integers(1, 300), st.sets(days, max_size=20))
def test_counting_undoes_adding(start: date, number: int, holidays: set[date]) -> None:
    calendar = Calendar(holidays)
    after = calendar.add_working_days(start, number)
    assert calendar.is_working_day(after)
    assert calendar.working_days_between(start, after) == number
    before = calendar.add_working_days(start, -number)
    assert calendar.is_working_day(before)
    assert calendar.working_days_between(start, before) == -number


@given(days)
def test_no_working_days_is_the_day_itself(day: date) -> None:
    assert Calendar().add_working_days(day, 0) == day
    assert Calendar().working_days_between(day, day) == 0


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-29", 4),
        ("1990-06-15", "2008-06-14", 17),
        ("1990-06-15", "2008-06-15", 18),
        ("1990-06-15", "1990-06-15", 0),
        ("1990-06-15", "1989-06-16", 0),
        ("1990-06-15", "1989-06-15", -1),
    ],
)
def test_ages(born: str, day: str, age: int) -> None:
    assert years_between(date.fromisoformat(born), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 3, "2025-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-03-31", -1, "2025-02-28"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2025-12-15", 1, "2026-01-15"),
    ],
)
def test_the_corresponding_date_or_the_last_of_the_month(
    day: str, months: int, expected: str
) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(days, st.integers(0, 600))
def test_months_added_are_counted_unless_the_month_is_too_short(day: date, months: int) -> None:
    later = add_months(day, months)
    assert months_between(day, later) == (months if later.day == day.day else months - 1)


@given(days, days)
def test_full_months_never_pass_the_end(start: date, end: date) -> None:
    if start <= end:
        assert add_months(start, months_between(start, end)) <= end
        assert months_between(end, start) == -months_between(start, end)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda: add_months(date(9999, 12, 1), 1),
        lambda: add_months(date(1, 1, 1), -1),
        lambda: add_days(date(9999, 12, 31), 1),
        lambda: add_days(date(2000, 1, 1), 10**12),
        lambda: Calendar().add_working_days(date(9999, 12, 31), 1),
        lambda: Calendar().add_working_days(date(2000, 1, 1), 10**9),
        lambda: Calendar().working_days_between(date(1, 1, 1), date(9999, 12, 31)),
        lambda: shift(date(2000, 1, 1), Duration(months=10**9), None),
        lambda: shift(date(2000, 1, 1), Duration(working_days=1), None),
    ],
)
def test_nothing_leaves_the_calendar_or_counts_for_ever(beyond) -> None:
    with pytest.raises(EvaluationError):
        beyond()


def test_a_duration_is_added_months_first() -> None:
    day = shift(date(2025, 1, 30), Duration(months=1, days=2), None)
    assert day == date(2025, 2, 28) + timedelta(days=2)
