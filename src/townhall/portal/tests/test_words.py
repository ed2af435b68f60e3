"""What operations return, in words: instants, deadlines, history, traces."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from townhall.cases.views import ClockStep, DueView, TimelineEntry
from townhall.foundation.text import override
from townhall.portal import tracing, words
from townhall.rules.engine import TEXT, Duration, Scope, parse


def _due(**given: Any) -> DueView:
    empty = {"on": None, "overdue": False, "paused_since": None, "days_left": None, "working": True}
    return DueView(**{**empty, **given})


def test_an_instant_is_said_as_people_say_it() -> None:
    now = timezone.now()
    assert words.when(now).startswith("today, ")
    assert words.when(now - timedelta(days=1)).startswith("yesterday, ")
    assert words.when(datetime(2024, 5, 3, 9, 5, tzinfo=UTC)) == "3 May 2024, 10:05"
    with override("cy"):
        assert words.when(now).startswith("heddiw, ")


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (_due(), ""),
        (_due(on=date(2026, 12, 4)), "You will have an answer by 4 December 2026."),
        (
            _due(on=date(2026, 12, 4), overdue=True),
            "It was due on 4 December 2026. We are late, and we know it.",
        ),
        (
            _due(paused_since=date(2026, 11, 21)),
            "The clock stands still since 21 November 2026, until you answer.",
        ),
    ],
)
def test_a_deadline_is_one_sentence(due: DueView, told: str) -> None:
    assert words.due(due) == told


def test_how_a_deadline_came_about_is_told_step_by_step() -> None:
    steps = [
        ClockStep("start", date(2026, 11, 26)),
        ClockStep("term", date(2026, 12, 10), days=10, note="10 working days"),
        ClockStep("paused", date(2026, 12, 13), days=3),
        ClockStep("moved", date(2026, 12, 14)),
        ClockStep("due", date(2026, 12, 14)),
    ]
    assert words.clock(steps) == [
        "The time starts on 26 November 2026.",
        "The term is 10 working days, until 10 December 2026.",
        "It stood still for 3 days while we waited for you; that makes 13 December 2026.",
        "That is not a working day, so it moves to 14 December 2026.",
        "So it is due on 14 December 2026.",
    ]


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (Duration(months=12), "1 year"),
        (Duration(months=15), "1 year 3 months"),
        (Duration(days=56), "8 weeks"),
        (Duration(days=10), "10 days"),
        (Duration(working_days=10), "10 working days"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_units(length: Duration, told: str) -> None:
    assert words.term(length) == told


def test_history_tells_each_state_once_and_what_comes_next() -> None:
    at = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    granted = {"en": "Granted"}
    entries = [
        TimelineEntry(at, "case.submitted", "You"),
        TimelineEntry(at, "case.decided", "Automatic", "granted", granted),
        TimelineEntry(at, "case.moved", "Automatic", "granted", granted),
    ]
    assert [row["title"] for row in words.timeline(entries)] == ["Received", "Decided: Granted"]
    waiting = words.timeline(entries[:1], waiting="Being checked", expected="by Friday")
    assert [row["title"] for row in waiting] == ["Received", "Being checked", "Decision"]
    assert waiting[1]["now"] and waiting[2]["next"]


def test_a_trace_is_nested_and_names_nobody() -> None:
    scope = Scope({"keeper": TEXT, "me": TEXT})
    person = "ab93aa16-529c-5d0c-89d5-89b81262b593"
    outcome = parse("keeper == me", scope).evaluate({"keeper": person, "me": person}, trace=True)
    told = tracing.trace(outcome.step)
    assert told is not None
    assert "yes" in told["words"]
    assert len(told["children"]) == 2
    assert person not in repr(told)
    assert tracing.trace(None) is None
