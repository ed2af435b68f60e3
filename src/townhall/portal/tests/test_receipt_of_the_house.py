"""A receipt of this house's own ledger, its witnesses in processes of their own, in a browser."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from townhall.foundation.acting import SYSTEM
from townhall.ledger import operations as ledger
from townhall.ledger import receipts
from townhall.ledger.tests.conftest import town
from townhall.portal.tests.browser import PATIENCE_MS, assert_accessible, picture
from townhall.portal.tests.receipt_choosing import choose

__all__ = ["town"]

LETTER = b"%PDF-1.7 Your permit was granted."


@pytest.mark.browser
def test_the_page_knows_the_witnesses_of_its_own_town_hall(
    town: Any, chromium: Any, tmp_path: Path
) -> None:
    ledger.submit(
        SYSTEM,
        log="decisions",
        kind="decision",
        ref="case:1/letter:1",
        secret={"document": sha256(LETTER).hexdigest(), "outcome": "granted"},
    )
    town.start_witnesses(("auditor", "court", "university"))
    town.open()
    town.operator.step()
    town.line("decisions").finality.advance()
    made = receipts.receipt(SYSTEM, log="decisions", ref="case:1/letter:1")
    assert made is not None

    saved = tmp_path / "check.html"
    saved.write_bytes(Client().get("/ledger/check.html").content)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(saved.as_uri())
    choose(page, made.render(), LETTER, part="holds_with_document")
    assert page.locator("[data-by]").get_attribute("data-by") == "ours"
    said = page.locator("[data-report]").inner_text()
    assert "3 of 4 witnesses signed. This is a demonstration" in said
    assert "independent" not in said, "one operator holds all keys"
    assert "Court (demonstration)" in said and "ML-DSA-44" in said
    assert "one operator holds all keys" in page.locator("main").inner_text()
    assert_accessible(page)
    picture(page, "receipt-house")
    context.close()
