"""Periods against the calendar, facts over both times, and sums that always come out."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.awards.engine import adjusting, periods
from townhall.awards.engine.timeline import Timeline, Version, same

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
AMOUNTS = st.decimals(0, 1000, places=2, allow_nan=False)


@given(DAYS, DAYS, st.integers(0, 800))
def test_a_weekly_award_is_paid_for_every_monday_and_no_other_day(
    start: date, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = periods.days("week", start, None, first, last)
    every = [first + timedelta(days=number) for number in range(length + 1)]
    assert list(found) == [day for day in every if day.weekday() == 0 and day >= start]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 1, 31), [(1, 31), (2, 28), (3, 31), (4, 30)]),
        (date(2026, 1, 15), [(1, 15), (2, 15), (3, 15), (4, 15)]),
    ],
)
def test_a_month_begins_on_its_day_or_on_the_last_of_a_shorter_one(
    start: date, expected: list[tuple[int, int]]
) -> None:
    found = periods.days("month", start, None, start, date(2026, 4, 30))
    assert [(day.month, day.day) for day in found] == expected


def test_an_end_is_no_part_of_the_award() -> None:
    monday = date(2026, 6, 8)
    assert periods.days("week", monday, monday, monday, date(2026, 7, 1)) == ()
    assert periods.after("week", monday, date(2026, 6, 15), monday) is None
    assert periods.after("week", monday, date(2026, 6, 16), monday) == date(2026, 6, 15)


@given(DAYS, st.sampled_from(["week", "month"]))
def test_the_next_period_is_the_first_after_the_day(start: date, every: str) -> None:
    day = start - timedelta(days=1)
    for _ in range(5):
        following = periods.after(every, start, None, day)
        assert following is not None
        assert following > day
        assert periods.days(every, start, None, day + timedelta(days=1), following) == (following,)
        day = following


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        periods.days("fortnight", date(2026, 1, 1), None, date(2026, 1, 1), date(2026, 2, 1))


def fact(value: object) -> dict[str, object]:
    return {"outcome": "found", "value": value, "register": "population", "key": "p"}


def test_what_became_known_later_covers_what_was_known_and_not_the_other_way_round() -> None:
    line = Timeline(
        [
            Version(1, "children", fact(1), date(1, 1, 1)),
            Version(2, "children", fact(2), date(2026, 7, 3)),
            Version(3, "children", fact(3), date(2026, 6, 1), date(2026, 6, 8)),
        ]
    )
    worth = {day: line.at(date(2026, 6, day))["children"]["value"] for day in (1, 7, 8)}
    assert worth == {1: 3, 7: 3, 8: 1}
    assert line.at(date(2026, 6, 1), known=2)["children"]["value"] == 1
    assert line.at(date(2026, 7, 3))["children"]["value"] == 2


def test_when_a_register_was_read_is_no_difference() -> None:
    assert same({**fact(1), "read_at": "monday"}, {**fact(1), "read_at": "tuesday"})
    assert not same(fact(1), fact(2))
    assert not same(fact(1), {**fact(1), "outcome": "unavailable"})


@given(st.dictionaries(DAYS, AMOUNTS, max_size=20), st.randoms())
def test_after_an_adjustment_the_sums_are_what_is_due(
    paid: dict[date, Decimal], chance: random.Random
) -> None:
    due = {day: Decimal(chance.randrange(100_000)) / 100 for day in paid}
    found = adjusting.compare(paid, due)
    sums = dict(paid)
    for entry in found.entries:
        sums[entry.day] += entry.amount
        assert (entry.kind == "arrears") == (entry.amount > 0)
    assert sums == due
    assert found.total == found.arrears - found.overpaid == sum(due.values()) - sum(paid.values())
    assert adjusting.compare(due, due).entries == ()


def test_a_paid_period_of_which_nobody_says_what_it_is_worth_is_an_error() -> None:
    with pytest.raises(KeyError):
        adjusting.compare({date(2026, 6, 8): Decimal(1)}, {})


@pytest.mark.parametrize(
    ("change", "waits"), [("500.00", False), ("500.01", True), ("-500.01", True)]
)
def test_a_change_above_the_limit_waits_and_one_at_it_does_not(change: str, waits: bool) -> None:
    day = date(2026, 6, 8)
    found = adjusting.compare({day: Decimal(600)}, {day: Decimal(600) + Decimal(change)})
    assert found.waits(Decimal(500)) is waits
    assert not found.waits(None)
