"""What is wrong with this town hall and how to mend it: one line each.

Looks only; changes nothing and starts nothing.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from townhall.foundation import settings as configuration
from townhall.foundation.database import binaries, roles
from townhall.foundation.database.attach import cluster_of
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.database.errors import AlreadyRunning, ClusterError
from townhall.foundation.supervisor.starting import StartRefused, insist_on_free_port

if TYPE_CHECKING:
    import psycopg

SCARCE_BYTES = 200_000_000
OLDEST_SERVER = 150_000
# The worker looks every second: work that is due for minutes is not being done.
OLD_QUEUE_S = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    good
        Whether it is as it should be.
    what
        What was found.
    cure
        What to do; empty when good.
    """

    good: bool
    what: str
    cure: str = ""

    def __str__(self) -> str:
        return f"✓ {self.what}" if self.good else f"✗ {self.what}\n  → {self.cure}"


def examine(
    environ: Mapping[str, str],
    *,
    host: str,
    port: int,
    server_user: str | None,
    tables_behind: Callable[[str], list[str]],
    rooms: Callable[[psycopg.Connection, Path], list[str]] = lambda _connection, _data: [],
) -> Iterator[Finding]:
    """Look at everything a town hall needs, cheapest first.

    Parameters
    ----------
    environ
        The environment with the settings.
    host, port
        Where `townhall up` would listen.
    server_user
        User of the embedded database when root starts it.
    tables_behind
        Given the owner's address, returns the migrations that are not applied.
    rooms
        Given a connection and the data folder, returns what is wrong in the rooms above, each
        as "what: what to do".
    """
    yield _python()
    yield _programs()
    try:
        settings = configuration.read(environ)
    except configuration.SettingError as error:
        yield Finding(False, str(error), "Set it so, or unset it.")
        return
    except OSError as error:
        yield Finding(
            False,
            f"The data folder cannot be used: {error}",
            "Choose a folder that you can write with --data.",
        )
        return
    yield _profile(settings)
    yield _disk(settings.data_dir)
    if settings.database_url:
        yield from _database(
            settings.database_url,
            settings.owner_database_url,
            tables_behind,
            lambda connection: rooms(connection, settings.data_dir),
        )
        yield _port(host, port, ours=False)
        return
    try:
        cluster = cluster_of(settings, server_user=server_user)
        running = _holder(cluster)
    except ClusterError as error:
        yield Finding(False, error.wrong, error.cure)
        return
    yield Finding(True, f"The folder {settings.data_dir} can hold the database.")
    yield _port(host, port, ours=running)
    if running:
        yield from _database(
            cluster.dsn(),
            cluster.dsn(roles.OWNER),
            tables_behind,
            lambda connection: rooms(connection, settings.data_dir),
        )
    elif cluster.folder.made():
        yield Finding(True, "The town hall is stopped (townhall up starts it).")
    else:
        yield Finding(True, "There is no database yet (townhall up makes it).")


def _python() -> Finding:
    version = platform.python_version()
    good = sys.version_info >= (3, 11)
    return Finding(good, f"Python {version}", "" if good else "Install Python 3.11 or newer.")


def _programs() -> Finding:
    try:
        program = binaries.find().program("postgres")
    except ClusterError as error:
        return Finding(False, error.wrong, error.cure)
    try:
        said = subprocess.run(  # noqa: S603 - the program that we carry
            [program, "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        words = getattr(error, "stderr", "") or str(error)
        libc = " ".join(platform.libc_ver()).strip() or "another libc than glibc"
        return Finding(
            False,
            f"The embedded PostgreSQL does not run here ({libc}): {words.strip()}",
            "It needs glibc 2.28 or newer and zlib (Debian: apt install zlib1g). "
            "Or set DATABASE_URL to a PostgreSQL server.",
        )
    return Finding(True, said)


def _profile(settings: configuration.Settings) -> Finding:
    if settings.demo:
        return Finding(True, "Settings can be used; demo mode: everybody can sign in as anybody.")
    return Finding(True, f"Settings can be used; profile {settings.profile}.")


def _disk(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    what = f"{free / 1e9:.1f} GB free for {folder}"
    if free < SCARCE_BYTES:
        return Finding(False, what, "Free some space, or choose another folder with --data.")
    return Finding(True, what)


def _holder(cluster: Cluster) -> bool:
    """Whether the town hall runs on this data. Raises `ClusterError` when it could not."""
    folder = cluster.folder
    folder.check_path()
    parent = folder.path.parent
    there = next(path for path in (parent, *parent.parents) if path.exists())
    if there == parent:
        folder.check_passage()
    if not os.access(there, os.W_OK | os.X_OK):
        raise ClusterError(
            f"{there} cannot be written by this user.",
            "Choose a folder that you can write with --data, or mend its rights.",
        )
    folder.check_contents()
    if not folder.lock.exists():
        return False
    try:
        os.close(folder.take())
    except AlreadyRunning:
        return True
    return False


def _port(host: str, port: int, *, ours: bool) -> Finding:
    try:
        insist_on_free_port(host, port)
    except StartRefused as error:
        if ours:
            return Finding(True, f"Port {port} is in use, by the running town hall or another.")
        return Finding(False, str(error).split(". ")[0] + ".", "Choose another with --port.")
    return Finding(True, f"Port {port} of {host} is free.")


def _database(
    application: str,
    owner: str,
    tables_behind: Callable[[str], list[str]],
    rooms: Callable[[psycopg.Connection], list[str]],
) -> Iterator[Finding]:
    import psycopg

    for role, url in (("application", application), ("owner", owner)):
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                if role == "application":
                    yield from _server(connection)
                    continue
        except psycopg.OperationalError as error:
            yield Finding(
                False,
                f"The database does not let the {role} in: {str(error).strip()}",
                "Check DATABASE_URL and TOWNHALL_OWNER_DATABASE_URL, and whether the server runs."
                " An embedded one writes to database.log beside its data.",
            )
            return
    behind = tables_behind(owner)
    if behind:
        yield Finding(
            False,
            f"{len(behind)} migrations are not applied, the first is {behind[0]}.",
            "Restart with townhall up: it applies them.",
        )
        return
    yield Finding(True, "All migrations are applied.")
    with psycopg.connect(owner, connect_timeout=5) as connection:
        yield from _queue(connection)
        for words in rooms(connection):
            what, _, cure = words.partition(": ")
            yield Finding(False, f"{what[:1].upper()}{what[1:]}.", f"{cure[:1].upper()}{cure[1:]}.")


def _server(connection: psycopg.Connection) -> Iterator[Finding]:
    number = connection.info.server_version
    words = f"PostgreSQL {number // 10_000}.{number % 10_000} answers."
    if number < OLDEST_SERVER:
        yield Finding(False, words, "Version 15 or newer is needed.")
    else:
        yield Finding(True, words)
    unbound = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname IN (current_user, %s) "
        "AND (rolsuper OR rolbypassrls) AND rolname = %s",
        [roles.APPLICATION, roles.APPLICATION],
    ).fetchone()
    if unbound:
        yield Finding(
            False,
            f"Role {unbound[0]} may look past row-level security.",
            f"As the owner: ALTER ROLE {unbound[0]} NOSUPERUSER NOBYPASSRLS",
        )


def _queue(connection: psycopg.Connection) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'dead'), "
        "coalesce(extract(epoch FROM now() - min(run_at) "
        "FILTER (WHERE state = 'ready' AND run_at <= now())), 0) FROM foundation_job"
    ).fetchone()
    dead, age = row if row else (0, 0)
    if age > OLD_QUEUE_S:
        yield Finding(
            False,
            f"The oldest job that is due has waited {age:.0f} seconds.",
            "See whether the worker runs (townhall up starts one; its lines begin with worker).",
        )
    else:
        yield Finding(True, "Background work is up to date.")
    if dead:
        yield Finding(
            False,
            f"Jobs given up after many tries: {dead}.",
            "An operator reads why, mends the cause and has them tried again, or drops them.",
        )
