"""`townhall backup FILE`: everything in one file, of one moment, also while people work.

The database's snapshot is exported and the dump made from it. Contents are
never changed, only added and, long after no row names them, removed. They are
linked aside just before the snapshot and once more just after it: whatever a
row of the snapshot names was there at one of these moments, and what is linked
cannot be swept away while the dump takes its time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import townhall
from townhall.foundation.database import archive, binaries
from townhall.foundation.database.attach import attached
from townhall.foundation.database.folder import make_folder, unusable
from townhall.foundation.settings import Settings

if TYPE_CHECKING:
    import psycopg


def write(target: Path, settings: Settings, *, server_user: str | None = None) -> str:
    """Write a backup to `target` and say in one line what is in it.

    Parameters
    ----------
    target
        The archive; an older one of that name is replaced when the new one is complete.
    settings
        Says which town hall.
    server_user
        User of the embedded database, should it have to be started for this.

    Raises
    ------
    BackupFailed, ClusterError
        Nothing is left under `target`'s name but what was there before.
    """
    target = target.absolute()
    make_folder(settings.data_dir, passable=os.geteuid() == 0)
    with attached(settings, server_user=server_user) as addresses:
        try:
            with (
                tempfile.TemporaryDirectory(prefix=".townhall-backup-", dir=target.parent) as work,
                tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.data_dir) as links,
            ):
                return _write(target, settings, addresses.owner, Path(work), Path(links))
        except OSError as error:
            raise unusable(target, error) from error


def _write(target: Path, settings: Settings, owner: str, work: Path, links: Path) -> str:
    import psycopg

    dump = work / archive.DUMP
    with psycopg.connect(owner) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        _link(settings.files_dir, links)
        row = connection.execute("SELECT pg_export_snapshot(), now()").fetchone()
        assert row is not None
        snapshot, moment = row
        _link(settings.files_dir, links)
        migrations = _migrations(connection)
        version = connection.execute("SHOW server_version").fetchone()
        _dump(owner, snapshot, dump)
    sources = {archive.DUMP: dump}
    secret = settings.data_dir / archive.SECRET
    if secret.is_file():
        sources[archive.SECRET] = secret
    members = [archive.describe(path, name) for name, path in sources.items()]
    for path in sorted(links.iterdir()):
        sources[archive.CONTENTS + path.name] = path
        # The name of a content is its digest; restoring checks it.
        members.append(archive.Member(archive.CONTENTS + path.name, path.stat().st_size, path.name))
    manifest = archive.Manifest(
        format=archive.FORMAT,
        townhall=townhall.__version__,
        postgresql=version[0] if version else "",
        made_at=moment.astimezone(UTC).isoformat(),
        migrations=migrations,
        members=members,
    )
    archive.pack(target, manifest, sources)
    size = target.stat().st_size / 1e6
    when = datetime.fromisoformat(manifest.made_at).strftime("%Y-%m-%d %H:%M:%S UTC")
    return (
        f"{target}: the town hall as of {when}, "
        f"{len(list(links.iterdir()))} files, {size:.1f} MB. It holds personal data and a secret."
    )


def _link(files: Path, links: Path) -> None:
    """Link every content into the flat folder `links`; where that cannot be done, copy it."""
    for path in files.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        target = links / path.name
        if target.exists():
            continue
        try:
            os.link(path, target)
        except FileNotFoundError:
            continue  # swept in this moment: no row of a later snapshot names it
        except OSError:
            shutil.copyfile(path, target)


def _migrations(connection: psycopg.Connection) -> dict[str, Sequence[str]]:
    from psycopg import errors

    applied: dict[str, list[str]] = {}
    try:
        with connection.transaction():
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
            for app, name in rows.fetchall():
                applied.setdefault(app, []).append(name)
    except errors.UndefinedTable:
        return {}
    return {app: tuple(names) for app, names in applied.items()}


def _dump(owner: str, snapshot: str, target: Path) -> None:
    program = binaries.find().program("pg_dump")
    done = subprocess.run(  # noqa: S603 - our own program and values
        [
            *(program, "--format=custom", "--no-password"),
            *(f"--snapshot={snapshot}", f"--file={target}", f"--dbname={owner}"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )
    if done.returncode == 0:
        return
    if "No space left" in done.stderr:
        raise archive.BackupFailed(
            f"The disk that holds {target.parent.parent} is full.",
            "Free some space, or write the backup to another disk.",
        )
    cure = "See the message of pg_dump."
    if "row-level security" in done.stderr:
        cure = "The owner must see every row: ALTER ROLE <owner> BYPASSRLS."
    raise archive.BackupFailed(f"The database could not be dumped: {done.stderr.strip()}.", cure)
