"""The worker as a process: killed, stopped, starved, cut off from its database."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest

from townhall.foundation import jobs
from townhall.foundation.jobs import NewJob

ROUNDS = int(os.environ.get("TOWNHALL_KILL_ROUNDS", "10"))
Start = Callable[..., subprocess.Popen[str]]


# The workers also do the periodic work of all rooms; here only our own jobs count.
OURS = "FROM foundation_job WHERE name LIKE 'work.%'"


def left(owner: psycopg.Connection) -> int:
    return owner.execute(f"SELECT count(*) {OURS} AND state <> 'dead'").fetchone()[0]


def release(owner: psycopg.Connection) -> None:
    """Let time pass: the leases of the dead end."""
    owner.execute(
        "UPDATE foundation_job SET lease_until = now() - interval '1 s' WHERE state = 'leased'"
    )


@pytest.mark.slow
def test_killed_at_any_moment_everything_is_done_once(
    effects, owner, start_worker: Start, until
) -> None:
    dice = random.Random()
    promised = 0
    for _ in range(ROUNDS):
        more = 60
        jobs.enqueue_many(
            NewJob("work.effect", {"n": n, "sleep": dice.choice([0, 0.001, 0.004])})
            for n in range(promised, promised + more)
        )
        promised += more
        worker = start_worker()
        time.sleep(dice.uniform(0, 0.5))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        release(owner)
    start_worker()
    until(lambda: left(owner) == 0)
    expected = Counter(
        f"{what} {n}" for n in range(promised) for what in ("work", "heard", "further")
    )
    assert Counter(effects()) == expected
    assert owner.execute(
        "SELECT count(*) FROM foundation_event WHERE kind = 'work.done'"
    ).fetchone() == (promised,)
    assert owner.execute(f"SELECT count(*) {OURS}").fetchone() == (0,), "none given up"


@pytest.mark.slow
def test_several_workers_share_the_jobs(effects, owner, start_worker: Start, until) -> None:
    for _ in range(2):
        start_worker(threads=3)
    for begin in range(0, 900, 100):
        jobs.enqueue_many(
            NewJob("work.effect", {"n": n, "sleep": 0.001}) for n in range(begin, begin + 100)
        )
    until(lambda: left(owner) == 0)
    assert Counter(effects()) == Counter(
        f"{what} {n}" for n in range(900) for what in ("work", "heard", "further")
    )
    (workers,) = owner.execute("SELECT count(DISTINCT process) FROM test_effect").fetchone()
    assert workers == 2


def test_the_bell_wakes_a_resting_worker(effects, owner, start_worker: Start, until) -> None:
    # It would look again by itself only after this test is over.
    start_worker(poll=600.0)
    until(lambda: listening(owner))
    jobs.enqueue("work.further", args={"n": 1})
    until(lambda: effects() == ["further 1"])
    time.sleep(0.3)  # the second bell may not fall into the quiet after the first
    jobs.enqueue("work.further", args={"n": 2})
    until(lambda: effects() == ["further 1", "further 2"])


def listening(owner: psycopg.Connection) -> bool:
    return owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN townhall_jobs'"
    ).fetchone() == (1,)


def test_without_a_bell_it_looks_by_itself(effects, owner, start_worker: Start, until) -> None:
    start_worker()
    until(lambda: listening(owner))
    # A row that another program inserted, and one whose time comes.
    owner.execute(
        "INSERT INTO foundation_job (id, name, args, state, run_at) VALUES"
        """ (gen_random_uuid(), 'work.further', '{"n": 1}', 'ready', now()),"""
        """ (gen_random_uuid(), 'work.further', '{"n": 2}', 'waiting', now() + interval '2 s')"""
    )
    until(lambda: sorted(effects()) == ["further 1", "further 2"])


def test_told_to_stop_it_finishes_what_runs_and_hands_back_the_rest(
    effects, owner, start_worker: Start, until
) -> None:
    jobs.enqueue("work.slow", args={"n": 0, "seconds": 0.8}, priority=1)
    jobs.enqueue_many(NewJob("work.slow", {"n": n, "seconds": 0.8}) for n in range(1, 10))
    worker = start_worker(threads=1)
    leased = f"SELECT count(*) {OURS} AND state = 'leased'"
    until(lambda: owner.execute(leased).fetchone() == (10,))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert effects() == ["slow 0"]
    rows = owner.execute(f"SELECT DISTINCT state, failures {OURS}").fetchall()
    assert rows == [("ready", 0)]


@pytest.mark.slow
def test_poison_does_not_keep_others_from_running(
    effects, owner, start_worker: Start, until
) -> None:
    jobs.enqueue("work.poison", args={"how": "die"}, priority=1)
    jobs.enqueue_many(NewJob("work.poison", {"how": how}) for how in ("raise", "exit", "sql"))
    jobs.enqueue_many(NewJob("work.further", {"n": n}) for n in range(100))

    def done_despite_deaths() -> bool:
        if worker[0].poll() is not None:
            release(owner)
            worker[0] = start_worker()
        return len(effects()) == 100

    worker = [start_worker(ready=False)]
    until(done_despite_deaths)
    assert Counter(effects()) == Counter(f"further {n}" for n in range(100))


def test_a_long_job_does_not_hold_up_those_behind_it(
    effects, owner, start_worker: Start, until
) -> None:
    jobs.enqueue("work.outside", args={"n": 0, "seconds": 90.0}, priority=1)
    jobs.enqueue_many(NewJob("work.further", {"n": n}) for n in range(20))
    start_worker(threads=1)
    start_worker(threads=1)
    # Sooner than the lease of what was not begun would end.
    until(lambda: len(effects()) == 21, 40)
    assert owner.execute(f"SELECT name, state {OURS}").fetchall() == [("work.outside", "leased")]


def test_a_long_job_keeps_its_lease(effects, owner, committed_db, until, monkeypatch) -> None:
    import threading

    from django.db import connections

    from townhall.foundation.jobs import worker as module

    monkeypatch.setattr(module, "RENEW_EVERY", 0.5)
    jobs.enqueue("work.outside", args={"n": 1, "seconds": 4.0})
    stop = threading.Event()
    worker = module.Worker(threads=1, stop=stop)

    def work() -> None:
        worker.run()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: "outside 1" in effects())
        owner.execute(
            "UPDATE foundation_job SET lease_until = now() + interval '2 seconds'"
            " WHERE name = 'work.outside'"
        )
        until(lambda: left(owner) == 0, 20)
    finally:
        stop.set()
        thread.join(20)
    assert effects().count("outside 1") == 1, "nobody else took it"


def test_cut_off_from_the_database_it_comes_back(
    effects, owner, start_worker: Start, until
) -> None:
    worker = start_worker()
    jobs.enqueue_many(NewJob("work.effect", {"n": n, "sleep": 0.002}) for n in range(300))
    more = range(300, 400)
    for _ in range(5):
        time.sleep(0.15)
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'townhall_app' AND backend_type = 'client backend'"
        )
    time.sleep(1.0)
    sql, parameters, _ = jobs.queue.insertion([NewJob("work.effect", {"n": n}) for n in more])
    owner.execute(sql, parameters)

    def drained() -> bool:
        owner.execute("UPDATE foundation_job SET run_at = now() WHERE state = 'waiting'")
        return left(owner) == 0

    until(drained)
    assert worker.poll() is None, "the same process went on"
    assert Counter(effects()) == Counter(
        f"{what} {n}" for n in range(400) for what in ("work", "heard", "further")
    )
