"""kill -9 of the server, of its parent, of both: nothing lost, nothing left, the next start works.

TOWNHALL_KILL_ROUNDS sets the number of rounds (10 by default, 100 before a release).
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster, temporary_folder

ROUNDS = int(os.environ.get("TOWNHALL_KILL_ROUNDS", "10"))
VICTIMS = ("server", "parent", "both")

# Starts the cluster and says the number of every row once it is committed.
WRITER = """
import sys
from pathlib import Path
import psycopg
from townhall.foundation.database.cluster import Cluster
with Cluster(Path(sys.argv[1])) as cluster:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        print("server", cluster.pid, flush=True)
        for number in range(int(sys.argv[2]), 10**9):
            connection.execute("INSERT INTO written VALUES (%s)", [number])
            print("row", number, flush=True)
"""


@pytest.fixture(scope="module")
def written() -> Iterator[Path]:
    with temporary_folder("th-") as folder:
        with Cluster(folder / "database") as cluster:
            with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
                owner.execute("CREATE TABLE written (number bigint PRIMARY KEY)")
        yield folder / "database"


def begin(data: Path, first: int) -> tuple[subprocess.Popen[str], int]:
    """Start a writer in a process of its own; return it and the server's pid."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, data, str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    line = writer.stdout.readline().split()
    assert line[:1] == ["server"], writer.communicate()
    return writer, int(line[1])


def next_number(data: Path) -> int:
    """Return the first number that is not in the table."""
    with Cluster(data) as cluster, psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute("SELECT coalesce(max(number) + 1, 0) FROM written").fetchone()
        assert row is not None
        return int(row[0])


def nobody_left(cluster: Cluster) -> bool:
    """Wait until no server works on the data; False after half a minute."""
    until = time.monotonic() + 30
    while cluster.folder.servers():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_rows_that_were_confirmed_survive_any_death(written: Path) -> None:
    chance = random.Random(20_261_125)
    first = 0
    for turn in range(ROUNDS):
        victim = VICTIMS[turn % len(VICTIMS)]
        writer, server = begin(written, first)
        time.sleep(chance.uniform(0.0, 0.4))
        if victim in ("server", "both"):
            os.kill(server, signal.SIGKILL)
        if victim in ("parent", "both"):
            writer.kill()
        said, complaint = writer.communicate()
        if victim == "server":
            # The writer saw its connection break and ended; it did not hang.
            assert writer.returncode == 1
            assert re.search(r"^psycopg\.", complaint, re.MULTILINE)
        rows = [int(line.split()[1]) for line in said.splitlines() if line.startswith("row ")]
        cluster = Cluster(written)
        assert nobody_left(cluster), f"round {turn}: a server outlived the death of {victim}"
        with cluster, psycopg.connect(cluster.dsn()) as connection:
            found = {n for (n,) in connection.execute("SELECT number FROM written").fetchall()}
            assert set(rows) <= found, f"round {turn}: lost after the death of {victim}"
            # At most the one row whose confirmation was under way is there unconfirmed.
            last = max(rows, default=first - 1)
            assert found <= set(range(last + 2)), f"round {turn}"
            first = max(found, default=-1) + 1
        assert nobody_left(cluster)


def test_after_the_parent_died_the_server_shut_down_cleanly(written: Path) -> None:
    writer, _ = begin(written, next_number(written))
    log = written.with_name("database.log")
    before = log.stat().st_size
    writer.kill()
    writer.wait()
    assert nobody_left(Cluster(written))
    with log.open("rb") as stream:
        stream.seek(before)
        said = stream.read().decode()
    assert "received fast shutdown request" in said
    assert "database system is shut down" in said


def test_a_start_right_after_the_death_of_the_parent_waits_for_the_old_server(
    written: Path,
) -> None:
    writer, old = begin(written, next_number(written))
    writer.kill()
    with Cluster(written) as cluster:
        assert cluster.pid not in (None, old)
        with psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    writer.wait()


def test_a_stuck_back_end_of_a_dead_server_is_removed_before_the_next(written: Path) -> None:
    """A back end that does not notice would keep the shared memory, and block every start."""
    writer, server = begin(written, next_number(written))
    backends = [pid for pid in Cluster(written).folder.servers() if pid != server]
    stuck = backends[0]
    os.kill(stuck, signal.SIGSTOP)
    os.kill(server, signal.SIGKILL)
    writer.kill()
    writer.wait()
    try:
        with Cluster(written) as cluster:
            assert stuck not in cluster.folder.servers()
    finally:
        if Path(f"/proc/{stuck}").exists():
            os.kill(stuck, signal.SIGKILL)
