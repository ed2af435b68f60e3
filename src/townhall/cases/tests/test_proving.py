"""What a case leaves on the ledger: commitments to its decisions and letters, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from townhall.cases import operations as cases
from townhall.cases.operations import proving
from townhall.cases.tests.people import resident, submitted
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.promises import Promise
from townhall.ledger.models import entry as entries
from townhall.ledger.operator import promising
from townhall.ledger.operator.folder import make_folder

pytestmark = pytest.mark.usefixtures("services")


def settled() -> None:
    for _ in range(3):
        run_due()


def on_the_ledger(me: Any) -> list[entries.Entry]:
    with scope(SYSTEM):
        return list(entries.Entry.objects.filter(person_id=me.person_id).order_by("id"))


def opened(entry: entries.Entry) -> dict[str, str]:
    with scope(SYSTEM):
        found = entries.openings_of(entry.id)
    for each in found:
        Opening(each.field, bytes(each.salt), bytes(each.value)).check(entry.body[each.field])
    return {each.field: bytes(each.value).decode() for each in found}


def test_every_letter_and_decision_is_committed_to_once() -> None:
    me = resident()
    case = submitted(me)
    settled()
    found = on_the_ledger(me)
    letters = {each.id: each for each in cases.my_letters(me)}
    expected = {proving.letter_ref(case.id, letter) for letter in letters}
    assert expected <= {each.ref for each in found}
    assert len(found) == len(letters) + 1  # and the decision itself
    for letter in letters.values():
        [entry] = [each for each in found if each.ref == proving.letter_ref(case.id, letter.id)]
        _, content = cases.letter_file(me, letter_id=letter.id)
        with content:
            digest = hashlib.sha256(content.read()).hexdigest()
        assert opened(entry)["document"] == digest
        assert opened(entry)["case_number"] == case.number
        assert opened(entry)["letter"] == letter.kind


def test_the_log_holds_nothing_but_a_handle_and_commitments() -> None:
    me = resident()
    case = submitted(me)
    settled()
    for entry in on_the_ledger(me):
        body = json.dumps(entry.body)
        for told in (case.number, str(me.person_id), str(case.id), "granted"):
            assert told not in body
        handle = entry.body.pop("handle")
        assert len(handle) == 32
        assert all(len(bytes.fromhex(each)) == 32 for each in entry.body.values())


def test_two_letters_about_the_same_case_cannot_be_linked() -> None:
    me = resident()
    submitted(me)
    settled()
    values = [value for entry in on_the_ledger(me) for value in entry.body.values()]
    assert len(values) == len(set(values))


def test_what_opened_the_commitments_of_an_erased_case_is_gone() -> None:
    me = resident()
    case = submitted(me)
    settled()
    count = len(on_the_ledger(me))
    assert proving.forget(person_id=me.person_id, case_id=case.id) == count
    assert on_the_ledger(me) == []
    with scope(SYSTEM):
        assert not entries.Opening.objects.filter(person_id=me.person_id).exists()
        assert entries.Entry.objects.filter(kind="erased").count() == count


def test_the_word_that_a_letter_was_received_is_for_its_owner_alone(tmp_path: Path) -> None:
    me, other = resident(), resident()
    case = submitted(me)
    settled()
    letter = cases.my_letters(me)[0]
    assert cases.letter_promise(me, letter_id=letter.id) is None
    for act in (cases.ask_for_letter_promise, cases.letter_promise):
        with pytest.raises(cases.NotFound):
            act(other, letter_id=letter.id)
    assert cases.ask_for_letter_promise(me, letter_id=letter.id)
    folder = make_folder(tmp_path / "ledger", "town.example/ledger")
    folder.make_keys("decisions")
    assert promising.sign_wanted(folder) == 1
    content = cases.letter_promise(me, letter_id=letter.id)
    assert content is not None
    word = Promise.parse(content)
    word.check([each.key for each in folder.signers("decisions")])
    ref = proving.letter_ref(case.id, letter.id)
    [entry] = [each for each in on_the_ledger(me) if each.ref == ref]
    assert word.body == entry.body and word.kind == entry.kind
    assert case.number not in content.decode()
