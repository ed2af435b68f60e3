"""Files and database both put back from yesterday: the witnesses remember, and give back."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import threading

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import NotFinal
from townhall.ledger.operator.folder import Folder, FolderUnusable, open_folder
from townhall.ledger.operator.remembering import RolledBack
from townhall.ledger.tests.conftest import row, submit
from townhall.ledger.tests.town import wait_for
from townhall.ledger.witness import collecting


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
    town.start_witnesses(demonstration.NAMES)
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
    town.start_witnesses(demonstration.NAMES)
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


def said(*arguments):
    command = [sys.executable, "-m", "townhall", "ledger", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_command_says_in_a_sentence_that_there_is_no_ledger(town):
    shutil.move(town.data / "ledger", town.data / "elsewhere")
    for arguments in (["status"], ["audit"]):
        code, words = said(*arguments)
        assert code in {1, 2} and "ledger recover" in words, words


@pytest.fixture
def elsewhere(town, owner):
    """A database that was restored on a new machine; the keys are in their envelopes."""
    town.start_witnesses(demonstration.NAMES)
    town.open()
    submit("case:1")
    town.operator.step()
    town.line("decisions").finality.advance()
    town.close()
    shutil.move(town.data / "ledger", town.data / "old")
    return town


def test_a_restored_database_makes_its_ledger_again_but_for_the_keys(elsewhere):
    town = elsewhere
    old = Folder(town.data / "old", "")
    with pytest.raises(FolderUnusable, match="keys"):
        town.open()
    code, words = said("run")
    assert code == 1 and "Put them back from where they are kept offline" in words
    code, words = said("status")
    assert code == 1
    for sign in ("the keys of access", "the ledger does not run", "The ledger does not run; "):
        assert sign in words, words
    shutil.copytree(old.path / "keys", town.data / "ledger" / "keys", dirs_exist_ok=True)
    town.open()
    folder = open_folder(town.data / "ledger")
    assert folder.name == open_folder(town.data / "old").name
    assert folder.policy() == old.policy()  # the quorum of before is asked for, and not nobody
    submit("case:2")
    town.operator.step()
    assert town.line("decisions").finality.advance() == 2


def test_another_folder_than_the_databases_is_not_gone_on_with(town):
    other = Folder(town.data / "ledger", "").signers("access")
    place = town.data / "ledger" / "keys" / "decisions"
    place.write_text("".join(f"{secrets.token_hex(32)}\n" for _ in other))
    with pytest.raises(FolderUnusable, match="not in"):
        town.open()


def test_a_ledger_that_stands_still_is_told_by_every_probe(town, client):
    code, words = said("status")
    assert code == 1 and "the ledger does not run" in words
    assert "ledger" in client.get("/readyz").json()["warnings"]
    assert 'townhall_warnings{about="ledger"} 1.0' in client.get("/metrics").content.decode()
    town.start_witnesses(demonstration.NAMES)
    process = subprocess.Popen(
        [sys.executable, "-m", "townhall", "ledger", "run"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: said("status")[0] == 0, "a status without a word of complaint")
        assert "warnings" not in client.get("/readyz").json()
    finally:
        process.terminate()
        process.wait(20)


def test_a_ledger_that_ends_by_itself_leaves_an_alarm_until_it_runs_again(town):
    process = town.data / "ledger" / "logs" / "decisions" / "log"
    kept = process.read_bytes()
    process.write_bytes(b"not a log")
    assert said("run")[0] == 1
    with scope(SYSTEM):
        [alarm] = [each for each in alarms.open_alarms() if each.key == "ledger:run"]
    assert "does not run" in alarm.words
    process.write_bytes(kept)


def test_the_audit_finds_a_log_whose_files_are_gone(town):
    shutil.rmtree(town.data / "ledger" / "logs" / "definitions")
    code, words = said("audit")
    assert code == 1 and "✗ log definitions: its files are gone" in words


def test_a_witness_that_dies_while_nothing_happens_is_noticed(town, monkeypatch):
    monkeypatch.setattr(collecting, "LONGEST_QUIET", 1.0)
    town.start_witnesses(demonstration.NAMES)
    submit("case:1")
    operator = town.open()
    thread = threading.Thread(target=operator.run)
    thread.start()
    try:
        wait_for(lambda: town.line("decisions").finality.published == 1, "it is not final")
        wait_for(
            lambda: not any(each.reason for each in town.line("decisions").finality.standings()),
            "all four",
        )
        town.stop_witness("citizens")

        def alarmed():
            with scope(SYSTEM):
                return [each for each in alarms.open_alarms() if each.witness.endswith("citizens")]

        wait_for(alarmed, "an alarm")
    finally:
        operator.stopping.set()
        thread.join(20)
