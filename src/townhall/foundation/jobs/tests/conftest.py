"""A table of effects, and workers as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from townhall.foundation.jobs.tests import handlers  # noqa: F401 - registers its handlers

PROGRAM = """
import django
django.setup()
from townhall.foundation.jobs.tests import handlers
from townhall.foundation.jobs import worker
worker.POLL_SECONDS = {poll}
print("ready", flush=True)
worker.run(threads={threads})
"""


@pytest.fixture
def effects(committed_db, owner: psycopg.Connection) -> Iterator[Callable[[], list[str]]]:
    """The texts that handlers wrote, oldest first."""
    owner.execute(
        "CREATE TABLE test_effect (id bigint GENERATED ALWAYS AS IDENTITY, text text, process int)"
    )
    yield lambda: [
        text for (text,) in owner.execute("SELECT text FROM test_effect ORDER BY id").fetchall()
    ]
    from django.db import connections

    connections.close_all()
    owner.execute("DROP TABLE test_effect")


@pytest.fixture
def start_worker(committed_db) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a worker process; those that still run afterwards are killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*, threads: int = 2, ready: bool = True, poll: float = 1.0) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(threads=threads, poll=poll)],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "townhall.django_settings"},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        if ready:
            assert process.stdout is not None
            while "ready" not in (line := process.stdout.readline()):
                assert line, f"the worker ended with {process.wait()}"
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait for a state of the world; fail with what was waited for after a long while."""

    def wait(what: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            time.sleep(0.02)

    return wait
