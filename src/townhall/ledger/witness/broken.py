"""Broken promises in the state of a witness: for whoever succeeds the operator of a log.

A place is taken only by what a key of the log has signed, and a promise that is kept after
all leaves its place. Places are counted for each log, and for its present keys apart from
those that it had before: whoever stole a key that was replaced meanwhile can fill no place
of the present ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Room:
    """How much is kept of one log.

    Attributes
    ----------
    promises
        How many at most.
    size
        How many bytes they may have together.
    """

    promises: int
    size: int


PRESENT: Final = Room(1_000, 12 << 20)
"""For promises under the present keys of a log; a successor reads at most 16 MiB."""
EARLIER: Final = Room(100, 2 << 20)
"""For promises under the keys that it had before."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A broken promise whose entry may have come meanwhile.

    Attributes
    ----------
    digest
        Of the promise.
    promise
        Its file.
    scanned
        The entry is known not to stand before this index.
    """

    digest: bytes
    promise: bytes
    scanned: int


class Broken:
    """The broken promises of all logs, within a transaction.

    Parameters
    ----------
    database
        Of the state.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def has(self, digest: bytes) -> bool:
        """Whether a promise is kept already."""
        row = self._database.execute("SELECT 1 FROM overdue WHERE digest = ?", [digest]).fetchone()
        return row is not None

    def of(self, origin: str) -> list[bytes]:
        """Return the promises that a log has broken, as files, the oldest first."""
        rows = self._database.execute(
            "SELECT promise FROM overdue WHERE origin = ? ORDER BY rowid", [origin]
        )
        return [row[0] for row in rows]

    def waiting(self, origin: str, end: int) -> list[Waiting]:
        """Return those of a log whose entry was not looked for up to an index."""
        rows = self._database.execute(
            "SELECT digest, promise, scanned FROM overdue WHERE origin = ? AND scanned < ?",
            [origin, end],
        )
        return [Waiting(*row) for row in rows]

    def add(self, origin: str, found: Waiting, signer: str, present: Collection[str]) -> bool:
        """Keep a broken promise; whether there was room.

        Parameters
        ----------
        signer
            Names the key of the log that gave it.
        present
            Names the keys under which the log is heard now.
        """
        marks = ", ".join("?" * len(present))
        now = signer in present
        room = PRESENT if now else EARLIER
        count, size = self._database.execute(
            "SELECT count(*), coalesce(sum(length(promise)), 0) FROM overdue "  # noqa: S608
            f"WHERE origin = ? AND (signer IN ({marks})) = ?",
            [origin, *present, now],
        ).fetchone()
        if count >= room.promises or size + len(found.promise) > room.size:
            return False
        self._database.execute(
            "INSERT INTO overdue (digest, origin, promise, scanned, signer) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
            [found.digest, origin, found.promise, found.scanned, signer],
        )
        return True

    def note_scanned(self, digests: Iterable[bytes], end: int) -> None:
        """Note that the entries of these promises were looked for up to an index."""
        self._database.executemany(
            "UPDATE overdue SET scanned = max(scanned, ?) WHERE digest = ?",
            [(end, each) for each in digests],
        )

    def drop(self, digest: bytes) -> None:
        """Let go of a promise that was kept after all."""
        self._database.execute("DELETE FROM overdue WHERE digest = ?", [digest])
