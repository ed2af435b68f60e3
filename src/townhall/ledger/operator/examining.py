"""What is wrong with the ledger of this town hall: for `status`, `doctor`, probes and figures.

Looks only. Works with any cursor of the database, whether Django is loaded or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

RUNNING: Final = 7_201_004
"""The advisory lock of the process that runs the ledger; no other lock has this number."""


class Cursor(Protocol):
    """As much of a cursor (PEP 249) as is needed here."""

    def execute(self, query: str, params: Sequence[Any] = ..., /) -> Any:
        """Send a query."""

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Return the rows of the last query."""


def wrong(cursor: Cursor, folder: Path) -> list[str]:
    """Return what is wrong, each in a sentence that says what to do; nothing if all is well.

    Parameters
    ----------
    cursor
        Of the town hall's database, whose tables are up to date.
    folder
        Of the operator.
    """
    cursor.execute("SELECT name FROM ledger_log ORDER BY name")
    names = [row[0] for row in cursor.fetchall()]
    if not names:
        return []  # a town hall whose ledger was never prepared
    found = []
    if _is_missing(folder / "name"):
        found.append(
            f"{folder} is gone, and the database has a ledger: `townhall ledger recover` makes the "
            "folder again, but for the keys"
        )
    missing = [name for name in names if _is_missing(folder / "keys" / name)]
    if missing:
        found.append(
            f"the keys of {', '.join(missing)} are not in {folder / 'keys'}: put them back from "
            "their envelopes. They are in no backup, and nothing is recorded without them"
        )
    if not is_running(cursor):
        found.append(
            "the ledger does not run: nothing is recorded, and entries wait. `townhall up` starts "
            "it, or `townhall ledger run`, which says why it cannot"
        )
    found += _of_policy(cursor, folder / "policy")
    cursor.execute(
        "SELECT count(DISTINCT (witness, words)) FROM ledger_alarm WHERE over_at IS NULL"
    )
    count = cursor.fetchall()[0][0]
    if count:
        found.append(f"{count} alarms are open: `townhall ledger status` says which")
    return found


def _is_missing(path: Path) -> bool:
    """Whether there is no such file; of what this user may not see nothing is said."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_running(cursor: Cursor) -> bool:
    """Whether a process runs the ledger on this database, here or on another machine."""
    cursor.execute(
        "SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database() AND granted"
        " AND classid = 0 AND objid = %s AND objsubid = 1",
        [RUNNING],
    )
    return bool(cursor.fetchall())


def _of_policy(cursor: Cursor, path: Path) -> list[str]:
    try:
        text = path.read_bytes()
    except OSError:
        text = b""
    cursor.execute("SELECT text FROM ledger_policy ORDER BY id DESC LIMIT 1")
    rows = cursor.fetchall()
    if text and not rows:
        return [f"the policy in {path} is not in force yet: it will be when the ledger starts"]
    if text and rows[0][0].encode() != text:
        return [
            f"the policy in {path} is not the one that the database knows to be in force: if the "
            "database was put back, run `townhall ledger recover`; to put another one in force, "
            "`townhall ledger policy`"
        ]
    return []
