"""Recording an event, and reading back what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from townhall.foundation.acting import Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.events import subscribers
from townhall.foundation.jobs import queue

PAYLOAD_BYTES = 8_192

_COLUMNS = (
    "id, at, kind, subject, person_id, service_no, actor, on_behalf_of, mandate, assurance,"
    " channel, payload"
)
_INSERT = (
    "INSERT INTO foundation_event (id, kind, subject, person_id, service_no, actor, on_behalf_of,"
    " mandate, assurance, channel, payload) VALUES "
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


class OutsideTransaction(RuntimeError):
    """An event was to be recorded outside the transaction of the change it tells of."""


class PayloadTooLarge(ValueError):
    """A payload is for identifiers and small values; documents and answers lie elsewhere."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes
    ----------
    id : opaque, made by the process that recorded it.
    at : instant of the transaction by the database's clock, UTC.
    kind : "<thing>.<what happened to it>", in the past tense.
    subject : the thing.
    person_id : the person it is about, if any.
    service_no : catalogue number of the service, if it belongs to one.
    actor, on_behalf_of, mandate, assurance, channel : who did it, as in `Acting`.
    payload : identifiers and small values.
    """

    id: UUID
    at: datetime
    kind: str
    subject: UUID
    person_id: UUID | None
    service_no: int | None
    actor: str
    on_behalf_of: UUID | None
    mandate: UUID | None
    assurance: str
    channel: str = "web"
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be recorded; the fields are the parameters of `record`."""

    kind: str
    subject: UUID
    person_id: UUID | None
    acting: Acting
    service_no: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def record(
    kind: str,
    *,
    subject: UUID,
    person_id: UUID | None,
    acting: Acting,
    service_no: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> UUID:
    """Add an event to the current transaction, with one job for each subscriber.

    One statement. If the transaction is rolled back, neither the event nor the
    jobs were ever there.

    Parameters
    ----------
    kind, subject, person_id, service_no, payload : see `Event`.
    acting : who did it.

    Returns
    -------
    The event's id.

    Raises
    ------
    OutsideTransaction
        if no transaction is open.
    PayloadTooLarge
        if `payload` takes more than 8 KiB as JSON.
    """
    event = NewEvent(kind, subject, person_id, acting, service_no, payload or {})
    return record_many([event])[0]


def record_many(happened: Sequence[NewEvent]) -> list[UUID]:
    """Add several events to the current transaction in one statement; see `record`.

    Returns
    -------
    Their ids, in the same order.

    Raises
    ------
    OutsideTransaction, PayloadTooLarge
    """
    if not happened:
        return []
    parameters: list[Any] = []
    identifiers: list[UUID] = []
    jobs: list[queue.NewJob] = []
    for event in happened:
        if not connection.in_atomic_block:
            raise OutsideTransaction(
                f"The event {event.kind!r} must be recorded in the transaction of the change:"
                " use scope()."
            )
        identifier = uuid7()
        identifiers.append(identifier)
        parameters += _parameters(identifier, event)
        jobs += [
            queue.NewJob(name, args={"event": str(identifier)})
            for name in subscribers.names_for(event.kind)
        ]
    insert = _INSERT + ", ".join([_ROW] * len(happened))
    if jobs:
        insertion, more, _ = queue.insertion(jobs)
        insert = f"WITH event AS ({insert}) {insertion}"
        parameters += more
    with connection.cursor() as cursor:
        cursor.execute(insert, parameters)
    if jobs:
        queue.ring_after_commit()
    return identifiers


def _parameters(identifier: UUID, event: NewEvent) -> list[Any]:
    content = dict(event.payload)
    if len(json.dumps(content)) > PAYLOAD_BYTES:
        raise PayloadTooLarge(
            f"The payload of {event.kind!r} is larger than {PAYLOAD_BYTES} bytes."
        )
    return [
        identifier,
        event.kind,
        event.subject,
        event.person_id,
        event.service_no,
        event.acting.actor,
        event.acting.on_behalf_of,
        event.acting.mandate,
        event.acting.assurance,
        event.acting.channel,
        Jsonb(content),
    ]


def find(identifier: UUID) -> Event | None:
    """Return the event, or None if there is none that the open scope may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM foundation_event WHERE id = %s",  # noqa: S608
            [identifier],
        )
        row = cursor.fetchone()
    return _event(row) if row else None


def history(*, subject: UUID, person_id: UUID | None, limit: int = 200) -> list[Event]:
    """Return what happened to `subject`, oldest first: the newest `limit` events.

    Parameters
    ----------
    subject : the thing.
    person_id : whose thing it is; None for things that are nobody's.
    limit : at most so many.
    """
    whose = "person_id IS NULL" if person_id is None else "person_id = %s"
    parameters: list[Any] = [] if person_id is None else [person_id]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM foundation_event"  # noqa: S608
            f" WHERE {whose} AND subject = %s ORDER BY position DESC LIMIT %s",
            [*parameters, subject, limit],
        )
        rows = cursor.fetchall()
    return [_event(row) for row in reversed(rows)]


def _event(row: tuple[Any, ...]) -> Event:
    *columns, payload = row
    return Event(*columns, payload=json.loads(payload))
