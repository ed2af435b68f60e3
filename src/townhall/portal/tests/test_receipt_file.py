"""The check as one file: it needs no server, and says what it lets in."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tests import cast, succession
from townhall.portal.pages.receipts import FILE_NAME
from townhall.portal.tests import receipt_cases
from townhall.portal.tests.browser import (
    LOOKS,
    PATIENCE_MS,
    Look,
    assert_accessible,
    empty_tables,
    picture,
)
from townhall.portal.tests.receipt_choosing import (
    HONEST,
    OLD_POLICY,
    as_file,
    choose,
    forged,
    named,
    unfold_steps,
    with_policies,
)

__all__ = ["named"]


@pytest.fixture
def visitor(django_db_setup: None, server: Any, django_db_blocker: Any) -> Iterator[Client]:
    with django_db_blocker.unblock():
        catalogue.load_packs()
        yield Client()
        empty_tables(server.owner_dsn)


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
    choose(page, HONEST, cast.LETTER, part="holds_with_document")
    assert_accessible(page)
    picture(page, f"receipt-file-{look}")
    choose(page, HONEST, receipt_cases.OTHER_LETTER, part="document_differs")
    choose(page, forged(), part="others")
    context.close()
    assert complaints == []
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_an_old_check_follows_the_list_of_policies_to_a_newer_receipt(
    visitor: Client, chromium: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A check that was saved under the first of three policies, and a receipt of the third."""
    first = Policy.load(succession.FIRST)
    with_policies(monkeypatch, first)
    saved = tmp_path / FILE_NAME
    saved.write_bytes(visitor.get("/ledger/check.html").content)
    newer = succession.receipt(succession.THIRD, succession.NEWEST, time=succession.TIMES[2])
    older = succession.receipt(succession.FIRST, cast.WITNESSES[:3])
    history = succession.history().render()
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", offline=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(saved.as_uri())
    choose(page, newer.render(), cast.LETTER, part="others")
    assert "choose its history of policies, too" in page.locator("[data-headline]").inner_text()
    page.locator("summary", has_text="newer than this check").click()
    listed = page.locator("#history")
    # Alone it is not passed over in silence, whether it is in order or not.
    page.locator("#receipt").set_input_files([])
    page.locator("#letter").set_input_files([])
    listed.set_input_files(as_file("policies.json", history[:-1]))
    page.locator('[data-outcome="no_history"]').wait_for()
    listed.set_input_files(as_file("policies.json", history))
    page.locator('[data-outcome="history_only"]').wait_for()
    assert_accessible(page)
    listed.set_input_files([])
    choose(page, newer.render(), cast.LETTER, part="others")
    listed.set_input_files(as_file("policies.json", history))
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    unfold_steps(page)
    told = page.locator('[data-step="history"]')
    assert "3 policies, each signed by enough witnesses" in told.inner_text()
    assert_accessible(page)
    picture(page, "receipt-file-history")
    # The key of one of its witnesses was cut off since: what held alone does not hold any more.
    choose(page, older.render(), cast.LETTER, part="fails")
    assert "while their word counted" in page.locator("[data-headline]").inner_text()
    listed.set_input_files(as_file("policies.json", history.replace(b"faults 1", b"faults 0")))
    page.locator('[data-outcome="no_history"]').wait_for()
    assert_accessible(page)
    listed.set_input_files([])
    page.locator('[data-outcome="holds_with_document"]').wait_for()
    context.close()


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
    texts = (cast.POLICY_TEXT, OLD_POLICY.text)
    now, earlier = (html.index(f"SHA-256 {sha256(text).hexdigest()}") for text in texts)
    assert now < html.index("Policies that were in force earlier") < earlier


def test_the_words_are_there_in_welsh(visitor: Client, named: None) -> None:
    visitor.post("/preferences", {"language": "cy", "next": "/"})
    html = visitor.get("/ledger/check.html").content.decode()
    assert "Mae'r dderbynneb yn ddilys" in html.replace("&#39;", "'")


@pytest.mark.browser
def test_days_are_welsh_though_browsers_do_not_know_the_months(
    visitor: Client, chromium: Any, named: None, tmp_path: Path
) -> None:
    visitor.post("/preferences", {"language": "cy", "next": "/"})
    saved = tmp_path / FILE_NAME
    saved.write_bytes(visitor.get("/ledger/check.html").content)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(saved.as_uri())
    choose(page, HONEST, cast.LETTER, part="holds_with_document")
    said = page.locator("[data-report]").inner_text()
    assert "14 Tachwedd 2023, 22:13:20 UTC" in said and "November" not in said
    context.close()
