"""A whole town hall on its own data: up, killed here and there, up again, backed up, stopped."""

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

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.supervisor import probes
from townhall.foundation.supervisor.starting import free_port
from townhall.foundation.supervisor.tests.test_lifeline import gone_within

pytestmark = pytest.mark.slow

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("TOWNHALL_") and name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
}


def townhall(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "townhall", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=CLEAN | environ,
    )


class Town:
    """A running `townhall up`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port("127.0.0.1", neighbours=1)
        self.log = data.with_name(f"up-{self.port}.txt")
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "townhall", "up", "--data", data, "--port", str(self.port)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=CLEAN,
            )
        self.web = probes.Address("127.0.0.1", self.port, "localhost")
        self.live = probes.Address("127.0.0.1", self.port + 1, "localhost")

    def said(self) -> str:
        return self.log.read_text()

    def until(self, condition: str, *, seconds: float = 120) -> None:
        """Wait until a line matches."""
        until = time.monotonic() + seconds
        while not re.search(condition, self.said()):
            assert time.monotonic() < until, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def ready(self) -> bool:
        return probes.answers(self.web, "/readyz") and probes.answers(self.live, "/healthz")

    def ready_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.ready():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def below(self, pid: int | None = None) -> dict[int, str]:
        """Every process below the supervisor, with its command."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if parent == (pid or self.process.pid):
                found[int(entry.name)] = command
                found |= self.below(int(entry.name))
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder in which a town hall has been once."""
    with temporary_folder("th-") as folder:
        town = Town(folder / "data")
        try:
            town.until("ready after")
            assert "prepare" in town.said()
            assert f"http://localhost:{town.port}" in town.said()
            assert "Demo sign-ins" in town.said()
        finally:
            town.stop()
        yield folder / "data"


@pytest.fixture
def town(data: Path) -> Iterator[Town]:
    one = Town(data)
    try:
        one.until("ready after")
        yield one
    finally:
        if one.process.poll() is None:
            one.stop()


def test_check_says_a_line_per_probe_and_leaves_nothing() -> None:
    before = set(Path("/tmp").glob("townhall-check-*"))
    said = townhall("up", "--check")
    assert said.returncode == 0, said.stdout + said.stderr
    for probe in ("web /healthz", "web /readyz", "web /", "live /healthz", "worker", "ledger"):
        assert f"✓ {probe}:" in said.stdout
    assert set(Path("/tmp").glob("townhall-check-*")) == before


def test_the_second_start_prepares_nothing_and_a_stop_is_clean(data: Path) -> None:
    town = Town(data)
    town.until("ready after")
    said = town.said()
    assert "prepare" not in said
    assert town.stop() == 0
    assert "everything is stored" in town.said()
    log = (data / "database.log").read_text()
    assert "database system is shut down" in log.splitlines()[-1]


def test_any_process_that_is_killed_comes_back_and_the_town_hall_with_it(town: Town) -> None:
    assert town.ready_within(20)
    for name in ("postgres", "townhall web", "townhall live", "townhall worker"):
        victim = next(pid for pid, command in town.below().items() if name in command)
        os.kill(victim, signal.SIGKILL)
        assert gone_within(victim, 5)
        assert town.ready_within(40), f"after the death of {name}:\n{town.said()}"
    workers = [c for c in town.below().values() if "townhall worker" in c]
    until = time.monotonic() + 20
    while not workers and time.monotonic() < until:
        time.sleep(0.1)
        workers = [c for c in town.below().values() if "townhall worker" in c]
    assert len(workers) == 1
    done = townhall(
        "ping", DATABASE_URL=Cluster(town.data / "database").dsn(), TOWNHALL_DATA=str(town.data)
    )
    assert done.returncode == 0, done.stderr


def test_the_supervisor_killed_takes_all_with_it_and_the_next_start_works(data: Path) -> None:
    town = Town(data)
    town.until("ready after")
    processes = town.below()
    assert len(processes) > 4
    town.process.kill()
    town.process.wait()
    for pid in processes:
        assert gone_within(pid, 20), processes[pid]
    again = Town(data)
    try:
        again.until("ready after")
        assert again.ready_within(10)
    finally:
        again.stop()


def test_a_second_town_hall_on_the_same_data_is_refused(town: Town) -> None:
    said = townhall("up", "--data", str(town.data), "--port", str(town.port))
    assert said.returncode == 1
    assert f"process {town.process.pid}" in said.stderr
    assert town.ready_within(10)


def test_doctor_backup_and_restore_work_beside_a_running_town_hall(town: Town) -> None:
    healthy = townhall("doctor", "--data", str(town.data), "--port", str(town.port))
    assert healthy.returncode == 0, healthy.stdout + healthy.stderr
    assert "All migrations are applied" in healthy.stdout
    file = town.data.with_name("town.backup")
    made = townhall("backup", str(file), "--data", str(town.data))
    assert made.returncode == 0, made.stderr
    copy = town.data.with_name("copy")
    back = townhall("restore", str(file), "--data", str(copy))
    assert back.returncode == 0, back.stderr

    def rows(data: Path) -> dict[str, int]:
        with psycopg.connect(Cluster(data / "database").dsn(roles.OWNER)) as owner:
            names = owner.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT LIKE 'foundation_periodic' AND tablename <> 'foundation_job'"
            ).fetchall()
            return {
                name: owner.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # type: ignore[index]
                for (name,) in names
            }

    with Cluster(copy / "database"):
        assert rows(copy) == rows(town.data)
    # All of it works but the ledger, whose keys are in no backup; and it says so.
    checked = townhall("up", "--check", "--data", str(copy))
    assert checked.returncode == 1
    assert "✓ web /:" in checked.stdout and "✓ worker:" in checked.stdout
    assert "✗ ledger:" in checked.stdout and "put them back from" in checked.stdout


def test_a_server_of_somebody_else_with_an_owner_who_is_no_superuser() -> None:
    """As a hoster gives it: one role may make roles and owns the database, no more."""
    with temporary_folder("th-") as folder:
        server = Cluster(folder / "server" / "database", durable=False)
        with server:
            with psycopg.connect(server.dsn(roles.OWNER, "postgres"), autocommit=True) as admin:
                admin.execute("CREATE ROLE hosted LOGIN CREATEROLE")
                admin.execute("CREATE DATABASE hosted OWNER hosted")
                admin.execute("GRANT townhall_app TO hosted WITH ADMIN OPTION")
            identity = server.folder.path / "pg_ident.conf"
            who = server.folder.launcher.pw_name
            identity.write_text(f'{identity.read_text()}townhall "{who}" hosted\n')
            with psycopg.connect(server.dsn(roles.OWNER)) as admin:
                admin.execute("SELECT pg_reload_conf()")
            said = townhall(
                "up",
                "--check",
                DATABASE_URL=server.dsn("hosted", "hosted"),
                TOWNHALL_DATA=str(folder / "data"),
            )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "PostgreSQL runs on" not in said.stdout
