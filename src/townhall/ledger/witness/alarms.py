"""Alarms: what the people who run a witness, a log or a register must know, and what has ended.

Whoever can raise alarms can try to drown one in others. So there are only so many open at
once of a kind about a log, and of those that ended the oldest are forgotten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_OPEN: Final = 100
"""The most alarms of one kind about one log that are open at once."""
MOST_ENDED: Final = 1_000
"""The most alarms that are remembered after they ended."""

_COLUMNS: Final = "key, at, origin, kind, text, evidence, settled, ended"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the people who run the witness, the log or the register must know.

    Attributes
    ----------
    key
        The same for the same observation: it is raised once.
    at
        POSIX seconds.
    kind
        `split-view`, `fork`, `unproved`, `shrunk`, `rules`, `copy`, `clock` or `overdue`.
    text
        What happened and what to do.
    evidence
        Name of the file that proves it; empty if there is none.
    settled
        Why it is no longer open; None: it is.
    ended
        Since when it is no longer open, POSIX seconds; None: it is open, or ended in a
        version that did not note the time.
    """

    key: str
    at: int
    origin: str
    kind: str
    text: str
    evidence: str = ""
    settled: str | None = None
    ended: int | None = None


class Alarms:
    """The alarms in the state of a witness, within a transaction.

    Parameters
    ----------
    database
        Of the state.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, alarm: Alarm) -> bool:
        """Store an alarm; return whether it is new, or had ended and is back.

        One that is back keeps the name of its evidence.
        """
        done = self._database.execute(
            "INSERT INTO alarm (key, at, origin, kind, text, evidence) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET at = excluded.at, settled = NULL, ended = NULL "
            "WHERE settled IS NOT NULL",
            [alarm.key, alarm.at, alarm.origin, alarm.kind, alarm.text, alarm.evidence],
        )
        return done.rowcount > 0

    def named(self, key: str) -> Alarm | None:
        """Return the alarm with a key, open or not."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM alarm WHERE key = ?",  # noqa: S608
            [key],
        )
        return next((Alarm(*row) for row in rows), None)

    def has_room(self, kind: str, origin: str, most: int) -> bool:
        """Whether fewer than so many alarms of a kind are open about a log."""
        (count,) = self._database.execute(
            "SELECT count(*) FROM alarm WHERE kind = ? AND origin = ? AND settled IS NULL",
            [kind, origin],
        ).fetchone()
        return bool(count < most)

    def open_about(self, origin: str, kinds: Iterable[str]) -> list[Alarm]:
        """Return the open alarms of some kinds about a log, the oldest first."""
        wanted = tuple(kinds)
        marks = ", ".join("?" * len(wanted))
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM alarm WHERE origin = ? AND settled IS NULL "  # noqa: S608
            f"AND kind IN ({marks}) ORDER BY id",
            [origin, *wanted],
        )
        return [Alarm(*row) for row in rows]

    def end(self, key: str, reason: str, now: int) -> None:
        """Note why and when an alarm ended, if it is open."""
        self._database.execute(
            "UPDATE alarm SET settled = ?, ended = ? WHERE key = ? AND settled IS NULL",
            [reason, now, key],
        )

    def end_all(self, kind: str, reason: str, now: int, *, origin: str | None = None) -> None:
        """Note that what all alarms of a kind said, of one log or of any, is over."""
        self._database.execute(
            "UPDATE alarm SET settled = ?, ended = ? WHERE kind = ? AND settled IS NULL "
            "AND origin = coalesce(?, origin)",
            [reason, now, kind, origin],
        )

    def forget_oldest(self) -> list[str]:
        """Forget all but the last that ended; return the evidence that nobody needs any more."""
        rows = self._database.execute(
            "DELETE FROM alarm WHERE settled IS NOT NULL AND id NOT IN (SELECT id FROM alarm "
            "WHERE settled IS NOT NULL ORDER BY coalesce(ended, at) DESC, id DESC LIMIT ?) "
            "RETURNING evidence",
            [MOST_ENDED],
        ).fetchall()
        return [row[0] for row in rows if row[0]]

    def count_open(self) -> int:
        """Return how many are open."""
        row = self._database.execute("SELECT count(*) FROM alarm WHERE settled IS NULL").fetchone()
        return int(row[0])

    def count_ended(self) -> int:
        """Return how many ended and are remembered."""
        row = self._database.execute(
            "SELECT count(*) FROM alarm WHERE settled IS NOT NULL"
        ).fetchone()
        return int(row[0])

    def newest(self, most: int, *, ended: bool = False) -> list[Alarm]:
        """Return the newest that are open, or that ended."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM alarm WHERE (settled IS NOT NULL) = ? "  # noqa: S608
            "ORDER BY coalesce(ended, at) DESC, id DESC LIMIT ?",
            [ended, most],
        )
        return [Alarm(*row) for row in rows]
