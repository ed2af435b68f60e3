"""Nothing in any leaf of the ledger is about a person, and nothing tells that two are about one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from townhall.cases import operations as cases
from townhall.demo import loading
from townhall.exchange import days
from townhall.foundation import jobs
from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import commitments
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine.registers import LOGS
from townhall.ledger.log.log import Log
from townhall.ledger.models import log as logs
from townhall.ledger.models.entry import Entry, Opening
from townhall.ledger.operator.sequencer import Sequencer
from townhall.packs.uk.borough.stories import RESIDENTS

TELLING = 5
"""Shorter words (a title, a "yes") are everywhere, and tell of nobody."""


@pytest.fixture
def borough(committed_db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo borough with its services, and no process of the ledger."""
    from townhall.catalogue import operations as catalogue

    monkeypatch.setenv("TOWNHALL_PROFILE", "demo")
    configuration.current.cache_clear()
    catalogue.forget()
    catalogue.load_packs()
    loading.load(lambda words: None)
    yield
    monkeypatch.undo()
    catalogue.forget()
    configuration.current.cache_clear()


def live_a_little() -> None:
    """Let residents apply and be decided on, and a day of the journal end."""
    answers = {"same_children": "yes", "sort_code": "089999", "account": "66374958"}
    for key in ("megan", "amara", "rhiannon"):
        person = next(each.person for each in RESIDENTS if each.key == key)
        me = Acting(actor=f"person:{person.id}", person_id=person.id, assurance="substantial")
        draft = cases.start_draft(me, service_key="child-benefit", answers=answers)
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    while jobs.run_due(limit=100):
        pass


def leaves(tmp_path: Path) -> dict[str, list[bytes]]:
    """Give every waiting entry its place, and return what stands in each log."""
    found = {}
    for name in LOGS:
        origin = f"town.example/ledger/{name}"
        with scope(SYSTEM):
            logs.make(name, origin, "no keys")
        Log.create(tmp_path / name, origin).close()
        with Log.open(tmp_path / name) as log:
            sequencer = Sequencer(name, log)
            while sequencer.step():
                pass
            found[name] = list(log.entries(0, log.appended))
    return found


def told_of_people(owner: Any) -> set[str]:
    """Return every text that a register holds about anybody, and everybody's identifiers."""
    owner.execute("CREATE POLICY scanner ON registers_fact USING (true)")
    try:
        rows = owner.execute("SELECT person_id::text, key, value FROM registers_fact").fetchall()
    finally:
        owner.execute("DROP POLICY scanner ON registers_fact")
    found: set[str] = set()
    for person, key, value in rows:
        found |= {person or "", key, *_texts(value)}
    with scope(SYSTEM):
        entries = Entry.objects.exclude(person_id=None).values_list("person_id", "ref")
        for person_id, ref in entries:
            found |= {str(person_id), person_id.hex, ref, *ref.split(":")}
        found |= {bytes(each).decode() for each in Opening.objects.values_list("value", flat=True)}
    return {each for each in found if len(each) >= TELLING}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None:
        yield str(value)


@pytest.mark.slow
def test_no_leaf_says_anything_about_a_person(borough: None, owner: Any, tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    live_a_little()
    days.seal(today=datetime.now(UTC).date() + timedelta(days=1))
    found = leaves(tmp_path)
    assert len(found["decisions"]) >= 4 and found["access"] and found["definitions"]
    told = told_of_people(owner)
    assert len(told) > 10_000
    public = {
        text
        for contents in (found["access"], found["definitions"], found["algorithms"])
        for content in contents
        for text in map(str, engine.decode(content).body.values())
    }
    for log, contents in found.items():
        for content in contents:
            words = set(re.findall(r"[^\"{}:,\[\]]+", content.decode()))
            leaked = words & told - public
            assert not leaked, f"{log}: {leaked}"
    # No value of one decision stands in another: nobody can tell which are about one person.
    values = Counter(
        value
        for content in found["decisions"]
        for name, value in engine.decode(content).body.items()
        if name != "index"
    )
    assert max(values.values()) == 1


@pytest.mark.slow
def test_after_erasure_no_list_of_names_and_dates_finds_what_a_leaf_was_about(
    borough: None, owner: Any, tmp_path: Path
) -> None:
    from townhall.ledger import operations as ledger

    live_a_little()
    found = leaves(tmp_path)
    with scope(SYSTEM):
        entry = Entry.objects.exclude(person_id=None).first()
        opened = {
            each.field: bytes(each.value) for each in Opening.objects.filter(entry_id=entry.id)
        }
        index = entry.index
        ledger.erase(SYSTEM, person_id=entry.person_id, prefix=entry.ref)
        salts = [bytes(each) for each in Opening.objects.values_list("salt", flat=True)]
    leaf = engine.decode(found["decisions"][index])
    # The attacker even guesses the true values, and has every salt that is left.
    guesses = [*opened.values(), *(each.encode() for each in list(told_of_people(owner))[:2_000])]
    committed = {bytes.fromhex(leaf.body[field]) for field in opened}
    tried = 0
    for field in opened:
        for salt in [bytes(32), *salts[:20]]:
            for guess in guesses:
                tried += 1
                assert commitments.commit(field, salt, guess) not in committed
    assert tried > 100_000
