"""What an operator does with jobs: see how the queues stand, and decide on jobs that were given up.

Whether somebody may do this is for the page to decide: the foundation knows no roles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import queue


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up.

    Attributes
    ----------
    id, name, queue, args : which one.
    failures : how often it failed in a row.
    last_error : type, message and place of the last failure.
    promised_at, given_up_at : when (UTC).
    """

    id: UUID
    name: str
    queue: str
    args: dict[str, Any]
    failures: int
    last_error: str
    promised_at: datetime
    given_up_at: datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """How one queue stands: jobs by state, and the age in seconds of the oldest that is due."""

    queue: str
    ready: int
    waiting: int
    leased: int
    dead: int
    oldest_seconds: float


def dead(*, after: UUID | None = None, limit: int = 50) -> list[DeadJob]:
    """Return jobs that were given up, in the order of their promise, after the one named."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, name, queue, args, failures, last_error, created_at, run_at
            FROM foundation_job
            WHERE state = 'dead' AND (%s::uuid IS NULL OR id > %s)
            ORDER BY id LIMIT %s
            """,
            [after, after, limit],
        )
        rows = cursor.fetchall()
    return [DeadJob(*row[:3], json.loads(row[3]), *row[4:]) for row in rows]


def retry(*, ids: Iterable[UUID], acting: Acting) -> int:
    """Have jobs that were given up tried again; return how many there were.

    One whose key was asked for anew meanwhile is dropped: the newer one does its work.
    """
    identifiers = list(ids)
    with scope(acting):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM foundation_job AS gone USING foundation_job AS newer
                WHERE gone.id = ANY(%s) AND gone.state = 'dead'
                    AND newer.name = gone.name AND newer.key = gone.key AND (
                        newer.state <> 'dead' OR (newer.id = ANY(%s) AND newer.id > gone.id))
                RETURNING gone.id, gone.name
                """,
                [identifiers, identifiers],
            )
            superseded = cursor.fetchall()
            cursor.execute(
                """
                UPDATE foundation_job SET state = 'ready', failures = 0, run_at = now()
                WHERE id = ANY(%s) AND state = 'dead' RETURNING id, name
                """,
                [identifiers],
            )
            revived = cursor.fetchall()
        for kind, rows in (("job.superseded", superseded), ("job.retried", revived)):
            for identifier, name in rows:
                events.record(
                    kind, subject=identifier, person_id=None, acting=acting, payload={"job": name}
                )
        if revived:
            queue.ring_after_commit()
    return len(superseded) + len(revived)


def drop(*, ids: Iterable[UUID], reason: str, acting: Acting) -> int:
    """Remove jobs that were given up, for a reason that is remembered; return how many.

    Raises
    ------
    ValueError
        without a reason.
    """
    if not reason.strip():
        raise ValueError("Say why the job need not be done.")
    with scope(acting):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM foundation_job WHERE id = ANY(%s) AND state = 'dead'"
                " RETURNING id, name, args",
                [list(ids)],
            )
            dropped = cursor.fetchall()
        for identifier, name, args in dropped:
            events.record(
                "job.dropped",
                subject=identifier,
                person_id=None,
                acting=acting,
                payload={"job": name, "args": json.loads(args), "reason": reason.strip()[:1_000]},
            )
    return len(dropped)


def queues() -> list[QueueState]:
    """Return how each queue stands, for `/metrics`, `/readyz` and the operator's page."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT queue,
                count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state = 'waiting'),
                count(*) FILTER (WHERE state = 'leased'), count(*) FILTER (WHERE state = 'dead'),
                coalesce(extract(epoch FROM
                    now() - min(run_at) FILTER (WHERE state = 'ready'))::float, 0)
            FROM foundation_job GROUP BY queue ORDER BY queue
            """
        )
        return [QueueState(*row) for row in cursor.fetchall()]


def oldest_due_seconds() -> float:
    """Return the age of the oldest job that is due and not being run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM now() - min(run_at))::float, 0)"
            " FROM foundation_job WHERE state = 'ready'"
        )
        age: float = cursor.fetchone()[0]
    return age
