"""What a witness must never forget: SQLite, and a count outside it.

Deciding and storing is one transaction, durable before anything is answered;
otherwise two requests at once could roll the witness back (C2SP tlog-witness).
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Final

from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.witnessing import Seen
from townhall.ledger.log.files import sync_folder
from townhall.ledger.witness.errors import WitnessError, WitnessRetired, WitnessStopped
from townhall.ledger.witness.generation import GenerationFile

_SCHEMA: Final = """
CREATE TABLE witness (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    generation INTEGER NOT NULL,
    keys TEXT NOT NULL,
    signed_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE checkpoint (
    origin TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seen', 'mirrored')),
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    cosigned BLOB,
    PRIMARY KEY (origin, kind)
) STRICT;
CREATE TRIGGER never_smaller BEFORE UPDATE ON checkpoint
WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN SELECT RAISE(ABORT, 'a witness never takes back a checkpoint'); END;
CREATE TABLE replay (
    origin TEXT PRIMARY KEY,
    software TEXT NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE TABLE alarm (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    evidence TEXT NOT NULL,
    settled TEXT
) STRICT;
"""
# Apart, because witnesses that were made before these tables get them when they are opened.
_LATER: Final = """
CREATE TABLE IF NOT EXISTS followed (
    origin TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    policy TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS agreed (
    origin TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    PRIMARY KEY (origin, sequence, root)
) STRICT;
CREATE TABLE IF NOT EXISTS overdue (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    origin TEXT NOT NULL,
    promise BLOB NOT NULL
) STRICT;
"""
MOST_OVERDUE: Final = 1_000
"""The most broken promises that are kept of one log."""


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
    """

    key: str
    at: int
    origin: str
    kind: str
    text: str
    evidence: str = ""
    settled: str | None = None


class State:
    """The durable state of one witness. Safe for several threads and processes.

    One process watches; the command by which its operator agrees to a policy runs beside it.

    Parameters
    ----------
    path
        Of the database.
    generation
        The count outside it.
    """

    def __init__(self, path: Path, generation: GenerationFile) -> None:
        self._generation = generation
        self._lock = RLock()
        self._beside = path.with_suffix(".lock").open("ab")
        self._stopped: str | None = None
        self._changed = False
        self._database = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=10
        )
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")

    @classmethod
    def create(cls, path: Path, generation: GenerationFile, keys: str) -> None:
        """Make the state of a witness that has not signed anything."""
        path.unlink(missing_ok=True)
        generation.create()
        state = cls(path, generation)
        state._database.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        state._database.execute(
            "INSERT INTO witness (only, generation, keys) VALUES (1, 0, ?)", [keys]
        )
        state.close()

    @classmethod
    def open(cls, path: Path, generation: GenerationFile, keys: str) -> State:
        """Open the state; refuse one that is not the newest, or of other keys.

        Raises
        ------
        WitnessRetired
            If it is gone, damaged or restored from a backup.
        """
        if not path.exists():
            raise WitnessRetired(f"the state {path} is gone. " + RETIRE)
        state = cls(path, generation)
        try:
            with state._alone():
                state._check(generation.read(), keys)
                state._database.executescript(_LATER)
            sync_folder(path.parent)  # SQLite does not make the name of its journal durable
        except BaseException:
            state.close()
            raise
        return state

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._stopped = self._stopped or "the witness was stopped"
            self._database.close()
            self._beside.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes out: between state and count outside it nobody may look."""
        with self._lock:
            fcntl.flock(self._beside, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._beside, fcntl.LOCK_UN)

    def _check(self, counted: int, keys: str) -> None:
        try:
            sound = self._database.execute("PRAGMA integrity_check").fetchone()[0]
            row = self._database.execute("SELECT generation, keys FROM witness").fetchone()
        except sqlite3.DatabaseError as error:
            raise WitnessRetired(f"the state is damaged ({error}). " + RETIRE) from error
        if sound != "ok" or row is None:
            raise WitnessRetired(f"the state is damaged ({sound}). " + RETIRE)
        if row[1] != keys:
            raise WitnessError("keys, name and state are not of one witness: put them right")
        if row[0] < counted:
            raise WitnessRetired(
                f"the state knows of {row[0]} signed changes, but {counted} were made: it was "
                "restored from a backup. " + RETIRE
            )
        if row[0] > counted + 1:
            raise WitnessRetired(
                f"the state knows of {row[0]} signed changes, {self._generation.path} of {counted} "
                "only: one of the two is not of this witness, or was restored. " + RETIRE
            )
        if row[0] == counted + 1:  # a crash came between the two; nothing was answered
            self._generation.write(row[0])

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Decide and store as one; durable, and counted outside, when this ends.

        Raises
        ------
        WitnessStopped
            If it cannot be stored, or could not be before.
        """
        with self._lock:
            if self._stopped is not None:
                raise WitnessStopped(self._stopped)
        with self._alone():
            transaction = Transaction(self._database)
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield transaction
                    count = transaction.count() if transaction.changed else None
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
                if count is not None:
                    self._generation.write(count)
            except (sqlite3.Error, WitnessStopped) as error:
                self._stopped = f"the state could not be stored: {error}"
                raise WitnessStopped(self._stopped) from error

    @property
    def stopped(self) -> str | None:
        """Why nothing is signed any more; None: all is well."""
        return self._stopped


class Transaction:
    """Reads and writes that become durable together."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.changed = False

    def read(self, origin: str, kind: str) -> Seen | None:
        """Return a stored checkpoint of a log, as the log signed it."""
        row = self._database.execute(
            "SELECT size, root, note FROM checkpoint WHERE origin = ? AND kind = ?", [origin, kind]
        ).fetchone()
        return None if row is None else Seen(row[0], row[1], SignedNote.parse(row[2]))

    def store(self, origin: str, kind: str, seen: Seen) -> None:
        """Store that this checkpoint will be vouched for; a smaller one is refused."""
        self.changed = True
        self._database.execute(
            "INSERT INTO checkpoint (origin, kind, size, root, note) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (origin, kind) DO UPDATE SET size = excluded.size, root = excluded.root, "
            "note = excluded.note",
            [origin, kind, seen.size, seen.root, seen.note.render()],
        )

    def cosigned(self, origin: str, kind: str) -> bytes | None:
        """Return the latest checkpoint of a log with this witness's cosignatures."""
        row = self._database.execute(
            "SELECT cosigned FROM checkpoint WHERE origin = ? AND kind = ?", [origin, kind]
        ).fetchone()
        return None if row is None else row[0]

    def store_cosigned(self, origin: str, kind: str, note: SignedNote, size: int) -> None:
        """Keep a cosigned checkpoint for monitors, unless a larger one came meanwhile."""
        self._database.execute(
            "UPDATE checkpoint SET cosigned = ? WHERE origin = ? AND kind = ? AND size = ?",
            [note.render(), origin, kind, size],
        )

    def replayed(self, origin: str, software: str) -> bytes | None:
        """Return how far the rules were replayed, if this version of the program did it."""
        row = self._database.execute(
            "SELECT state FROM replay WHERE origin = ? AND software = ?", [origin, software]
        ).fetchone()
        return None if row is None else row[0]

    def store_replayed(self, origin: str, software: str, state: bytes) -> None:
        """Keep how far the rules were replayed, so that a start need not do it again."""
        self._database.execute(
            "INSERT INTO replay (origin, software, state) VALUES (?, ?, ?) ON CONFLICT (origin) "
            "DO UPDATE SET software = excluded.software, state = excluded.state",
            [origin, software, state],
        )

    def followed(self, origin: str) -> tuple[int, str] | None:
        """Return number and text of the newest policy that was handed in for a log `keys`."""
        row = self._database.execute(
            "SELECT sequence, policy FROM followed WHERE origin = ?", [origin]
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def follow(self, origin: str, sequence: int, policy: str) -> None:
        """Note which policy is followed from now on."""
        self.changed = True
        self._database.execute(
            "INSERT INTO followed (origin, sequence, policy) VALUES (?, ?, ?) "
            "ON CONFLICT (origin) DO UPDATE SET sequence = excluded.sequence, "
            "policy = excluded.policy",
            [origin, sequence, policy],
        )

    def agreed(self, origin: str, sequence: int) -> list[bytes]:
        """Return the hashes of the policies of one number that were agreed to."""
        rows = self._database.execute(
            "SELECT root FROM agreed WHERE origin = ? AND sequence = ?", [origin, sequence]
        )
        return [row[0] for row in rows]

    def agree(self, origin: str, sequence: int, root: bytes) -> None:
        """Note that this policy is agreed to."""
        self.changed = True
        self._database.execute("INSERT INTO agreed VALUES (?, ?, ?)", [origin, sequence, root])

    def overdue(self, origin: str) -> list[bytes]:
        """Return the promises that a log has broken, as files, the oldest first."""
        rows = self._database.execute(
            "SELECT promise FROM overdue WHERE origin = ? ORDER BY rowid", [origin]
        )
        return [row[0] for row in rows]

    def add_overdue(self, origin: str, digest: bytes, promise: bytes) -> bool:
        """Keep a broken promise; whether there was room, or it was kept before."""
        kept = self._database.execute(
            "SELECT count(*), coalesce(sum(digest = ?), 0) FROM overdue WHERE origin = ?",
            [digest, origin],
        ).fetchone()
        if not kept[1] and kept[0] >= MOST_OVERDUE:
            return False
        self._database.execute(
            "INSERT INTO overdue (digest, origin, promise) VALUES (?, ?, ?) "
            "ON CONFLICT (digest) DO NOTHING",
            [digest, origin, promise],
        )
        return True

    def drop_overdue(self, digest: bytes) -> None:
        """Let go of a promise that was kept after all."""
        self._database.execute("DELETE FROM overdue WHERE digest = ?", [digest])

    def count(self) -> int:
        """Count one more change; return the count."""
        row = self._database.execute(
            "UPDATE witness SET generation = generation + 1 RETURNING generation"
        ).fetchone()
        return int(row[0])

    def signing_at(self, now: int) -> int:
        """Note the time of a signature; return that of the latest before."""
        before = self._database.execute("SELECT signed_at FROM witness").fetchone()[0]
        self._database.execute("UPDATE witness SET signed_at = ?", [now])
        return int(before)

    def raise_alarm(self, alarm: Alarm) -> bool:
        """Store an alarm; return whether it is new, or had ended and is back."""
        done = self._database.execute(
            "INSERT INTO alarm (key, at, origin, kind, text, evidence) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET at = excluded.at, settled = NULL "
            "WHERE settled IS NOT NULL",
            [alarm.key, alarm.at, alarm.origin, alarm.kind, alarm.text, alarm.evidence],
        )
        return done.rowcount > 0

    def settle_alarm(self, key: str, reason: str) -> None:
        """Note that what an alarm said has an innocent explanation."""
        self._database.execute(
            "UPDATE alarm SET settled = ? WHERE key = ? AND settled IS NULL", [reason, key]
        )

    def settle_alarms(self, kind: str, origin: str, reason: str) -> None:
        """Note that what all alarms of a kind said of a log is over."""
        self._database.execute(
            "UPDATE alarm SET settled = ? WHERE kind = ? AND origin = ? AND settled IS NULL",
            [reason, kind, origin],
        )

    def alarms(self) -> list[Alarm]:
        """Return all alarms, the newest first."""
        rows = self._database.execute(
            "SELECT key, at, origin, kind, text, evidence, settled FROM alarm ORDER BY id DESC"
        )
        return [Alarm(*row) for row in rows]


RETIRE: Final = (
    "A witness that lost its state is retired, not restored: with an old state it would vouch for "
    "what it has refused. Set up a new witness with a new name in an empty folder, and have the "
    "policies of its logs replace this one"
)
