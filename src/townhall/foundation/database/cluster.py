"""An embedded PostgreSQL that belongs to the process that started it.

`postgres` itself is the child, in its own session, with the parent's death
signal set to a fast shutdown. It listens on one socket in its private data
folder and lets in nobody but the launching user, by peer authentication. Run
as root it drops to an unprivileged user.
"""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote

from townhall.foundation.database import binaries, roles
from townhall.foundation.database.errors import (
    ClusterError,
    StartFailed,
    UserUnknown,
    WrongThread,
)
from townhall.foundation.database.folder import PORT, DataFolder, disk_full
from townhall.foundation.supervisor import lifeline

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger("townhall.database")

DATABASE = "townhall"
UNPRIVILEGED = "nobody"
READY_LINE = 8
# Crash recovery after a long run may take minutes; a limit only keeps a hung disk from hanging us.
READY_PATIENCE_S = 600.0
RETRY_S = 15.0
STOP_PATIENCE_S = 120.0

_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Cluster:
    """One embedded PostgreSQL server on one data folder.

    Parameters
    ----------
    folder
        Data folder; made when missing, together with the folders above it.
        Its log, lock and, for root, a copy of the programs lie beside it.
    durable
        False switches off everything that makes a commit survive a power cut:
        for tests only.
    settings
        Further server settings (`name: value`), stronger than ours.
    server_user
        User to whom the server drops when started by root; by default the
        owner of the data folder, or `nobody` for a new one.

    Notes
    -----
    Use as a context manager, from the main thread: the server dies with the
    thread that started it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        server_user: str | None = None,
    ) -> None:
        path = Path(folder).absolute()
        launcher = _launcher()
        self.folder = DataFolder(path, _server(path, launcher, server_user), launcher)
        self._durable = durable
        self._settings = dict(settings or {})
        self._child: lifeline.Child | None = None
        self._lock: int | None = None

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._child.pid if self.running else None

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the server and return when it answers; make the database at the first start.

        Raises
        ------
        ClusterError
            A subclass that says what is wrong and how to mend it. Nothing is
            left running and the lock is given back.
        """
        if threading.current_thread() is not threading.main_thread():
            raise WrongThread(
                "The database was started from a thread, and would stop when that thread ends.",
                "Start it from the main thread of the process.",
            )
        if self.running:
            return
        if self._child is not None:
            _end(self._child)  # it died; only its lifeline is left to close
        self.folder.check_path()
        self.folder.make_parent()
        self._lock = self._lock if self._lock is not None else self.folder.take()
        try:
            self.folder.check_contents()
            programs = self._programs()
            if not self.folder.made():
                self._make(programs)
            self._write_authentication()
            self.folder.forget_dead_server()
            self._run(programs)
            self.ensure_database(DATABASE)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server (a fast shutdown, nothing is lost) and give the data free."""
        child, self._child = self._child, None
        try:
            if child is not None:
                _end(child)
        finally:
            held, self._lock = self._lock, None
            if held is not None:
                os.close(held)

    def dsn(self, role: str = roles.APPLICATION, database: str = DATABASE) -> str:
        """Return the `postgresql://` address of `database` for `role`, by way of the socket."""
        place = quote(os.fspath(self.folder.path), safe="/")
        return f"postgresql://{role}@/{database}?host={place}&port={PORT}"

    def ensure_database(self, name: str) -> None:
        """Make database `name`, the application role and its rights, unless they exist."""
        with self._connect("postgres") as connection:
            roles.make_roles(connection)
            roles.make_database(connection, name)
        with self._connect(name) as connection:
            roles.grant(connection)

    @contextmanager
    def _connect(self, database: str) -> Iterator[psycopg.Connection]:
        import psycopg

        with psycopg.connect(self.dsn(roles.OWNER, database), autocommit=True) as connection:
            yield connection

    def _programs(self) -> binaries.Binaries:
        found = binaries.find()
        if self.folder.drops:
            found = binaries.reachable_for(self.folder.server, found, self.folder.path.parent)
        return found

    def _spawn(
        self, command: list[str | Path], number: signal.Signals, output: int
    ) -> lifeline.Child:
        server = self.folder.server
        drops = self.folder.drops
        return lifeline.spawn(
            command,
            on_parent_death=number,
            # Nothing from outside decides about locale, libraries or connections.
            environment={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
            output=output,
            folder=Path("/"),
            user=server.pw_uid if drops else None,
            group=server.pw_gid if drops else None,
        )

    def _make(self, programs: binaries.Binaries) -> None:
        """Build a new database beside the folder and move it in when it is complete."""
        making = self.folder.open_making()
        log.info("making a new database in %s", self.folder.path)
        command: list[str | Path] = [
            *(programs.program("initdb"), "-D", making, "-U", roles.OWNER),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--auth=peer", "-c", "listen_addresses="),
        ]
        if not self._durable:
            command.append("--no-sync")
        try:
            with tempfile.TemporaryFile() as output:
                # Not SIGTERM: told to stop, `initdb` would clear a folder by its name.
                child = self._spawn(command, signal.SIGKILL, output.fileno())
                try:
                    code = child.wait()
                except BaseException:
                    _end(child)
                    raise
                output.seek(0)
                said = output.read().decode("utf-8", "replace")
            if code != 0:
                raise self._failure("PostgreSQL could not make a new database", said)
            self.folder.finish_making(making)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise

    def _write_authentication(self) -> None:
        """Let in the launching user alone, on the socket alone.

        Written at every start, whole: what `initdb` or anybody else put there
        does not stay.
        """
        who = self.folder.launcher.pw_name
        rows = "".join(f'townhall  "{who}"  {role}\n' for role in (roles.OWNER, roles.APPLICATION))
        self.folder.write("pg_hba.conf", "local  all  all  peer  map=townhall\n")
        self.folder.write("pg_ident.conf", rows)

    def _run(self, programs: binaries.Binaries) -> None:
        """Start `postgres` and wait until it is ready; again while a dead one is in the way."""
        data = self.folder.path
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": os.fspath(data),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            "jit": "off",
        }
        settings |= ({} if self._durable else _NOT_DURABLE) | self._settings
        command: list[str | Path] = [programs.program("postgres"), "-D", data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        give_up = time.monotonic() + RETRY_S
        while True:
            output = self.folder.open_log()
            begin = os.lseek(output, 0, os.SEEK_END)
            try:
                self._child = self._spawn(command, signal.SIGINT, output)
            finally:
                os.close(output)
            if self._wait_until_ready(self._child):
                return
            self._child = None
            said = self._last_words(begin)
            if time.monotonic() > give_up or not _in_the_way(said):
                raise self._failure("PostgreSQL did not start", said)
            time.sleep(0.2)

    def _wait_until_ready(self, child: lifeline.Child) -> bool:
        """Wait for the line `ready` in a pid file of *our* child; False when the child ended."""
        begin = time.monotonic()
        told = False
        while child.poll() is None:
            if self._says_ready(child.pid):
                return True
            waited = time.monotonic() - begin
            if waited > 5 and not told:
                log.warning("PostgreSQL is recovering from a crash; this can take minutes")
                told = True
            if waited > READY_PATIENCE_S:
                _end(child)
                raise StartFailed(
                    f"PostgreSQL was not ready after {waited:.0f} seconds.",
                    f"Read {self.folder.log}; the disk may be too slow or hang.",
                )
            time.sleep(0.01)
        return False

    def _says_ready(self, pid: int) -> bool:
        try:
            lines = self.folder.pid_file.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return False
        return (
            len(lines) >= READY_LINE
            and lines[0].strip() == str(pid)
            and lines[READY_LINE - 1].strip() == "ready"
        )

    def _last_words(self, begin: int) -> str:
        with self.folder.log.open("rb") as stream:
            stream.seek(begin)
            return stream.read()[-4000:].decode("utf-8", "replace")

    def _failure(self, wrong: str, said: str) -> ClusterError:
        if "No space left on device" in said or "Disk quota exceeded" in said:
            return disk_full(self.folder.path)
        words = [line for line in said.splitlines() if line.strip()]
        telling = [w for w in words if "FATAL" in w or "PANIC" in w or "error:" in w] or words
        return StartFailed(
            f"{wrong}: {' / '.join(telling[-3:]) or 'it said nothing'}.",
            f"Its whole log is {self.folder.log}.",
        )


@contextmanager
def temporary_folder(prefix: str = "townhall-") -> Iterator[Path]:
    """Give a folder that a `Cluster` may live in also when root starts it; removed at the end.

    A plain temporary folder is closed to everybody but its owner, and root's
    server runs as somebody else: this one may be passed through, not read.
    """
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            folder.chmod(0o711)
        yield folder


def _launcher() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise UserUnknown(
            f"User number {os.geteuid()} has no name on this machine, and the database lets "
            "people in by name.",
            "Give the number a line in /etc/passwd, or set DATABASE_URL to a PostgreSQL server.",
        ) from error


def _server(path: Path, launcher: pwd.struct_passwd, wanted: str | None) -> pwd.struct_passwd:
    """Return the user who runs the server: the launcher, unless that is root."""
    if launcher.pw_uid != 0:
        return launcher
    owner = path.stat().st_uid if wanted is None and (path / "PG_VERSION").exists() else 0
    try:
        user = pwd.getpwuid(owner) if owner else pwd.getpwnam(wanted or UNPRIVILEGED)
    except KeyError as error:
        raise UserUnknown(
            f"There is no user {owner or wanted or UNPRIVILEGED!r} to run the database.",
            "Name an existing one in TOWNHALL_DATABASE_USER.",
        ) from error
    if user.pw_uid == 0:
        raise UserUnknown(
            "PostgreSQL refuses to run as root.",
            "Name another user in TOWNHALL_DATABASE_USER, or leave it unset.",
        )
    return user


def _in_the_way(said: str) -> bool:
    """Whether a server that is about to end was what stopped ours from starting."""
    return not said.strip() or any(
        sign in said
        for sign in ("pre-existing shared memory block", "postmaster.pid", "is another postmaster")
    )


def _end(child: lifeline.Child) -> None:
    """Ask for a fast shutdown, insist, and in the end kill the whole session."""
    for number, patience in ((signal.SIGINT, STOP_PATIENCE_S), (signal.SIGQUIT, 15.0)):
        if child.poll() is not None:
            break
        child.send_signal(number)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("PostgreSQL did not stop within %.0f seconds", patience)
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.watch is not None:
        os.close(child.watch)
