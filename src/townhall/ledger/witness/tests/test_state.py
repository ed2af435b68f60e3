"""A witness that lost its state, or got an old one back, must never sign again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.ledger.witness.errors import WitnessError, WitnessRetired, WitnessStopped
from townhall.ledger.witness.generation import GenerationFile
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import Settings, read_settings, watched_log
from townhall.ledger.witness.tests import town

CLOCK = 1_760_000_000


def settings(folder: Path) -> Settings:
    log = watched_log(town.ORIGIN, [str(each.key) for each in town.SIGNERS], "decisions")
    return Settings(
        name="court.example/w1",
        folder=folder,
        logs=(log,),
        generation_file=folder.with_suffix(".generation"),
    )


def open_witness(folder: Path, clock: int = CLOCK) -> Witness:
    return Witness(settings(folder), lambda: clock)


def grow(folder: Path, old: int, size: int) -> None:
    witness = open_witness(folder)
    answer = witness.add_checkpoint(town.honest(size).request(old, size))
    witness.close()
    assert answer.status == 200


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    witness = open_witness(tmp_path / "w")
    first = witness.keys.public
    witness.close()
    keys = tmp_path / "w" / "keys.json"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert len({key.public for key in first}) == 4
    assert {key.name for key in first} == {"court.example/w1", "court.example/w1/rules"}
    again = open_witness(tmp_path / "w")
    assert again.keys.public == first
    again.close()
    keys.chmod(0o640)
    with pytest.raises(WitnessError, match="read by others"):
        open_witness(tmp_path / "w")


def test_a_restored_state_refuses_to_sign(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    grow(folder, 0, 10)
    shutil.copytree(folder, tmp_path / "backup")
    grow(folder, 10, 20)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    with pytest.raises(WitnessRetired, match=r"restored from a backup.*retired, not restored"):
        open_witness(folder)


@pytest.mark.parametrize("lost", ["state.sqlite", "../w.generation"])
def test_a_lost_state_refuses_to_sign(tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "w"
    grow(folder, 0, 10)
    (folder / lost).unlink()
    with pytest.raises(WitnessRetired, match=r"[Rr]etire"):
        open_witness(folder)


def test_a_damaged_state_refuses_to_sign(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    grow(folder, 0, 10)
    content = bytearray((folder / "state.sqlite").read_bytes())
    content[4_096 : 4_096 + 200] = bytes(200)
    (folder / "state.sqlite").write_bytes(content)
    with pytest.raises(WitnessRetired, match="damaged"):
        open_witness(folder)


def test_the_state_of_another_witness_is_refused(tmp_path: Path) -> None:
    grow(tmp_path / "one", 0, 10)
    grow(tmp_path / "two", 0, 10)
    shutil.copy(tmp_path / "one" / "keys.json", tmp_path / "two" / "keys.json")
    with pytest.raises(WitnessError, match="not of one witness"):
        open_witness(tmp_path / "two")


def test_a_crash_between_state_and_count_is_none_of_these(tmp_path: Path) -> None:
    """The state was stored, the count not yet, and nothing was answered."""
    folder = tmp_path / "w"
    grow(folder, 0, 10)
    count = GenerationFile(folder.with_suffix(".generation"))
    before = count.read()
    grow(folder, 10, 20)
    assert count.read() == before + 1
    count.path.unlink()
    count.create()
    count.write(before)
    grow(folder, 20, 30)
    assert count.read() == before + 2


def test_a_crash_before_the_keys_starts_anew(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    open_witness(folder).close()
    (folder / "keys.json").unlink()
    grow(folder, 0, 10)


def test_a_lost_folder_is_no_first_start(tmp_path: Path) -> None:
    grow(tmp_path / "w", 0, 10)
    shutil.rmtree(tmp_path / "w")
    with pytest.raises(WitnessRetired, match="choose a new name"):
        open_witness(tmp_path / "w")


def test_keys_serve_one_name(tmp_path: Path) -> None:
    grow(tmp_path / "w", 0, 10)
    renamed = replace(settings(tmp_path / "w"), name="court.example/w2")
    with pytest.raises(WitnessError, match="not of one witness"):
        Witness(renamed, lambda: CLOCK)


def test_a_torn_count_leaves_the_one_before(tmp_path: Path) -> None:
    count = GenerationFile(tmp_path / "generation")
    count.create()
    for number in range(1, 20):
        count.write(number)
        whole = count.path.read_bytes()
        at = number % 2 * 512
        for torn in (0, 10, 40):
            spoilt = whole[: at + torn] + bytes(90 - torn) + whole[at + 90 :]
            count.path.write_bytes(spoilt)
            assert count.read() == number - 1
        count.path.write_bytes(whole)


def test_a_count_that_cannot_be_written_stops_the_witness(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    witness = open_witness(folder)
    folder.with_suffix(".generation").unlink()
    with pytest.raises(WitnessStopped):
        witness.add_checkpoint(town.honest(10).request(0, 10))
    with pytest.raises(WitnessStopped):
        witness.add_checkpoint(town.honest(10).request(10, 10))
    assert witness.health()["signs"] is False
    witness.close()


def test_one_process_is_the_witness(tmp_path: Path) -> None:
    witness = open_witness(tmp_path / "w")
    with pytest.raises(WitnessError, match="another process"):
        open_witness(tmp_path / "w")
    witness.close()


def test_a_clock_set_back_is_told_and_the_witness_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    log = town.honest(30)
    ahead = open_witness(folder, CLOCK + 3_600)
    assert ahead.add_checkpoint(log.request(0, 10)).status == 200
    ahead.close()
    right = open_witness(folder)
    assert right.add_checkpoint(log.request(10, 20)).status == 200
    (alarm,) = right.alarms().open
    assert "set back by 3600 seconds" in alarm.text
    right.close()


def test_settings_say_what_is_wrong(tmp_path: Path) -> None:
    path = town.settings(tmp_path / "w", "court.example/w1", rules="no-such-rules")
    with pytest.raises(WitnessError, match="no rules 'no-such-rules'; known are access"):
        read_settings(path)
    path = town.settings(tmp_path / "w", "two words")
    with pytest.raises(WitnessError, match="name: "):
        read_settings(path)
    path.write_text("{}")
    with pytest.raises(WitnessError, match="name is missing"):
        read_settings(path)
    path.write_text('{"nmae": 1}')
    with pytest.raises(WitnessError, match="known are"):
        read_settings(path)
