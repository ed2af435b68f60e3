"""After erasure neither value nor salt lies anywhere, and nobody can guess what was fixed."""

from __future__ import annotations

import os
import uuid
from base64 import b64encode
from datetime import date, timedelta
from itertools import product

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger import receipts
from townhall.ledger.engine import checking, commitments
from townhall.ledger.engine import entries as engine
from townhall.ledger.models.entry import Opening

PERSON = uuid.uuid4()
TRUE = "Ada Lowe 1990-05-03"
SECRET = {"document": os.urandom(32).hex(), "applicant": TRUE}


@pytest.fixture
def erased(town, owner):
    """A town hall that has erased one of two final entries, and what it once held of it."""
    town.start_witnesses(("auditor", "court", "university", "citizens"))
    town.open()
    for ref, person in (("case:1/letter:1", PERSON), ("case:2/letter:1", uuid.uuid4())):
        ledger.submit(
            SYSTEM, log="decisions", kind="decision", ref=ref, person_id=person, secret=SECRET
        )
    assert receipts.ask_for_promise(SYSTEM, log="decisions", ref="case:1/letter:1")
    sealed(town)
    with scope(SYSTEM):
        mine = Opening.objects.filter(person_id=PERSON)
        salts = [bytes(each.salt) for each in mine]
        other = bytes(Opening.objects.exclude(person_id=PERSON).first().salt)
    before = receipts.receipt(SYSTEM, log="decisions", ref="case:1/letter:1")
    assert tables_with(owner, [salt.hex() for salt in salts]) == {"ledger_opening"}
    assert ledger.erase(SYSTEM, person_id=PERSON, prefix="case:1/") == 1
    sealed(town)
    return town, salts, before, other


def sealed(town):
    town.operator.step()
    town.line("decisions").finality.advance()


def tables_with(owner, needles):
    """Return the tables of which a row, written as text, holds one of these."""
    tables = owner.execute(
        "SELECT relname, relrowsecurity FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p') AND n.nspname = 'public'"
    ).fetchall()
    assert len(tables) > 40
    found = set()
    for name, guarded in tables:
        if guarded:
            owner.execute(f'CREATE POLICY scanner ON "{name}" USING (true)')
        try:
            rows = owner.execute(
                f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE ANY (%s)',
                [[f"%{needle}%" for needle in needles]],
            ).fetchone()
        finally:
            if guarded:
                owner.execute(f'DROP POLICY scanner ON "{name}"')
        if rows[0]:
            found.add(name)
    return found


def files_with(town, needles):
    """Return the files of the town hall and of its witnesses that hold one of these bytes."""
    return {
        path.relative_to(town.data).as_posix()
        for path in town.data.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    }


def test_neither_salt_nor_value_is_left_in_any_table_or_file(erased, owner):
    town, salts, before, other = erased
    needles = [spelling for salt in salts for spelling in (salt.hex(), b64encode(salt).decode())]
    assert tables_with(owner, needles) == set()
    assert tables_with(owner, [other.hex()]) == {"ledger_opening"}, "the scan finds what is there"
    assert files_with(town, [*salts, *(each.encode() for each in needles)]) == set()
    assert files_with(town, [TRUE.encode(), SECRET["document"].encode()]) == set()
    leaf = before.decoded.body["applicant"].encode()
    places = files_with(town, [leaf])
    assert any(each.startswith("ledger/logs/decisions/journal/") for each in places)
    assert sum("/copies/" in each and "/tile/entries/" in each for each in places) >= 4


def test_the_proof_holds_and_no_list_of_names_and_dates_finds_anything(erased):
    _, _, before, other = erased
    assert not [step for step in checking.verify(before) if step.ok is False]
    after = receipts.public_receipt("decisions", 0)
    assert after is not None and after.entry == before.entry
    assert not [step for step in checking.verify(after) if step.ok is False]
    assert receipts.receipt(SYSTEM, log="decisions", ref="case:1/letter:1") is None
    gone = receipts.public_receipt("decisions", 2)
    assert gone is not None and gone.decoded.kind == "erased"
    assert gone.decoded.body == {"index": 0}
    committed = bytes.fromhex(engine.decode(after.entry).body["applicant"])
    names = [f"{first} {last}" for first, last in product(NAMES, NAMES)] + ["Ada Lowe"]
    days = [f"{date(1990, 1, 1) + timedelta(days=n)}" for n in range(1_000)]
    guesses = [f"{name} {day}".encode() for name in names for day in days]
    assert len(guesses) > 1_000_000 and TRUE.encode() in guesses
    for salt in (bytes(32), other):
        assert all(commitments.commit("applicant", salt, each) != committed for each in guesses)


NAMES = [f"{one}{two}" for one, two in product("ABCDEFGH", ("ada", "lowe", "cole", "mary"))]
