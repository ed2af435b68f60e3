"""Handlers for tests of the worker; their effects are rows of a table that `effects` makes."""

from __future__ import annotations

import os
import time
from uuid import UUID

from django.db import connection

from townhall.foundation import events, jobs
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope


def effect(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO test_effect (text, process) VALUES (%s, %s)", [text, os.getpid()]
        )


@jobs.handler("work.effect")
def work(*, n: int, sleep: float = 0.0) -> None:
    """One row, a little later an event (whose subscriber writes a row) and a further job."""
    effect(f"work {n}")
    time.sleep(sleep)
    events.record("work.done", subject=UUID(int=n), person_id=None, acting=SYSTEM)
    jobs.enqueue("work.further", args={"n": n})


@jobs.handler("work.further")
def further(*, n: int) -> None:
    effect(f"further {n}")


@events.subscriber("work.done", name="work.listen")
def listen(event: events.Event) -> None:
    effect(f"heard {event.subject.int}")


@jobs.handler("work.slow", max_attempts=3)
def slow(*, n: int, seconds: float) -> None:
    effect(f"slow {n}")
    time.sleep(seconds)


@jobs.handler("work.outside", atomic=False)
def outside(*, n: int, seconds: float = 0.0) -> None:
    with scope(SYSTEM):
        effect(f"outside {n}")
    time.sleep(seconds)


@jobs.handler("work.poison", max_attempts=3)
def poison(*, how: str = "raise") -> None:
    if how == "die":
        os._exit(1)
    if how == "exit":
        raise SystemExit(1)
    if how == "sql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")
    raise RuntimeError("poison")


@jobs.handler("work.hopeless")
def hopeless() -> None:
    raise jobs.GiveUp("the address is not known")
