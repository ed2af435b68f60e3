"""QR codes of receipts: drawn here, read by a decoder that is not ours, checked by the page."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.template.loader import get_template
from django.test import Client

from townhall.ledger.engine import compact
from townhall.ledger.engine.compact import TooLarge
from townhall.ledger.engine.digits import from_digits, in_text
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.tests import cast
from townhall.portal import receiptcodes
from townhall.portal.tests import qrcodes, receipt_cases
from townhall.portal.tests.browser import (
    LOOKS,
    PATIENCE_MS,
    PHONE,
    Look,
    assert_accessible,
    picture,
)
from townhall.portal.tests.receipt_choosing import (
    HONEST,
    OLD_POLICY,
    as_file,
    choose,
    named,
    unfold_steps,
    with_policies,
)
from townhall.portal.tests.receipt_codes import BASES, LARGE, LARGE_POLICY, coded

Visit = Callable[..., Any]
__all__ = ["named"]

CODE = coded(cast.RECEIPT)


@pytest.fixture
def recommended(monkeypatch: pytest.MonkeyPatch) -> None:
    """This town hall names the seven witnesses of a large one."""
    with_policies(monkeypatch, LARGE_POLICY)


# --- the picture ------------------------------------------------------------------------


def test_the_picture_is_dark_on_white_with_its_quiet_zone() -> None:
    code = receiptcodes.code_of(LARGE)
    side = code.symbol_size(border=0)[0]
    drawn = ElementTree.fromstring(receiptcodes.image(code))
    ground, lines = drawn
    assert drawn.get("viewBox") == f"0 0 {side + 8} {side + 8}"
    assert ground.get("fill") == "#fff" and lines.get("stroke") == "#000"
    assert ground.get("d") == f"M0 0h{side + 8}v{side + 8}h-{side + 8}z"
    assert str(lines.get("d")).startswith("M4 4.5h7"), "a finder stands 4 modules from the corner"


def test_how_large_codes_are() -> None:
    """The figures of docs/explanation/what-the-ledger-guarantees.md."""
    small, large = receiptcodes.code_of(cast.RECEIPT), receiptcodes.code_of(LARGE)
    assert small.error == "M" and int(small.version) <= 25
    assert large.error == "L" and 30 < int(large.version) < 35


def test_a_receipt_that_is_too_large_is_offered_as_a_file() -> None:
    receipt = cast.receipt_for(cast.decision(text="x" * 2_172).encode())
    assert len(compact.of(receipt)) > 2_895, "without the address a QR code would hold it"
    with pytest.raises(TooLarge):
        receiptcodes.code_of(receipt)
    assert "too large" in receiptcodes.shown(receipt, "").why
    few = cast.receipt_for(cast.decision().encode(), witnesses=2)
    assert "Too few witnesses" in receiptcodes.shown(few, "").why


@pytest.mark.parametrize("receipt", [cast.RECEIPT, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("pixels", "angle", "tilt"), [(3, 0, 0), (3, 7, 0.02), (4, 7, 0.04), (5, -12, 0.06)]
)
def test_a_code_is_read_off_a_photograph(
    receipt: Receipt, pixels: float, angle: float, tilt: float
) -> None:
    code = receiptcodes.code_of(receipt)
    seen = qrcodes.photograph(code, pixels, angle=angle, tilt=tilt)
    assert in_text(qrcodes.read(seen)) == coded(receipt)


def put_on(page: Any, receipt: Receipt) -> None:
    """Show the part of the page that shows a code, as it stands there, on a page of the house."""
    drawn = b64encode(receiptcodes.image(receiptcodes.code_of(receipt))).decode()
    code = receiptcodes.shown(receipt, f"data:image/svg+xml;base64,{drawn}")
    parts = get_template("portal/components/receipts.html").template.module
    page.evaluate(
        "(html) => { document.querySelector('main .th-stack').innerHTML = html; }",
        f'<h1>A letter</h1><div class="th-stack th-narrow">{parts.code(code, "A letter")}</div>',
    )


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_large_code_is_read_off_the_screen_of_phone_and_desktop(
    visit: Visit, recommended: None, look: Look
) -> None:
    page = visit("/ledger/check", look)
    put_on(page, LARGE)
    text = qrcodes.on_page(page)
    assert text.startswith(f"{receiptcodes.address()}#")
    content = from_digits(in_text(text))
    assert compact.expand(content, [LARGE_POLICY.text]).entry == LARGE.entry
    assert qrcodes.pixels_a_module(page) >= 2
    assert_accessible(page)
    picture(page, f"receipt-code-{look}")


@pytest.mark.browser
def test_on_paper_stand_the_code_and_what_to_do(visit: Visit, recommended: None) -> None:
    page = visit("/ledger/check")
    put_on(page, LARGE)
    page.emulate_media(media="print")
    assert in_text(qrcodes.on_page(page)) == coded(LARGE)
    page.set_viewport_size({"width": 673, "height": 986})  # A4 without its margins
    assert page.locator(".th-brand small").is_visible(), "of which town it is"
    assert "Point the camera" in page.locator("main").inner_text()
    assert not page.locator("[data-print]").is_visible()
    assert not page.locator(".th-nav").is_visible()
    picture(page, "receipt-code-print")
    with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as printed:
        assert len(printed.pages) == 1


# --- the page that checks ---------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_that_a_camera_opens_says_that_it_holds(
    visit: Visit, recommended: None, look: Look
) -> None:
    page = visit(f"/ledger/check#{coded(LARGE)}", look)
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    page.wait_for_function(
        """() => {
            const said = document.querySelector("[data-outcome]").getBoundingClientRect();
            return said.top >= 0 && said.bottom <= innerHeight;
        }"""
    )  # it is seen at once
    assert page.locator("[data-by]").get_attribute("data-by") == "ours"
    unfold_steps(page)
    assert "It is number 6,543,211 of 10,000,000" in page.locator("[data-report]").inner_text()
    assert "5 of 7 independent witnesses signed" in page.locator("[data-report]").inner_text()
    said = page.locator("[data-outcome]")
    assert said.get_attribute("data-color") == "info", "it may be the receipt of another letter"
    assert "It may be for a different letter." in said.inner_text()
    page.get_by_role("link", name="Choose the letter").click()
    assert page.locator("#letter").evaluate("(field) => field === document.activeElement")
    assert said.count() == 1, "what was read is still there"
    page.locator("#letter").set_input_files(as_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    page.locator("#letter").set_input_files(as_file("letter.pdf", receipt_cases.OTHER_LETTER))
    page.locator('[data-outcome="document_differs"]').wait_for()
    assert_accessible(page)
    picture(page, f"receipt-code-checked-{look}")


@pytest.mark.browser
def test_nothing_of_a_code_is_sent(visit: Visit, named: None) -> None:
    page = visit("/ledger/check")
    page.wait_for_load_state("networkidle")
    asked: list[tuple[str, str, str]] = []
    page.on("request", lambda made: asked.append((made.method, made.url, str(made.post_data))))
    page.evaluate("(code) => { location.hash = code; }", CODE)
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    page.reload()
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    page.wait_for_load_state("networkidle")
    assert asked, "the page was fetched again"
    assert not [each for each in asked if CODE[20:60] in "".join(each) or each[0] != "GET"]


@pytest.mark.browser
def test_a_code_outlives_the_choice_of_another_language(visit: Visit, named: None) -> None:
    page = visit(f"/ledger/check#{CODE}")
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    asked: list[str] = []
    page.on("request", lambda made: asked.append(f"{made.url} {made.post_data}"))
    page.get_by_role("button", name="Cymraeg").click()
    page.locator('html[lang="cy"] [data-outcome="holds_without_document"]').wait_for()
    assert page.url.endswith(f"/ledger/check#{CODE}")
    assert asked and not [each for each in asked if CODE[20:60] in each.partition("#")[0]]
    assert not [each for each in asked if CODE[20:60] in each.split()[-1]], "nor in a form"


@pytest.mark.browser
def test_one_code_after_another_and_a_file_in_between(visit: Visit, named: None) -> None:
    page = visit(f"/ledger/check#{CODE}")
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    page.evaluate("(code) => { location.hash = code; }", coded(cast.day_receipt()))
    page.locator('[data-outcome="holds"]').wait_for()
    assert "officer 7 read income" in page.locator("[data-report]").inner_text()
    choose(page, HONEST, cast.LETTER, part="holds_with_document")
    page.evaluate("(code) => { location.hash = code; }", CODE[:-1])
    page.locator('[data-outcome="no_code"]').wait_for()
    assert page.locator("#receipt").evaluate("(field) => field.files.length") == 0
    page.evaluate("() => { location.hash = 'letter'; }")
    assert page.locator('[data-outcome="no_code"]').count() == 1, "a place on the page is no code"


@pytest.mark.browser
def test_what_a_camera_read_may_be_pasted(visit: Visit, named: None) -> None:
    page = visit("/ledger/check", PHONE)
    page.get_by_text("Or paste what your camera read").click()
    field = page.get_by_label("What the camera read")
    field.fill(f" https://other.example/ledger/check#{CODE}\n")
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    assert_accessible(page)
    picture(page, "receipt-code-pasted")
    field.fill(CODE.replace(CODE[40], str((int(CODE[40]) + 1) % 10)))
    page.locator('[data-outcome="no_code"], [data-outcome="fails"]').wait_for()
    assert "more witnesses may have signed" not in page.locator("[data-report]").inner_text()
    field.fill("hello")
    page.locator('[data-outcome="no_code"]').wait_for()
    assert_accessible(page)
    field.fill("")
    assert page.locator("[data-outcome]").count() == 0
    field.fill(CODE)
    page.locator("#letter").set_input_files(as_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="holds_with_document"]').wait_for()


@pytest.mark.browser
def test_a_policy_that_the_page_does_not_know_is_said_with_what_to_do(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_policies(monkeypatch, OLD_POLICY)
    page = visit(f"/ledger/check#{CODE}")
    page.locator('[data-outcome="policy_unknown"]').wait_for()
    assert page.locator("[data-outcome]").get_attribute("data-color") == "warning"
    said = page.locator("[data-receipt-check]").inner_text()
    assert "ask there for the receipt as a file" in said
    assert sha256(cast.POLICY_TEXT).hexdigest() in said
    assert_accessible(page)
    picture(page, "receipt-code-unknown")


@pytest.mark.browser
def test_the_file_checks_codes_with_no_server(
    db: None, chromium: Any, recommended: None, tmp_path: Path
) -> None:
    saved = tmp_path / "check.html"
    saved.write_bytes(Client().get("/ledger/check.html").content)
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{saved.as_uri()}#{coded(LARGE)}")
    page.locator('[data-outcome="holds_without_document"]').wait_for()
    page.locator("#letter").set_input_files(as_file("letter.pdf", cast.LETTER))
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    assert_accessible(page)
    page.goto(f"{saved.as_uri()}#{BASES[0][0]}")
    page.locator('[data-outcome="policy_unknown"]').wait_for()
    context.close()
