"""The copy of one log that a witness keeps, and the rules that it holds against it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import RLock, Thread

from townhall import __version__
from townhall.ledger.engine import mirroring, registers
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.mirroring import Header, Package, Read, UploadInvalid
from townhall.ledger.engine.registers import Rejected
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.log import Log
from townhall.ledger.witness.settings import WatchedLog

SOFTWARE = f"townhall {__version__}"
_STEP = 1_024  # entries replayed before others get their turn


class CopyUnusable(Exception):
    """The copy cannot be used now; the text says why and what helps."""


class Copy:
    """All entries of one log, authenticated before they were stored.

    Parameters
    ----------
    watched
        The log.
    folder
        Of the copy; made if needed.
    replayed
        How far its rules were replayed before; None: from the start.

    Notes
    -----
    Hold `lock` around everything but `trouble`, `progress` and `violation`.
    """

    def __init__(self, watched: WatchedLog, folder: Path, replayed: bytes | None) -> None:
        self.watched = watched
        self.folder = folder
        self.lock = RLock()
        self.trouble = ""
        self.violation: Rejected | None = None
        self._log: Log | None = None
        self._catching_up: Thread | None = None
        self._closing = False
        self._state = registers.start(watched.rules, watched.origin)
        if replayed is not None:
            with suppress(Refused):  # of another version: the rules are replayed from the start
                self._state = registers.State.decode(replayed)
        self._open()

    def _open(self) -> None:
        try:
            if (self.folder / "log").exists():
                # Everything is hashed anew before this key signs again: 6 s for a million.
                self._log = Log.open(self.folder, deep=True)
            else:
                self._log = Log.create(self.folder, self.watched.origin)
        except LogError as error:
            self.trouble = (
                f"{error}. To have the log send all entries anew, stop the witness, move "
                f"{self.folder} away and start it again"
            )
            return
        if self._state.size > self._log.appended:
            self._state = registers.start(self.watched.rules, self.watched.origin)
        if self._state.size < self._log.appended:
            self._catching_up = Thread(target=self._catch_up, name="replay", daemon=True)
            self._catching_up.start()

    def open_again(self) -> None:
        """Hash everything anew and mend what can be mended; `trouble` says what cannot."""
        with self.lock:
            if self._log is not None:
                self._log.close()
            self._log, self.trouble = None, ""
            self._open()

    def close(self) -> None:
        """Let go of the files."""
        self._closing = True
        if self._catching_up is not None:
            self._catching_up.join()
        with self.lock:
            if self._log is not None:
                self._log.close()

    @property
    def log(self) -> Log:
        """The files; see `check_usable`."""
        self.check_usable()
        assert self._log is not None
        return self._log

    @property
    def state(self) -> registers.State:
        """What the register's rules know after the entries that were replayed."""
        return self._state

    def check_usable(self) -> None:
        """Refuse to go on without the files.

        Raises
        ------
        CopyUnusable
            If they could not be opened.
        """
        if self._log is None:
            raise CopyUnusable(self.trouble)

    @property
    def next_entry(self) -> int:
        """Index of the first entry that is missing."""
        return self._log.appended if self._log is not None else 0

    @property
    def progress(self) -> int:
        """Up to which entry the rules were replayed and held."""
        return self._state.size

    @property
    def state_root(self) -> str:
        """Root of what the rules remember, in hexadecimal: equal in all copies of a size."""
        return self._state.root.hex()

    @property
    def replayed(self) -> bytes:
        """What the rules remember, to be stored."""
        return self._state.encode()

    def store(self, header: Header, read: Read, root: bytes) -> tuple[int, Refused | None]:
        """Store the entries of an upload, each package authenticated first.

        Parameters
        ----------
        header
            Of the upload, accepted by `mirroring.decide_header`.
        read
            Gives the packages.
        root
            Of the checkpoint of size `header.end`.

        Returns
        -------
        tuple
            How many packages were stored, and why the next one was refused.
        """
        fresh: list[bytes] = []
        failed: Refused | None = None
        packages, next_entry = 0, self.next_entry
        for place in header.packages():
            try:
                entries, proof = mirroring.read_package(read, place)
                place.authenticate(entries, proof, root, known=self._known(place))
            except UploadInvalid:
                break  # the body ends here
            except Refused as error:
                failed = error
                break
            packages += 1
            fresh += entries[max(next_entry + len(fresh) - place.start, 0) :]
        if fresh:
            first = self.log.append(fresh).start
            if self._state.size == first and self.violation is None:
                self._replay(first, fresh)
        return packages, failed

    def complete(self, size: int) -> None:
        """Put everything into tiles, for a checkpoint of this size.

        Raises
        ------
        CopyUnusable
            While the rules are still being replayed.
        """
        self.log.integrate()
        if self._state.size < size and self.violation is None:
            raise CopyUnusable(
                self.trouble
                or f"the rules are being replayed: entry {self._state.size} of {size}; ask again"
            )

    def root_at(self, size: int) -> bytes | None:
        """Return the root that the log had at this size; None if the copy cannot tell."""
        with self.lock, suppress(CopyUnusable, LogError):
            if size <= self.log.size:
                return self.log.snapshot().root(size)
        return None

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return a consistency proof; none where the copy does not reach."""
        with self.lock, suppress(CopyUnusable, LogError):
            return self.log.consistency(old, new)
        return []

    def _known(self, place: Package) -> list[bytes]:
        """Return the leaf hashes that complete a package to its subtree."""
        if place.aligned == place.start:
            return []
        return [leaf_hash(each) for each in self.log.entries(place.aligned, place.start)]

    def _catch_up(self) -> None:
        """Replay what was stored before the start, in turns with uploads."""
        while not self._closing:
            with self.lock:
                start = self._state.size
                end = min(start + _STEP, self.next_entry)
                try:
                    entries = list(self.log.entries(start, end))
                except (LogError, CopyUnusable) as error:
                    self.trouble = str(error)
                    return
                if not entries or self.violation is not None:
                    return
                self._replay(start, entries)

    def _replay(self, first: int, entries: list[bytes]) -> None:
        for index, entry in enumerate(entries, first):
            try:
                self._state = registers.apply(self._state, index, entry)
            except Rejected as violation:
                self.violation = violation
                return
