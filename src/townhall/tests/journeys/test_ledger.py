"""From a decision to a receipt: a resident saves it, checks it, and sees the public record."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import checking
from townhall.ledger.engine.policy import Policy
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.operator import demonstration
from townhall.ledger.tests.town import Town
from townhall.packs.uk.borough.stories import RESIDENTS
from townhall.portal.tests.browser import DESKTOP, LOOKS, assert_accessible, picture
from townhall.registers import operations as registers
from townhall.tests.journeys import steps

Visit = Callable[..., Any]
DANIEL = next(each.person for each in RESIDENTS if each.key == "daniel")


@pytest.fixture
def town() -> Iterator[Town]:
    """The ledger of the town hall that is visited, with witnesses in their own processes."""
    made = Town(configuration.current())
    made.prepare()
    for name in ("auditor", "court", "university"):
        made.start_witness(name)
    made.open()
    yield made
    made.end()


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
    letters.get_by_role("link", name="Proof").first.click()
    assert "A moment, please" in steps.text(page)
    assert_accessible(page)

    assert town.operator is not None
    town.operator.step()
    town.line("decisions").finality.advance()
    page.reload()
    assert "Your receipt is ready" in steps.text(page)
    assert_accessible(page)
    picture(page, "receipt")
    receipt = saved(page, "Save the receipt", tmp_path / "receipt.json")
    letter = saved(page, "Save the letter", tmp_path / "letter.pdf")
    with scope(SYSTEM):
        policy = checkpoints.policy_now()
    assert policy is not None
    trusted = Policy.load(policy.text.encode())
    found = checking.verify_file(receipt, document=letter, trusted=trusted)
    assert checking.verdict(found) == checking.Verdict.HOLDS
    changed = checking.verify_file(receipt, document=letter + b" ", trusted=trusted)
    assert checking.verdict(changed) == checking.Verdict.FAILS


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
    assert f"{demonstration.HOST}/citizens" in said  # it was never started
    assert_accessible(page)
    with scope(SYSTEM):
        for each in alarms.open_alarms():
            alarms.over(each.key, each.since)
    page.reload()
    assert "Something is wrong" not in steps.text(page)
    picture(page, "ledger")
    page.get_by_role("link", name="Who must vouch").click()
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
