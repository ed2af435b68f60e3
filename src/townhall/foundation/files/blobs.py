"""The folder of contents: each content once, under its SHA-256.

A content is written under a temporary name, flushed to the disk, and renamed:
whatever dies at whatever moment, a name is either absent or complete.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from townhall.foundation import settings

_CHUNK = 1 << 20
_INCOMING = "incoming"


class StoreUnavailable(Exception):
    """The folder of files cannot be written; says why and what the operator does."""

    def __init__(self, folder: Path, error: OSError) -> None:
        cure = {
            errno.ENOSPC: "The disk is full: free some space, then try again.",
            errno.EDQUOT: "The disk quota is used up: free some space, then try again.",
            errno.EROFS: "The file system is read-only: mount it for writing.",
            errno.EACCES: "Give the user that runs Townhall the right to write there.",
        }.get(error.errno or 0, "See the system's log.")
        super().__init__(f"Files cannot be stored in {folder}: {error.strerror}. {cure}")


class TooLong(Exception):
    """More bytes came than are allowed."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A content that has arrived under a temporary name and is not kept yet."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    """Return the folder in which contents lie."""
    return settings.current().files_dir


def place(sha256: str) -> Path:
    """Return where the content with this digest lies."""
    return root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def receive(content: BinaryIO, most: int) -> Iterator[Incoming]:
    """Write `content` under a temporary name and digest it; the name is gone after the block.

    Parameters
    ----------
    content : read once, from where it stands.
    most : more bytes than this are refused as soon as they come.

    Raises
    ------
    TooLong
    StoreUnavailable
    """
    folder = root() / _INCOMING
    path = folder / secrets.token_hex(16)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = _write(content, path, most)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StoreUnavailable(root(), error) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    try:
        yield incoming
    finally:
        incoming.path.unlink(missing_ok=True)


def keep(incoming: Incoming) -> None:
    """Give the content its lasting name; does nothing if it is there already.

    Raises
    ------
    StoreUnavailable
    """
    target = place(incoming.sha256)
    try:
        if _is_whole(target, incoming.size):
            os.utime(target)  # young again, so that the sweep leaves it alone
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming.path.rename(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise StoreUnavailable(root(), error) from error


def reading(sha256: str) -> BinaryIO:
    """Return the content, open for reading.

    Raises
    ------
    FileNotFoundError
    """
    return place(sha256).open("rb")


def older_than(seconds: float) -> Iterator[str]:
    """Yield the digests of contents that nobody has stored for so long."""
    limit = time.time() - seconds
    for path in root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.stat().st_mtime < limit:
            yield path.name


def remove(sha256: str) -> None:
    """Remove a content."""
    place(sha256).unlink(missing_ok=True)


def clear_incoming(seconds: float) -> int:
    """Remove what was left behind under temporary names for so long; return how many."""
    limit = time.time() - seconds
    removed = 0
    for path in (root() / _INCOMING).glob("*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _write(content: BinaryIO, path: Path, most: int) -> Incoming:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise TooLong
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Incoming(path, digest.hexdigest(), size)


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
