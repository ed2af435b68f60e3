"""A birth is registered: the claim is ready, one tap confirms it, and the award follows life."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from townhall.awards import operations as awards
from townhall.awards.operations import moment
from townhall.foundation.acting import SYSTEM
from townhall.packs.uk.borough.stories import RESIDENTS
from townhall.portal.tests.browser import DESKTOP, assert_accessible, picture
from townhall.registers import operations as registers
from townhall.tests.journeys import steps

Visit = Callable[..., Any]
DANIEL = next(each.person for each in RESIDENTS if each.key == "daniel")


def child(name: str) -> dict[str, Any]:
    return {
        "person": str(uuid.uuid4()),
        "name": name,
        "date_of_birth": (date.today() - timedelta(days=9)).isoformat(),
        "lives_with": True,
    }


def registered(*children: dict[str, Any], since: date) -> None:
    """Let the registrar record Daniel's children."""
    registers.record(
        SYSTEM,
        register="population",
        key=None,
        person_id=DANIEL.id,
        kind="children",
        value=list(children),
        valid_from=since,
    )


def test_a_birth_makes_a_ready_claim_and_the_award_adjusts_itself(
    visit: Visit, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bo = child("Ada Okafor"), child("Bo Okafor")
    registered(ada, since=date.today() - timedelta(days=9))
    work()
    page = visit("/me", DESKTOP, as_demo="daniel")
    assert "Ready for you" in steps.text(page)
    assert_accessible(page)
    picture(page, "ready-claim")
    steps.press(page, "Yes, claim it")
    assert steps.heading(page) == "We have received it"
    work()
    page.goto("/me")
    page.get_by_role("region", name="My payments").get_by_role("link").first.click()
    told = steps.text(page)
    assert "a week" in told
    assert "Nothing is paid yet" in told
    assert_accessible(page)

    later = moment.now() + timedelta(days=22)
    monkeypatch.setattr(moment, "now", lambda: later)
    assert awards.pay_due() == 3
    registered(ada, bo, since=date.today())
    work()
    page.reload()
    told = steps.text(page)
    assert "A register told us of a change: Your children" in told
    assert "is paid on top, for 3 past periods" in told
    page.get_by_text("Why, step by step").first.click()
    assert_accessible(page)
    picture(page, "award")
    page.goto("/me")
    assert "Your payment changes" in steps.text(page)
    page.goto("/me/looked")
    assert "To adjust your award after a change" in steps.text(page)
