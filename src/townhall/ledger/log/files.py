"""Writing files so that they survive a power cut, whole or not at all.

A file is written under another name, synced, renamed, and its folder synced: a
reader sees the old bytes or the new ones, and after `replace_all` returned, the
new ones for good. The descriptor stays open from the first byte to the sync,
because the kernel reports a failed write-back only to descriptors that were open
when it failed (transparency-dev/tessera PR #750).

A failed sync is never tried again: the kernel may have dropped the bytes and
marked them clean (PostgreSQL's "fsyncgate" of 2018).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from townhall.ledger.log.errors import DiskFull, LogStopped

SUFFIX: Final = ".new"  # of a file that is not complete yet
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FILE_MODE: Final = 0o644
_WRITERS: Final = 8

Fault = Callable[[str], None]
"""Called with the name of every point at which a crash is interesting."""


def no_fault(_point: str) -> None:
    """Let everything pass: the fault of a log in use."""


class Disk:
    """One process's way of writing to the disk.

    Parameters
    ----------
    fault
        Called before and after every step that a crash could tear apart. Tests
        end the process there.
    writers
        How many files are synced at the same time: the journal of the file
        system turns simultaneous syncs into one.
    """

    def __init__(self, fault: Fault = no_fault, *, writers: int = _WRITERS) -> None:
        self.fault = fault
        self._pool = ThreadPoolExecutor(writers, thread_name_prefix="log-files")

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def replace(self, path: Path, content: bytes) -> None:
        """Write one file durably; see `replace_all`."""
        self.replace_all({path: content})

    def replace_all(self, contents: Mapping[Path, bytes]) -> None:
        """Write files durably, each whole or not at all; folders are made as needed.

        Every file is synced before the first is renamed, and every folder is
        synced before this returns.

        Raises
        ------
        DiskFull
            If there is no room; none of the files has changed then.
        LogStopped
            If a sync failed, or something else that a retry could make worse.
        """
        folders = {path.parent for path in contents}
        for folder in folders:
            make_folder(folder)
        drafts = {path: path.with_name(path.name + SUFFIX) for path in contents}
        try:
            self._each(lambda path: self._write(drafts[path], contents[path]), drafts)
        except BaseException:
            for draft in drafts.values():
                with suppress(OSError):
                    draft.unlink()
            raise
        self.fault("files written")
        with fatal("rename a file of the log"):
            for path, draft in drafts.items():
                draft.rename(path)
        self.fault("files renamed")
        self._each(sync_folder, folders)
        self.fault("folders synced")

    def _write(self, path: Path, content: bytes) -> None:
        with room_for(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
        try:
            with room_for(path):
                write_whole(descriptor, content)
            self.fault("file unsynced")
            with fatal(f"sync {path}"):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _each(self, action: Callable[[Path], None], paths: Iterable[Path]) -> None:
        """Do something with every path; wait for all of them, then raise the worst."""
        results = [self._pool.submit(action, path) for path in paths]
        failures = [failure for each in results if (failure := each.exception()) is not None]
        for failure in sorted(failures, key=lambda each: isinstance(each, DiskFull)):
            raise failure


def write_whole(descriptor: int, content: bytes) -> None:
    """Write all bytes: the system may take them in pieces."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """Make the names within a folder durable: a rename alone is not (POSIX fsync)."""
    with fatal(f"sync the folder {folder}"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, durably."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        with room_for(each):
            each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def read_fresh(path: Path) -> bytes:
    """Read a file from the disk itself, not from what the kernel remembers of a write.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        parts = []
        while part := os.read(descriptor, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def sync_folders_below(top: Path) -> None:
    """Sync every folder: a process that was killed may have left one unsynced."""
    for folder, _, _ in os.walk(top):
        sync_folder(Path(folder))


def drafts_below(folder: Path) -> Iterator[Path]:
    """Yield the files that a crash left half written."""
    yield from folder.rglob(f"*{SUFFIX}")


@contextmanager
def room_for(path: Path) -> Iterator[None]:
    """Tell a full disk, which is no harm, from a broken one, which stops the log."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull(
                f"no room to write {path}: make room on its disk; the log then goes on by itself"
            ) from error
        raise _stopped(f"write {path}", error) from error


@contextmanager
def fatal(action: str) -> Iterator[None]:
    """Turn any failure into the end of this instance."""
    try:
        yield
    except OSError as error:
        raise _stopped(action, error) from error


def _stopped(action: str, error: OSError) -> LogStopped:
    return LogStopped(
        f"could not {action} ({error.strerror}): what is on the disk is uncertain; "
        "check the disk and open the log again"
    )
