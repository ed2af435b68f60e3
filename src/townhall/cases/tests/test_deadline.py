"""Due dates: conventions, suspension, extension, and that the explanation adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.cases.engine.deadline import Due, Pause, Term, covering, due_on, shifted
from townhall.rules.engine import Calendar, Duration

# Bank holidays in England and Wales (gov.uk/bank-holidays).
CALENDAR = Calendar(
    [date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 12, 25), date(2026, 12, 28)],
    until=date(2028, 1, 1),
)
WEEKS = Term(Duration(days=56))
WORKING = Term(Duration(working_days=10))


def due(started: date, term: Term = WEEKS, *, today: date | None = None, **more: object) -> Due:
    return due_on(started, term, CALENDAR, today=today or started, **more)  # type: ignore[arg-type]


def kinds(found: Due) -> list[str]:
    return [step.kind for step in found.steps]


def test_the_day_of_receipt_does_not_count() -> None:
    assert due(date(2026, 6, 1)).on == date(2026, 7, 27)  # Monday to Monday
    same_day = Term(Duration(days=56), starts="same_day")
    # The 56th day counted from Monday is a Sunday: it moves to the Monday.
    assert due(date(2026, 6, 1), same_day).on == date(2026, 7, 27)
    assert due(date(2026, 6, 2), same_day).on == date(2026, 7, 27)


def test_a_term_that_ends_on_a_day_without_work_moves_to_the_next_working_day() -> None:
    found = due(date(2026, 2, 6), WEEKS)  # Friday; eight weeks later is Good Friday
    assert found.on == date(2026, 4, 7)  # over Easter Monday
    moved = next(step for step in found.steps if step.kind == "moved")
    assert moved.days == 4
    assert moved.note == "2026-04-03"


def test_working_days_leave_out_weekends_and_holidays_and_say_which() -> None:
    found = due(date(2026, 3, 30), WORKING)
    assert found.on == date(2026, 4, 15)
    holidays = next(step for step in found.steps if step.kind == "holidays")
    assert holidays.note.split() == ["2026-04-03", "2026-04-06"]
    assert found.working


def test_the_clock_stands_still_while_the_resident_is_asked() -> None:
    asked, answered = date(2026, 6, 8), date(2026, 6, 18)
    running = due(date(2026, 6, 1))
    paused = due(date(2026, 6, 1), pauses=[Pause(asked, answered)])
    assert paused.on == running.on + timedelta(10)
    open_pause = due(date(2026, 6, 1), today=date(2026, 6, 10), pauses=[Pause(asked)])
    assert open_pause.on is None
    assert open_pause.paused_since == asked
    assert open_pause.would_be == running.on + timedelta(2)


def test_a_term_in_working_days_is_paused_in_working_days() -> None:
    # Asked on Friday, answered on Monday: one working day, not three days.
    found = due(date(2026, 6, 1), WORKING, pauses=[Pause(date(2026, 6, 5), date(2026, 6, 8))])
    assert found.on == date(2026, 6, 16)


def test_overlapping_pauses_count_once() -> None:
    one = due(date(2026, 6, 1), pauses=[Pause(date(2026, 6, 8), date(2026, 6, 18))])
    two = due(
        date(2026, 6, 1),
        pauses=[
            Pause(date(2026, 6, 8), date(2026, 6, 15)),
            Pause(date(2026, 6, 10), date(2026, 6, 18)),
        ],
    )
    assert two.on == one.on


def test_suspended_twice_adds_both_times() -> None:
    found = due(
        date(2026, 6, 1),
        pauses=[
            Pause(date(2026, 6, 8), date(2026, 6, 10)),
            Pause(date(2026, 6, 20), date(2026, 6, 25)),
        ],
    )
    assert found.on == date(2026, 7, 27) + timedelta(7)


def test_an_extension_adds_what_is_declared() -> None:
    found = due(date(2026, 6, 1), extensions=[Duration(days=42)])
    assert found.on == date(2026, 9, 7)
    assert "extended" in kinds(found)


def test_leap_day_and_month_ends() -> None:
    assert due(date(2028, 1, 31), Term(Duration(months=1))).on == date(2028, 2, 29)
    assert due(date(2024, 2, 29), Term(Duration(months=12))).on == date(2025, 2, 28)


def test_beyond_the_known_holidays_only_weekends_count_and_it_says_so() -> None:
    found = due(date(2027, 12, 20), WORKING)
    assert found.on == date(2028, 1, 3)
    assert "uncovered" in kinds(found)
    assert "uncovered" not in kinds(due(date(2026, 6, 1)))


def test_days_left_are_negative_when_it_is_late() -> None:
    found = due(date(2026, 6, 1), WORKING)
    assert found.on == date(2026, 6, 15)
    assert found.days_left(date(2026, 6, 12), CALENDAR) == 1
    assert found.days_left(date(2026, 6, 17), CALENDAR) == -2


@pytest.mark.parametrize("term", [WEEKS, WORKING, Term(Duration(months=2))])
@given(
    started=st.dates(date(2025, 1, 1), date(2027, 6, 1)),
    gaps=st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20)), max_size=4),
)
def test_a_due_date_is_a_working_day_and_pauses_never_shorten(
    term: Term, started: date, gaps: list[tuple[int, int]]
) -> None:
    pauses, day = [], started
    for before, length in gaps:
        begin = day + timedelta(before)
        day = begin + timedelta(length)
        pauses.append(Pause(begin, day))
    plain = due(started, term)
    found = due(started, term, pauses=pauses)
    assert found.on is not None
    assert plain.on is not None
    assert covering(CALENDAR).is_working_day(found.on)
    assert found.on >= plain.on > started
    assert found.steps[-1].on == found.on
    assert [step.on for step in found.steps[1:-1] if step.kind != "uncovered"] == sorted(
        step.on for step in found.steps[1:-1] if step.kind != "uncovered"
    )


@given(
    due_day=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    days=st.integers(0, 40),
)
def test_moving_a_due_date_by_a_pause_agrees_with_counting_it(due_day: date, days: int) -> None:
    begin = due_day - timedelta(5)
    moved = shifted(due_day, Pause(begin, begin + timedelta(days)), WORKING, CALENDAR)
    added = CALENDAR.working_days_between(begin, begin + timedelta(days))
    expected = covering(CALENDAR).add_working_days(due_day, added)
    assert moved >= expected
    assert covering(CALENDAR).is_working_day(moved)
