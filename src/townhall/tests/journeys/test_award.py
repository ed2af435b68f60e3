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
from townhall.portal.tests.browser import DESKTOP, PHONE, Look, assert_accessible, picture
from townhall.registers import operations as registers
from townhall.tests.journeys import steps

Visit = Callable[..., Any]
DANIEL = next(each.person for each in RESIDENTS if each.key == "daniel")
PRIYA = next(each.person for each in RESIDENTS if each.key == "priya")
GRACE = next(each.person for each in RESIDENTS if each.key == "grace")


def child(name: str) -> dict[str, Any]:
    return {
        "person": str(uuid.uuid4()),
        "name": name,
        "date_of_birth": (date.today() - timedelta(days=9)).isoformat(),
        "lives_with": True,
    }


def registered(*children: dict[str, Any], since: date, of: Any = DANIEL) -> None:
    """Let the registrar record somebody's children."""
    record("population", "children", list(children), since, of)


def record(register: str, kind: str, value: Any, since: date, of: Any) -> None:
    registers.record(
        SYSTEM,
        register=register,
        key=None,
        person_id=of.id,
        kind=kind,
        value=value,
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


@pytest.mark.parametrize(
    ("look", "parent"), [(DESKTOP, PRIYA), (PHONE, GRACE)], ids=["desktop", "phone"]
)
def test_a_large_change_waits_for_an_officer_who_says_why(
    visit: Visit, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch, look: Look, parent: Any
) -> None:
    ada, *others = (child(name) for name in ("Ada", "Bo", "Cy", "Di"))
    account = {"sort_code": "089999", "number": "66374958"}
    record("accounts", "paid_into", account, date(2020, 1, 1), parent)
    registered(ada, since=date.today() - timedelta(days=9), of=parent)
    work()
    page = visit("/me", look, as_demo=parent.key)
    steps.press(page, "Yes, claim it")
    work()
    later = moment.now() + timedelta(weeks=12)
    monkeypatch.setattr(moment, "now", lambda: later)
    assert awards.pay_due() >= 12
    registered(ada, *others, since=date.today(), of=parent)
    work()
    page.goto("/me")
    assert "An officer checks a change. Payments wait until then." in steps.text(page)
    clerk = visit("/officer/awards", look, as_demo="callum.reyes")
    assert "£27.05 a week → £80.75 a week" in steps.text(clerk)
    assert_accessible(clerk)
    picture(clerk, f"officer-awards-{look}")
    clerk.get_by_role("link", name="Child Benefit").first.click()
    assert "£644.40 would be paid on top, for 12 past periods" in steps.text(clerk)
    clerk.get_by_text("Why, step by step").first.click()
    assert_accessible(clerk)
    picture(clerk, f"officer-award-{look}")
    steps.press(clerk, "Let it take effect")
    assert "Write the reason" in steps.text(clerk)
    assert_accessible(clerk)
    steps.fill(clerk, "Reason", "The birth certificate is there.")
    steps.press(clerk, "Let it take effect")
    assert "Nothing is waiting" in steps.text(clerk)
    work()
    page.goto("/me")
    page.get_by_role("region", name="My payments").get_by_role("link").first.click()
    told = steps.text(page)
    assert "The birth certificate is there." in told
    assert "£644.40 is paid on top, for 12 past periods" in told
    assert page.locator(".th-bars").is_visible()
    assert_accessible(page)
    picture(page, f"award-paid-{look}")
