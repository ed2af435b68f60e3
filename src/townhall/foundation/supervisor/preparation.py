"""What has to be true of the database before the servers start, done once per state of the code.

The steps (migrate, load the packs, load the demo borough) are given by the
command line, which knows the rooms. Each leaves its fingerprint in the
database; when nothing changed since, the next start only compares.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

# Any number that nobody else uses: two first starts against one server wait for each other.
_LOCK = 7_061_726_920_000_001
_TABLE = """
CREATE SCHEMA IF NOT EXISTS launcher;
CREATE TABLE IF NOT EXISTS launcher.prepared (
    step text PRIMARY KEY,
    fingerprint text NOT NULL,
    result jsonb NOT NULL DEFAULT 'null',
    at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of preparation.

    Attributes
    ----------
    name
        Its key in the database.
    words
        What is happening, for the person who waits.
    fingerprint
        Changes whenever the step has to be done again.
    run
        Does it. Idempotent; what it returns (JSON) is kept.
    """

    name: str
    words: str
    fingerprint: str
    run: Callable[[], Any]


def code_fingerprint(package: Path, *also: str) -> str:
    """Return a fingerprint of everything in `package` that preparation could depend on.

    Names, sizes and times of change are enough: an installed file that
    differs has another time. Tests, templates and static files do not count.

    Parameters
    ----------
    package
        The folder of the package.
    also
        Settings that matter.
    """
    seen = hashlib.sha256("\0".join(also).encode())
    for folder, below, names in os.walk(package):
        below[:] = sorted(
            set(below) - {"tests", "templates", "static", "locale", "__pycache__", "node_modules"}
        )
        for name in sorted(names):
            status = (Path(folder) / name).stat()
            seen.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def done(connection: psycopg.Connection, step: str, fingerprint: str) -> bool:
    """Tell whether `step` was done for this fingerprint."""
    found = _row(connection, step)
    return found is not None and found[0] == fingerprint


def result(connection: psycopg.Connection, step: str) -> Any:
    """Return what `step` returned when it was done last, or None."""
    found = _row(connection, step)
    return found[1] if found else None


def _row(connection: psycopg.Connection, step: str) -> tuple[str, Any] | None:
    from psycopg import errors

    try:
        row = connection.execute(
            "SELECT fingerprint, result FROM launcher.prepared WHERE step = %s", [step]
        ).fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return None
    return (row[0], row[1]) if row else None


def prepare(
    connection: psycopg.Connection, steps: Sequence[Step], say: Callable[[str], None]
) -> None:
    """Do the steps that are not done yet, in order; remember each when it is complete.

    Parameters
    ----------
    connection
        Autocommit connection of the owner. It holds a lock meanwhile, so that
        two starts do not prepare the same database at once.
    steps
        What to do.
    say
        Told in words what is happening.
    """
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        connection.execute(_TABLE)
        for step in pending(connection, steps):
            say(step.words)
            kept = json.dumps(step.run())
            connection.execute(
                "INSERT INTO launcher.prepared (step, fingerprint, result) VALUES (%s, %s, %s) "
                "ON CONFLICT (step) DO UPDATE SET fingerprint = excluded.fingerprint, "
                "result = excluded.result, at = now()",
                [step.name, step.fingerprint, kept],
            )
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def pending(connection: psycopg.Connection, steps: Iterable[Step]) -> list[Step]:
    """Return the steps that are not done yet."""
    return [step for step in steps if not done(connection, step.name, step.fingerprint)]


def migrate() -> None:
    """Bring the tables up to date as the owner. Django must be set up."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
