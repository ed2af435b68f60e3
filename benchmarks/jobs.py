"""How fast one worker drains the queue, and what a promise costs the transaction that makes it.

Everything on an embedded PostgreSQL with production durability. The writers and
the worker are processes of their own, so that this one takes nothing from them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from townhall.foundation.database.cluster import Cluster, temporary_folder

JOBS = 4_000
DRAINS = 3
BATCH = 50
PROCESSES = 4
THREADS = 4
ROUNDS = 12
ROUND_SECONDS = 2.0
PATIENCE_S = 300.0

_HANDLER = """
import django
django.setup()
from django.db import connection
from townhall.foundation import jobs

@jobs.handler("bench.note")
def note(*, n):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_note (n) VALUES (%s)", [n])
"""
_PROMISE = (
    _HANDLER
    + """
import sys
count = int(sys.argv[1])
for begin in range(0, count, 500):
    jobs.enqueue_many(
        jobs.NewJob("bench.note", {"n": n}) for n in range(begin, min(count, begin + 500)))
"""
)
_WORK = _HANDLER + "\nfrom townhall.foundation.jobs import worker\nworker.run()\n"

# The business transaction of notes and peers: who may, one row read, three written,
# the third of them the event. The job comes about as nearly all do, by a subscription;
# "enqueued" promises it with a statement of its own, "bell_inside" as other queues do.
_WRITE = (
    _HANDLER
    + """
import sys, threading, time
from uuid import uuid4
from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope

@events.subscriber("bench.heard", name="bench.listen")
def listen(event):
    pass

def write(mode):
    person, case = uuid4(), uuid4()
    acting = Acting(actor=f"person:{person}", person_id=person)
    with scope(acting), connection.cursor() as cursor:
        cursor.execute("SELECT title FROM bench_service WHERE id = 1")
        cursor.fetchone()
        cursor.execute("INSERT INTO bench_case (id, person_id, state) VALUES (%s, %s, 'new')",
                       [case, person])
        cursor.execute("INSERT INTO bench_answer (case_id, person_id, answers) VALUES (%s, %s, %s)",
                       [case, person, '{"name": "Ann Other", "street": "1 High Street"}'])
        events.record("bench.heard" if mode == "subscribed" else "bench.unheard", subject=case,
                      person_id=person, acting=acting, payload={"service": 1})
        if mode in ("enqueued", "bell_inside"):
            jobs.enqueue("bench.note", args={"n": 1})
        if mode == "bell_inside":
            cursor.execute("SELECT pg_notify('bench', '')")

def writer(mode, until, counts):
    done = 0
    while time.monotonic() < until:
        write(mode)
        done += 1
    counts.append(done)
    connection.close()

for mode in ("without", "subscribed", "enqueued", "bell_inside"):
    write(mode)
print("ready", flush=True)
for line in sys.stdin:
    mode, begin, seconds = line.split()
    time.sleep(max(0.0, float(begin) - time.monotonic()))
    counts = []
    until = time.monotonic() + float(seconds)
    threads = [threading.Thread(target=writer, args=(mode, until, counts)) for _ in range(THREADS)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(sum(counts), flush=True)
"""
).replace("THREADS", str(THREADS))

_TABLES = """
CREATE TABLE bench_note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int);
CREATE TABLE bench_service (id int PRIMARY KEY, title text);
INSERT INTO bench_service SELECT n, 'Service ' || n FROM generate_series(1, 200) AS n;
CREATE TABLE bench_case (id uuid PRIMARY KEY, person_id uuid, state text);
CREATE TABLE bench_answer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id uuid,
    person_id uuid, answers jsonb);
"""


def run() -> Iterable[dict[str, Any]]:
    """Yield `jobs_per_s`, `job_cpu_ms`, `enqueue_overhead` and `enqueue_overhead_alone`."""
    with _house() as (cluster, environment):
        with psycopg.connect(cluster.dsn("townhall"), autocommit=True) as owner:
            owner.execute(_TABLES)
            yield from _drained(owner, cluster, environment)
            yield from _overhead(owner, environment)


def _drained(
    owner: psycopg.Connection, cluster: Cluster, environment: dict[str, str]
) -> Iterator[dict[str, Any]]:
    ours, limits = [], []
    for _ in range(DRAINS):  # alternating, so that a busy machine is busy for both
        _promise(owner, environment)
        limits.append(_bare_drain(cluster))
        _promise(owner, environment)
        ours.append(_worker_drain(owner, cluster, environment))
    how = (
        f"{JOBS} jobs that each insert a row, effect and finish in one transaction, drained by one "
        f"worker process (2 threads), median of {DRAINS}; peer: the same SQL from a bare loop on "
        f"one connection, batches of {BATCH}"
    )
    yield _figure(
        "jobs_per_s",
        statistics.median(1 / each.seconds for each in ours),
        "1/s",
        statistics.median(1 / each.seconds for each in limits),
        f"{how}. Wall-clock: a busy machine shows in both. Others on the same kind of machine: "
        "pgqueuer 339/s at batch 10 and 1618/s at 100, procrastinate 33 to 69/s, without an effect",
    )
    yield _figure(
        "job_cpu_ms",
        statistics.median(each.cpu_seconds for each in ours) * 1_000,
        "ms",
        statistics.median(each.cpu_seconds for each in limits) * 1_000,
        f"CPU of worker and PostgreSQL for one job: {how}. Others, their own process only, without "
        "an effect: procrastinate 2.0 ms, pgqueuer 0.1 to 0.2 ms",
    )


class _Cost(NamedTuple):
    """What one job took."""

    seconds: float
    cpu_seconds: float


def _worker_drain(
    owner: psycopg.Connection, cluster: Cluster, environment: dict[str, str]
) -> _Cost:
    """Measure from the first finished jobs to the last."""
    with _python(_WORK, environment) as process:
        deadline = time.monotonic() + PATIENCE_S
        begun, first, cpu = None, 0, 0.0
        while True:
            row = owner.execute(
                "SELECT count(*) FROM foundation_job WHERE name = 'bench.note'"
            ).fetchone()
            left: int = row[0] if row else 0
            now = time.monotonic()
            if begun is None and left < JOBS:
                begun, first, cpu = now, left, _cpu_s(process.pid) + _server_cpu_s(cluster)
            if left == 0 and begun is not None:
                cpu = _cpu_s(process.pid) + _server_cpu_s(cluster) - cpu
                return _Cost((now - begun) / first, cpu / first)
            if now > deadline:
                raise TimeoutError(f"{left} jobs are left after {PATIENCE_S} s")
            time.sleep(0.05)


def _bare_drain(cluster: Cluster) -> _Cost:
    """Measure the queue's SQL from a loop without anything around it."""
    begun, cpu = time.monotonic(), _cpu_s(os.getpid()) + _server_cpu_s(cluster)
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        while True:
            batch = connection.execute(
                "WITH due AS (SELECT id FROM foundation_job WHERE state = 'ready'"
                " AND queue = 'default' ORDER BY priority, run_at, id LIMIT %s"
                " FOR UPDATE SKIP LOCKED)"
                " UPDATE foundation_job AS job SET state = 'leased', attempts = attempts + 1,"
                " lease_until = now() + interval '1 minute' FROM due WHERE job.id = due.id"
                " RETURNING job.id, job.args",
                [BATCH],
            ).fetchall()
            if not batch:
                break
            for identifier, args in batch:
                with connection.transaction():
                    connection.execute("SET LOCAL synchronous_commit = off")
                    connection.execute("INSERT INTO bench_note (n) VALUES (%s)", [args["n"]])
                    connection.execute("DELETE FROM foundation_job WHERE id = %s", [identifier])
        cpu = _cpu_s(os.getpid()) + _server_cpu_s(cluster) - cpu
        return _Cost((time.monotonic() - begun) / JOBS, cpu / JOBS)


def _cpu_s(pid: int, *, with_ended: bool = False) -> float:
    """Return the CPU seconds of one process (and of its children that have ended)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = sum(int(each) for each in fields[11 : 15 if with_ended else 13])
    return ticks / os.sysconf("SC_CLK_TCK")


def _server_cpu_s(cluster: Cluster) -> float:
    """Return the CPU seconds of the whole server."""
    postmaster = cluster.pid
    if postmaster is None:
        raise RuntimeError("the server does not run")
    total = _cpu_s(postmaster, with_ended=True)
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process may end while it is looked at
            parent = (path / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1]
            if int(parent) == postmaster:
                total += _cpu_s(int(path.name))
    return total


def _promise(owner: psycopg.Connection, environment: dict[str, str]) -> None:
    owner.execute("TRUNCATE foundation_job, bench_note")
    with _python(_PROMISE, environment, str(JOBS)) as process:
        if process.wait(PATIENCE_S) != 0:
            raise RuntimeError("the jobs could not be promised")
    owner.execute("VACUUM ANALYZE foundation_job")
    owner.execute("CHECKPOINT")


def _overhead(owner: psycopg.Connection, environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    modes = ["without", "subscribed", "enqueued", "bell_inside"]
    rates: dict[str, list[float]] = {mode: [] for mode in modes}
    with _writers(environment) as writers:
        for turn in range(ROUNDS):
            # Each mode comes first, second and so on equally often.
            shift = turn % len(modes)
            for mode in modes[shift:] + modes[:shift]:
                owner.execute("TRUNCATE foundation_job, foundation_event, bench_case, bench_answer")
                owner.execute("CHECKPOINT")
                rates[mode].append(_one_round(writers, mode))

    def relative(mode: str) -> float:
        # Time of a transaction is writers / rate: the ratio of times is the inverse one of rates.
        pairs = zip(rates["without"], rates[mode], strict=True)
        return statistics.median(bare / own for bare, own in pairs)

    peer = relative("bell_inside")
    how = (
        f"{PROCESSES * THREADS} writers in {PROCESSES} processes, {ROUNDS} alternating rounds of "
        f"{ROUND_SECONDS:g} s, median of the rounds' ratios; without: "
        f"{statistics.median(rates['without']):.0f} transactions/s; peer: enqueued with NOTIFY "
        "inside the transaction, as queues with an insert trigger do"
    )
    yield _figure(
        "enqueue_overhead",
        relative("subscribed"),
        "ratio",
        peer,
        "time of a transaction that reads a row and writes a case, answers and an event, with the "
        f"event's subscriber's job relative to without; {how}",
    )
    yield _figure(
        "enqueue_overhead_alone",
        relative("enqueued"),
        "ratio",
        peer,
        f"the same with a job that is promised by a statement of its own; {how}",
    )


def _one_round(writers: Sequence[subprocess.Popen[str]], mode: str) -> float:
    begin = time.monotonic() + 0.2
    for process in writers:
        assert process.stdin is not None
        process.stdin.write(f"{mode} {begin} {ROUND_SECONDS}\n")
        process.stdin.flush()
    return sum(int(_line(process)) for process in writers) / ROUND_SECONDS


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError(f"a writer ended with {process.wait()}")
    return line


@contextmanager
def _house() -> Iterator[tuple[Cluster, dict[str, str]]]:
    """A durable server with the house's tables, and the environment of a process that uses it."""
    with temporary_folder("townhall-benchmark-") as folder:
        with Cluster(folder / "database") as cluster:
            cluster.ensure_database("townhall")
            environment = os.environ | {
                "TOWNHALL_PROFILE": "demo",
                "TOWNHALL_DATA": str(folder),
                "TOWNHALL_POOL": str(THREADS + 2),
                "TOWNHALL_LOG": "json",
                "DATABASE_URL": cluster.dsn(),
                "TOWNHALL_OWNER_DATABASE_URL": cluster.dsn("townhall"),
                "DJANGO_SETTINGS_MODULE": "townhall.django_settings",
            }
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "django",
                    "migrate",
                    "foundation",
                    "--database",
                    "owner",
                    "-v",
                    "0",
                ],
                env=environment,
                check=True,
            )
            yield cluster, environment


@contextmanager
def _writers(environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        writers = [stack.enter_context(_python(_WRITE, environment)) for _ in range(PROCESSES)]
        for process in writers:
            if _line(process) != "ready":
                raise RuntimeError("a writer did not start")
        yield writers


@contextmanager
def _python(
    program: str, environment: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a process of its own, which is gone after the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _figure(name: str, value: float, unit: str, peer: float, how: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": round(peer, 3),
        "ratio": round(value / peer, 3),
        "how": how,
    }
