"""The database itself is stopped and killed under a working worker, with production durability."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.jobs import NewJob, queue
from townhall.foundation.jobs.tests.conftest import PROGRAM

JOBS = 400


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A durable server of its own, with the foundation's tables."""
    with temporary_folder("townhall-restart-") as folder, Cluster(folder / "pg") as cluster:
        cluster.ensure_database("townhall")
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "foundation", "--database=owner", "-v0"],
            env=environment(cluster),
            check=True,
        )
        with psycopg.connect(cluster.dsn("townhall"), autocommit=True) as owner:
            owner.execute(
                "CREATE TABLE test_effect"
                " (id bigint GENERATED ALWAYS AS IDENTITY, text text, process int)"
            )
        yield cluster


def environment(cluster: Cluster) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": cluster.dsn(),
        "TOWNHALL_OWNER_DATABASE_URL": cluster.dsn("townhall"),
        "DJANGO_SETTINGS_MODULE": "townhall.django_settings",
        # As in production: connections from the pool, which outlive a restart as corpses.
        "TOWNHALL_PROFILE": "demo",
    }


@pytest.mark.slow
def test_stopped_and_killed_under_load_everything_is_done_once(cluster: Cluster) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(threads=2, poll=1.0)],
        env=environment(cluster),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        while "ready" not in (line := worker.stdout.readline()):
            assert line, "the worker did not start"
        promised = 0
        for how in ("stop", "kill", "kill"):
            with psycopg.connect(cluster.dsn("townhall"), autocommit=True) as owner:
                before = done(owner)
                sql, parameters, _ = queue.insertion(
                    [
                        NewJob("work.effect", {"n": n, "sleep": 0.002}, queue="default")
                        for n in range(promised, promised + JOBS)
                    ]
                )
                owner.execute(sql, parameters)
                promised += JOBS
                # Break it in the midst of the work.
                wait_for(lambda own=owner, least=before + 50: done(own) > least)
            if how == "kill":
                assert cluster.pid is not None
                os.kill(cluster.pid, signal.SIGKILL)
            cluster.stop()
            time.sleep(0.3)
            cluster.start()
        with psycopg.connect(cluster.dsn("townhall"), autocommit=True) as owner:
            wait_for(lambda: nothing_left(owner))
            told = owner.execute("SELECT text FROM test_effect").fetchall()
        assert worker.poll() is None, "the worker came through all three"
    finally:
        worker.kill()
        worker.wait()
    assert Counter(text for (text,) in told) == Counter(
        f"{what} {n}" for n in range(promised) for what in ("work", "heard", "further")
    )


def done(owner: psycopg.Connection) -> int:
    return owner.execute("SELECT count(*) FROM test_effect").fetchone()[0]


def nothing_left(owner: psycopg.Connection) -> bool:
    """Let time pass: pauses and leases end."""
    owner.execute("UPDATE foundation_job SET run_at = now() WHERE state = 'waiting'")
    owner.execute(
        "UPDATE foundation_job SET lease_until = now() - interval '1 second'"
        " WHERE state = 'leased' AND lease_until < now() + interval '50 seconds'"
    )
    return owner.execute(
        "SELECT count(*) FROM foundation_job WHERE name LIKE 'work.%'"
    ).fetchone() == (0,)


def wait_for(what, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)
