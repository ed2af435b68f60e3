"""`townhall restore FILE`: the town hall of a backup, in an empty folder or in place of another.

Everything is checked and built beside what is there; only then, and only with
`force`, is the old put aside (never deleted) and the new put in its place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from townhall.foundation.database import archive, binaries, roles
from townhall.foundation.database.cluster import DATABASE, Cluster
from townhall.foundation.database.errors import ClusterError
from townhall.foundation.database.folder import make_folder, unusable
from townhall.foundation.settings import Settings

# One byte longer than "database" at most: its socket's path has to fit, too.
_MAKING = "restoring"
_PACKAGE = Path(__file__).parents[2]


class NotEmpty(ClusterError):
    """There is something where the backup would go."""


class RestoreFailed(ClusterError):
    """The dump could not be read into a database; what was there before is untouched."""


def read(
    source: Path, settings: Settings, *, force: bool = False, server_user: str | None = None
) -> str:
    """Restore `source` and say in one line what was restored.

    Parameters
    ----------
    source
        An archive that `townhall backup` wrote.
    settings
        Says where to: an embedded database's folder, or an empty database of
        another server together with the folder of files.
    force
        Put aside what is in the folder. A database on another server is never emptied.
    server_user
        User of the embedded database when root starts it.

    Raises
    ------
    NotEmpty, ArchiveUnusable, RestoreFailed, ClusterError
        Nothing was changed.
    """
    data = settings.data_dir
    make_folder(data, passable=os.geteuid() == 0)
    try:
        if settings.database_url:
            return _read_outside(source, settings, force)
        cluster = Cluster(data / "database", server_user=server_user)
        with _held(cluster), _staging(data) as staging:
            _insist_on_room(settings, force, [data / "database", settings.files_dir])
            manifest = _unpack(source, staging)
            making = Cluster(data / _MAKING, server_user=server_user)
            _discard(making)
            try:
                with making:
                    _begin_anew(making)
                    _load(staging / archive.DUMP, making.dsn(roles.OWNER))
                kept = _swap(settings, staging, data / _MAKING)
            finally:
                _discard(making)
        return _said(manifest, kept)
    except OSError as error:
        raise unusable(data, error) from error


def _read_outside(source: Path, settings: Settings, force: bool) -> str:
    import psycopg

    with psycopg.connect(settings.owner_database_url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')),"
            " (SELECT count(*) FROM pg_default_acl)"
        ).fetchone()
        if row is not None and any(row):
            raise NotEmpty(
                f"The database of DATABASE_URL holds {row[0]} tables and {row[1]} default rights.",
                "Restore into a new, empty database; this one is never emptied for you.",
            )
        with _staging(settings.data_dir) as staging:
            _insist_on_room(settings, force, [settings.files_dir])
            manifest = _unpack(source, staging)
            roles.make_roles(connection)
            _load(staging / archive.DUMP, settings.owner_database_url)
            kept = _swap(settings, staging, None)
    return _said(manifest, kept)


@contextmanager
def _held(cluster: Cluster) -> Iterator[None]:
    """Keep every town hall from starting on this data meanwhile; refuse if one runs."""
    cluster.folder.check_path()
    cluster.folder.make_parent()
    held = cluster.folder.take()
    try:
        yield
    finally:
        os.close(held)


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as name:
        yield Path(name)


def _insist_on_room(settings: Settings, force: bool, places: list[Path]) -> None:
    taken = [place for place in places if place.exists() and any(place.iterdir())]
    if taken and not force:
        raise NotEmpty(
            f"{settings.data_dir} holds a town hall already ({', '.join(p.name for p in taken)}).",
            "Choose an empty folder with --data, or use --force: "
            "what is there is then put aside, not deleted.",
        )


def _unpack(source: Path, staging: Path) -> archive.Manifest:
    manifest = archive.unpack(source, staging)
    unknown = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (_PACKAGE / app / "migrations").is_dir()
        and not (_PACKAGE / app / "migrations" / f"{name}.py").is_file()
    ]
    if unknown:
        raise archive.ArchiveUnusable(
            f"{source} was written by a newer Townhall ({manifest.townhall}): "
            f"this one does not know {unknown[0]}.",
            "Restore it with that version or a newer one.",
        )
    if not (staging / archive.DUMP).is_file():
        raise archive.ArchiveUnusable(f"{source} holds no database.", "Use another backup.")
    return manifest


def _begin_anew(making: Cluster) -> None:
    """Give the dump a database without default rights.

    A dump says what each table grants beyond nothing, not what it withholds:
    loaded where new tables grant deleting by default, append-only tables
    would come back without their protection.
    """
    import psycopg

    with psycopg.connect(making.dsn(roles.OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{DATABASE}"')
        roles.make_database(connection, DATABASE)


def _load(dump: Path, owner: str) -> None:
    program = binaries.find().program("pg_restore")
    done = subprocess.run(  # noqa: S603 - our own program and values
        [
            *(program, "--exit-on-error", "--single-transaction", "--no-owner", "--no-password"),
            *(f"--dbname={owner}", dump),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )
    if done.returncode != 0:
        raise RestoreFailed(
            f"The database of the backup could not be restored: {done.stderr.strip()}.",
            "What was there before is untouched.",
        )


def _swap(settings: Settings, staging: Path, database: Path | None) -> str:
    """Put the old aside and the new in its place; return what the old's names end with.

    Each step is one renaming. Whoever is interrupted between two finds both
    the old and the new in the folder, and can restore again with `--force`.
    """
    data = settings.data_dir
    ending = f".before-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    moves = [(staging / archive.CONTENTS, settings.files_dir)]
    if database is not None:
        moves.append((database, data / "database"))
    kept = ""
    for new, place in moves:
        if place.exists() and any(place.iterdir()):
            place.rename(place.with_name(place.name + ending))
            kept = ending
        if new.exists():
            new.rename(place)
    secret = data / archive.SECRET
    if (staging / archive.SECRET).is_file():
        # Without a database it signed nothing yet.
        if kept and secret.exists():
            secret.rename(secret.with_name(secret.name + ending))
        (staging / archive.SECRET).rename(secret)
    archive.flush_folder(data)
    return kept


def _discard(making: Cluster) -> None:
    """Remove what building the database left beside it (nothing, when it was put in place)."""
    shutil.rmtree(making.folder.path, ignore_errors=True)
    for path in (making.folder.lock, making.folder.log):
        path.unlink(missing_ok=True)


def _said(manifest: archive.Manifest, kept: str) -> str:
    when = datetime.fromisoformat(manifest.made_at).strftime("%Y-%m-%d %H:%M:%S UTC")
    files = sum(member.name.startswith(archive.CONTENTS) for member in manifest.members)
    said = f"Restored the town hall as of {when}, {files} files."
    return f"{said} What was there is kept under names that end with {kept}." if kept else said
