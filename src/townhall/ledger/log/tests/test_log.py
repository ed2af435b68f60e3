"""What a log promises to its sequencer and to everybody who reads its folder."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from townhall.ledger.engine import proofs, tiles
from townhall.ledger.engine.bundles import encode_entries
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.log import log as logging
from townhall.ledger.log import opening, reading
from townhall.ledger.log.errors import CheckpointRefused, LogError, LogInUse, LogStopped, NotInLog
from townhall.ledger.log.log import Log
from townhall.ledger.log.tests import logs


def test_indices_follow_each_other_and_are_never_given_twice(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        assert log.append([b"a", b"b"]) == range(2)
        assert log.append([b"c"]) == range(2, 3)
        assert log.append([]) == range(3, 3)
    with Log.open(tmp_path / "log") as log:
        assert log.append([b"d"]) == range(3, 4)
        assert list(log.entries(0, 4)) == [b"a", b"b", b"c", b"d"]


def test_the_files_are_those_of_tlog_tiles(tmp_path: Path) -> None:
    """The roots are the vectors of the note; the paths those of the specification."""
    entries = [b"entry %d" % number for number in range(70_000)]
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        for at in range(0, len(entries), 7_000):
            log.append(entries[at : at + 7_000])
        logs.tick(log)
        assert base64.b64encode(log.root) == b"o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao="
        public = log.public
    found = {str(path.relative_to(public)) for path in public.rglob("*") if path.is_file()}
    hash_tiles = {f"tile/0/{number:03d}" for number in range(273)} | {"tile/0/273.p/112"}
    bundles = {f"tile/entries/{number:03d}" for number in range(273)} | {"tile/entries/273.p/112"}
    upper = {"tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert found == hash_tiles | bundles | upper | {"checkpoint"}
    assert (public / "tile/entries/273.p/112").read_bytes() == encode_entries(entries[-112:])


def test_partial_tiles_stay_until_the_full_one_is_published(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 200, 250) as log:
        tile = log.public / "tile" / "0"
        assert {path.name for path in (tile / "000.p").iterdir()} == {"200", "250"}
        logs.grow(log, 300)
        log.integrate()
        assert (tile / "000.p" / "250").exists()
        log.publish(log.sign(logs.sign))
        assert not (tile / "000.p").exists()
        assert (tile / "000").exists()
        early = reading.Snapshot(log.public, logs_head(250))
        assert list(early.entries(240, 250)) == logs.entries(240, 250)


def test_an_earlier_size_is_published_with_all_its_tiles(tmp_path: Path) -> None:
    """A mirror gets entries beyond the checkpoint that it is about to sign."""
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        logs.grow(log, 900)
        log.integrate()
        log.publish(logs.sign(logging.heads.head_text(logs.ORIGIN, logs_head(600))))
        for tile in tiles.tiles_between(0, 600):
            content = (log.public / tile.path).read_bytes() if tile.level else b""
            assert tile.level == 0 or len(content) == 32 * tile.width
        early = reading.Snapshot(log.public, logs_head(600))
        assert early.proof(3) == log.proof(3, 600)
        assert list(early.entries(500, 600)) == logs.entries(500, 600)


def logs_head(size: int) -> logging.Head:
    return logging.Head(size, logs.root(size))


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700, 1000])
def test_every_proof_of_every_earlier_size_verifies(tmp_path: Path, size: int) -> None:
    with logs.make(tmp_path / "log", size) as log:
        for earlier in {1, 2, 100, 255, 256, 257, size - 1, size} & set(range(1, size + 1)):
            for index in {0, earlier // 2, earlier - 1}:
                leaf = leaf_hash(logs.entry(index))
                path = log.proof(index, earlier)
                proofs.verify_inclusion(leaf, index, earlier, path, logs.root(earlier))
            grown = log.consistency(earlier)
            proofs.verify_consistency(earlier, logs.root(earlier), size, log.root, grown)
        assert log.consistency(0) == []
        with pytest.raises(NotInLog):
            log.proof(size)
        with pytest.raises(NotInLog):
            log.consistency(1, size + 1)


def test_an_entry_can_be_read_as_soon_as_it_is_acknowledged(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 300) as log:
        logs.grow(log, 400)
        assert log.entry(299) == logs.entry(299)
        assert log.entry(399) == logs.entry(399)
        assert list(log.entries(250, 350)) == logs.entries(250, 350)
        with pytest.raises(NotInLog):
            log.entry(400)


def test_a_repetition_is_found_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "REMEMBERED", 100)
    named = [b"entry %d" % number for number in range(1_200)]
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        log.append(named[:1_000])
        logs.tick(log)
        log.append(named[1_000:])
        for index in (0, 5, 700, 999, 1_000, 1_199):
            assert log.find(leaf_hash(named[index])) == index
        assert log.find(leaf_hash(b"never logged")) is None
    with Log.open(tmp_path / "log") as log:
        assert log.find(leaf_hash(named[3])) == 3
        assert log.find(leaf_hash(named[1_199])) == 1_199


def test_one_process_writes(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 10):
        with pytest.raises(LogInUse):
            Log.open(tmp_path / "log")
    Log.open(tmp_path / "log").close()


def test_a_log_is_not_created_over_another(tmp_path: Path) -> None:
    logs.make(tmp_path / "log", 10).close()
    with pytest.raises(LogError, match="holds a log already"):
        Log.create(tmp_path / "log", "town.example/other")
    with pytest.raises(LogError, match="no name of a log"):
        Log.create(tmp_path / "other", "two words")
    with pytest.raises(LogError, match="holds no log"):
        Log.open(tmp_path / "nowhere")


def test_an_entry_too_long_leaves_nothing_behind(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        with pytest.raises(ValueError, match="65535"):
            log.append([b"fine", b"x" * 65_536])
        assert log.append([b"x" * 65_535]) == range(1)


def test_a_closed_log_says_so(tmp_path: Path) -> None:
    log = logs.make(tmp_path / "log", 10)
    log.close()
    with pytest.raises(LogStopped, match="closed"):
        log.append([b"late"])


def test_entries_that_wait_too_long_are_integrated_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "MOST_PENDING", 1_000)
    monkeypatch.setattr(logging, "LONGEST_SEGMENT", 5_000)
    with Log.create(tmp_path / "log", logs.ORIGIN) as log:
        logs.grow(log, 1_500)
        assert log.size >= 1_300
        segments = list((tmp_path / "log" / "journal").iterdir())
        assert len(segments) == 1
        assert not (tmp_path / "log" / "journal" / f"{0:020d}.journal").exists()
    with Log.open(tmp_path / "log") as log:
        logs.must_be_right(log, 1_500)


def test_nothing_is_signed_that_contradicts_an_earlier_signature(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 300) as log:
        logs.grow(log, 400)
        log.integrate()
        signed = tmp_path / "log" / "checkpoint.signed"
        other = base64.b64encode(leaf_hash(b"another history")).decode()
        signed.write_text(f"{logs.ORIGIN}\n300\n{other}\n\n— x AAAAAAA=\n")
        with pytest.raises(CheckpointRefused, match="rewritten"):
            log.sign(logs.sign)
        signed.write_text(f"{logs.ORIGIN}\n401\n{other}\n\n— x AAAAAAA=\n")
        with pytest.raises(CheckpointRefused, match="never shrinks"):
            log.sign(logs.sign)


def test_only_checkpoints_of_these_entries_are_published(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 300) as log:
        other = base64.b64encode(leaf_hash(b"another history")).decode()
        for text, reason in (
            (logging.heads.head_text(logs.ORIGIN, logs_head(299)), "never shrinks"),
            (f"{logs.ORIGIN}\n300\n{other}\n", "do not lead"),
            (logging.heads.head_text(logs.ORIGIN, logs_head(301)), "do not lead"),
            (logging.heads.head_text("town.example/other", logs_head(300)), "it is of"),
            (f"{logs.ORIGIN}\n0300\n{other}\n", "no checkpoint"),
        ):
            with pytest.raises(CheckpointRefused, match=reason):
                log.publish(logs.sign(text))
        assert logs.published_size(tmp_path / "log") == 300


def test_a_signer_that_signs_something_else_is_refused(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 300) as log:
        before = log.signed
        with pytest.raises(CheckpointRefused, match="not of the checkpoint"):
            log.sign(lambda text: logs.sign(text.replace("300", "301")))
        assert log.signed == before


def test_readers_need_no_lock(tmp_path: Path) -> None:
    assert reading.published(tmp_path / "log", logs.ORIGIN) is None
    with logs.make(tmp_path / "log", 300) as log:
        logs.grow(log, 350)
        log.integrate()
        found = reading.published(tmp_path / "log", logs.ORIGIN)
        assert found is not None
        note, snapshot = found
        assert note == log.checkpoint
        assert snapshot.head.size == 300
        assert snapshot.entry(123) == logs.entry(123)


def test_the_partial_tiles_of_the_tree_are_all_there(tmp_path: Path) -> None:
    with logs.make(tmp_path / "log", 100, 515) as log:
        for tile in tiles.tiles_between(0, 515, entries=True):
            assert (log.public / tile.path).exists()
