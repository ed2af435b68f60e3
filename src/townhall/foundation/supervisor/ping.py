"""One job that does nothing, to see that a worker takes work, does it and finishes it."""

from __future__ import annotations

import time
from uuid import uuid4

from townhall.foundation.jobs import enqueue, handler

PATIENCE_S = 20.0


class NoAnswer(Exception):
    """No worker did the job in time, or it was given up."""


@handler("foundation.ping")
def ping(*, mark: str) -> None:
    """Do nothing, successfully."""


def round_trip() -> float:
    """Promise a job, wait until a worker has done it and return the seconds that took.

    Raises
    ------
    NoAnswer
    """
    from django.db import connection

    begin = time.monotonic()
    mark = str(uuid4())
    enqueue("foundation.ping", key=mark, args={"mark": mark}, priority=0)
    while time.monotonic() - begin < PATIENCE_S:
        with connection.cursor() as cursor:
            # A finished job has no row.
            cursor.execute(
                "SELECT state, last_error FROM foundation_job "
                "WHERE name = 'foundation.ping' AND key = %s",
                [mark],
            )
            row = cursor.fetchone()
        if row is None:
            return time.monotonic() - begin
        if row[0] == "dead":
            raise NoAnswer(f"The job was given up: {row[1]}")
        time.sleep(0.01)
    raise NoAnswer(f"No worker did the job within {PATIENCE_S:.0f} seconds.")
