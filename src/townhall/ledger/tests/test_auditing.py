"""The audit looks at the data: whatever is edited, somewhere, it finds."""

from __future__ import annotations

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import auditing, jobs
from townhall.ledger.models import alarm as alarms
from townhall.ledger.tests.conftest import submit


@pytest.fixture
def settled(town):
    town.start_witnesses(("auditor", "court", "university"))
    town.open()
    for number in range(300):
        submit(f"case:{number}")
    town.operator.step()
    town.line("decisions").finality.advance()
    return town


def of_decisions():
    [found] = [each for each in auditing.audit() if each.about == "log decisions"]
    return found


def test_everything_holds_as_long_as_nobody_touches_it(settled):
    found = list(auditing.audit())
    assert all(each.holds for each in found), found
    assert {"days of the access journal", "roots of registers"} < {each.about for each in found}
    assert "300 entries" in of_decisions().words


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/000", "tile/entries/001.p/44"])
def test_one_bit_on_the_disk_is_found(settled, path):
    file = settled.line("decisions").sequencer.log.public / path
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert not of_decisions().holds


def test_an_entry_edited_in_the_database_is_found(settled, owner):
    owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
    owner.execute("CREATE POLICY thief ON ledger_entry USING (true)")
    try:
        owner.execute("UPDATE ledger_entry SET content = content || 'x' WHERE index = 17")
    finally:
        owner.execute("DROP POLICY thief ON ledger_entry")
        owner.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ALL")
    assert "database" in of_decisions().words


def test_a_checkpoint_without_a_quorum_is_found(settled):
    file = settled.line("decisions").sequencer.log.public / "checkpoint"
    kept = [line for line in file.read_text().splitlines() if "/rules" not in line]
    file.write_text("\n".join(kept) + "\n")
    assert "quorum" in of_decisions().words


def test_the_nightly_audit_sounds_an_alarm_and_ends_it(settled):
    file = settled.line("decisions").sequencer.log.public / "tile/entries/000"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"decision", b"Decision", 1))
    jobs.audit()
    with scope(SYSTEM):
        assert "audit:log decisions" in {each.key for each in alarms.open_alarms()}
    file.write_bytes(whole)
    jobs.audit()
    with scope(SYSTEM):
        assert not any(each.key.startswith("audit:") for each in alarms.open_alarms())
