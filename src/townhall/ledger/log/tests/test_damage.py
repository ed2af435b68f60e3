"""Damaged files are found before anything is signed, and mended where that is possible."""

from __future__ import annotations

import base64
import random
import shutil
from pathlib import Path

import pytest

from townhall.ledger.engine import tiles
from townhall.ledger.log import log as log_module
from townhall.ledger.log.errors import LogDamaged, LogError, LogRolledBack, LogStopped
from townhall.ledger.log.log import Log
from townhall.ledger.log.tests import logs


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "public" / "tile").rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log whose journal no longer holds the entries below 700."""
    with logs.make(tmp_path / "log", 100, 700) as log:
        log._rotate()
        logs.grow(log, 900)
        logs.tick(log)
    return tmp_path / "log"


def test_a_flipped_bit_in_any_file_is_found_and_mended_or_refused(
    folder: Path, tmp_path: Path
) -> None:
    chance = random.Random(1)
    whole = files(folder)
    for name in whole:
        tile = tiles.parse_path(name.removeprefix("public/"))
        if (tile.index + 1) * 256 ** max(tile.level + 1, 1) <= 900 and tile.width < 256:
            continue  # of an earlier checkpoint, until the full tile is published
        if (tile.level, tile.width) in {(1, 2), (0, 188), (-1, 188)}:
            continue  # of an earlier checkpoint
        damaged = tmp_path / "damaged"
        shutil.copytree(folder, damaged)
        flip(damaged / name, chance)
        try:
            with Log.open(damaged, deep=True) as log:
                assert tile.path in log.mended
                logs.must_be_right(log, 900)
        except LogDamaged as damage:
            assert tile.level == tiles.ENTRIES
            assert tile.index < 3, "the journal still has the entries of the last bundle"
            assert "mirror" in str(damage)
        else:
            assert (damaged / name).read_bytes() == whole[name]
        shutil.rmtree(damaged)


def test_a_missing_or_short_tile_is_made_again_without_being_asked(folder: Path) -> None:
    whole = files(folder)
    for name in ("public/tile/0/000", "public/tile/0/002", "public/tile/0/003.p/132"):
        for damage in (Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-32])):
            damage(folder / name)
            with Log.open(folder) as log:
                assert log.mended == [name.removeprefix("public/")]
                logs.must_be_right(log, 900)
            assert files(folder) == whole


def test_a_lost_bundle_comes_back_from_the_journal(folder: Path) -> None:
    whole = files(folder)
    (folder / "public/tile/entries/003.p/132").unlink()
    with Log.open(folder) as log:
        assert log.mended == ["tile/entries/003.p/132"]
    assert files(folder) == whole


def test_a_lost_bundle_that_the_journal_has_no_more_is_refused(folder: Path) -> None:
    (folder / "public/tile/entries/001").unlink()
    with pytest.raises(LogDamaged, match=r"entries 256 to 511.*mirror"):
        Log.open(folder)


def test_all_hash_tiles_lost_are_all_made_again(folder: Path) -> None:
    whole = {name: content for name, content in files(folder).items() if "000.p" not in name}
    for level in ("0", "1"):
        shutil.rmtree(folder / "public/tile" / level)
    with Log.open(folder) as log:
        logs.must_be_right(log, 900)
    assert {**whole, **files(folder)} == {**files(folder), **whole}


def test_what_has_no_checkpoint_yet_is_hashed_at_every_start(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    with logs.make(folder, 100) as log:
        logs.grow(log, 900)
        log.integrate()
        log._rotate()
    flip(folder / "public/tile/entries/002", random.Random(2))
    with pytest.raises(LogDamaged, match="entries 512 to 767"):
        Log.open(folder)


def test_an_entry_rewritten_with_its_tiles_is_refused(folder: Path, tmp_path: Path) -> None:
    """The operator rebuilds history: the tiles fit the entries, the signed root does not."""
    with Log.create(tmp_path / "forged", logs.ORIGIN) as forged:
        entries = logs.entries(0, 900)
        entries[10] = b"sold to somebody else"
        forged.append(entries)
        logs.tick(forged)
    shutil.rmtree(folder / "public/tile")
    shutil.copytree(tmp_path / "forged/public/tile", folder / "public/tile")
    with pytest.raises(LogDamaged):
        Log.open(folder)


def test_a_damaged_checkpoint_is_refused(folder: Path) -> None:
    for name in ("checkpoint.signed", "public/checkpoint"):
        content = (folder / name).read_bytes()
        for damaged in (b"", content[:20], content.replace(b"900", b"800")):
            (folder / name).write_bytes(damaged)
            with pytest.raises(LogDamaged):
                Log.open(folder)
        (folder / name).write_bytes(content)


def test_a_checkpoint_with_a_wrong_signature_is_refused(folder: Path) -> None:
    def accept(note: bytes) -> None:
        raise ValueError("the signature is wrong")

    with pytest.raises(LogDamaged, match="signature is wrong"):
        Log.open(folder, accept=accept)


def test_files_of_an_older_backup_are_refused(folder: Path, tmp_path: Path) -> None:
    """Everything but the signed checkpoint comes from yesterday."""
    backup = tmp_path / "backup"
    logs.make(backup, 100, 700).close()
    shutil.copy(folder / "checkpoint.signed", backup / "checkpoint.signed")
    shutil.rmtree(backup / "journal")
    (backup / "journal").mkdir()
    with pytest.raises(LogRolledBack, match=r"signed a checkpoint of 900 entries.*mirror"):
        Log.open(backup)


def test_a_whole_older_backup_is_refused_by_what_others_know(tmp_path: Path) -> None:
    logs.make(tmp_path / "backup", 100, 700).close()
    with pytest.raises(LogRolledBack, match="has signed 900 entries"):
        Log.open(tmp_path / "backup", known_size=900)
    Log.open(tmp_path / "backup", known_size=700).close()


def test_the_tiles_of_a_mirror_bring_a_lost_log_back(folder: Path) -> None:
    """The way that the messages tell."""
    public = folder / "public"
    shutil.copytree(public / "tile", folder.parent / "mirror")
    shutil.rmtree(public / "tile")
    for segment in (folder / "journal").iterdir():
        segment.unlink()
    with pytest.raises(LogError):
        Log.open(folder)
    shutil.rmtree(public / "tile", ignore_errors=True)
    shutil.copytree(folder.parent / "mirror", public / "tile")
    with Log.open(folder, deep=True) as log:
        logs.must_be_right(log, 900)


def test_a_signed_checkpoint_of_another_history_is_refused(folder: Path) -> None:
    other = base64.b64encode(bytes(31) + b"x").decode()
    (folder / "checkpoint.signed").write_text(f"{logs.ORIGIN}\n700\n{other}\n\n— x AAAAAAA=\n")
    with pytest.raises(LogDamaged, match="do not lead to its root"):
        Log.open(folder)


def test_an_audit_beside_the_work_finds_what_changed_on_the_disk(folder: Path) -> None:
    with Log.open(folder) as log:
        log.audit()
        flip(folder / "public/tile/entries/001", random.Random(3))
        with pytest.raises(LogDamaged, match="bundle 1"):
            log.audit()
        log.append([logs.entry(900)])
        log.integrate()
        assert log.size == 901, "what is damaged is for people; entries go on being taken"


def test_a_disk_that_gives_back_other_bytes_stops_the_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Log.open(folder) as log:
        log.append([logs.entry(900)])
        honest = log_module.read_fresh
        monkeypatch.setattr(log_module, "read_fresh", lambda path: honest(path)[:-1] + b"?")
        with pytest.raises(LogStopped, match="other bytes"):
            log.integrate()
        with pytest.raises(LogStopped):
            log.sign(logs.sign)
