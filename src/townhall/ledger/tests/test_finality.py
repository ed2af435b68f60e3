"""From the queue to a receipt that strangers can check, with witnesses in their own processes."""

from __future__ import annotations

import errno
import hashlib
import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger import receipts
from townhall.ledger.engine import checking
from townhall.ledger.engine.checking import Verdict
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.log import journal
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import NotFinal
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.town import wait_for
from townhall.ledger.witness.refetching import Copy

LETTER = b"%PDF-1.7 Your Child Benefit is granted."


def with_witnesses(town, *names):
    town.start_witnesses(names or demonstration.NAMES)
    town.open()


def settled(town, log="decisions"):
    town.operator.step()
    return town.line(log).finality.advance()


def put_letter(person):
    ledger.submit(
        SYSTEM,
        log="decisions",
        kind="decision",
        ref="letter:1",
        person_id=person,
        secret={"document": hashlib.sha256(LETTER).hexdigest(), "case_number": "CB-2026-000123"},
    )


def test_a_letter_gets_a_receipt_that_holds_without_us(town, tmp_path):
    person = uuid.uuid4()
    me = Acting(actor=f"person:{person}", person_id=person)
    with_witnesses(town)
    put_letter(person)
    with pytest.raises(receipts.NotFinalYet) as early:
        receipts.receipt(me, log="decisions", ref="letter:1")
    assert early.value.progress.state == receipts.WAITING
    assert settled(town) == 1
    assert receipts.progress(me, log="decisions", ref="letter:1").state == receipts.FINAL
    made = receipts.receipt(me, log="decisions", ref="letter:1")
    (tmp_path / "receipt.json").write_bytes(made.render())
    (tmp_path / "letter.pdf").write_bytes(LETTER)
    (tmp_path / "policy").write_bytes(made.policy)
    town.end()
    given = ["--document", tmp_path / "letter.pdf", "--policy", tmp_path / "policy", "--json"]
    command = [sys.executable, "-m", "townhall", "verify", tmp_path / "receipt.json", *given]
    said = subprocess.run(command, capture_output=True, check=False, env={"PATH": ""}, timeout=30)
    assert said.returncode == 0, said.stdout
    assert json.loads(said.stdout)["verdict"] == "holds"
    (tmp_path / "letter.pdf").write_bytes(LETTER.replace(b"granted", b"refused"))
    said = subprocess.run(command, capture_output=True, check=False, env={"PATH": ""}, timeout=30)
    assert said.returncode == 1


def test_somebody_else_gets_no_receipt(town):
    with_witnesses(town)
    put_letter(uuid.uuid4())
    settled(town)
    other = uuid.uuid4()
    acting = Acting(actor=f"person:{other}", person_id=other)
    assert receipts.receipt(acting, log="decisions", ref="letter:1") is None


def test_one_witness_of_four_may_be_down_and_the_operator_is_told(town):
    with_witnesses(town, "auditor", "court", "university")
    submit("case:1")
    assert settled(town) == 1
    with scope(SYSTEM):
        [newest] = checkpoints.newest("decisions", 5)
    assert len(newest.cosigners) == 3


def test_without_a_quorum_nothing_becomes_final_and_everything_does_once_there_is_one(town):
    with_witnesses(town, "auditor", "court")
    submit("case:1")
    town.operator.step()
    line = town.line("decisions")
    with pytest.raises(NotFinal, match="no quorum"):
        line.finality.advance(patience=1.0)
    assert line.sequencer.log.checkpoint is None
    assert receipts.progress(SYSTEM, log="decisions", ref="case:1").state == receipts.PLACED
    with scope(SYSTEM):
        down = {each.witness for each in alarms.open_alarms()}
    assert down == {f"{demonstration.HOST}/{name}" for name in ("university", "citizens")}
    submit("case:2")
    town.operator.step()
    town.start_witness("university")
    assert line.finality.advance() == 2
    with scope(SYSTEM):
        down = {each.witness for each in alarms.open_alarms()}
    assert down == {f"{demonstration.HOST}/citizens"}


def test_a_log_at_rest_tells_a_witness_that_is_back_what_it_missed(town):
    """No entry comes for days; the alarm must end, and the copy be whole, all the same."""
    with_witnesses(town, "auditor", "court", "university")
    submit("case:1")
    assert settled(town) == 1
    line = town.line("decisions")
    assert not line.finality.due
    sealed = line.sequencer.log.checkpoint

    def down():
        line.finality.attend()
        with scope(SYSTEM):
            return {each.witness for each in alarms.open_alarms() if each.log == "decisions"}

    with scope(SYSTEM):
        gone = {"log": "decisions", "witness": "gone.example/w1", "words": "left with a policy"}
        alarms.sound(key="decisions:gone.example/w1", **gone, now=datetime.now(UTC))
    line.finality._told.clear()  # as after a start
    absent = {f"{demonstration.HOST}/citizens"}
    wait_for(lambda: down() == absent, "the alarm about who was never there, and nobody else")
    town.start_witness("citizens")
    wait_for(lambda: down() == set(), "the end of the alarm")
    url = demonstration.addresses(town.data)[f"{demonstration.HOST}/citizens"]
    copy = Copy(f"{url}/mirror", line.sequencer.log.origin)
    assert Checkpoint.parse(SignedNote.parse(copy.read(Path("checkpoint"))).text).size == 1
    copy.close()
    town.stop_witness("citizens")
    submit("case:2")
    assert settled(town) == 2
    wait_for(lambda: down() == absent, "the alarm about who is gone again")
    assert line.sequencer.log.checkpoint != sealed
    # A process that starts anew asks everybody, though there is nothing to seal.
    town.close()
    town.start_witness("citizens")
    town.open()
    line = town.line("decisions")
    wait_for(lambda: down() == set(), "the end of the alarm of an earlier process")


def test_a_witness_that_was_killed_and_started_elsewhere_goes_on_vouching(town):
    with_witnesses(town, "auditor", "court", "university")
    submit("case:1")
    assert settled(town) == 1
    town.stop_witness("court")
    submit("case:2")
    town.operator.step()
    town.start_witness("court")
    assert town.line("decisions").finality.advance() == 2


def test_an_operator_that_was_killed_between_signing_and_publishing_goes_on(town):
    with_witnesses(town)
    submit("case:1")
    town.operator.step()
    line = town.line("decisions")
    line.sequencer.log.integrate()
    line.sequencer.log.sign(line.finality._sign)
    town.close()
    town.open()
    submit("case:2")
    assert settled(town) == 2


def test_an_entry_that_found_no_room_is_appended_once_there_is_room_and_none_follows(
    town, monkeypatch
):
    with_witnesses(town)
    submit("case:1")
    assert settled(town) == 1
    log = town.line("decisions").sequencer.log
    town.operator.stopping.set()  # it need not wait a second for room

    def no_room(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    submit("case:2")
    with monkeypatch.context() as full:
        full.setattr(journal, "write_whole", no_room)
        for _ in range(2):
            town.operator.step()
            assert log.appended == 1
    town.operator.step()
    assert log.appended == 2
    assert town.line("decisions").finality.advance() == 2


def test_a_receipt_from_before_holds_after_the_log_has_grown(town):
    with_witnesses(town)
    submit("case:1")
    settled(town)
    early = receipts.receipt(SYSTEM, log="decisions", ref="case:1")
    for number in range(2, 600):
        submit(f"case:{number}")
    settled(town)
    late = receipts.receipt(SYSTEM, log="decisions", ref="case:1")
    for each in (early, late):
        steps = checking.verify(each)
        assert checking.verdict(steps) == Verdict.INCOMPLETE  # policy and letter are not at hand
        assert all(step.ok is not False for step in steps)
    assert len(late.proof.proof) > len(early.proof.proof)


def test_the_policy_is_the_first_entry_of_the_log_of_keys(town):
    with_witnesses(town)
    town.operator.step()
    town.line("keys").finality.advance()
    made = receipts.receipt(SYSTEM, log="keys", ref="policy:0")
    assert made.decoded.body["policy"] == made.policy.decode()
    assert made.proof.index == 0


def test_preparing_again_changes_nothing(town):
    before = {path: path.read_bytes() for path in town.data.rglob("keys/*") if path.is_file()}
    town.prepare()
    assert before == {
        path: path.read_bytes() for path in town.data.rglob("keys/*") if path.is_file()
    }
    with scope(SYSTEM):
        assert len(checkpoints.policies()) == 1
