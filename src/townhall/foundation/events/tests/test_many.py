"""Several events in one statement."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.foundation import events
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope


@pytest.mark.django_db
def test_events_recorded_together_keep_their_order_and_take_one_statement() -> None:
    subject, person = uuid4(), uuid4()
    told = [
        events.NewEvent(kind, subject, person, SYSTEM, payload={"number": number})
        for number, kind in enumerate(("thing.begun", "thing.grown", "thing.ended"))
    ]
    with scope(SYSTEM), CaptureQueriesContext(connection) as queries:
        identifiers = events.record_many(told)
    assert len([q for q in queries if "foundation_event" in q["sql"]]) == 1
    with scope(SYSTEM):
        history = events.history(subject=subject, person_id=person)
    assert [event.id for event in history] == identifiers
    assert [(event.kind, event.payload["number"]) for event in history] == [
        ("thing.begun", 0), ("thing.grown", 1), ("thing.ended", 2),
    ]  # fmt: skip


@pytest.mark.django_db
def test_none_is_nothing_and_a_large_one_keeps_all_out() -> None:
    subject = uuid4()
    large = events.NewEvent("thing.grown", subject, None, SYSTEM, payload={"text": "x" * 9_000})
    small = events.NewEvent("thing.begun", subject, None, SYSTEM)
    with scope(SYSTEM):
        assert events.record_many([]) == []
        with pytest.raises(events.PayloadTooLarge):
            events.record_many([small, large])
        assert events.history(subject=subject, person_id=None) == []
