"""Receipts of letters: all for the person, less for who knows the code, nothing for others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from townhall.cases import operations as cases
from townhall.cases.operations import letters
from townhall.cases.tests.conftest import publish
from townhall.cases.tests.people import resident, submitted
from townhall.foundation.jobs import run_due
from townhall.foundation.text import formats, pick
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
    town.start_witnesses(("auditor", "court", "university"))
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
    number = cases.verify_letter(code=codes[0]).number
    assert f'attachment; filename="{number}-' in given["Content-Disposition"]
    assert given["Content-Disposition"].endswith('-receipt.json"'), "beside its letter in a folder"
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
    assert "The code contains only the letter&#39;s fingerprint" in page
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
    due = datetime.fromtimestamp(Promise.parse(given.content).deadline, UTC)
    assert f"We promised to record it by {formats.instant(due)}" in offered
    assert other.get(file).status_code == 404
    assert other.post(f"/letters/{letter.id}/promise").status_code == 404
    assert browser.get(f"/letters/{letter.id}/promise").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/letters/{letter.id}/promise").status_code == 403
    make_final(town)
    assert "in writing" not in browser.get(page).content.decode()


def test_the_steps_do_not_say_that_it_was_done_before_it_was(
    issued: tuple[Any, list[str], Town],
) -> None:
    me, _, town = issued  # noqa: F811
    letter = cases.my_letters(me)[0]
    place = f"/letters/{letter.id}/receipt"
    browser = signed_in(me.person_id)
    waiting = browser.get(place).content.decode()
    assert "It is waiting to be recorded." in waiting
    for done in ("have checked and signed", "has its number"):
        assert done not in waiting
    town.start_witnesses(("auditor", "court", "university"))
    town.open().step()
    placed = browser.get(place).content.decode()
    assert "It has its number, and nothing can be inserted before it." in placed
    assert "have checked and signed" not in placed


def test_the_receipt_on_paper_says_of_which_case_office_and_day_it_is(
    issued: tuple[Any, list[str], Town],
) -> None:
    me, _, town = issued  # noqa: F811
    make_final(town)
    letter = cases.my_letters(me)[0]
    page = signed_in(me.person_id).get(f"/letters/{letter.id}/receipt").content.decode()
    summary = page[page.index('<dl class="th-summary"') : page.index("</dl>")]
    for said in (letter.number, pick(letter.agency_title), formats.instant(letter.issued_at)):
        assert said and said in summary
    assert "data-screen" not in summary


def test_the_check_of_a_letter_gives_one_verdict(
    issued: tuple[Any, list[str], Town], client: Client
) -> None:
    me, codes, _ = issued
    letter = cases.my_letters(me)[0]
    _, file = cases.letter_file(me, letter_id=letter.id)
    with file:
        content = file.read()

    def checked(code: str, given: bytes | None) -> tuple[int, str]:
        sent = {} if given is None else {"letter": SimpleUploadedFile("letter.pdf", given)}
        answer = client.post("/verify", {"code": code, **sent}, follow=True)
        return answer.status_code, answer.content.decode()

    of_letter = next(c for c in codes if cases.verify_letter(code=c, content=content).matches)
    status, page = checked(of_letter, content)
    assert status == 200 and "Your file is exactly the letter we sent" in page
    status, page = checked(of_letter, content + b" ")
    assert status == 200 and "Your file is not the letter we sent" in page
    assert page.index("Your file is not the letter") < page.index("This code belongs to a letter")
    main = page[page.index("<main") : page.index("</main>")]
    assert 'data-color="danger"' in main and 'data-color="success"' not in main
    for code, given in (("", None), (" ?!", None), ("", content)):
        status, page = checked(code, given)
        assert status == 422 and "ds-error-summary" in page
        assert "Enter the code that stands at the foot of the letter." in page
        assert 'href="#f-code"' in page and 'aria-invalid="true"' in page
    status, page = checked("AAAAA-AAAAA-AAAAA-AAAAA", None)
    assert status == 404 and "Check every letter and digit against the paper." in page
