"""What a witness must never forget: SQLite, and a count outside it.

Deciding and storing is one transaction, durable before anything is answered;
otherwise two requests at once could roll the witness back (C2SP tlog-witness).
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Final

from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.witnessing import Seen
from townhall.ledger.log.files import sync_folder
from townhall.ledger.witness.alarms import Alarms
from townhall.ledger.witness.broken import Broken
from townhall.ledger.witness.clocks import LastReading
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
CREATE TABLE IF NOT EXISTS clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at INTEGER NOT NULL,
    run INTEGER NOT NULL,
    boot TEXT NOT NULL,
    moved INTEGER NOT NULL,
    latest INTEGER NOT NULL
) STRICT;
"""
# Columns that witnesses made before them get when they are opened: table, column, kind.
_LATER_COLUMNS: Final = (
    ("alarm", "ended", "INTEGER"),
    ("overdue", "scanned", "INTEGER NOT NULL DEFAULT 0"),
    ("overdue", "signer", "TEXT NOT NULL DEFAULT ''"),
)


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
                state._bring_up_to_date()
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

    def _bring_up_to_date(self) -> None:
        self._database.executescript(_LATER)
        for table, column, kind in _LATER_COLUMNS:
            known = {row[1] for row in self._database.execute(f"PRAGMA table_info({table})")}
            if column not in known:
                self._database.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

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
    """Reads and writes that become durable together.

    Attributes
    ----------
    alarms, promises, clock
        What people must know, what the logs owe, and how the clock was at the last signature.
    changed
        Whether the count outside counts one more.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.alarms = Alarms(database)
        self.promises = Broken(database)
        self.clock = LastReading(database)
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

    def count(self) -> int:
        """Count one more change; return the count."""
        row = self._database.execute(
            "UPDATE witness SET generation = generation + 1 RETURNING generation"
        ).fetchone()
        return int(row[0])


RETIRE: Final = (
    "A witness that lost its state is retired, not restored: with an old state it would vouch for "
    "what it has refused. Set up a new witness with a new name in an empty folder, and have the "
    "policies of its logs replace this one"
)
