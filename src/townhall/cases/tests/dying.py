"""A process that submits applications until it is killed; run by `test_kills`.

    python -m townhall.cases.tests.dying statements
    python -m townhall.cases.tests.dying moments <rounds> <seed>

It imports everything once and forks for each life. `statements`: one submission a
life, killed before its 1st, 2nd, 3rd … statement. `moments`: submissions and the
worker's jobs, killed at a random moment. What was confirmed to the resident before
death is printed as one JSON line a life.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from townhall.cases import operations as cases  # noqa: E402
from townhall.cases.tests.people import fill, resident  # noqa: E402
from townhall.foundation.jobs import run_due  # noqa: E402

MOST_STATEMENTS = 60


def life(work: Callable[[int], None], seconds: float | None) -> str:
    """Fork, work, die; return what the child wrote before."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return text


def at_statement(number: int) -> str:
    """Submit, and die before the statement with this number."""
    me = resident()
    draft = fill(me)
    seen = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def work(out: int) -> None:
        with connection.execute_wrapper(count):
            case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
        os.write(out, f"{case.id}\n".encode())

    return life(work, None)


def until_killed(out: int) -> None:
    """Submit one application after the other, and do the worker's jobs between."""
    while True:
        me = resident()
        draft = fill(me)
        case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
        os.write(out, f"{case.id}\n".encode())
        run_due(limit=4, strict=False)


def main() -> None:
    if sys.argv[1] == "statements":
        for number in range(1, MOST_STATEMENTS):
            confirmed = at_statement(number).split()
            print(json.dumps(confirmed), flush=True)  # noqa: T201
            if confirmed:
                break
        return
    rounds, seed = int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    for _ in range(rounds):
        lines = life(until_killed, chance.uniform(0.05, 0.9))
        # A line without its end was not yet with the resident.
        confirmed = [line for line in lines.split("\n")[:-1] if line]
        print(json.dumps(confirmed), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
