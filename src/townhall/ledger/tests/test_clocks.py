"""A witness whose clock is an hour off: refused with the reason, and heard once it is right."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import NotFinal
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.town import wait_for

HOUR = 3_600
OTHER = str(Path(__file__).with_name("other_clock.py"))


def off(town, name, seconds):
    town.start_witness(name, program=(OTHER, str(seconds)))


def told():
    with scope(SYSTEM):
        return {each.witness: each.words for each in alarms.open_alarms()}


def party(name):
    return f"{demonstration.HOST}/{name}"


def signers(ref):
    made = receipts.receipt(SYSTEM, log="decisions", ref=ref)
    return {each.name.removesuffix("/rules") for each in made.proof.note.signatures}


@pytest.mark.parametrize(("seconds", "way"), [(HOUR, "ahead"), (-HOUR, "behind")], ids=["+", "-"])
def test_its_signature_does_not_count_and_it_recovers_by_itself(town, seconds, way):
    town.start_witnesses(("auditor", "court", "university"))
    off(town, "citizens", seconds)
    town.open()
    line = town.line("decisions")
    submit("case:1")
    town.operator.step()
    assert line.finality.advance() == 1, "the others are enough"
    assert party("citizens") not in signers("case:1")
    wait_for(lambda: line.finality.attend() or told(), "the alarm")
    words = told()
    assert words.keys() == {party("citizens")}
    assert f"seconds {way}: its operator must set it right" in words[party("citizens")]
    town.stop_witness("citizens", signal.SIGTERM)
    town.start_witness("citizens")  # somebody has set the clock right
    wait_for(lambda: line.finality.attend() or not told(), "the end of the alarm")
    town.stop_witness("auditor")  # now the one that was off is needed
    submit("case:2")
    town.operator.step()
    assert line.finality.advance() == 2
    assert party("citizens") in signers("case:2")


def test_with_two_of_four_off_nothing_is_final_until_one_is_right(town):
    town.start_witnesses(("auditor", "court"))
    off(town, "citizens", HOUR)
    off(town, "university", -HOUR)
    town.open()
    line = town.line("decisions")
    submit("case:1")
    town.operator.step()
    with pytest.raises(NotFinal, match="no quorum"):
        line.finality.advance(patience=2)
    assert line.sequencer.log.checkpoint is None
    town.stop_witness("citizens", signal.SIGTERM)
    town.start_witness("citizens")

    def final():
        try:
            return line.finality.advance(patience=2) == 1
        except NotFinal:
            return False

    wait_for(final, "the quorum with the clock that was set right")


def test_a_witness_tells_its_own_operator_that_the_clock_was_set_back(town):
    town.start_witnesses(("auditor", "court", "university"))
    off(town, "citizens", HOUR)
    town.open()
    line = town.line("decisions")
    submit("case:1")
    town.operator.step()
    line.finality.advance()
    wait_for(lambda: line.finality.attend() or told(), "the alarm at the town hall")
    town.stop_witness("citizens", signal.SIGTERM)
    town.start_witness("citizens")
    wait_for(lambda: line.finality.attend() or not told(), "its signature")
    said = demonstration.settings_files(town.data)["citizens"].parent / "state" / "alarms.txt"
    assert "check how this machine keeps its time" in said.read_text()
