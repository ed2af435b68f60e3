"""Everything that lies in and beside the data folder, and who may touch it.

Beside the data folder `database` lie `database.lock` (held while a process
works on the data), `database.log` (what the server said) and, for the moment
of the first start, `database.new-...`. Beside, because PostgreSQL wants the folder
to itself, and because the lock must outlive a folder that is moved away.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import pwd
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from townhall.foundation.database.binaries import MAJOR, blocked_by
from townhall.foundation.database.errors import (
    AlreadyRunning,
    ClusterError,
    DiskFull,
    FolderUnreachable,
    FolderUnusable,
    OtherVersion,
    PathTooLong,
)

# No TCP port: it only gives the socket its name.
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
# The kernels' limits for a socket's path are 108 (Linux) and 104 bytes with the final NUL.
SOCKET_PATH_BYTES = 103
LOG_BYTES = 10_000_000
SHUTDOWN_PATIENCE_S = 60.0
ORPHAN_PATIENCE_S = 5.0
INSIST_S = 1.0
LOCK_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data folder of one embedded database and the files beside it."""

    path: Path
    server: pwd.struct_passwd
    launcher: pwd.struct_passwd

    @property
    def lock(self) -> Path:
        """The file whose lock says that somebody works on this data."""
        return self.path.with_name(f"{self.path.name}.lock")

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.path.with_name(f"{self.path.name}.log")

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own pid file."""
        return self.path / "postmaster.pid"

    @property
    def socket_lock(self) -> Path:
        """PostgreSQL's own lock beside its socket."""
        return self.path / f"{SOCKET}.lock"

    def made(self) -> bool:
        """Tell whether there is a database in the folder."""
        return (self.path / "PG_VERSION").is_file()

    def check_path(self) -> None:
        """Refuse a path whose socket the kernel could not open.

        Raises
        ------
        PathTooLong
        """
        length = len(os.fsencode(self.path / SOCKET))
        if length > SOCKET_PATH_BYTES:
            raise PathTooLong(
                f"The path of the database's socket would have {length} bytes, "
                f"{SOCKET_PATH_BYTES} are possible: {self.path / SOCKET}",
                "Choose a shorter folder with --data.",
            )

    def make_parent(self) -> None:
        """Make the folder above, if it is missing; never change one that exists.

        Raises
        ------
        FolderUnusable
            When it cannot be made.
        FolderUnreachable
            When the server's user could not enter it.
        """
        make_folder(self.path.parent, passable=self.drops)
        self.check_passage()

    def check_passage(self) -> None:
        """Refuse a place that the server's user could not get to.

        Raises
        ------
        FolderUnreachable
        """
        blocked = blocked_by(self.path, self.server) if self.drops else None
        if blocked is not None:
            raise FolderUnreachable(
                f"The database runs as user {self.server.pw_name} (never as root), "
                f"and that user may not enter {blocked}.",
                f"Choose a folder outside it with --data (for example /var/lib/townhall), "
                f"start Townhall as the user who owns {blocked}, "
                f"or let others pass through it: chmod o+x {blocked}",
            )

    @property
    def drops(self) -> bool:
        """Whether the server runs as another user than the launcher."""
        return self.server.pw_uid != self.launcher.pw_uid

    def take(self) -> int:
        """Lock the data for this process and return the descriptor that holds the lock.

        The kernel gives the lock back when the process ends, however it ends;
        what stands in the file is for people only. The descriptor is not
        inherited by programs that this process starts.

        Raises
        ------
        AlreadyRunning
            When another process holds it.
        FolderUnusable
            When the file cannot be made.
        """
        try:
            held = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise unusable(self.lock, error) from error
        if not _lock_within(held, LOCK_PATIENCE_S):
            who = os.pread(held, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(held)
            raise AlreadyRunning(
                f"Townhall is already running on the data in {self.path} (process {who}).",
                "Use that one, stop it first, or choose another folder with --data.",
            )
        try:
            os.ftruncate(held, 0)
            os.pwrite(held, f"{os.getpid()}\n".encode("ascii"), 0)
        except OSError as error:
            os.close(held)
            raise unusable(self.lock, error) from error
        return held

    def check_contents(self) -> None:
        """Refuse a folder that holds something else than our kind of database.

        Raises
        ------
        FolderUnusable, OtherVersion
        """
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise FolderUnusable(f"{self.path} is not a folder.", "Choose another with --data.")
        status = self.path.stat()
        if status.st_uid not in (self.server.pw_uid, self.launcher.pw_uid):
            raise FolderUnusable(
                f"{self.path} belongs to user number {status.st_uid}, "
                f"not to {self.server.pw_name}.",
                "Start Townhall as that user, or choose another folder with --data.",
            )
        if not self.made():
            if any(self.path.iterdir()):
                raise FolderUnusable(
                    f"{self.path} holds files, but no database.",
                    "Choose another folder with --data, or move these files away.",
                )
            return
        version = (self.path / "PG_VERSION").read_text("ascii", "replace").strip()
        if version != str(MAJOR):
            raise OtherVersion(
                f"The data in {self.path} is of PostgreSQL {version or '(unreadable)'}, "
                f"this Townhall brings PostgreSQL {MAJOR}.",
                "Start the Townhall that wrote it, make a backup with `townhall backup FILE`, "
                "and restore that into a new folder with this one.",
            )

    def open_making(self) -> Path:
        """Make the folder in which a new database is built, empty and private to the server.

        It has a name of its own each time: a killed start's programs may write
        into theirs for some moments more. What earlier starts left is removed.
        """
        beginning = f"{self.path.name}.new-"
        for old in self.path.parent.glob(f"{glob.escape(beginning)}*"):
            shutil.rmtree(old, ignore_errors=True)
        try:
            making = Path(tempfile.mkdtemp(prefix=beginning, dir=self.path.parent))
            if self.drops:
                os.chown(making, self.server.pw_uid, self.server.pw_gid)
        except OSError as error:
            raise unusable(self.path.parent, error) from error
        return making

    def finish_making(self, making: Path) -> None:
        """Put the newly built database in its place, durably."""
        making.rename(self.path)
        above = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(above)
        finally:
            os.close(above)

    def write(self, name: str, text: str) -> None:
        """Write one configuration file whole, readable by the server's user only.

        A new file takes the old one's place: a link that somebody else put
        there is replaced, never followed.
        """
        new = self.path / f"{name}.new"
        try:
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(descriptor)
                if self.drops:
                    os.fchown(descriptor, self.server.pw_uid, self.server.pw_gid)
            new.rename(self.path / name)
        except OSError as error:
            raise unusable(self.path / name, error) from error

    def open_log(self) -> int:
        """Open the server's log for appending; begin a new one when it has grown large."""
        try:
            if self.log.is_file() and self.log.stat().st_size > LOG_BYTES:
                self.log.rename(self.log.with_name(f"{self.log.name}.1"))
            return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise unusable(self.log, error) from error

    def forget_dead_server(self) -> None:
        """Clear what a server that was killed left behind. Call only while holding the lock.

        A server whose parent was killed is still in its fast shutdown; back
        ends that outlived their postmaster leave by themselves within moments.
        What is stuck is told to quit, then killed: nothing committed is lost
        by that. A pid file that names a
        process which is not our server (its number was given away since, it
        is a zombie that nobody reaps, or the file is garbage) would stop
        PostgreSQL from starting for ever: its first line is replaced by our
        own pid, which PostgreSQL takes for stale while it still checks the
        shared memory named further down. The socket's lock holds a pid alone
        and is removed.
        """
        shutting_down = self._named() in self.servers()
        patience = SHUTDOWN_PATIENCE_S if shutting_down else ORPHAN_PATIENCE_S
        for number in (None, signal.SIGQUIT, signal.SIGKILL):
            if number is not None:
                for pid in self.servers():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
            if self._gone_within(patience):
                break
            patience = INSIST_S
        if sys.platform == "linux" and not self.servers():
            self.socket_lock.unlink(missing_ok=True)
        lines = self._pid_lines()
        if self._named() is None or len(lines) < 2:
            self.pid_file.unlink(missing_ok=True)
        elif sys.platform == "linux" and self._named() not in self.servers():
            self.write(self.pid_file.name, "\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    def _gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.servers():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _pid_lines(self) -> list[str]:
        try:
            return self.pid_file.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unusable(self.pid_file, error) from error

    def _named(self) -> int | None:
        """The process that the pid file names, or None if there is no sense in it."""
        first = next(iter(self._pid_lines()), "").strip()
        return int(first) if first.isascii() and first.isdigit() and int(first) > 0 else None

    def servers(self) -> list[int]:
        """Return the pids of PostgreSQL processes that work in this folder (Linux; else none)."""
        if sys.platform != "linux" or not self.path.exists():
            return []
        here = self.path.stat()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                folder = (entry / "cwd").stat()
                same = (folder.st_dev, folder.st_ino) == (here.st_dev, here.st_ino)
                if same and "postgres" in (entry / "exe").readlink().name:
                    found.append(int(entry.name))
            except OSError:  # gone meanwhile, or another user's: not our server
                continue
        return found


def _lock_within(held: int, seconds: float) -> bool:
    """Lock a file, if need be after a moment: a process that was killed takes one to be gone."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        else:
            return True


def make_folder(path: Path, *, passable: bool) -> None:
    """Make folder `path` and those above that are missing; change none that exists.

    Parameters
    ----------
    path
        The folder.
    passable
        Let other users pass through what is made (not read it), whatever the
        umask; else it is closed to them.

    Raises
    ------
    FolderUnusable, DiskFull
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            if passable:
                folder.chmod(0o711)
        except OSError as error:
            raise unusable(folder, error) from error


def unusable(path: Path, error: OSError) -> ClusterError:
    """Say in an operator's words why `path` could not be used."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    reasons = {
        errno.ENOENT: "lies in a folder that does not exist",
        errno.EROFS: "lies on a read-only disk",
        errno.EACCES: "cannot be written by this user",
        errno.EPERM: "cannot be written by this user",
        errno.ENAMETOOLONG: "has too long a name",
        errno.ENOTDIR: "lies below something that is not a folder",
        errno.ELOOP: "is a link where a file is expected",
    }
    reason = reasons.get(error.errno or 0, f"cannot be used ({error.strerror})")
    return FolderUnusable(
        f"{path} {reason}.",
        "Choose a place that you can write (--data for the data), or mend its rights.",
    )


def disk_full(path: Path) -> DiskFull:
    """Say that the disk below `path` is full."""
    return DiskFull(
        f"The disk that holds {path} is full.",
        "Free some space (a few hundred megabytes) and start again; what was stored is safe.",
    )
