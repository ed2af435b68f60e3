"""What a stranger sends accuses no honest log for good, and a dishonest one does not get away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.ledger.engine.witnessing import Request, parse_request
from townhall.ledger.witness import alarms, observing
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.town import History, Running


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    running = town.start(tmp_path / "w1")
    yield running
    running.stop()


def grow(witness: Running, log: History, old: int, size: int, *, copied: bool = True) -> None:
    assert witness.add_checkpoint(log.request(old, size)).status == 200
    if copied:
        copy(witness, log, old, size)


def copy(witness: Running, log: History, old: int, size: int) -> None:
    assert witness.add_entries(log.upload(old, size)).status == 200


def sent(log: History, size: int, *, old: int) -> bytes:
    """A checkpoint that the log has published, as a stranger sends it: nothing is proved."""
    found = parse_request(log.request(0, size))
    return Request(old, (), found.note, found.checkpoint).render()


def open_alarms(witness: Running) -> object:
    return witness.health()["open_alarms"]


def test_old_checkpoints_that_anybody_has_are_no_alarm(witness: Running) -> None:
    log = town.honest(300)
    grow(witness, log, 0, 300)
    for size in range(1, 300, 7):
        assert witness.add_checkpoint(sent(log, size, old=300)).status == 400
    assert witness.alarms() == "No alarms.\n"


def test_newer_checkpoints_without_a_proof_are_explained_once_the_entries_come(
    witness: Running,
) -> None:
    """The log signs 310 and 320, a stranger is faster, and the log itself goes on to 330."""
    log = town.honest(330)
    grow(witness, log, 0, 300)
    for size in (310, 320):
        assert witness.add_checkpoint(sent(log, size, old=300)).status == 422
    assert open_alarms(witness) == 2
    grow(witness, log, 300, 330)
    assert open_alarms(witness) == 0
    assert witness.alarms().count("the copy begins with that very list") == 2


def test_suspicions_are_not_without_number(witness: Running) -> None:
    log = town.honest(330)
    grow(witness, log, 0, 300)
    for size in range(301, 330):
        assert witness.add_checkpoint(sent(log, size, old=300)).status == 422
    assert open_alarms(witness) == observing.MOST["unproved"]
    grow(witness, log, 300, 330)
    assert open_alarms(witness) == 0


def test_what_the_copy_cannot_tell_yet_is_one_alarm_and_ends(witness: Running) -> None:
    """The log is seen at 300, and its entries are still on their way."""
    log = town.honest(300)
    grow(witness, log, 0, 300, copied=False)
    for size in (100, 150, 200):
        assert witness.add_checkpoint(sent(log, size, old=300)).status == 400
    assert open_alarms(witness) == 1
    assert witness.alarms().count("[shrunk]") == 1
    copy(witness, log, 0, 300)
    assert open_alarms(witness) == 0
    assert witness.add_checkpoint(sent(log, 200, old=300)).status == 400
    assert open_alarms(witness) == 0


@pytest.mark.parametrize(("size", "kind"), [(310, "fork"), (330, "split-view")])
def test_a_suspicion_that_the_entries_prove_becomes_an_accusation(
    witness: Running, size: int, kind: str
) -> None:
    log, other = town.honest(330), town.rewritten(330, 7)
    grow(witness, log, 0, 300)
    body = sent(other, size, old=300)
    assert witness.add_checkpoint(body).status == 422
    assert "[unproved]" in witness.alarms()
    grow(witness, log, 300, 330)
    told = witness.alarms()
    assert f"[{kind}] {town.ORIGIN}, since" in told
    assert "[unproved] town.example/decisions, ended" in told
    assert open_alarms(witness) == 1
    evidence = [json.loads(each.read_text()) for each in (witness.folder / "evidence").iterdir()]
    (found,) = (each for each in evidence if each["kind"] == kind)
    assert found["sent"].encode() == body.partition(b"\n\n")[2]
    assert found["seen"].startswith(f"{town.ORIGIN}\n330\n")


def test_a_log_that_forks_without_end_fills_neither_the_page_nor_the_disk(
    witness: Running,
) -> None:
    log = town.honest(300)
    grow(witness, log, 0, 300)
    for number in range(alarms.MOST_OPEN + 20):
        note = town.sign(200, bytes([number]) * 32)
        assert witness.add_checkpoint(b"old 0\n\n" + note.render()).status == 409
    assert open_alarms(witness) == alarms.MOST_OPEN
    assert len(list((witness.folder / "evidence").iterdir())) == alarms.MOST_OPEN
    assert witness.add_checkpoint(log.request(300, 300)).status == 200


def test_what_earlier_versions_left_open_ends_at_the_next_start(tmp_path: Path) -> None:
    """They raised an alarm for every old checkpoint that anybody sent."""
    log = town.honest(300)
    witness = town.start(tmp_path / "w1")
    try:
        grow(witness, log, 0, 300, copied=False)
        assert witness.add_checkpoint(sent(log, 100, old=300)).status == 400
        assert open_alarms(witness) == 1
        witness.stop()
        witness = town.start(witness.folder)
        assert open_alarms(witness) == 1, "it cannot tell yet"
        copy(witness, log, 0, 300)
        assert open_alarms(witness) == 0
    finally:
        witness.stop()


def test_a_stranger_cannot_make_alarms_with_a_key_of_his_own(witness: Running) -> None:
    log = town.honest(300)
    grow(witness, log, 0, 200)
    foreign = parse_request(town.rewritten(300, 7).request(0, 300, town.STRANGER))
    assert witness.add_checkpoint(replace(foreign, old=200).render()).status == 403
    assert witness.alarms() == "No alarms.\n"
