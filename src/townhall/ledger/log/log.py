"""One log: appending, integrating, signing and publishing, in this order only.

append
    The journal takes a batch in one sync. Then it is acknowledged and has its
    indices for good.
integrate
    Bundles and tiles of all acknowledged entries are written durably, read back
    and hashed.
sign
    A checkpoint of what is integrated is made durable before its signature can
    leave, and only if it continues the one that was signed before.
publish
    The checkpoint that the policy asks for takes its place in the public folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final, Self

from townhall.ledger.engine.bundles import LONGEST_ENTRY
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.log import heads, opening, recovery
from townhall.ledger.log.checkpoints import Checkpoints
from townhall.ledger.log.errors import DiskFull, LogStopped, NotInLog
from townhall.ledger.log.files import Fault, no_fault, read_fresh
from townhall.ledger.log.growing import grow
from townhall.ledger.log.heads import Head
from townhall.ledger.log.reading import Snapshot

MOST_PENDING: Final = 8 << 20  # bytes of entries that wait for their tiles
LONGEST_SEGMENT: Final = 16 << 20  # bytes of a segment of the journal


class Log:
    """The only writer of one log's folder. Safe for several threads.

    Appending goes on while others integrate. Use it as a context manager, or close it.

    Notes
    -----
    Whoever appends decides what is a repetition: `find` tells where an entry already
    stands. It answers from memory for the newest 65,536 and reads the leaf hashes of
    the rest from the disk: a second for ten million. A sequencer whose database knows
    all entries needs it only for the batch that was on its way during a crash.
    """

    def __init__(self, opened: opening.Opened) -> None:
        self._opened = opened
        self._disk = opened.disk
        self._journal = opened.journal
        self._edge = opened.edge
        self._recent = opened.recent
        self._pending = opened.pending
        self._hashes: list[bytes] = []  # of the first of `_pending`; see `_hash_pending`
        self._pending_bytes = sum(map(len, opened.pending))
        self._snapshot = Snapshot(opened.paths.public, opened.edge.head)
        self._checkpoints = Checkpoints(opened.paths, opened.origin, opened.disk)
        self._stopped: LogStopped | None = None
        self._tree = RLock()  # taken before `_queue`, never after
        self._queue = RLock()
        self._reading = RLock()

    @classmethod
    def create(cls, folder: Path, origin: str, *, fault: Fault = no_fault) -> Self:
        """Begin an empty log in a folder of its own.

        Parameters
        ----------
        folder
            Made if needed.
        origin
            Name of the log for good: the first line of its checkpoints.
        fault
            See `Disk`.

        Raises
        ------
        LogError
            If there is a log already, or the origin is no name of a key
            (C2SP signed-note).
        """
        opening.create(folder, origin)
        return cls.open(folder, fault=fault)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        deep: bool = False,
        known_size: int = 0,
        accept: Callable[[bytes], object] | None = None,
        fault: Fault = no_fault,
    ) -> Self:
        """Take the log's lock, recover what a crash left, and check what is there.

        Entries above the last signed checkpoint are always hashed anew.

        Parameters
        ----------
        folder
            Of the log.
        deep
            Whether every entry and tile is hashed anew, and mended.
        known_size
            A size that this log has signed, as known from outside its folder: a
            database, or the answer of a witness.
        accept
            Verifies the signatures of a stored checkpoint; raises if they are wrong.
        fault
            See `Disk`.

        Raises
        ------
        LogInUse
            If another process has it open.
        LogDamaged, LogRolledBack
            If it cannot go on; the text says what to do.
        DiskFull
            If there is no room to recover.
        """
        wanted = opening.Wanted(deep=deep, known_size=known_size, accept=accept)
        opened = opening.open_log(folder, wanted, fault)
        try:
            log = cls(opened)
            log._settle()
        except BaseException:
            opened.close()
            raise
        return log

    def close(self) -> None:
        """Let go of the log. What is acknowledged stays so."""
        with self._tree, self._queue:
            self._stopped = self._stopped or LogStopped("this log was closed")
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """Name of the log."""
        return self._opened.origin

    @property
    def public(self) -> Path:
        """The folder that a web server may serve."""
        return self._opened.paths.public

    @property
    def mended(self) -> Sequence[str]:
        """The files that were damaged and were made again when the log was opened."""
        return self._opened.mended

    @property
    def appended(self) -> int:
        """Number of acknowledged entries."""
        return self._journal.next

    @property
    def head(self) -> Head:
        """Size and root of what is integrated."""
        return self._snapshot.head

    @property
    def size(self) -> int:
        """Number of integrated entries."""
        return self.head.size

    @property
    def root(self) -> bytes:
        """Root of the integrated entries."""
        return self.head.root

    @property
    def signed(self) -> bytes | None:
        """The newest checkpoint that may have left the house."""
        return heads.read_if_there(self._opened.paths.signed)

    @property
    def checkpoint(self) -> bytes | None:
        """The published checkpoint."""
        return heads.read_if_there(self._opened.paths.checkpoint)

    def append(self, entries: Sequence[bytes]) -> range:
        """Acknowledge a batch: durable, in this order, all of it or nothing.

        Parameters
        ----------
        entries
            At most 65,535 bytes each. One sync for the whole batch: gather many.

        Returns
        -------
        range
            Their indices.

        Raises
        ------
        DiskFull
            If there is no room; nothing was appended.
        LogStopped
            If the disk failed; whether the batch lies there shows when the log is
            opened again.
        ValueError
            If an entry is too long.
        """
        if not entries:
            return range(self.appended, self.appended)
        if max(map(len, entries)) > LONGEST_ENTRY:
            raise ValueError(f"an entry has at most {LONGEST_ENTRY} bytes")
        if self._pending_bytes > MOST_PENDING:
            self.integrate()
        with self._queue, self._writing():
            first = self._journal.append(entries)
            self._pending += entries
            self._pending_bytes += sum(map(len, entries))
            return range(first, first + len(entries))

    def integrate(self) -> int:
        """Put all acknowledged entries into bundles and tiles; return the size.

        They are read back from the disk and hashed before this returns.

        Raises
        ------
        DiskFull
            If there is no room; the entries wait in the journal.
        LogStopped
            If the disk failed, or gave back other bytes than it was given.
        """
        with self._tree, self._writing():
            with self._queue:
                entries, hashes = list(self._pending), self._hash_pending()
            if not entries:
                return self.size
            before = self.size
            edge, contents = grow(self._edge, entries, hashes)
            self._disk.replace_all(
                {self.public / tile.path: each for tile, each in contents.items()}
            )
            recovery.check_written(Snapshot(self.public, edge.head, read_fresh), before)
            with self._queue, self._reading:
                del self._pending[: len(entries)], self._hashes[: len(entries)]
                self._pending_bytes -= sum(map(len, entries))
                self._edge = edge
                self._snapshot = Snapshot(self.public, edge.head)
                if self._journal.bytes_written > LONGEST_SEGMENT:
                    with suppress(DiskFull):  # the segment then grows on
                        self._rotate()
            return self.size

    def sign(self, make: Callable[[str], bytes]) -> bytes:
        """Sign what is integrated; the checkpoint is durable before this returns.

        Parameters
        ----------
        make
            Is given the text of the checkpoint (C2SP tlog-checkpoint), and returns
            the signed note.

        Returns
        -------
        bytes
            The note.

        Raises
        ------
        CheckpointRefused
            If the log's files no longer continue what was signed before, or the note
            is of something else.
        """
        with self._tree, self._writing():
            return self._checkpoints.sign(self.snapshot(), make)

    def publish(self, note: bytes) -> None:
        """Publish a checkpoint; then remove partial tiles that full ones replace.

        Parameters
        ----------
        note
            A signed note of this log, of any size up to what is integrated.

        Raises
        ------
        CheckpointRefused
            If it is not of these entries, or smaller than the published one.
        """
        with self._tree, self._writing():
            self._checkpoints.publish(self.snapshot(), note)

    def snapshot(self) -> Snapshot:
        """Return the integrated log as it is now, for one thread of the caller."""
        return Snapshot(self.public, self.head)

    def proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the inclusion proof of an integrated entry; see `Snapshot.proof`."""
        with self._reading:
            return self._snapshot.proof(index, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the log only grew; see `Snapshot.consistency`."""
        with self._reading:
            return self._snapshot.consistency(old, new)

    def entry(self, index: int) -> bytes:
        """Return an acknowledged entry."""
        return next(self.entries(index, index + 1))

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Yield acknowledged entries, integrated or not.

        Raises
        ------
        NotInLog
            If there are not as many.
        """
        with self._queue:
            log = self.snapshot()
            size, appended = log.head.size, self.appended
            waiting = self._pending[max(start - size, 0) : max(end - size, 0)]
        if not 0 <= start <= end <= appended:
            raise NotInLog(f"{self.origin} has no entries {start} to {end - 1}")
        if start < size:
            yield from log.entries(start, min(end, size))
        yield from waiting

    def audit(self, since: int = 0, until: int | None = None) -> None:
        """Read integrated entries and their tiles from the disk and hash them anew.

        Goes on beside appending; about 6 seconds for a million entries.

        Raises
        ------
        LogDamaged
            If one byte of them is not what was logged.
        """
        recovery.check_entries(Snapshot(self.public, self.head, read_fresh), since, until)

    def find(self, wanted: bytes) -> int | None:
        """Return where an acknowledged entry stands; None if it is not in the log.

        Parameters
        ----------
        wanted
            `hashing.leaf_hash` of the entry.
        """
        with self._queue:
            waiting = self._hash_pending()
            found = self._recent.find(wanted)
            log = self.snapshot()
        if found is None and wanted in waiting:
            found = log.head.size + waiting.index(wanted)
        return log.find(wanted) if found is None else found

    def _hash_pending(self) -> list[bytes]:
        """Return the leaf hashes of what is pending. Late: nobody waits for them to append."""
        first = self.size + len(self._hashes)
        fresh = list(map(leaf_hash, self._pending[len(self._hashes) :]))
        self._recent.add(first, fresh)
        self._hashes += fresh
        return list(self._hashes)

    def _settle(self) -> None:
        """Bring what the journal still held into tiles, so that it starts anew.

        What a process before this one failed to sync may seem to be on the disk and
        not be there: after this it lies in files that this process has synced.
        """
        if self._pending:
            self.integrate()
            self._rotate()
        else:
            self._journal.drop_before(self.size)

    def _rotate(self) -> None:
        """Begin a segment of the journal; drop those whose entries all lie in tiles."""
        self._disk.replace(self._opened.paths.mark, heads.mark_bytes(self.origin, self.head))
        self._disk.fault("integrated marked")
        self._journal.start_segment()
        self._journal.drop_before(self.size)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Refuse once the disk has failed; notice when it does."""
        if self._stopped is not None:
            raise LogStopped(f"{self.origin} stopped: {self._stopped}") from self._stopped
        try:
            yield
        except LogStopped as stopped:
            self._stopped = self._stopped or stopped
            raise
