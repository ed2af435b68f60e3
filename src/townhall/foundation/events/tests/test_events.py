"""Events: with the change or not at all, once in effect, for ever."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from townhall.foundation import events, jobs
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.events import memory

heard: list[events.Event] = []


@events.subscriber("test.opened", "test.closed", name="test.listen")
def listen(event: events.Event) -> None:
    heard.append(event)


@events.subscriber("test.opened", name="test.listen_too")
def listen_too(event: events.Event) -> None:
    heard.append(event)


@pytest.fixture(autouse=True)
def _forget() -> None:
    heard.clear()


def person(identifier: UUID) -> Acting:
    return Acting(actor=f"person:{identifier}", person_id=identifier, assurance="substantial")


@pytest.mark.django_db
def test_each_subscriber_hears_of_an_event_once() -> None:
    who, subject = uuid4(), uuid4()
    with scope(person(who)) as acting:
        identifier = events.record(
            "test.opened",
            subject=subject,
            person_id=who,
            acting=acting,
            service_no=7,
            payload={"n": 1},
        )
    jobs.run_due()
    jobs.run_due()
    assert [event.id for event in heard] == [identifier, identifier]
    assert heard[0].person_id == who
    assert heard[0].actor == f"person:{who}"
    assert heard[0].assurance == "substantial"
    assert heard[0].payload == {"n": 1}
    assert heard[0].at.tzinfo is not None


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_was_never_told() -> None:
    with pytest.raises(RuntimeError), scope(SYSTEM):
        events.record("test.opened", subject=uuid4(), person_id=None, acting=SYSTEM)
        raise RuntimeError
    assert jobs.run_due() == 0
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_event")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_history_is_in_the_order_of_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    # Within one millisecond UUIDv7 come in any order; here in the worst.
    falling = (UUID(int=n) for n in range(1_000, 0, -1))
    monkeypatch.setattr(memory, "uuid7", lambda: next(falling))
    who, subject = uuid4(), uuid4()
    with scope(person(who)) as acting:
        for n in range(30):
            events.record(
                "test.step", subject=subject, person_id=who, acting=acting, payload={"n": n}
            )
        told = events.history(subject=subject, person_id=who)
        newest = events.history(subject=subject, person_id=who, limit=3)
    assert [event.payload["n"] for event in told] == list(range(30))
    assert [event.payload["n"] for event in newest] == [27, 28, 29]


@pytest.mark.django_db
def test_who_may_read_an_event() -> None:
    who, subject = uuid4(), uuid4()
    with scope(person(who)) as acting:
        events.record("test.step", subject=subject, person_id=who, acting=acting, service_no=7)
    readers = {
        "the person": (person(who), 1),
        "another person": (person(uuid4()), 0),
        "nobody": (ANONYMOUS, 0),
        "officer of the service": (Acting(actor="officer:x", services=(6, 7)), 1),
        "officer of another": (Acting(actor="officer:x", services=(6,)), 0),
        "the house": (SYSTEM, 1),
    }
    for reader, (acting, expected) in readers.items():
        with scope(acting):
            assert len(events.history(subject=subject, person_id=who)) == expected, reader


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE foundation_event SET kind = 'x'",
        "DELETE FROM foundation_event",
        "TRUNCATE foundation_event",
    ],
)
def test_the_application_cannot_change_what_happened(change: str) -> None:
    with scope(SYSTEM):
        events.record("test.step", subject=uuid4(), person_id=None, acting=SYSTEM)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        with scope(SYSTEM), connection.cursor() as cursor:
            cursor.execute(change)


def test_not_even_the_owner_changes_an_event_by_a_slip(
    committed_db: object, owner: psycopg.Connection
) -> None:
    with scope(SYSTEM):
        events.record("test.step", subject=uuid4(), person_id=None, acting=SYSTEM)
    for change in ("UPDATE foundation_event SET kind = 'x'", "DELETE FROM foundation_event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(change)


@pytest.mark.django_db
def test_what_does_not_belong_into_an_event_is_refused() -> None:
    with scope(SYSTEM), pytest.raises(events.PayloadTooLarge):
        events.record(
            "test.step",
            subject=uuid4(),
            person_id=None,
            acting=SYSTEM,
            payload={"text": "x" * 9_000},
        )


def test_an_event_without_the_change_it_tells_of_is_refused(committed_db: object) -> None:
    with pytest.raises(events.OutsideTransaction):
        events.record("test.step", subject=uuid4(), person_id=None, acting=SYSTEM)
