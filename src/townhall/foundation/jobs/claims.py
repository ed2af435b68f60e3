"""The life of a job's row: claimed under a lease, finished, failed, handed back, made due again.

Every instant here is the database's: a worker whose clock is wrong does no harm.
Every change names the number of attempts that the worker claimed, so a worker
that lost its lease changes nothing.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

BATCH = 50
LEASE = timedelta(seconds=60)

# Back-off 10 s, 30 s, 90 s, ... at most an hour, a quarter more or less:
# eight attempts span about two hours.
_BACKOFF = (
    "make_interval(secs => least(3600, 10 * power(3, least(failures, 10))) * (0.75 + random() / 2))"
)
_ERROR_LENGTH = 2_000
_FINISH = (
    "DELETE FROM foundation_job WHERE id = %s AND attempts = %s AND state = 'leased' AND NOT again"
)
_FINISH_WITH_EFFECT = _FINISH + " RETURNING set_config('synchronous_commit', 'off', true)"
_OURS = "WHERE state = 'leased' AND (id, attempts) IN (SELECT * FROM unnest(%s::uuid[], %s::int[]))"


class LeaseLost(Exception):
    """Somebody else has the job now; what this run changed must be rolled back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker may run until the lease ends."""

    id: UUID
    name: str
    args: dict[str, Any]
    attempts: int
    failures: int


def claim(
    queue: str, limit: int = BATCH, *, alone: bool = False, lease: timedelta = LEASE
) -> list[Claim]:
    """Take up to `limit` due jobs of one queue, most urgent first.

    Parameters
    ----------
    alone : take those whose worker died while they were leased, instead of the others.
    lease : from now, after which the jobs become free again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT id FROM foundation_job
                WHERE state = 'ready' AND queue = %s AND alone = %s
                ORDER BY priority, run_at, id LIMIT %s
                FOR UPDATE SKIP LOCKED
            )
            UPDATE foundation_job AS job
            SET state = 'leased', attempts = attempts + 1, lease_until = now() + %s
            FROM due WHERE job.id = due.id
            RETURNING job.priority, job.run_at, job.id, job.name, job.args, job.attempts,
                job.failures
            """,
            [queue, alone, limit, lease],
        )
        rows = sorted(cursor.fetchall(), key=lambda row: row[:3])
    return [Claim(row[2], row[3], _decoded(row[4]), row[5], row[6]) for row in rows]


def finish(claimed: Claim, *, with_effect: bool = False) -> None:
    """Take the finished job away (or make it due again if it was asked for meanwhile).

    Parameters
    ----------
    with_effect : this is the last statement of the transaction that holds the
        job's whole effect. Its commit then does not wait for the disk, which is
        safe: after a crash either effect and finish are both there or the job
        is, and whatever anybody commits later on the strength of it reaches the
        disk after it.

    Raises
    ------
    LeaseLost
        if the job belongs to another worker by now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FINISH_WITH_EFFECT if with_effect else _FINISH, [claimed.id, claimed.attempts]
        )
        if cursor.rowcount == 1:
            return
    if finish_all([claimed]):
        raise LeaseLost(f"The job {claimed.name} {claimed.id} was taken over by another worker.")


def finish_all(claims: Sequence[Claim]) -> list[Claim]:
    """Take all finished jobs away with one DELETE; return those that were lost meanwhile."""
    if not claims:
        return []
    with connection.cursor() as cursor:
        done = _settle(cursor, claims, "DELETE FROM foundation_job", "AND NOT again")
        left = [each for each in claims if each.id not in done]
        if not left:
            return []
        again = (
            "UPDATE foundation_job SET state = 'ready', again = false, failures = 0,"
            " alone = false, lease_until = NULL"
        )
        done = _settle(cursor, left, again, "AND again")
    return [each for each in left if each.id not in done]


def fail(claimed: Claim, error: BaseException, *, hopeless: bool = False) -> str | None:
    """Record a failure: try again after a pause, or give the job up to the operator.

    Parameters
    ----------
    hopeless : trying again cannot help.

    Returns
    -------
    The job's new state, or None if another worker has it by now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE foundation_job AS job SET
                failures = failures + 1, last_error = %s, again = false, lease_until = NULL,
                alone = false, state = CASE WHEN given_up THEN 'dead' ELSE 'waiting' END,
                run_at = CASE WHEN given_up THEN now() ELSE now() + {_BACKOFF} END
            FROM (SELECT id, NOT again AND (%s OR failures + 1 >= max_attempts) AS given_up
                FROM foundation_job WHERE id = %s FOR UPDATE) AS verdict
            WHERE job.id = verdict.id AND attempts = %s AND state = 'leased'
            RETURNING state
            """,  # noqa: S608 - the only text put in is the constant above
            [described(error), hopeless, claimed.id, claimed.attempts],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def hand_back(claims: Sequence[Claim]) -> None:
    """Make claimed jobs that were not started due again at once."""
    if claims:
        with connection.cursor() as cursor:
            _settle(
                cursor,
                claims,
                "UPDATE foundation_job SET state = 'ready', again = false, lease_until = NULL",
            )


def renew(claims: Sequence[Claim], lease: timedelta = LEASE) -> None:
    """Let the lease of running jobs start anew."""
    if claims:
        with connection.cursor() as cursor:
            _settle(
                cursor, claims, "UPDATE foundation_job SET lease_until = now() + %s", first=[lease]
            )


def tidy(limit: int = 1_000) -> bool:
    """Make due what has waited long enough, and free what a dead worker held.

    A job whose worker died counts as failed once: one that kills its worker
    every time ends with the operator like any other.

    Returns
    -------
    Whether there was anything to do.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT id FROM foundation_job WHERE state = 'waiting' AND run_at <= now()
                ORDER BY run_at LIMIT %s FOR UPDATE SKIP LOCKED
            ), moved AS (
                UPDATE foundation_job AS job SET state = 'ready' FROM due WHERE job.id = due.id
                RETURNING job.id
            ), expired AS (
                SELECT id FROM foundation_job WHERE state = 'leased' AND lease_until < now()
                LIMIT %s FOR UPDATE SKIP LOCKED
            ), freed AS (
                UPDATE foundation_job AS job SET
                    state = CASE WHEN NOT again AND failures + 1 >= max_attempts
                        THEN 'dead' ELSE 'ready' END,
                    failures = failures + 1, alone = true, again = false, lease_until = NULL,
                    last_error = 'The worker stopped, or took too long, while it had this job.'
                FROM expired WHERE job.id = expired.id RETURNING job.id
            )
            SELECT count(*) FROM (SELECT id FROM moved UNION ALL SELECT id FROM freed) AS changed
            """,
            [limit, limit],
        )
        changed: int = cursor.fetchone()[0]
    return changed > 0


def described(error: BaseException) -> str:
    """Return what an operator needs of an error, without the values that a database adds to it."""
    text = str(error).partition("\nDETAIL:")[0].partition("\nCONTEXT:")[0]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    text = f"{type(error).__name__}: {text}"[:_ERROR_LENGTH] + where
    # PostgreSQL stores neither; an error that quotes them must still be recorded.
    return text.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")


def _settle(
    cursor: Any,
    claims: Iterable[Claim],
    change: str,
    further: str = "",
    first: Sequence[Any] = (),
) -> set[UUID]:
    """Apply `change` to the jobs that are still ours; return their ids."""
    claims = list(claims)
    cursor.execute(
        " ".join((change, _OURS, further, "RETURNING id")),
        [*first, [each.id for each in claims], [each.attempts for each in claims]],
    )
    return {row[0] for row in cursor.fetchall()}


def _decoded(args: str) -> dict[str, Any]:
    # Django hands jsonb over as text, for the sake of its own JSONField.
    decoded: dict[str, Any] = json.loads(args)
    return decoded
