"""From a decision to a receipt: a resident saves it, checks it, and sees the public record."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from townhall.catalogue import operations as catalogue
from townhall.exchange import days
from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import showing
from townhall.ledger.engine import checking
from townhall.ledger.engine.policy import Policy
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.operator import demonstration
from townhall.ledger.tests.town import Town, wait_for
from townhall.packs.uk.borough.stories import RESIDENTS
from townhall.portal.tests import qrcodes
from townhall.portal.tests.browser import (
    DESKTOP,
    LOOKS,
    PHONE,
    Look,
    Site,
    assert_accessible,
    picture,
)
from townhall.portal.tests.receipt_choosing import as_file
from townhall.registers import operations as registers
from townhall.tests.journeys import steps

Visit = Callable[..., Any]
DANIEL = next(each.person for each in RESIDENTS if each.key == "daniel")


@pytest.fixture
def town(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The ledger of the town hall that is visited, with witnesses in their own processes."""
    monkeypatch.setenv("TOWNHALL_BASE_URL", site.address)  # what QR codes lead to
    configuration.current.cache_clear()
    made = Town(configuration.current())
    made.prepare()
    made.start_witnesses(("auditor", "court", "university"))
    made.open()
    yield made
    made.end()
    monkeypatch.undo()
    configuration.current.cache_clear()


def born() -> None:
    """Let the registrar record a child of Daniel."""
    day = date.today() - timedelta(days=9)
    child = {
        "person": str(uuid.uuid4()),
        "name": "Ada Okafor",
        "date_of_birth": day.isoformat(),
        "lives_with": True,
    }
    registers.record(
        SYSTEM,
        register="population",
        key=None,
        person_id=DANIEL.id,
        kind="children",
        value=[child],
        valid_from=day,
    )


def saved(page: Any, link: str, path: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    waiting.value.save_as(path)
    return path.read_bytes()


def test_a_resident_proves_a_decision_without_the_town_hall(
    visit: Visit, work: Callable[[], None], town: Town, tmp_path: Path
) -> None:
    born()
    work()
    page = visit("/me", DESKTOP, as_demo="daniel")
    steps.press(page, "Yes, claim it")
    work()
    page.goto("/me")
    letters = page.get_by_role("region", name="My letters")
    letters.get_by_role("link", name="Receipt").first.click()
    assert "A moment, please" in steps.text(page)
    assert_accessible(page)

    assert town.operator is not None
    town.operator.step()
    town.line("decisions").finality.advance()
    page.reload()
    assert "Your receipt is ready" in steps.text(page)
    assert_accessible(page)
    picture(page, "receipt")
    scan(visit, page, "holds_without_document", PHONE)
    assert_one_sheet(page)
    receipt = saved(page, "Save the receipt", tmp_path / "receipt.json")
    letter = saved(page, "Save the letter", tmp_path / "letter.pdf")
    with scope(SYSTEM):
        policy = checkpoints.policy_now()
    assert policy is not None
    trusted = Policy.load(policy.text.encode())
    found = checking.verify_file(receipt, document=letter, trusted=[trusted])
    assert checking.verdict(found) == checking.Verdict.HOLDS
    changed = checking.verify_file(receipt, document=letter + b" ", trusted=[trusted])
    assert checking.verdict(changed) == checking.Verdict.FAILS

    opened = scan(visit, page, "holds_without_document")
    opened.locator("#letter").set_input_files(as_file("letter.pdf", letter))
    opened.locator('[data-outcome="holds_with_document"]').wait_for()
    for look in LOOKS:
        shown = visit("/me", look, as_demo="daniel")
        shown.goto(page.url)
        assert_accessible(shown)
        assert qrcodes.pixels_a_module(shown) >= 2
        picture(shown, f"receipt-of-letter-{look}")


def assert_one_sheet(page: Any) -> None:
    """A receipt is handed over on one sheet, with its code and what to do."""
    with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as printed:
        assert len(printed.pages) == 1


def scan(visit: Visit, page: Any, outcome: str, look: Look = DESKTOP) -> Any:
    """Read the code off the screen and open what it says with a browser that is nobody's."""
    address = qrcodes.on_page(page)
    assert address.startswith(f"{configuration.current().base_url}/ledger/check#")
    opened = visit(address, look)
    opened.locator(f'[data-outcome="{outcome}"]').wait_for()
    assert opened.locator("[data-by]").get_attribute("data-by") == "ours"
    return opened


def test_entries_of_the_public_record_and_lines_about_oneself_have_codes(
    visit: Visit, work: Callable[[], None], town: Town
) -> None:
    born()
    work()  # registers are read about Daniel: his claim is made ready
    page = visit("/me", DESKTOP, as_demo="daniel")
    days.seal(today=datetime.now(UTC).date() + timedelta(days=1))
    assert town.operator is not None
    town.operator.step()
    for name in ("access", "definitions", "keys", "registers"):
        if town.line(name).finality.due:
            town.line(name).finality.advance()

    page.goto("/ledger/definitions")
    page.get_by_role("link", name="Receipt").first.click()
    assert_accessible(page)
    opened = scan(visit, page, "holds")
    told = opened.locator("[data-report]").inner_text()
    assert "Version of a service" in told
    titles = [card.title for card in catalogue.services("en")]
    assert any(title in told for title in titles), "by its title, not by its key"
    picture(page, "receipt-of-entry")
    assert_one_sheet(page)
    plain = visit(page.url, Look(script=False))
    assert qrcodes.on_page(plain).startswith(f"{configuration.current().base_url}/ledger/check#")
    assert not plain.get_by_role("button", name="Print").is_visible(), "it would do nothing"
    page.goto("/ledger/keys/receipt/0")
    assert "too large for a QR code" in steps.text(page)
    assert "signatures" not in steps.text(page).lower(), "the first policy has none before it"
    assert page.locator(".th-code").count() == 0
    assert page.request.get("/ledger/keys/receipt/0.svg").status == 404
    assert_accessible(page)

    page.goto("/me/looked")
    page.get_by_role("link", name="Receipt").first.click()
    title = steps.heading(page)
    assert "looked at" in title
    opened = scan(visit, page, "holds", PHONE)
    told = opened.locator("[data-report]").inner_text()
    assert "Day of the journal" in told and "Access journal of this town hall" in told
    for label in ("Who looked", "At what", "Why", "Legal basis"):
        assert opened.locator("dt", has_text=label).count() >= 1, label
    assert str(DANIEL.id) not in told and "[" not in told, "in words, not as it is stored"
    assert_accessible(opened)
    picture(opened, "receipt-of-line-checked")
    assert_accessible(page)
    picture(page, "receipt-of-line")
    assert_one_sheet(page)
    other = visit(page.url, DESKTOP)
    assert other.locator(".th-code").count() == 0, "only whom the line is about sees it"
    neighbour = visit("/me", DESKTOP, as_demo="amara")
    for form in ("", ".svg", ".json"):
        assert page.request.get(page.url + form).status == 200
        assert neighbour.request.get(page.url + form).status == 404


def alarmed(town: Town) -> bool:
    """Let every log look after its witnesses, as it does at rest; whether something is wrong."""
    assert town.operator is not None
    for line in town.operator.lines.values():
        line.finality.attend()
    return bool(showing.open_alarms())


def test_everybody_sees_the_record_and_what_is_wrong_with_it(
    visit: Visit, work: Callable[[], None], town: Town
) -> None:
    assert town.operator is not None
    work()
    town.operator.step()
    for name in ("definitions", "keys"):
        if town.line(name).finality.due:
            town.line(name).finality.advance()
    page = visit("/ledger", DESKTOP)
    said = steps.text(page)
    assert steps.heading(page) == "The public record"
    assert "A demonstration: one operator holds all keys" in said
    assert "This witness is not signing: Citizens' association (demonstration)." in said
    wrong = page.locator(".ds-alert[data-color=danger]").inner_text()
    for secret in ("http", "localhost", "127.0.0.1", demonstration.HOST):
        assert secret not in wrong, "words for the operator"
    assert "3 of 4" in page.get_by_role("row", name="Who must sign").inner_text()
    assert_accessible(page)
    assert page.get_by_role("link", name="citizens").count() == 0, "where it is, is not known"
    town.start_witness("citizens")
    wait_for(lambda: not alarmed(town), "everybody vouching for everything")
    page.reload()
    assert "Something is wrong" not in steps.text(page)
    picture(page, "ledger")
    page.get_by_role("link", name="Who must sign").click()
    assert "Policy of the witnesses" in steps.text(page)
    assert_accessible(page)
    checkpoint = page.request.get("/ledger/keys/checkpoint")
    assert checkpoint.ok and checkpoint.text().splitlines()[1] == "1"
    assert page.request.get("/ledger/keys/tile/entries/000.p/1").ok
    for path in ("/ledger/keys/tile/0/000.p/9", "/ledger/keys/%2e%2e%2fkeys", "/ledger/nothing"):
        assert page.request.get(path).status == 404

    for look in LOOKS:
        for path in ("/ledger", "/ledger/keys", "/ledger/check"):
            assert_accessible(visit(path, look))
