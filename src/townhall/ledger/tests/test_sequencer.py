"""Entries get their places once, in order; what a crash leaves out is appended again."""

from __future__ import annotations

import shutil
import uuid

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger.engine import entries as engine
from townhall.ledger.log.log import Log
from townhall.ledger.models import log as logs
from townhall.ledger.models.entry import Entry, Opening
from townhall.ledger.operator.sequencer import OutOfStep, Sequencer
from townhall.ledger.tests.conftest import NAME, row, submit


def decoded(log: Log) -> list[engine.Entry]:
    return [engine.decode(each) for each in log.entries(0, log.appended)]


def test_what_waits_stands_in_the_log_in_the_order_of_the_queue(sequencer):
    assert all(submit(f"case:{number}") for number in range(5))
    assert sequencer.step() == 5
    assert sequencer.step() == 0
    found = [ledger.find(SYSTEM, log=NAME, ref=f"case:{n}") for n in range(5)]
    assert [each.index for each in found] == [0, 1, 2, 3, 4]
    assert [each.body for each in decoded(sequencer.log)] == [each.body for each in found]
    assert (row().size, row().counts) == (5, {"decision": 5})


def test_the_same_thing_is_put_on_the_log_once(sequencer):
    assert submit("case:1")
    assert not submit("case:1")
    assert sequencer.step() == 1
    assert not submit("case:1")
    assert sequencer.step() == 0


def test_neither_person_nor_ref_nor_value_stands_in_the_log(sequencer):
    person = uuid.uuid4()
    ledger.submit(
        SYSTEM,
        log=NAME,
        kind="decision",
        ref="letter:4711",
        person_id=person,
        secret={"document": "a" * 64, "number": "CB-2026-000123"},
    )
    sequencer.step()
    [content] = sequencer.log.entries(0, 1)
    for told in (str(person), person.hex, "4711", "a" * 64, "CB-2026-000123"):
        assert told.encode() not in content


def test_an_entry_that_the_rules_refuse_gets_no_place_and_holds_nobody_up(sequencer):
    submit("case:1")
    ledger.submit(SYSTEM, log=NAME, kind="decision", ref="bad", public={"name": "Ada Lowe"})
    ledger.submit(SYSTEM, log=NAME, kind="nonsense", ref="worse", secret={"document": "x"})
    submit("case:2")
    assert sequencer.step() == 4
    assert sequencer.log.appended == 2
    with scope(SYSTEM):
        refused = dict(Entry.objects.exclude(refused="").values_list("ref", "refused"))
    assert refused.keys() == {"bad", "worse"}
    assert "document" in refused["bad"] and "nonsense" in refused["worse"]
    assert sequencer.step() == 0


def test_erasing_destroys_what_opens_an_entry_and_says_so_on_the_log(sequencer):
    person = uuid.uuid4()
    submit("case:7/letter:1", person_id=person)
    submit("case:7/letter:2", person_id=person)
    submit("case:8/letter:3", person_id=person)
    sequencer.step()
    assert ledger.erase(SYSTEM, person_id=person, prefix="case:7/") == 2
    assert ledger.erase(SYSTEM, person_id=person, prefix="case:7/") == 0
    sequencer.step()
    erased = [each.body for each in decoded(sequencer.log) if each.kind == "erased"]
    assert erased == [{"index": 0}, {"index": 1}]
    with scope(SYSTEM):
        assert Opening.objects.count() == 1
        left = Entry.objects.filter(person_id=person)
        assert [each.ref for each in left] == ["case:8/letter:3"]


def test_an_entry_that_is_erased_while_it_waits_is_erased_after_it_stands_there(sequencer):
    person = uuid.uuid4()
    submit("case:7/letter:1", person_id=person)
    ledger.erase(SYSTEM, person_id=person, prefix="case:7/")
    sequencer.step()
    assert [each.kind for each in decoded(sequencer.log)] == ["decision", "erased"]


def test_what_has_a_place_and_did_not_reach_the_files_is_appended_again(folder):
    with Log.open(folder) as log:
        sequencer = Sequencer(NAME, log)
        submit("case:1")
        sequencer.step()
        append, log.append = log.append, lambda contents: None  # killed between the two
        submit("case:2")
        sequencer.step()
        log.append = append
        with pytest.raises(OutOfStep):
            submit("case:3")
            sequencer.step()
        assert sequencer.catch_up() == 1
        assert sequencer.step() == 1
        indices = [ledger.find(SYSTEM, log=NAME, ref=f"case:{n}").index for n in (1, 2, 3)]
        assert indices == [0, 1, 2] and log.appended == 3


def test_files_of_yesterday_are_brought_up_to_date_from_the_database(folder, tmp_path):
    with Log.open(folder) as log:
        submit("case:1")
        Sequencer(NAME, log).step()
    shutil.copytree(folder, tmp_path / "yesterday")
    with Log.open(folder) as log:
        submit("case:2")
        sequencer = Sequencer(NAME, log)
        sequencer.step()
        log.integrate()
        with scope(SYSTEM):
            logs.signed(NAME, log.size, log.root)
    shutil.rmtree(folder)
    (tmp_path / "yesterday").rename(folder)
    with Log.open(folder) as log:
        assert Sequencer(NAME, log).catch_up() == 1


def test_files_that_were_rewritten_are_never_signed_again(folder):
    with Log.open(folder) as log:
        submit("case:1")
        sequencer = Sequencer(NAME, log)
        sequencer.step()
        log.integrate()
        with scope(SYSTEM):
            logs.signed(NAME, log.size, log.root)
        origin = log.origin
        [content] = log.entries(0, 1)
    shutil.rmtree(folder)
    forged = engine.decode(content)
    Log.create(folder, origin).close()
    with Log.open(folder) as log:
        log.append([engine.Entry(origin, "decision", forged.at + 1, forged.body).encode()])
        with pytest.raises(OutOfStep, match="rewrote"):
            Sequencer(NAME, log).catch_up()


def test_a_database_of_yesterday_is_refused_and_can_take_the_entries_in(folder, owner):
    with Log.open(folder) as log:
        sequencer = Sequencer(NAME, log)
        submit("case:1")
        sequencer.step()
        yesterday = row()
        submit("case:2")
        sequencer.step()
        # What a backup of the database from before the second entry would bring back.
        owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
        owner.execute("CREATE POLICY restored ON ledger_entry USING (true)")
        owner.execute("DELETE FROM ledger_entry WHERE index = 1")
        owner.execute("DROP POLICY restored ON ledger_entry")
        owner.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ALL")
        owner.execute(
            "UPDATE ledger_log SET size = 1, counts = %s, state = %s",
            ['{"decision": 1}', bytes(yesterday.state)],
        )
        with pytest.raises(OutOfStep, match="ledger recover"):
            sequencer.catch_up()
        assert sequencer.adopt() == 1
        assert sequencer.catch_up() == 0
        submit("case:3")
        assert sequencer.step() == 1
        assert ledger.find(SYSTEM, log=NAME, ref="case:3").index == 2


def test_the_entries_of_another_person_are_not_seen(sequencer):
    from townhall.foundation.acting import Acting

    owner, other = uuid.uuid4(), uuid.uuid4()
    submit("case:1", person_id=owner)
    for person, seen in ((owner, True), (other, False)):
        acting = Acting(actor=f"person:{person}", person_id=person)
        assert bool(ledger.find(acting, log=NAME, ref="case:1")) is seen
