"""A byte that a disk has forgotten is found by the witness itself, and mended or told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.witness.rehashing import Rehashing
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import SettingsInvalid, read_settings
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.test_copies import info, must_be_cosigned
from townhall.ledger.witness.tests.town import PATIENCE, Running

SIZE = 600
HASH = sha256(town.ORIGIN.encode()).hexdigest()


def wait_for(done: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def filled(folder: Path, **more: int) -> Running:
    """A witness that keeps 600 entries and has vouched for them."""
    log = town.honest(SIZE)
    witness = town.start(folder, **more)
    witness.add_checkpoint(log.request(0, SIZE))
    must_be_cosigned(witness, witness.add_entries(log.upload(0, SIZE)), log, SIZE)
    return witness


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    """One that hashes its copy anew every second."""
    running = filled(tmp_path / "w1", audit_seconds=1)
    yield running
    running.stop()


def file(witness: Running, path: str) -> Path:
    return witness.folder / "copies" / HASH / "public" / "tile" / path


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def forget_journal(witness: Running) -> None:
    for segment in (witness.folder / "copies" / HASH / "journal").iterdir():
        segment.unlink()


@pytest.mark.parametrize("path", ["entries/001", "entries/002.p/88", "0/000", "1/000.p/2"])
def test_a_flipped_bit_is_mended_where_it_can_be_and_told_all_the_same(
    witness: Running, path: str
) -> None:
    damaged = file(witness, path)
    good = damaged.read_bytes()
    flip(damaged, len(good) // 2)
    wait_for(lambda: "mended" in witness.alarms())
    assert damaged.read_bytes() == good
    assert "check the disk" in witness.alarms() and "ended: from " in witness.alarms()
    assert witness.health()["open_alarms"] == 0
    log = town.honest(SIZE + 1)
    assert witness.add_checkpoint(log.request(SIZE, SIZE + 1)).status == 200
    must_be_cosigned(witness, witness.add_entries(log.upload(SIZE, SIZE + 1)), log, SIZE + 1)


def test_what_cannot_be_mended_is_not_vouched_for_until_it_was_fetched_again(
    witness: Running, tmp_path: Path
) -> None:
    log = town.honest(SIZE)
    forget_journal(witness)
    flip(file(witness, "entries/000"), 40)
    wait_for(lambda: witness.health()["open_alarms"])
    told = witness.alarms()
    assert "[copy] town.example/decisions" in told and "move" in told and "ended: from " not in told
    assert witness.add_checkpoint(log.request(SIZE, SIZE)).status == 200, "growth is vouched for"
    assert witness.add_entries(log.upload(SIZE, SIZE)).status == 503
    assert "What is wrong" in witness.ask("GET", "/").text
    witness.stop()
    (witness.folder / "copies" / HASH).rename(tmp_path / "moved away")
    again = town.start(witness.folder, audit_seconds=1)
    try:
        assert again.health()["open_alarms"] == 0, "the copy is whole: empty, to begin with"
        assert info(again.add_entries(log.upload(SIZE, SIZE))).next_entry == 0
        must_be_cosigned(again, again.add_entries(log.upload(0, SIZE)), log, SIZE)
        # The same damage once more is told once more.
        forget_journal(again)
        flip(file(again, "entries/000"), 40)
        wait_for(lambda: again.health()["open_alarms"])
    finally:
        again.stop()


def test_a_copy_of_another_history_is_found_though_it_is_right_in_itself(tmp_path: Path) -> None:
    """Every hash of it fits, but it is not what this witness put its name under."""
    filled(tmp_path / "w2").stop()
    settings = read_settings(town.settings(tmp_path / "w2", "court.example/w1"))
    witness = Witness(settings, lambda: int(time.time()))
    try:
        copy = witness._copies[town.ORIGIN]
        seen = witness._vouched(town.ORIGIN)
        assert seen is not None
        witness._rehashing.look_at(copy)
        assert copy.trouble == "" and witness.alarms().open_count == 0
        forged = type(seen)(SIZE, bytes(32), SignedNote(seen.note.text, seen.note.signatures))
        looking = Rehashing({}, lambda _: forged, witness._teller, 0)
        looking.look_at(copy)
        assert "does not lead to the checkpoint" in witness.alarms().ended[0].text
    finally:
        witness.close()


def test_a_machine_that_has_run_out_of_files_is_no_damage(tmp_path: Path) -> None:
    filled(tmp_path / "w1").stop()
    settings = read_settings(town.settings(tmp_path / "w1", "court.example/w1"))
    witness = Witness(settings, lambda: int(time.time()))
    taken: list[int] = []
    try:
        copy = witness._copies[town.ORIGIN]
        try:
            while True:
                taken.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            witness._rehashing.look_at(copy)
        finally:
            for each in taken:
                os.close(each)
        assert len(taken) > 10
        assert copy.trouble == "" and witness.alarms().open_count == 0
        copy.check_usable()
    finally:
        witness.close()


def test_how_often_is_a_setting(tmp_path: Path) -> None:
    path = town.settings(tmp_path / "w1", "court.example/w1")
    assert read_settings(path).audit_seconds == 86_400
    path = town.settings(tmp_path / "w1", "court.example/w1", audit_seconds=0)
    assert read_settings(path).audit_seconds == 0
    path = town.settings(tmp_path / "w1", "court.example/w1", audit_second=1)
    with pytest.raises(SettingsInvalid, match="audit_seconds"):
        read_settings(path)
