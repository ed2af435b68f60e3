"""Bad places and bad files: a clear message, no corruption, and the next start works."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.database.errors import (
    DiskFull,
    FolderUnusable,
    OtherVersion,
    PathTooLong,
)
from townhall.foundation.database.tests.conftest import OtherUserFailed, as_root, as_user


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of 90 MB: enough for a database, soon full."""
    disk = place / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=90m,mode=0711", "none", disk],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(disk: Path) -> Path:
    """Fill a file system to the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb") as stream:
        try:
            while True:
                stream.write(b"x" * 1_000_000)
                stream.flush()
        except OSError:
            return ballast


def test_a_path_of_200_bytes_is_refused_with_the_number(place: Path) -> None:
    long = place / ("a" * 100) / ("b" * 90) / "database"
    with pytest.raises(PathTooLong, match="bytes") as refused:
        Cluster(long).start()
    assert "shorter" in refused.value.cure
    assert list(place.iterdir()) == []


def test_a_folder_with_other_things_is_left_alone(place: Path) -> None:
    (place / "database").mkdir()
    (place / "database" / "thesis.txt").write_text("mine")
    with pytest.raises(FolderUnusable, match="no database"):
        Cluster(place / "database").start()
    assert [p.name for p in (place / "database").iterdir()] == ["thesis.txt"]
    (place / "file").write_text("")
    with pytest.raises(FolderUnusable, match="not a folder"):
        Cluster(place / "file").start()


def test_data_of_another_major_version_is_refused_untouched(made: Path) -> None:
    version = (made / "PG_VERSION").read_text()
    (made / "PG_VERSION").write_text("16\n")
    try:
        with pytest.raises(OtherVersion, match=r"16.*townhall backup"):
            Cluster(made).start()
    finally:
        (made / "PG_VERSION").write_text(version)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "garbage\0\xff",
        "12",
        "-1\n/x\n",
        "999999999\n/x\n0\n5432\n",
        "{me}\n{folder}\n1\n5432\n{folder}\n\n 5432001    65536\nready   \n",
        "{parent}\n{folder}\n1\n5432\n{folder}\n\n 5432001    65536\nready   \n",
    ],
    ids=["empty", "line", "garbage", "cut", "negative", "no such", "our own", "reused"],
)
def test_a_stale_pid_file_does_not_stop_a_start(made: Path, content: str) -> None:
    """After a power cut the number in it may belong to any program, even to one of ours."""
    text = content.format(me=os.getpid(), parent=os.getppid(), folder=made)
    (made / "postmaster.pid").write_text(text)
    (made / ".s.PGSQL.5432.lock").write_text(text)
    with Cluster(made) as cluster, psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@as_root
def test_a_stale_pid_file_that_names_a_program_of_the_same_user(place: Path) -> None:
    """PostgreSQL alone would refuse for ever: the process lives and may be signalled."""
    os.chown(place, pwd.getpwnam("daemon").pw_uid, -1)

    def start_twice() -> int:
        folder = place / "database"
        with Cluster(folder, durable=False):
            pass
        other = os.fork()
        if other == 0:
            import time

            time.sleep(60)
            os._exit(0)
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (folder / name).write_text(
                f"{other}\n{folder}\n1\n5432\n{folder}\n\n 5432001 65536\nready\n"
            )
        try:
            with Cluster(folder, durable=False) as cluster:
                with psycopg.connect(cluster.dsn()) as connection:
                    row = connection.execute("SELECT 42").fetchone()
                    assert row is not None
                    return int(row[0])
        finally:
            os.kill(other, 9)
            os.waitpid(other, 0)

    assert as_user("daemon", start_twice) == 42


@pytest.mark.parametrize("content", ["", "garbage", "999999999\n"])
def test_a_lock_file_left_behind_means_nothing(made: Path, content: str) -> None:
    made.with_name("database.lock").write_text(content)
    with Cluster(made) as cluster:
        assert cluster.running


def test_a_first_start_that_was_killed_is_begun_anew(place: Path) -> None:
    """What `initdb` had written by then is not taken for a database."""
    script = (
        "import sys; from pathlib import Path\n"
        "from townhall.foundation.database.cluster import Cluster\n"
        "Cluster(Path(sys.argv[1])).start()\n"
    )
    for _ in range(3):
        starter = subprocess.Popen([sys.executable, "-c", script, place / "database"])
        while not list(place.glob("database.new-*/PG_VERSION")):
            assert starter.poll() is None, "it ended before it could be killed"
        starter.kill()
        starter.wait()
        assert not (place / "database" / "PG_VERSION").exists()
    with Cluster(place / "database") as cluster, psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with Cluster(place / "database"):
        pass
    assert list(place.glob("database.new-*")) == []


@as_root
def test_a_read_only_folder_is_named(place: Path) -> None:
    user = pwd.getpwnam("daemon")
    closed = place / "closed"
    closed.mkdir(mode=0o555)
    os.chown(closed, user.pw_uid, -1)
    with pytest.raises(OtherUserFailed) as refused:
        as_user("daemon", lambda: Cluster(closed / "database").start())
    kind, words = refused.value.args
    assert kind == "FolderUnusable"
    assert str(closed) in words
    assert "--data" in words
    assert stat.S_IMODE(closed.stat().st_mode) == 0o555


@as_root
def test_a_read_only_disk_is_named_and_the_data_is_safe(small_disk: Path) -> None:
    with Cluster(small_disk / "database") as cluster:
        with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
    remount = ["mount", "-o", "remount,ro", small_disk]
    subprocess.run(remount, check=True)
    with pytest.raises(FolderUnusable, match="read-only"):
        Cluster(small_disk / "database").start()
    subprocess.run([part if part != "remount,ro" else "remount,rw" for part in remount], check=True)
    with Cluster(small_disk / "database") as cluster, psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


@as_root
def test_a_full_disk_at_the_first_start_is_said_and_leaves_nothing(small_disk: Path) -> None:
    ballast = fill(small_disk)
    with pytest.raises(DiskFull, match=r"is full.*Free some space"):
        Cluster(small_disk / "database").start()
    ballast.unlink()
    with ballast.open("wb") as stream:
        stream.write(b"x" * 70_000_000)  # the lock file fits now, a database does not
    with pytest.raises(DiskFull):
        Cluster(small_disk / "database").start()
    assert not (small_disk / "database").exists()
    assert list(small_disk.glob("database.new*")) == []
    ballast.unlink()
    with Cluster(small_disk / "database") as cluster:
        assert cluster.running


@as_root
def test_a_disk_that_fills_while_running_loses_nothing_confirmed(small_disk: Path) -> None:
    confirmed = 0
    cluster = Cluster(small_disk / "database", settings={"max_wal_size": "32MB"})
    cluster.start()
    try:
        with psycopg.connect(cluster.dsn(roles.OWNER), autocommit=True) as owner:
            owner.execute("CREATE TABLE filling (id int PRIMARY KEY, bytes text)")
            ballast = fill(small_disk)
            try:
                for number in range(100_000):
                    owner.execute(
                        "INSERT INTO filling SELECT %s, string_agg(md5(random()::text), '') "
                        "FROM generate_series(1, 2000)",
                        [number],
                    )
                    confirmed = number + 1
            except psycopg.OperationalError:
                pass  # refused, or the server stopped itself: both are clean
    finally:
        cluster.stop()
    try:
        cluster.start()
    except DiskFull as error:
        assert str(small_disk) in str(error)
        ballast.unlink()
        cluster.start()
    try:
        with psycopg.connect(cluster.dsn()) as connection:
            row = connection.execute("SELECT count(*) FROM filling").fetchone()
            assert row is not None
            assert row[0] >= confirmed
            connection.execute("SELECT sum(length(bytes)) FROM filling")
    finally:
        cluster.stop()
    shutil.rmtree(small_disk / "database")
