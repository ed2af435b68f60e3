"""Promising work: one INSERT on the caller's connection, and a bell after the commit.

The row belongs to the caller's transaction: roll back, and the job was never
promised. The bell (NOTIFY) must not ring inside that transaction: PostgreSQL
holds one lock of the whole instance while it commits a notifying transaction,
and group commit is lost (2 to 8 times fewer transactions when measured).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.jobs import registry

CHANNEL = "townhall_jobs"
DEFAULT_ATTEMPTS = 8

# One process rings at most so often. A worker that has just worked looks again
# after about twice `LOOK_AGAIN_SECONDS`, and ever more rarely: a promise that
# rings no bell waits a quarter of a second at most.
QUIET_SECONDS = 0.25
LOOK_AGAIN_SECONDS = 0.03

# Most promises: now, and without a key.
_PLAIN_ROW = "(%s, %s, %s, %s, %s, %s)"
_PLAIN_INTO = "INSERT INTO foundation_job (id, name, queue, priority, max_attempts, args) VALUES "

# The clock, not the transaction's start: what is promised first in a transaction comes first.
_ROW = (
    "(%s, %s, %s, %s, coalesce(%s::timestamptz, clock_timestamp()) + %s::interval,"
    " CASE WHEN coalesce(%s::timestamptz, now()) + %s::interval <= now()"
    " THEN 'ready' ELSE 'waiting' END, %s, %s, %s)"
)
_INTO = (
    "INSERT INTO foundation_job"
    " (id, name, queue, priority, run_at, state, max_attempts, key, args) VALUES "
)
# The row stays locked until the caller's commit, so no worker can run the job on
# what was there before the caller's change.
_ON_KEY = (
    " ON CONFLICT (name, key) WHERE key IS NOT NULL AND NOT state = 'dead' DO UPDATE SET"
    " args = EXCLUDED.args,"
    " priority = least(foundation_job.priority, EXCLUDED.priority),"
    " again = foundation_job.state = 'leased',"
    " run_at = CASE WHEN foundation_job.state = 'leased' THEN EXCLUDED.run_at"
    " ELSE least(foundation_job.run_at, EXCLUDED.run_at) END,"
    " state = CASE WHEN foundation_job.state = 'waiting' AND EXCLUDED.state = 'ready'"
    " AND foundation_job.failures = 0 THEN 'ready' ELSE foundation_job.state END"
)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be promised; the fields are the parameters of `enqueue`."""

    name: str
    args: Mapping[str, Any] | None = None
    key: str | None = None
    queue: str | None = None
    priority: int = 100
    run_at: datetime | timedelta | None = None


def enqueue(
    name: str,
    *,
    args: Mapping[str, Any] | None = None,
    key: str | None = None,
    queue: str | None = None,
    priority: int = 100,
    run_at: datetime | timedelta | None = None,
) -> UUID:
    """Promise that the job `name` is run, if and only if the current transaction commits.

    Parameters
    ----------
    name : name of a registered handler.
    args : its keyword arguments, as JSON. Identifiers only, never personal data.
    key : while a job with this name and key is open, asking again does not add a
        second one; if it is running, it runs once more afterwards. The latest
        `args` hold, the earliest time, the most urgent priority.
    queue : that of the handler unless given.
    priority : smaller is more urgent, within one queue.
    run_at : not before this instant (aware), or not before this long from now by
        the database's clock.

    Returns
    -------
    The new job's id (not that of an open job that had the key already).

    Raises
    ------
    UnknownJob
        if no handler has the name and no queue is given.
    """
    (identifier,) = enqueue_many([NewJob(name, args, key, queue, priority, run_at)])
    return identifier


def enqueue_many(jobs: Iterable[NewJob]) -> list[UUID]:
    """Promise many jobs with one INSERT; see `enqueue`."""
    sql, parameters, identifiers = insertion(list(jobs))
    if not identifiers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    ring_after_commit()
    return identifiers


def insertion(jobs: Sequence[NewJob]) -> tuple[str, list[Any], list[UUID]]:
    """Return the INSERT for `jobs` with its parameters, for a statement that does more.

    The caller executes it and then calls `ring_after_commit`.
    """
    unique: dict[Any, NewJob] = {
        (job.name, job.key) if job.key is not None else index: job for index, job in enumerate(jobs)
    }
    # Sorted: within one millisecond UUIDv7 come in any order.
    identifiers = sorted(uuid7() for _ in unique)
    plain = all(job.key is None and job.run_at is None for job in unique.values())
    parameters: list[Any] = []
    for identifier, job in zip(identifiers, unique.values(), strict=True):
        parameters += _parameters(identifier, job, plain=plain)
    if plain:
        return _PLAIN_INTO + ", ".join([_PLAIN_ROW] * len(unique)), parameters, identifiers
    sql = _INTO + ", ".join([_ROW] * len(unique))
    if any(job.key is not None for job in unique.values()):
        sql += _ON_KEY
    return sql, parameters, identifiers


def _parameters(identifier: UUID, job: NewJob, *, plain: bool) -> list[Any]:
    known = registry.find(job.name) if job.queue is None else registry.known(job.name)
    queue = job.queue or (known.queue if known else "default")
    attempts = known.max_attempts if known else DEFAULT_ATTEMPTS
    args = Jsonb(dict(job.args or {}))
    if plain:
        return [identifier, job.name, queue, job.priority, attempts, args]
    at, delay = None, timedelta(0)
    if isinstance(job.run_at, timedelta):
        delay = job.run_at
    elif job.run_at is not None:
        if job.run_at.tzinfo is None:
            raise ValueError(f"run_at of the job {job.name!r} has no time zone.")
        at = job.run_at
    return [
        identifier,
        job.name,
        queue,
        job.priority,
        at,
        delay,
        at,
        delay,
        attempts,
        job.key,
        args,
    ]


class _Bell:
    """Rings at most once in `QUIET_SECONDS`; the worker's own second look catches the rest."""

    def __init__(self) -> None:
        self._last = -QUIET_SECONDS

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last < QUIET_SECONDS:
            return
        self._last = now
        # A lost bell costs one polling interval, so it need not wait for the disk.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, '')",
                [CHANNEL],
            )


_bell = _Bell()


def ring_after_commit() -> None:
    """Wake the workers once the current transaction has committed; once a transaction."""
    if any(callback is _bell for _, callback, _ in connection.run_on_commit):
        return
    # `robust`: the change is committed; a bell that fails must not make it look otherwise.
    transaction.on_commit(_bell, robust=True)
