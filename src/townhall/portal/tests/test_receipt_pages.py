"""Checking a receipt on the page, as a person does with files and keys."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.tests import cast
from townhall.portal.tests import receipt_cases
from townhall.portal.tests.browser import (
    DESKTOP,
    LOOKS,
    PHONE,
    Look,
    assert_accessible,
    picture,
)
from townhall.portal.tests.receipt_choosing import (
    HONEST,
    OLD,
    as_file,
    choose,
    forged,
    named,
    unfold_steps,
    unfolded,
    with_policies,
)

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
__all__ = ["named"]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_receipt_is_checked_and_every_answer_is_accessible(
    visit: Visit, named: None, look: Look
) -> None:
    page = visit("/ledger/check", look)
    assert_accessible(page)
    picture(page, f"receipt-empty-{look}")
    for name, receipt, letter in (
        ("holds_with_document", HONEST, cast.LETTER),
        ("document_differs", HONEST, receipt_cases.OTHER_LETTER),
        ("not_final", cast.receipt_for(cast.decision().encode(), witnesses=2).render(), None),
        ("fails", HONEST.replace(b"granted", b"refused"), cast.LETTER),
        ("others", forged(), cast.LETTER),
        ("no_receipt", b"%PDF-1.7", None),
    ):
        choose(page, receipt, letter, part=name)
        assert_accessible(page)
        picture(page, f"receipt-{name}-{look}")
        if letter is not None:
            page.locator("#letter").set_input_files([])


def test_the_first_sentence_says_it_and_the_steps_say_why(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    page.wait_for_load_state("networkidle")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    choose(page, HONEST, part="holds_without_document")
    assert page.locator('[data-step="document"]').get_attribute("data-ok") == "null"
    page.locator("#letter").set_input_files(as_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    assert page.locator('[role="status"]').inner_text().startswith("The receipt holds, and")
    assert page.locator("[data-by]").get_attribute("data-by") == "ours"
    said = page.locator("[data-report]").inner_text()
    assert "It is number" not in said, "the answer is not buried under its steps"
    unfold_steps(page)
    said = page.locator("[data-report]").inner_text()
    assert "3 of 4 independent witnesses signed" in said
    assert "2 of them would have to cheat together with the operator" in said
    assert "14 November 2023" in said and "22:13:20 UTC" in said
    assert "It is number 6 of 9" in said, "people count from 1"
    assert "It still holds if 1 of the 4 witnesses is dishonest." in said
    assert "“granted” is exactly what the record fixed" in said
    assert page.locator('.th-steps [data-ok="false"]').count() == 0
    spare = page.locator('.th-steps [data-ok="spare"]')
    assert "Did not sign in time; it was not needed." in spare.inner_text()
    page.locator("#letter").set_input_files(as_file("l.pdf", receipt_cases.OTHER_LETTER))
    page.locator('[data-outcome="document_differs"]').wait_for()
    assert page.locator('[data-step][data-ok="false"]').count() == 1
    unfold_steps(page)
    other = sha256(receipt_cases.OTHER_LETTER).hexdigest()
    assert other in page.locator('[data-step="document"]').inner_text()
    sent = [each for each in asked if each[0] != "GET" or "/static/" not in each[1]]
    assert sent == [], "only pictures are fetched, and nothing is sent"


def test_receipts_of_earlier_witnesses_and_of_others_are_told_apart(
    visit: Visit, named: None
) -> None:
    page = visit("/ledger/check")
    choose(page, OLD.render(), cast.LETTER, part="holds_with_document")
    assert page.locator("[data-by]").get_attribute("data-by") == "earlier"
    assert "ML-DSA-44" in page.locator("[data-report]").inner_text()
    choose(page, forged(), cast.LETTER, part="others")
    assert page.locator(".ds-alert[data-outcome]").get_attribute("data-color") == "danger"
    assert "independent" not in page.locator("[data-report]").inner_text()
    assert page.locator('[data-step="policy"]').get_attribute("data-ok") == "null"


def test_a_town_hall_without_witnesses_vouches_for_no_receipt(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_policies(monkeypatch)
    page = visit("/ledger/check")
    choose(page, HONEST, cast.LETTER, part="unknown")
    unfold_steps(page)
    assert sha256(cast.POLICY_TEXT).hexdigest() in page.locator("[data-report]").inner_text()


def test_both_files_may_be_dropped_at_once_and_keys_are_enough(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    page.evaluate(
        """([receipt, letter]) => {
            const given = new DataTransfer();
            const bytes = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
            given.items.add(new File([bytes(letter)], "letter.pdf"));
            given.items.add(new File([bytes(receipt)], "receipt-5.json"));
            const zone = document.querySelector("[data-document] [data-drop]");
            for (const kind of ["dragover", "drop"]) {
                const event = new DragEvent(kind, {dataTransfer: given, bubbles: true});
                zone.dispatchEvent(event);
            }
        }""",
        [b64encode(HONEST).decode(), b64encode(cast.LETTER).decode()],
    )
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    assert page.locator("[data-over]").count() == 0
    page.keyboard.press("Tab")  # a drop gives the page no focus; keys must reach it first
    with page.expect_file_chooser() as chooser:
        page.locator("#receipt").press("Enter")
    chooser.value.set_files(as_file("receipt.json", HONEST[:-1]))
    page.locator('[data-outcome="no_receipt"]').wait_for()


def test_without_script_the_page_names_the_program(visit: Visit, named: None) -> None:
    page = visit("/ledger/check", Look(script=False))
    assert (
        page.locator("noscript, .ds-alert").get_by_text("townhall verify FILE").first.is_visible()
    )
    assert not page.locator("#receipt").is_visible()


def test_a_line_of_the_access_journal_is_shown_without_its_salt(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    choose(page, cast.day_receipt().render(), part="holds")
    said = page.locator("[data-report] dl").first.inner_text()
    assert "Day of the journal" in said and "14 November 2023" in said
    assert "officer 7 read income" in said


def test_what_does_not_hold_is_said_at_once(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    choose(page, HONEST.replace(b"granted", b"refused"), cast.LETTER, part="fails")
    assert "“refused” is not what the record fixed" in page.locator('[role="status"]').inner_text()
    assert "What it says\n" not in page.locator("[data-report]").inner_text()


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_the_answer_is_on_the_screen_and_has_the_focus(
    visit: Visit, named: None, look: Look
) -> None:
    page = visit("/ledger/check", look)
    page.evaluate("scrollTo(0, 0)")
    choose(page, HONEST, part="holds_without_document")
    page.wait_for_function("document.activeElement.closest('[data-headline]')")
    page.wait_for_function(
        "() => { const { top } = document.activeElement.getBoundingClientRect();"
        " return top >= 0 && top < innerHeight / 2 || scrollY === 0; }"
    )
    box = page.locator("[data-headline]").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Choose the letter"


def test_a_code_that_is_typed_keeps_the_focus(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    page.locator("summary", has_text="Or paste what your camera read").click()
    page.locator("#code").press_sequentially("123")
    page.locator('[data-outcome="no_code"]').wait_for()
    assert page.evaluate("document.activeElement.id") == "code"


def test_a_receipt_of_something_else_is_not_called_forged(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    choose(page, cast.day_receipt().render(), cast.LETTER, part="of_no_letter")
    headline = page.locator("[data-headline] [data-outcome]")
    assert headline.get_attribute("data-color") == "warning"
    assert "The receipt holds, but it is not about a letter" in headline.inner_text()
    assert "Day of the journal" in page.locator("[data-report]").inner_text()
    assert page.locator('[data-report] [data-ok="false"]').count() == 0
    assert_accessible(page)
    choose(page, cast.day_receipt().render()[:-1] + b" }", part="no_receipt")


def test_a_letter_without_its_receipt_is_told_what_is_missing(visit: Visit, named: None) -> None:
    page = visit("/ledger/check", PHONE)
    page.locator("#letter").set_input_files(as_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="letter_only"]').wait_for()
    assert "Now choose the receipt, too" in page.locator("[data-headline]").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="Choose the receipt").click()
    choose(page, HONEST, part="holds_with_document")


def test_a_letter_in_the_place_of_the_receipt_is_told_so_in_plain_words(
    visit: Visit, named: None
) -> None:
    page = visit("/ledger/check")
    choose(page, cast.LETTER, part="no_receipt")
    said = page.locator("[data-headline]").inner_text()
    assert "This is not a receipt" in said
    assert "Choose the file that ends in .json." in said
    assert page.locator("[data-report]").inner_text() == "", "no technical reason, in no language"


def test_the_text_of_a_policy_does_not_fill_screens(visit: Visit, named: None) -> None:
    """The receipt of a policy holds its text, thousands of characters of keys."""
    text = cast.POLICY_TEXT.decode() * 20
    entry = Entry(cast.ORIGIN, "policy", cast.TIME, {"policy": text, "sequence": 0})
    page = visit("/ledger/check", PHONE)
    choose(page, cast.receipt_for(entry.encode(), ()).render(), part="holds")
    assert page.evaluate("document.documentElement.scrollHeight") < 5_000
    value = page.locator(".th-summary details")
    assert text[-20:].strip() not in value.inner_text()
    value.locator("summary").press("Enter")
    unfolded(value)
    assert text[-20:].strip() in value.inner_text()
    assert_accessible(page)


def test_on_paper_there_is_the_answer_and_nothing_to_press(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    choose(page, HONEST, cast.LETTER, part="holds_with_document")
    page.emulate_media(media="print")
    assert page.locator("[data-headline]").is_visible()
    assert not page.locator("#receipt").is_visible()
    page.goto("/ledger/check")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<pre class=th-mono>' + 'x'.repeat(999)"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "(each => each.scrollWidth <= each.clientWidth)(document.querySelector('pre'))"
    )


def test_what_it_says_is_told_in_the_order_in_which_people_ask(visit: Visit, named: None) -> None:
    body = {"definition": "d-7", "agency": "council", "version": 2, "service": "parking"}
    entry = Entry(cast.ORIGIN, "definition", cast.TIME, body)
    page = visit("/ledger/check")
    choose(page, cast.receipt_for(entry.encode(), ()).render(), part="holds")
    labels = page.locator("[data-report] .th-summary dt").all_inner_texts()
    assert labels == ["What it is", "Agency", "Service", "Version", "Version of the service"]
