"""The journal: one record a batch, one sync a batch, and then the batch is acknowledged.

A segment is a file named after its first index. It begins with a mark and 16
random bytes, its salt; then come records:

======  ==================================================================
bytes   of a record
======  ==================================================================
4       mark
8       index of the first entry, big-endian as all numbers
4       number of entries
4       length of the payload
4       CRC-32 of salt and the 20 bytes before
32      SHA-256 of salt, the 24 bytes before, and payload
…       payload: the entries, as in a bundle (16-bit length before each)
======  ==================================================================

What a crash can do to the last record, and a damaged disk to any, must not be
confused: a torn record was never acknowledged and is dropped, a damaged one was
and is refused. A torn one is short, or has whole sectors of zeros where nothing
was written yet. The salt keeps an entry from passing itself off as a record.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from townhall.ledger.engine import bundles
from townhall.ledger.log.errors import DiskFull, LogDamaged, LogStopped
from townhall.ledger.log.files import Disk, fatal, room_for, sync_folder, write_whole

SEGMENT_MARK: Final = b"townhall log 1\r\n"
SALT_SIZE: Final = 16
SEGMENT_HEADER: Final = len(SEGMENT_MARK) + SALT_SIZE
RECORD_MARK: Final = b"\xf4thb"
RECORD_HEADER: Final = 56
_FIELDS: Final = struct.Struct(">4sQII")
_SECTOR: Final = 512
_CERTAIN: Final = 8  # zero bytes at the end of a sector's share that no record ends with
_SEGMENT_SUFFIX: Final = ".journal"


class Record(NamedTuple):
    """One batch, as it was acknowledged."""

    first: int
    entries: list[bytes]


@dataclass(frozen=True, slots=True)
class _Header:
    """The fixed part of a record, after its CRC was found right."""

    first: int
    count: int
    length: int
    digest: bytes


class Journal:
    """The acknowledged entries that may not lie in tiles yet.

    Parameters
    ----------
    folder
        Where the segments lie; it exists.
    disk
        How files are written.

    Notes
    -----
    Read it with `recover` before the first `append`. One process, and one thread
    at a time: `Log` sees to both.
    """

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._descriptor: int | None = None
        self._salt = b""
        self._end = 0
        self.next = 0

    @property
    def bytes_written(self) -> int:
        """Length of the present segment."""
        return self._end

    def close(self) -> None:
        """Let go of the segment."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def recover(self, size: int) -> Iterator[Record]:
        """Yield what was acknowledged, in order; cut off what a crash tore.

        Afterwards the journal is ready for the next entry, in a segment of its own.

        Parameters
        ----------
        size
            Number of entries that lie in tiles: segments of older entries are
            skipped, and the first record after them may not be missing.

        Raises
        ------
        LogDamaged
            If an acknowledged record is damaged or missing.
        """
        self.next = size
        segments = self._segments()
        for position, (first, path) in enumerate(segments):
            last = position == len(segments) - 1
            if not last and segments[position + 1][0] <= size:
                continue  # every entry of it lies in tiles
            if first > self.next:
                raise LogDamaged(
                    f"the journal lacks entries {self.next} to {first - 1}, before {path}: "
                    "fetch them from a mirror"
                )
            for record in self._read_segment(path, first, last=last):
                self.next = max(self.next, record.first + len(record.entries))
                yield record
        self.start_segment()

    def append(self, entries: Sequence[bytes]) -> int:
        """Make a batch durable; return the index of its first entry.

        Parameters
        ----------
        entries
            At least one; each at most 65,535 bytes.

        Raises
        ------
        DiskFull
            If there is no room: nothing of the batch remains.
        LogStopped
            If it is uncertain whether the batch lies on the disk.
        """
        descriptor = self._descriptor
        if descriptor is None:
            raise LogStopped("the journal is closed")
        payload = bundles.encode_entries(entries)
        record = _header(self._salt, self.next, len(entries), payload) + payload
        try:
            with room_for(self._folder):
                write_whole(descriptor, record)
        except DiskFull:
            with fatal("take back a batch for which there was no room"):
                os.ftruncate(descriptor, self._end)
                os.lseek(descriptor, self._end, os.SEEK_SET)
            raise
        self._disk.fault("journal unsynced")
        with fatal("sync the journal"):
            os.fdatasync(descriptor)
        self._disk.fault("journal synced")
        first = self.next
        self._end += len(record)
        self.next += len(entries)
        return first

    def salvage(self, start: int, end: int) -> list[bytes] | None:
        """Return the entries [start, end) if the journal still has them all."""
        found: dict[int, bytes] = {}
        for _, path in self._segments():
            content = path.read_bytes()
            salt = content[len(SEGMENT_MARK) : SEGMENT_HEADER]
            at = SEGMENT_HEADER
            while (record := read_record(content, at, salt)) is not None:
                at = record.end
                for index, entry in enumerate(record.entries, record.first):
                    if start <= index < end:
                        found[index] = entry
        return [found[index] for index in range(start, end)] if len(found) == end - start else None

    def start_segment(self) -> None:
        """Begin a new file for what comes next."""
        path = self._folder / f"{self.next:020d}{_SEGMENT_SUFFIX}"
        salt = os.urandom(SALT_SIZE)
        if path.exists() and path.stat().st_size > SEGMENT_HEADER:
            raise LogDamaged(f"{path} has entries that were to come only now")
        with room_for(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with room_for(path):
                write_whole(descriptor, SEGMENT_MARK + salt)
            with fatal(f"sync {path}"):
                os.fsync(descriptor)
            sync_folder(self._folder)
        except BaseException:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            raise
        self.close()
        self._descriptor, self._salt, self._end = descriptor, salt, SEGMENT_HEADER
        self._disk.fault("journal segment")

    def drop_before(self, size: int) -> None:
        """Remove segments all of whose entries lie durably in tiles."""
        segments = self._segments()
        for (_, path), (following, _) in pairwise(segments):
            if following <= size:
                with fatal(f"remove {path}"):
                    path.unlink(missing_ok=True)
        self._disk.fault("journal dropped")

    def _segments(self) -> list[tuple[int, Path]]:
        return sorted((int(path.stem), path) for path in self._folder.glob(f"*{_SEGMENT_SUFFIX}"))

    def _read_segment(self, path: Path, first: int, *, last: bool) -> Iterator[Record]:
        content = path.read_bytes()
        if len(content) < SEGMENT_HEADER and last:
            return  # torn while it was begun, before its first record
        if not content.startswith(SEGMENT_MARK) or len(content) < SEGMENT_HEADER:
            raise _damaged(path, 0, first)
        salt = content[len(SEGMENT_MARK) : SEGMENT_HEADER]
        at, expected = SEGMENT_HEADER, first
        while at < len(content):
            record = read_record(content, at, salt)
            if record is None:
                if last and is_torn(content, at, salt):
                    _cut(path, at)
                    return
                raise _damaged(path, at, expected)
            if record.first != expected:
                raise _damaged(path, at, expected)
            yield Record(*record[:2])
            at, expected = record.end, expected + len(record.entries)


class _Found(NamedTuple):
    """A record that was read, and where it ends."""

    first: int
    entries: list[bytes]
    end: int


def read_record(content: bytes, at: int, salt: bytes) -> _Found | None:
    """Return the record that begins here; None if there is no whole one."""
    header = _read_header(content, at, salt)
    if header is None:
        return None
    start = at + RECORD_HEADER
    payload = content[start : start + header.length]
    if len(payload) < header.length or _digest(salt, content[at : at + 24], payload) != (
        header.digest
    ):
        return None
    with suppress(bundles.BundleInvalid):
        entries = bundles.decode_entries(payload, header.count)
        return _Found(header.first, entries, start + header.length)
    return None


def is_torn(content: bytes, at: int, salt: bytes) -> bool:
    """Tell a record that a crash tore from one that the disk damaged.

    Parameters
    ----------
    content
        A whole segment.
    at
        Where no whole record could be read.
    salt
        Of the segment.

    Returns
    -------
    bool
        True if this was never acknowledged: no record follows, and it is short
        or lacks whole sectors.
    """
    if _whole_record_after(content, at, salt):
        return False
    rest = len(content) - at
    if rest < RECORD_HEADER:
        return True
    header = _read_header(content, at, salt)
    if header is not None and rest < RECORD_HEADER + header.length:
        return True
    start = at
    while start < len(content):
        end = (start // _SECTOR + 1) * _SECTOR
        share = content[start:end]
        if not any(share) and (len(share) >= _CERTAIN or start == at):
            return True
        start = end
    return False


def _whole_record_after(content: bytes, at: int, salt: bytes) -> bool:
    found = content.find(RECORD_MARK, at + 1)
    while found >= 0:
        if read_record(content, found, salt) is not None:
            return True
        found = content.find(RECORD_MARK, found + 1)
    return False


def _header(salt: bytes, first: int, count: int, payload: bytes) -> bytes:
    fields = _FIELDS.pack(RECORD_MARK, first, count, len(payload))
    fields += zlib.crc32(salt + fields).to_bytes(4, "big")
    return fields + _digest(salt, fields, payload)


def _read_header(content: bytes, at: int, salt: bytes) -> _Header | None:
    fields = content[at : at + 20]
    if len(content) - at < RECORD_HEADER or fields[:4] != RECORD_MARK:
        return None
    if zlib.crc32(salt + fields).to_bytes(4, "big") != content[at + 20 : at + 24]:
        return None
    _, first, count, length = _FIELDS.unpack(fields)
    return _Header(first, count, length, content[at + 24 : at + RECORD_HEADER])


def _digest(salt: bytes, fields: bytes, payload: bytes) -> bytes:
    hashed = sha256(salt + fields)
    hashed.update(payload)
    return hashed.digest()


def _cut(path: Path, at: int) -> None:
    with fatal(f"cut the torn end off {path}"):
        descriptor = os.open(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, at)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _damaged(path: Path, at: int, first: int) -> LogDamaged:
    return LogDamaged(
        f"{path} is damaged at byte {at}: entry {first} was acknowledged, and neither it nor what "
        "follows can be read. Do not delete the file: put back an undamaged copy of it, or fetch "
        f"the entries from {first} on from a mirror"
    )
