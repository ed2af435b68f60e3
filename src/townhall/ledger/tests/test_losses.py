"""Files and database both put back from yesterday: the witnesses remember, and give back."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.ledger import operations as ledger
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import NotFinal
from townhall.ledger.operator.remembering import RolledBack
from townhall.ledger.tests.conftest import row, submit


def roll_back(owner, state):
    """Make the database what it was when the log had one entry."""
    owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
    owner.execute("CREATE POLICY restored ON ledger_entry USING (true)")
    owner.execute("DELETE FROM ledger_entry WHERE log = 'decisions' AND index > 0")
    owner.execute("DROP POLICY restored ON ledger_entry")
    owner.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ALL")
    owner.execute(
        "UPDATE ledger_log SET size = 1, signed_size = 1, signed_root = %s, state = %s"
        " WHERE name = 'decisions'",
        [bytes(state.signed_root), bytes(state.state)],
    )


@pytest.fixture
def restored(town, owner, tmp_path):
    """A town hall whose files and database are of yesterday; the witnesses are of today."""
    for name in demonstration.NAMES:
        town.start_witness(name)
    town.open()
    submit("case:1")
    town.operator.step()
    town.line("decisions").finality.advance()
    town.close()
    yesterday = row()
    shutil.copytree(town.data / "ledger" / "logs" / "decisions", tmp_path / "yesterday")
    town.open()
    submit("case:2")
    town.operator.step()
    town.line("decisions").finality.advance()
    town.close()
    shutil.rmtree(town.data / "ledger" / "logs" / "decisions")
    shutil.copytree(tmp_path / "yesterday", town.data / "ledger" / "logs" / "decisions")
    roll_back(owner, yesterday)
    return town


def test_nothing_is_signed_before_the_lost_entries_are_back(restored):
    restored.open()
    submit("case:other")
    restored.operator.step()
    line = restored.line("decisions")
    signed = line.sequencer.log.signed
    assert ledger.find(SYSTEM, log="decisions", ref="case:other").index is None
    with pytest.raises(RolledBack, match="refetch"):
        line.finality.advance()
    assert line.sequencer.log.signed == signed


def test_the_lost_entries_come_back_from_a_witness(restored):
    url = demonstration.addresses(restored.data)[f"{demonstration.HOST}/court"]
    for arguments in (["refetch", url], ["recover"]):
        command = [sys.executable, "-m", "townhall", "ledger", *arguments]
        said = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert said.returncode == 0, said.stderr
    restored.open()
    submit("case:other")
    restored.operator.step()
    assert restored.line("decisions").finality.advance() == 3
    assert ledger.find(SYSTEM, log="decisions", ref="case:other").index == 2


def test_with_too_few_witnesses_to_ask_nothing_is_signed(town):
    town.start_witness("auditor")
    town.open()
    submit("case:1")
    town.operator.step()
    with pytest.raises(NotFinal, match="Only 1 witnesses of"):
        town.line("decisions").finality.advance()
    assert town.line("decisions").sequencer.log.signed is None


def test_a_lost_folder_is_made_again_from_the_database(town):
    """The database keeps every entry; the witnesses know that it is the same log."""
    for name in demonstration.NAMES:
        town.start_witness(name)
    town.open()
    submit("case:1")
    town.operator.step()
    town.line("decisions").finality.advance()
    root = town.line("decisions").finality.log.root
    town.close()
    shutil.rmtree(town.data / "ledger" / "logs" / "decisions")
    town.open()
    submit("case:2")
    town.operator.step()
    line = town.line("decisions")
    assert line.finality.advance() == 2
    assert line.finality.log.snapshot().root(1) == root


def test_a_lost_folder_is_not_begun_anew_where_the_database_lacks_entries(restored):
    """Nothing gets a number while a witness has seen more."""
    shutil.rmtree(restored.data / "ledger" / "logs" / "decisions")
    restored.open()
    submit("case:other")
    restored.operator.step()
    assert ledger.find(SYSTEM, log="decisions", ref="case:other").index is None
    with pytest.raises(RolledBack, match="refetch"):
        restored.line("decisions").finality.advance()


def test_a_command_says_in_a_sentence_that_there_is_no_ledger(town):
    shutil.move(town.data / "ledger", town.data / "elsewhere")
    for arguments in (["status"], ["audit"], ["recover"], ["refetch", "http://127.0.0.1:1"]):
        command = [sys.executable, "-m", "townhall", "ledger", *arguments]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Traceback" not in said.stderr, said.stderr
