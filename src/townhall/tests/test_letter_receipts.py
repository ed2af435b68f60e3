"""Receipts of letters: all for the person, less for who knows the code, nothing for others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from townhall.cases import operations as cases
from townhall.cases.operations import letters
from townhall.cases.tests.conftest import publish
from townhall.cases.tests.people import resident, submitted
from townhall.foundation.jobs import run_due
from townhall.ledger import receipts
from townhall.ledger.engine import checking
from townhall.ledger.engine.promises import Promise
from townhall.ledger.operator import demonstration, promising
from townhall.ledger.operator.folder import open_folder
from townhall.ledger.operator.preparing import folder_of
from townhall.ledger.tests.conftest import town  # noqa: F401 - a fixture
from townhall.ledger.tests.town import Town
from townhall.portal.tests.test_entitlements_registers import signed_in


@pytest.fixture
def issued(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[str], Town]:  # noqa: F811
    """A person with letters, and the codes on them."""
    codes: list[str] = []
    original = letters.content_of.code_of

    def noted(random: bytes) -> str:
        codes.append(original(random))
        return codes[-1]

    monkeypatch.setattr(letters.content_of, "code_of", noted)
    publish("lamp", "mooring")
    me = resident()
    submitted(me)
    for _ in range(4):
        run_due()
    return me, codes, town


def make_final(town: Town) -> None:  # noqa: F811
    for name in ("auditor", "court", "university"):
        town.start_witness(name)
    operator = town.open()
    operator.step()
    town.line("decisions").finality.advance()


def test_the_receipt_of_ones_own_letter_opens_everything_and_by_code_only_some(
    issued: tuple[Any, list[str], Town],
) -> None:
    me, codes, town = issued  # noqa: F811
    mine = cases.my_letters(me)
    with pytest.raises(receipts.NotFinalYet):
        cases.letter_receipt(me, letter_id=mine[0].id)
    with pytest.raises(receipts.NotFinalYet):
        cases.receipt_by_code(codes[0])
    make_final(town)
    for letter in mine:
        made = cases.letter_receipt(me, letter_id=letter.id)
        _, file = cases.letter_file(me, letter_id=letter.id)
        with file:
            steps = checking.verify(made, document=file.read())
        assert not [step for step in steps if step.ok is False]
    decided = [
        {each.field for each in cases.letter_receipt(me, letter_id=letter.id).openings}
        for letter in mine
    ]
    assert any("outcome" in fields for fields in decided)
    for code in codes:
        made = cases.receipt_by_code(code)
        assert {each.field for each in made.openings} == {
            "document",
            "issued_at",
            "letter",
            "service",
            "case_number",
        }
        assert not [step for step in checking.verify(made) if step.ok is False]


def test_somebody_else_gets_neither_progress_nor_receipt(
    issued: tuple[Any, list[str], Town],
) -> None:
    me, _, _ = issued
    [letter, *_] = cases.my_letters(me)
    other = resident()
    with pytest.raises(cases.NotFound):
        cases.letter_receipt(other, letter_id=letter.id)
    with pytest.raises(cases.NotFound):
        cases.letter_progress(other, letter_id=letter.id)
    with pytest.raises(cases.NotFound):
        cases.receipt_by_code("AAAAA-AAAAA-AAAAA-AAAAA")


def test_over_http_a_code_gets_its_receipt_and_somebody_else_nothing(
    issued: tuple[Any, list[str], Town], client: Client
) -> None:
    me, codes, town = issued  # noqa: F811
    assert client.get(f"/verify/{codes[0]}/receipt.json").status_code == 404  # not final yet
    make_final(town)
    given = client.get(f"/verify/{codes[0]}/receipt.json")
    assert given.status_code == 200
    assert given["Cache-Control"] == "private, no-store"
    assert "attachment" in given["Content-Disposition"]
    steps = checking.verify_file(given.content)
    assert not [step for step in steps if step.ok is False]
    for letter in cases.my_letters(me):
        for path in ("receipt", "receipt.json", "receipt.svg"):
            assert client.get(f"/letters/{letter.id}/{path}").status_code in (302, 403, 404)


def test_whoever_holds_the_code_of_a_letter_gets_the_code_of_its_receipt(
    issued: tuple[Any, list[str], Town], client: Client
) -> None:
    _, codes, town = issued  # noqa: F811
    place = f"/verify/{codes[0]}/receipt"
    assert f'href="{place}"' in client.get(f"/verify/{codes[0]}").content.decode()
    for path in (place, f"{place}.svg"):
        early = client.get(path)
        assert early.status_code == 404 and "is not ready yet" in early.content.decode()
    make_final(town)
    page = client.get(place).content.decode()
    assert f'<img src="{place}.svg"' in page and f'href="{place}.json"' in page
    assert "Of the letter it shows only the fingerprint" in page
    drawn = client.get(f"{place}.svg")
    assert drawn["Content-Type"] == "image/svg+xml" and drawn.content.startswith(b"<svg ")
    assert drawn["Cache-Control"] == "private, no-store"
    for path in ("receipt", "receipt.svg"):
        assert client.post(f"/verify/{codes[0]}/{path}").status_code == 405
        for other in ("AAAAA-AAAAA-AAAAA-AAAAA", "x", codes[0][:-1]):
            assert client.get(f"/verify/{other}/{path}").status_code == 404


def test_the_page_of_a_receipt_offers_a_promise_until_it_is_final(
    issued: tuple[Any, list[str], Town],
) -> None:
    me, _, town = issued  # noqa: F811
    letter = cases.my_letters(me)[0]
    page, file = f"/letters/{letter.id}/receipt", f"/letters/{letter.id}/promise.json"
    browser, other = signed_in(me.person_id), signed_in(resident().person_id)
    assert "Ask for it in writing" in browser.get(page).content.decode()
    assert browser.get(file).status_code == 404
    asked = browser.post(f"/letters/{letter.id}/promise")
    assert asked.status_code == 302
    assert "It is being signed" in browser.get(asked["Location"]).content.decode()
    assert promising.sign_wanted(open_folder(folder_of(town.settings))) == 1
    offered = browser.get(page).content.decode()
    assert "Save the promise" in offered and "hand the file to any witness" in offered
    town.start_witness("court")
    address = demonstration.addresses(town.data)[f"{demonstration.HOST}/court"]
    assert f'<a href="{address}">' in browser.get(page).content.decode()
    town.stop_witness("court")
    given = browser.get(file)
    assert given.status_code == 200 and "no-store" in given["Cache-Control"]
    assert Promise.parse(given.content).deadline
    assert other.get(file).status_code == 404
    assert other.post(f"/letters/{letter.id}/promise").status_code == 404
    assert browser.get(f"/letters/{letter.id}/promise").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/letters/{letter.id}/promise").status_code == 403
    make_final(town)
    assert "in writing" not in browser.get(page).content.decode()
