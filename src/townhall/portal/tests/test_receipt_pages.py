"""Checking a receipt in a real browser: on the page, and from the file with no server at all."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.foundation.text import override
from townhall.ledger import showing
from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.tests import cast
from townhall.portal.pages.receipts import FILE_NAME
from townhall.portal.tests import receipt_cases, receipt_signing
from townhall.portal.tests.browser import (
    LOOKS,
    PATIENCE_MS,
    Look,
    assert_accessible,
    empty_tables,
    picture,
)

Visit = Callable[..., Any]
POLICY = cast.POLICY_TEXT.decode()
HONEST = receipt_cases.HONEST
OLD, OLD_POLICY = receipt_signing.both_kinds(4)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """This town hall names the witnesses of the cast, and named others earlier."""
    monkeypatch.setattr(showing, "policies", lambda: [OLD_POLICY.text.decode(), POLICY])


@pytest.fixture
def visitor(django_db_setup: None, server: Any, django_db_blocker: Any) -> Iterator[Client]:
    with django_db_blocker.unblock():
        catalogue.load_packs()
        yield Client()
        empty_tables(server.owner_dsn)


def _choose(page: Any, receipt: bytes, letter: bytes | None = None, *, part: str = "") -> None:
    """Choose files as a person does, and wait for the answer."""
    if letter is not None:
        page.locator("#letter").set_input_files(_file("letter.pdf", letter))
    page.locator("#receipt").set_input_files(_file("receipt-5.json", receipt))
    page.locator(f'[data-outcome="{part}"]' if part else "[data-outcome]").wait_for()


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _outcome(page: Any) -> str:
    found: str = page.locator("[data-outcome]").get_attribute("data-outcome")
    return found


def _forged() -> bytes:
    """A receipt with a policy and witnesses of a forger's own, true in itself."""
    forger = cast.signer("forger.example", 0x04)
    text = f"log {cast.LOG.key}\nwitness w {forger.key}\nquorum w\nfaults 0\n".encode()
    few = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, witnesses=0)
    cosigned = cosignatures.cosign(Checkpoint.parse(few.proof.note.text), forger, cast.TIME)
    note = few.proof.note.with_signatures(cosigned)
    return replace(few, policy=text, proof=replace(few.proof, note=note)).render()


@pytest.mark.browser
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
        ("others", _forged(), cast.LETTER),
        ("no_receipt", b"%PDF-1.7", None),
    ):
        _choose(page, receipt, letter, part=name)
        assert_accessible(page)
        picture(page, f"receipt-{name}-{look}")
        if letter is not None:
            page.locator("#letter").set_input_files([])


@pytest.mark.browser
def test_the_first_sentence_says_it_and_the_steps_say_why(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _choose(page, HONEST, part="holds_without_document")
    assert page.locator('[data-step="document"]').get_attribute("data-ok") == "null"
    page.locator("#letter").set_input_files(_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    assert page.locator('[role="status"]').inner_text().startswith("The receipt holds, and")
    assert page.locator("[data-by]").get_attribute("data-by") == "ours"
    said = page.locator("[data-report]").inner_text()
    assert "3 of 4 independent witnesses signed" in said
    assert "2 of them would have to cheat together with the operator" in said
    assert "14 November 2023" in said and "22:13:20 UTC" in said
    assert "It is number 5 of 9" in said
    assert "“granted” is exactly what the record fixed" in said
    assert page.locator('.th-steps [data-ok="false"]').count() == 1, "the witness who did not sign"
    page.locator("#letter").set_input_files(_file("l.pdf", receipt_cases.OTHER_LETTER))
    page.locator('[data-outcome="document_differs"]').wait_for()
    assert page.locator('[data-step][data-ok="false"]').count() == 1
    other = sha256(receipt_cases.OTHER_LETTER).hexdigest()
    assert other in page.locator('[data-step="document"]').inner_text()
    assert asked == [], "nothing is sent"


@pytest.mark.browser
def test_receipts_of_earlier_witnesses_and_of_others_are_told_apart(
    visit: Visit, named: None
) -> None:
    page = visit("/ledger/check")
    _choose(page, OLD.render(), cast.LETTER, part="holds_with_document")
    assert page.locator("[data-by]").get_attribute("data-by") == "earlier"
    assert "ML-DSA-44" in page.locator("[data-report]").inner_text()
    _choose(page, _forged(), cast.LETTER, part="others")
    assert page.locator(".ds-alert[data-outcome]").get_attribute("data-color") == "danger"
    assert page.locator('[data-step="policy"]').get_attribute("data-ok") == "null"


@pytest.mark.browser
def test_a_town_hall_without_witnesses_vouches_for_no_receipt(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "policies", lambda: [])
    page = visit("/ledger/check")
    _choose(page, HONEST, cast.LETTER, part="unknown")
    assert sha256(cast.POLICY_TEXT).hexdigest() in page.locator("[data-report]").inner_text()


@pytest.mark.browser
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
    page.locator("#receipt").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(_file("receipt.json", HONEST[:-1]))
    page.locator('[data-outcome="no_receipt"]').wait_for()


@pytest.mark.browser
def test_without_script_the_page_names_the_program(visit: Visit, named: None) -> None:
    page = visit("/ledger/check", Look(script=False))
    assert (
        page.locator("noscript, .ds-alert").get_by_text("townhall verify FILE").first.is_visible()
    )
    assert not page.locator("#receipt").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_file_works_from_a_disk_with_no_server(
    visitor: Client, chromium: Any, named: None, tmp_path: Path, look: Look
) -> None:
    saved = tmp_path / FILE_NAME
    saved.write_bytes(visitor.get("/ledger/check.html").content)
    context = chromium.new_context(
        viewport={"width": look.width, "height": 844}, color_scheme=look.theme, offline=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    assert_accessible(page)
    _choose(page, HONEST, cast.LETTER, part="holds_with_document")
    assert_accessible(page)
    picture(page, f"receipt-file-{look}")
    _choose(page, HONEST, receipt_cases.OTHER_LETTER, part="document_differs")
    _choose(page, _forged(), part="others")
    context.close()
    assert complaints == []
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []


def test_the_file_carries_a_content_policy_that_names_its_own_script(
    visitor: Client, named: None
) -> None:
    answer = visitor.get("/ledger/check.html")
    assert f'filename="{FILE_NAME}"' in answer["Content-Disposition"]
    html = answer.content.decode()
    (rules,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    rules = rules.replace("&#39;", "'")
    assert rules.startswith("default-src 'none'; ")
    assert answer["Content-Security-Policy"].startswith(rules)
    for tag in ("script", "style"):
        ((content),) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules
    assert not re.search(r'(src|href)="(?!#)', html), "nothing is fetched"


def test_the_page_carries_the_policies_and_shows_their_fingerprints(
    visitor: Client, named: None
) -> None:
    html = visitor.get("/ledger/check").content.decode()
    for text in (cast.POLICY_TEXT, OLD_POLICY.text):
        assert sha256(text).hexdigest() in html
        assert json.dumps(text.decode())[1:-1].replace('"', "&#34;") in html
    assert html.index("In force now") < html.index("In force earlier")


def test_the_words_are_there_in_welsh(visitor: Client, named: None) -> None:
    with override("cy"):
        html = visitor.get("/ledger/check.html").content.decode()
    assert "Mae'r dderbynneb yn ddilys" in html.replace("&#39;", "'")
