"""Counting what one request costs: CPU of this process and the database, and statements."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.signals import request_started
from django.db import connection, reset_queries

_TICKS = os.sysconf("SC_CLK_TCK")


def postgres_pids() -> list[int]:
    """Return the processes of the server that the default connection talks to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    postmaster = int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])
    found = [postmaster]
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == postmaster:
                found.append(int(entry.name))
    return found


def postgres_cpu_s() -> float:
    """Return the CPU seconds of the whole server: its processes, and those that have ended."""
    total = 0
    for number, pid in enumerate(postgres_pids()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
        if number == 0:  # the postmaster inherits what its children had used
            total += int(fields[13]) + int(fields[14])
    return total / _TICKS


def cpu_ms(work: Callable[[int], Any], times: int, runs: int = 5) -> tuple[float, float]:
    """Return (own, database) CPU milliseconds of one call, as medians of several runs.

    The kernel counts the database's CPU in ticks of 10 ms, so each run has to be
    long enough: `times` calls are measured together.
    """
    own, database, number = [], [], 0
    for _ in range(runs):
        begun, begun_database = time.process_time(), postgres_cpu_s()
        for _ in range(times):
            work(number)
            number += 1
        own.append((time.process_time() - begun) / times * 1_000)
        database.append((postgres_cpu_s() - begun_database) / times * 1_000)
    return statistics.median(own), statistics.median(database)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement of this thread's connection, BEGIN and COMMIT included."""
    found: list[str] = []
    before = connection.force_debug_cursor
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    request_started.disconnect(reset_queries)  # would forget what earlier requests did
    try:
        yield found
    finally:
        found += [each["sql"] for each in connection.queries_log]
        connection.force_debug_cursor = before
        request_started.connect(reset_queries)
        connection.queries_log.clear()
