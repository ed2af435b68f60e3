"""Letters: made once, in the language of the case, found by their person, checked by anybody."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from django.db import connection

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.operations import correspondence, letters
from townhall.cases.tests.people import officer, resident, streets_officer, submitted
from townhall.exchange import operations as exchange
from townhall.foundation.acting import ANONYMOUS, SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due

pytestmark = pytest.mark.usefixtures("services")


def made(me: Any, case: Any, kind: str) -> tuple[Any, bytes]:
    (letter,) = [
        each for each in cases.my_letters(me) if each.kind == kind and each.case_id == case.id
    ]
    view, content = cases.letter_file(me, letter_id=letter.id)
    with content:
        return view, content.read()


def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which every code that is made from now on is added."""
    seen: list[str] = []
    original = letters.content_of.code_of

    def noted(random: bytes) -> str:
        seen.append(original(random))
        return seen[-1]

    monkeypatch.setattr(letters.content_of, "code_of", noted)
    return seen


def test_a_decided_case_has_receipt_letter_and_certificate_each_once() -> None:
    me = resident()
    case = submitted(me)
    run_due()
    run_due()
    mine = cases.my_letters(me)
    assert sorted(letter.kind for letter in mine) == ["granted", "permit", "receipt"]
    view, pdf = made(me, case, "granted")
    assert view.number == case.number
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["dc:title"] == "Your mooring permit"
    with scope(SYSTEM):
        row = models.Letter.objects.get(id=view.id)
        assert not letters.make(
            person_id=row.person_id, case_id=case.id, kind="granted", state_seq=row.state_seq
        )


def test_a_letter_follows_the_language_of_the_case_and_not_of_the_worker() -> None:
    me = replace(resident(), language="cy")
    case = submitted(me)
    run_due()
    view, _ = made(replace(me, language="en"), case, "granted")
    assert view.language == "cy"
    assert view.title == {"cy": "Eich trwydded angori"}


def test_what_stands_in_a_receipt_and_in_a_decision() -> None:
    me = resident()
    case = submitted(me, hired=True)
    cases.decide(
        officer(), case_id=case.id, seen_state=case.seen_state, action="refuse", reason="Run out."
    )
    with scope(SYSTEM):
        row = models.Case.objects.get(id=case.id)
        application = models.Application.objects.get(case_id=case.id)
        decision = models.Decision.objects.get(case_id=case.id)
    from townhall.catalogue import operations as catalogue

    definition = catalogue.by_hash(row.definition_hash)
    receipt = correspondence.receipt(definition, row, application)
    assert receipt.recipient == ("Megan Hughes", "1 Weaver Street", "Wrenford", "WX1 2AB")
    assert case.number in receipt.paragraphs[1]
    assert ("Name of the boat", "Heulwen") in receipt.rows
    letter = correspondence.declared(
        definition, row, application, "refused", decision=decision, now=row.received_at
    )
    assert letter.paragraphs == ("We cannot give you a place. Run out.",)
    assert letter.sections[0].title == "If you do not agree"
    assert letter.rows == (("Places", "1"),)
    assert letter.number == case.number


def test_anybody_checks_a_letter_by_its_code_and_learns_nothing_personal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = codes(monkeypatch)
    me = resident(name="Megan Hughes")
    case = submitted(me)
    run_due()
    assert len(noted) == 3
    found = [cases.verify_letter(code) for code in noted]
    assert {each.kind for each in found} == {"receipt", "granted", "permit"}
    letter = next(each for each in found if each.kind == "granted")
    assert letter.number == case.number
    assert letter.agency_title["en"] == "Wrenford Parking and Transport"
    assert "Megan" not in str(found)
    assert "Heulwen" not in str(found)
    assert str(me.person_id) not in str(found)
    _, pdf = made(me, case, "granted")
    code = noted[found.index(letter)]
    assert cases.verify_letter(code.lower().replace("-", " "), content=pdf).matches is True
    assert cases.verify_letter(code, content=pdf + b"\n").matches is False
    assert cases.verify_letter(code).matches is None


def test_a_code_is_nowhere_in_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = codes(monkeypatch)
    submitted(resident())
    run_due()
    with scope(SYSTEM), connection.cursor() as cursor:
        for table in ("cases_letter", "foundation_event", "foundation_file", "foundation_job"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text = cursor.fetchone()[0] or ""
            assert not any(code in text or code.replace("-", "") in text for code in noted)


@pytest.mark.parametrize(
    "code", ["", "AAAAA-AAAAA-AAAAA-AAAAA", "x" * 10_000, "'; DROP TABLE cases_letter", "\x00"]
)
def test_guessed_codes_find_nothing(code: str) -> None:
    submitted(resident())
    run_due()
    with pytest.raises(cases.NotFound):
        cases.verify_letter(code)


def test_letters_are_for_their_person_and_the_officers_of_the_service() -> None:
    me, other = resident(), resident()
    case = submitted(me)
    run_due()
    letter = cases.my_letters(me)[0]
    for stranger in (other, ANONYMOUS):
        with pytest.raises(cases.NotFound):
            cases.letter_file(stranger, letter_id=letter.id)
    clerk = officer()
    view, content = cases.letter_for_officer(clerk, case_id=case.id, letter_id=letter.id)
    content.close()
    assert view.id == letter.id
    with pytest.raises(cases.NotFound):
        cases.letter_for_officer(streets_officer(), case_id=case.id, letter_id=letter.id)
    outcomes = [line.outcome for line in exchange.who_looked(me).lines]
    assert outcomes[:4] == ["denied", "viewed", "denied", "denied"]


def test_a_name_in_any_script_gets_its_letter() -> None:
    for name in ("陳大文", "😀", "محمد", "\u202eevil", 'O\'Brien & <b>Söhne</b> {boat} #read("x")'):
        me = resident(name=name)
        submitted(me)
        run_due()
        assert len(cases.my_letters(me)) == 3


def test_the_decision_is_shown_only_once_its_letter_exists() -> None:
    me = resident()
    case = submitted(me)
    assert cases.my_case(me, case_id=case.id).decision is None
    assert cases.my_cases(me)[0].state == "being_sent"
    run_due()
    assert cases.my_case(me, case_id=case.id).decision is not None
    assert cases.my_cases(me)[0].outcome == "granted"
