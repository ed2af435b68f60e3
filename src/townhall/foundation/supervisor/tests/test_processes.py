"""The supervisor as a person at a terminal, and as a machine that kills, sees it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.supervisor.tests.test_lifeline import alive, gone_within

# A supervisor over two processes that say their pid; with a folder, over a database, too.
DRIVER = """
import os, sys
from contextlib import nullcontext
from pathlib import Path
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.supervisor.console import Console
from townhall.foundation.supervisor.processes import Process, Supervisor

def speaking(name, rest="time.sleep(600)"):
    stop = f"lambda *_: (print('{name} ends', flush=True), sys.exit(0))"
    code = (
        "import os, signal, sys, time\\n"
        f"signal.signal(signal.SIGTERM, {stop})\\n"
        f"print('{name} is', os.getpid(), flush=True)\\n" + rest
    )
    return Process(name, [sys.executable, "-c", code], dict(os.environ))

folder = sys.argv[1]
cluster = Cluster(Path(folder)) if folder else None
with cluster or nullcontext():
    supervisor = Supervisor(Console(), cluster)
    with supervisor.signals():
        try:
            supervisor.add(speaking("web"))
            supervisor.add(speaking("worker", *sys.argv[2:]))
            supervisor.run()
        finally:
            supervisor.stop()
print("all stopped", flush=True)
"""


class Driver:
    """A running supervisor: its lines, and signals to it."""

    def __init__(self, folder: str = "", *rest: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, folder, *rest],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._told: set[str] = set()

    def until(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"{pattern} was never said:\n" + "\n".join(self.said))

    def pid(self, name: str) -> int:
        """Return what a process says is its pid, and its next one when asked again.

        Two processes that start together may speak in either order.
        """
        wanted = rf"{name} is (\d+)"
        found = [re.search(wanted, line) for line in self.said]
        new = [each[1] for each in found if each and each[0] not in self._told]
        pid = new[0] if new else self.until(wanted)[1]
        self._told.add(f"{name} is {pid}")
        return int(pid)

    def rest(self) -> str:
        """Read to the end; return everything that was said."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.read().splitlines()
        self.process.wait(30)
        return "\n".join(self.said)


@pytest.fixture
def driver() -> Iterator[Driver]:
    one = Driver()
    yield one
    one.process.kill()
    one.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_in_reverse_order(driver: Driver, number: signal.Signals) -> None:
    web, worker = driver.pid("web"), driver.pid("worker")
    driver.process.send_signal(number)
    said = driver.rest()
    assert driver.process.returncode == 0
    order = [said.index(words) for words in ("worker ends", "web ends", "all stopped")]
    assert order == sorted(order)
    assert not alive(web)
    assert not alive(worker)
    assert "starting it again" not in said


def test_each_line_carries_the_name_of_who_said_it(driver: Driver) -> None:
    driver.pid("worker")
    driver.process.terminate()
    for line in driver.rest().splitlines()[:-1]:
        assert re.match(r"(web|worker) +\| (web|worker) (is|ends)", line)


def test_a_child_that_dies_is_started_again_and_the_reason_is_shown(driver: Driver) -> None:
    first = driver.pid("web")
    pauses = []
    for _ in range(3):
        os.kill(first, signal.SIGKILL)
        said = driver.until(r"web +\| was ended by SIGKILL.*starting it again in ([\d.]+) s")
        pauses.append(float(said[1]))
        second = driver.pid("web")
        assert second != first
        first = second
    assert pauses == [0.5, 1.0, 2.0], "each pause doubles"
    driver.process.terminate()
    driver.rest()
    assert driver.process.returncode == 0


def test_an_error_at_start_is_shown_with_its_code() -> None:
    one = Driver("", "print('cannot do it'); sys.exit(3)")
    one.until(r"worker +\| cannot do it")
    one.until(r"worker +\| ended with code 3; starting it again")
    one.process.terminate()
    assert "all stopped" in one.rest()


def test_what_a_dead_child_left_is_ended_before_it_starts_again() -> None:
    """A server forks; its parent is killed; the orphan would keep the port for ever."""
    fork = (
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    time.sleep(600)\n"
        "print('orphan is', pid, flush=True)\n"
        "time.sleep(600)"
    )
    one = Driver("", fork)
    worker = one.pid("worker")
    orphan = one.pid("orphan")
    os.kill(worker, signal.SIGKILL)
    one.until("starting it again")
    assert gone_within(orphan, 15)
    one.process.terminate()
    one.rest()


def test_a_stubborn_child_is_killed_at_the_second_ctrl_c() -> None:
    one = Driver(
        "",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(600)",
    )
    worker = one.pid("worker")
    one.until("deaf")
    one.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert one.process.poll() is None, "it waits for the child to finish its work"
    one.process.send_signal(signal.SIGINT)
    said = one.rest()
    assert "did not stop in time and is killed" in said
    assert "all stopped" in said
    assert not alive(worker)


@pytest.mark.parametrize("number", [signal.SIGKILL])
def test_killed_itself_it_leaves_nobody(driver: Driver, number: signal.Signals) -> None:
    web, worker = driver.pid("web"), driver.pid("worker")
    driver.process.send_signal(number)
    assert gone_within(web, 30)
    assert gone_within(worker, 30)


def test_nobody_reads_its_lines_any_more(driver: Driver) -> None:
    """`townhall up | head -1`: it ends as if told to, and in order."""
    web = driver.pid("web")
    assert driver.process.stdout is not None
    driver.process.stdout.close()
    os.kill(web, signal.SIGKILL)  # so that there is something to say
    driver.process.wait(30)
    assert gone_within(web, 30)


def test_a_dead_database_is_started_again_below_the_running_servers() -> None:
    with temporary_folder("th-") as folder:
        data = folder / "database"
        with Cluster(data):
            pass
        one = Driver(str(data))
        one.pid("worker")
        cluster = Cluster(data)
        postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
        with psycopg.connect(cluster.dsn()) as connection:
            connection.execute("SELECT 1")
        os.kill(postmaster, signal.SIGKILL)
        one.until(r"database \| PostgreSQL has stopped unexpectedly")
        one.until(r"database \| PostgreSQL is running again")
        with psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        one.process.terminate()
        said = one.rest()
        assert "all stopped" in said
        assert cluster.folder.servers() == []


def test_a_database_that_cannot_be_started_again_is_tried_until_it_can() -> None:
    with temporary_folder("th-") as folder:
        data = folder / "database"
        with Cluster(data):
            pass
        one = Driver(str(data))
        one.pid("worker")
        version = data / "PG_VERSION"
        right = version.read_text()
        version.write_text("16\n")
        os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        one.until(r"is of PostgreSQL 16.*Trying again in 0.5 s")
        one.until(r"is of PostgreSQL 16.*Trying again in 1 s")
        version.write_text(right)
        one.until("PostgreSQL is running again")
        one.process.terminate()
        one.rest()
        assert one.process.returncode == 0


def test_supervisor_and_database_killed_together_leave_nothing() -> None:
    with temporary_folder("th-") as folder:
        data = folder / "database"
        one = Driver(str(data))
        worker = one.pid("worker")
        one.process.kill()
        one.process.wait()
        assert gone_within(worker, 30)
        cluster = Cluster(data)
        until = time.monotonic() + 20
        while cluster.folder.servers() and time.monotonic() < until:
            time.sleep(0.05)
        assert cluster.folder.servers() == []
        assert Path(data).is_dir()
