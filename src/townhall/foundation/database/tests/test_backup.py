"""A town hall in one file: what comes back, and what is refused before anything changes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from townhall.foundation import settings as configuration
from townhall.foundation.database import archive, backup, restore, roles
from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.database.errors import AlreadyRunning, FolderUnusable

SCHEMA = """
CREATE TABLE django_migrations (id int, app text, name text);
INSERT INTO django_migrations VALUES (1, 'foundation', '0001_foundation');
CREATE TABLE ledger (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO ledger SELECT n, 0 FROM generate_series(1, 2) n;
CREATE TABLE letter (person_id int, sha256 text);
ALTER TABLE letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE letter FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON letter USING (person_id = current_setting('app.person', true)::int);
CREATE TABLE event (what text);
REVOKE UPDATE, DELETE ON event FROM townhall_app;
INSERT INTO event VALUES ('happened');
"""


def town(data: Path) -> configuration.Settings:
    return configuration.read({"TOWNHALL_DATA": str(data), "TOWNHALL_PROFILE": "test"})


def store(settings: configuration.Settings, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    place = settings.files_dir / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return digest


@pytest.fixture(scope="module")
def written() -> Iterator[tuple[configuration.Settings, Path]]:
    """A stopped town hall with rows, contents and a secret, and its backup."""
    with temporary_folder("th-") as folder:
        settings = town(folder / "data")
        with Cluster(settings.data_dir / "database") as cluster:
            with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
                owner.execute(SCHEMA)
                for person in (1, 2):
                    digest = store(settings, f"letter of {person}".encode())
                    owner.execute("INSERT INTO letter VALUES (%s, %s)", [person, digest])
        (settings.files_dir / "incoming").mkdir()
        (settings.files_dir / "incoming" / "half").write_text("an upload that is under way")
        backup.write(folder / "town.backup", settings)
        yield settings, folder / "town.backup"


def everything(settings: configuration.Settings) -> dict[str, bytes]:
    """Names and bytes of all that lies in the data folder but the database's own files."""
    return {
        str(path.relative_to(settings.data_dir)): path.read_bytes()
        for path in settings.data_dir.rglob("*")
        if path.is_file() and path.relative_to(settings.data_dir).parts[0] != "database"
    }


def test_what_comes_back_is_the_town_hall_with_its_rights(
    written: tuple[configuration.Settings, Path], place: Path
) -> None:
    original, file = written
    settings = town(place / "data")
    said = restore.read(file, settings)
    assert "2 files" in said
    assert "kept" not in said
    with Cluster(settings.data_dir / "database") as cluster:
        with psycopg.connect(cluster.dsn()) as connection:
            connection.execute("SELECT set_config('app.person', '2', true)")
            rows = connection.execute("SELECT person_id, sha256 FROM letter").fetchall()
            assert [person for person, _ in rows] == [2]
            digest = rows[0][1]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM event")
        with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
            owner.execute("CREATE TABLE later (word text)")
        with psycopg.connect(cluster.dsn()) as connection:
            connection.execute("INSERT INTO later VALUES ('rights on later tables came back')")
    place_of_it = settings.files_dir / digest[:2] / digest[2:4] / digest
    assert place_of_it.read_bytes() == b"letter of 2"
    secret = (settings.data_dir / "secret-key").read_text()
    assert secret == (original.data_dir / "secret-key").read_text()
    left = {path.name for path in settings.data_dir.iterdir()}
    assert left == {"database", "database.lock", "database.log", "files", "secret-key"}
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_made_under_load_is_of_one_moment(place: Path) -> None:
    """Money moves between two accounts all the time; no backup may show it half moved."""
    settings = town(place / "data")
    mover = (
        "import sys, psycopg\n"
        "with psycopg.connect(sys.argv[1], autocommit=True) as c:\n"
        "    print('moving', flush=True)\n"
        "    while True:\n"
        "        with c.transaction():\n"
        "            c.execute('UPDATE ledger SET amount = amount - 1 WHERE id = 1')\n"
        "            c.execute('UPDATE ledger SET amount = amount + 1 WHERE id = 2')\n"
    )
    with Cluster(settings.data_dir / "database", durable=False) as cluster:
        with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
            owner.execute(SCHEMA)
        moving = subprocess.Popen(
            [sys.executable, "-c", mover, cluster.dsn()], stdout=subprocess.PIPE, text=True
        )
        assert moving.stdout is not None
        moving.stdout.readline()
        try:
            for number in range(2):
                backup.write(place / f"{number}.backup", settings)
        finally:
            moving.kill()
            moving.wait()
    for number in range(2):
        copy = town(place / f"copy{number}")
        restore.read(place / f"{number}.backup", copy)
        with Cluster(copy.data_dir / "database") as cluster:
            with psycopg.connect(cluster.dsn()) as connection:
                row = connection.execute("SELECT sum(amount), max(amount) FROM ledger").fetchone()
        assert row is not None
        assert row[0] == 0
        assert row[1] > 0


def test_a_town_hall_that_is_there_is_never_overwritten(
    written: tuple[configuration.Settings, Path], place: Path
) -> None:
    settings = town(place / "data")
    with Cluster(settings.data_dir / "database", durable=False) as cluster:
        with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
            owner.execute("CREATE TABLE mine AS SELECT 1 AS one")
        with pytest.raises(AlreadyRunning):
            restore.read(written[1], settings, force=True)
    old = store(settings, b"an old file")
    secret = (settings.data_dir / "secret-key").read_text()
    with pytest.raises(restore.NotEmpty, match="--force"):
        restore.read(written[1], settings)
    said = restore.read(written[1], settings, force=True)
    ending = said.rstrip(".").split()[-1]
    kept = settings.data_dir / f"database{ending}"
    with Cluster(kept) as cluster, psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT one FROM mine").fetchone() == (1,)
    files = settings.data_dir / f"files{ending}"
    assert (files / old[:2] / old[2:4] / old).read_bytes() == b"an old file"
    assert (settings.data_dir / f"secret-key{ending}").read_text() == secret


def changed(source: Path, target: Path, change: str) -> None:
    """Write a copy of an archive in which one thing is wrong."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            stream = old.extractfile(entry)
            assert stream is not None
            data, name = stream.read(), entry.name.split("/", 1)[1]
            if name == "manifest.json":
                manifest = json.loads(data)
                if change == "newer format":
                    manifest["format"] = 2
                if change == "newer migration":
                    manifest["migrations"]["foundation"].append("9999_from_the_future")
                if change == "name outside":
                    manifest["members"][1]["name"] = "../../outside"
                if change == "not JSON":
                    manifest = None
                data = json.dumps(manifest).encode() if manifest else b"{"
            if name == "secret-key" and change == "name outside":
                entry.name = "townhall-backup/../../outside"
            if name == "database.dump" and change == "other bytes":
                data = data[:-1] + bytes([data[-1] ^ 1])
            if name.startswith("files/") and change == "missing member":
                continue
            if name == "secret-key" and change == "link":
                entry.type, entry.linkname, data = tarfile.SYMTYPE, "/etc/passwd", b""
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
        if change == "stranger":
            extra = tarfile.TarInfo("townhall-backup/database.log")
            new.addfile(extra)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("newer format", "newer Townhall"),
        ("newer migration", "9999_from_the_future"),
        ("name outside", "outside"),
        ("not JSON", "manifest"),
        ("other bytes", "database.dump"),
        ("missing member", "2 members are missing"),
        ("link", "secret-key"),
        ("stranger", "database.log"),
    ],
)
def test_a_wrong_archive_changes_nothing(
    written: tuple[configuration.Settings, Path], place: Path, change: str, words: str
) -> None:
    settings = town(place / "data")
    before = everything(settings)
    changed(written[1], place / "wrong.backup", change)
    with pytest.raises(archive.ArchiveUnusable, match=words):
        restore.read(place / "wrong.backup", settings)
    assert everything(settings) == before | {
        "database.lock": (settings.data_dir / "database.lock").read_bytes()
    }
    assert not (place / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"x" * 2000, None])
def test_what_is_no_backup_is_said_to_be_none(
    written: tuple[configuration.Settings, Path], place: Path, content: bytes | None
) -> None:
    file = place / "file"
    if content is None:
        whole = written[1].read_bytes()
        content = whole[: len(whole) // 2]
    file.write_bytes(content)
    with pytest.raises(archive.ArchiveUnusable):
        restore.read(file, town(place / "data"))
    with pytest.raises(archive.ArchiveUnusable, match="no file"):
        restore.read(place / "nowhere", town(place / "data"))


def test_a_backup_that_cannot_be_written_leaves_the_older_one(
    written: tuple[configuration.Settings, Path], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = place / "town.backup"
    target.write_bytes(b"the older one")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="is full"):
        backup.write(target, written[0])
    assert target.read_bytes() == b"the older one"
    assert [path.name for path in place.iterdir()] == ["town.backup"]


def test_a_place_that_is_not_there_is_named(
    written: tuple[configuration.Settings, Path], place: Path
) -> None:
    with pytest.raises(FolderUnusable, match="does not exist"):
        backup.write(place / "nowhere" / "town.backup", written[0])


def test_an_outside_database_is_restored_when_empty_and_only_then(
    written: tuple[configuration.Settings, Path], place: Path
) -> None:
    with Cluster(place / "other" / "database", durable=False) as cluster:
        with psycopg.connect(cluster.dsn(roles.OWNER), autocommit=True) as owner:
            owner.execute("CREATE DATABASE town")
        settings = configuration.read(
            {
                "TOWNHALL_DATA": str(place / "data"),
                "TOWNHALL_PROFILE": "test",
                "DATABASE_URL": cluster.dsn(database="town"),
                "TOWNHALL_OWNER_DATABASE_URL": cluster.dsn(roles.OWNER, "town"),
            }
        )
        restore.read(written[1], settings)
        with psycopg.connect(settings.owner_database_url) as owner:
            assert owner.execute("SELECT count(*) FROM letter").fetchone() == (2,)
        with psycopg.connect(settings.database_url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM event")
        with pytest.raises(restore.NotEmpty, match="never emptied"):
            restore.read(written[1], settings, force=True)
        said = backup.write(place / "again.backup", settings)
        assert "2 files" in said
