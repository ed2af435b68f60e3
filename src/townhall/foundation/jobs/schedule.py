"""Periodic work: one row for each kind, promised as an ordinary job when its time has come."""

from __future__ import annotations

from django.db import connection, transaction

from townhall.foundation.jobs import queue, registry

# Any number that no other advisory lock of the house uses.
_LOCK = 7_201_001


def promise_due() -> list[str]:
    """Promise the periodic work that is due; return its names.

    One worker at a time does this. What was missed is done once, and the next
    time keeps the rhythm: a daily job that was due at 3:00 and ran at 9:30 is
    due at 3:00 again.
    """
    known = registry.all_periodic()
    if not known:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            """
            WITH known AS (SELECT * FROM unnest(%s::text[], %s::interval[]) AS known(name, every)),
            added AS (
                INSERT INTO foundation_periodic AS row (name, every, next_at, last_at)
                SELECT name, every, now() + every, now() FROM known
                WHERE name NOT IN (SELECT name FROM foundation_periodic)
                RETURNING row.name
            ), moved AS (
                UPDATE foundation_periodic AS row SET every = known.every, last_at = now(),
                    next_at = row.next_at + known.every * (1 + floor(
                        extract(epoch FROM now() - row.next_at) / extract(epoch FROM known.every)))
                FROM known WHERE known.name = row.name AND row.next_at <= now()
                RETURNING row.name
            )
            SELECT name FROM added UNION ALL SELECT name FROM moved
            """,
            [[each.name for each in known], [each.every for each in known]],
        )
        due = [name for (name,) in cursor.fetchall()]
        # The key keeps a slow run from being promised a second time while it waits.
        queue.enqueue_many(queue.NewJob(name, key="periodic") for name in due)
    return due
