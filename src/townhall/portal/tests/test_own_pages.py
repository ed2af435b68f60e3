"""The pages of a person signed in: one application from start to end, each page seen by axe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from townhall.portal.tests.browser import DESKTOP, LOOKS, Look, assert_accessible, picture

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def _work() -> None:
    """Let the worker do everything that is due: letters."""
    from townhall.foundation import jobs

    while jobs.run_due(limit=50):
        pass


def _go_on(page: Any) -> None:
    page.locator("main form button[data-main]").click()


def _seen(page: Any, name: str, look: Look) -> None:
    page.wait_for_load_state("networkidle")
    picture(page, f"own-{name}-{look}")
    assert_accessible(page)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_an_application_is_accessible(visit: Visit, look: Look) -> None:
    page = visit("/services/child-benefit", look, as_demo="megan")
    _go_on(page)
    assert page.locator(".th-known").is_visible()
    _seen(page, "questions", look)
    _go_on(page)
    page.locator(".ds-error-summary").wait_for()
    _seen(page, "errors", look)
    page.get_by_label("Yes, these children").check()
    page.wait_for_load_state("networkidle")
    _go_on(page)
    page.get_by_label("Sort code").fill("20-30-40".replace("-", ""))
    page.get_by_label("Account number").fill("12345678")
    _go_on(page)
    page.locator("h1", has_text="Check your answers").wait_for()
    page.locator("summary").first.click()
    _seen(page, "check", look)
    _go_on(page)
    page.locator(".th-done").wait_for()
    _seen(page, "received", look)
    _work()
    page.locator("main .th-actions a").first.click()
    page.locator("h2", has_text="Granted").wait_for()
    page.locator("summary").first.click()
    _seen(page, "decided", look)
    for path in ("/me", "/me/looked"):
        page.goto(path)
        _seen(page, path.rpartition("/")[2], look)


def test_a_draft_is_kept_found_again_and_deleted_only_when_confirmed(visit: Visit) -> None:
    page = visit("/services/register-to-vote", DESKTOP, as_demo="daniel")
    _go_on(page)
    page.get_by_role("button", name="Save and come back later").click()
    page.locator(".ds-alert", has_text="Saved.").wait_for()
    assert page.locator(".th-case", has_text="Register to vote").is_visible()
    page.get_by_role("link", name="Delete Register to vote").click()
    assert_accessible(page)
    page.get_by_role("link", name="Keep it").click()
    assert page.locator(".th-case", has_text="Register to vote").is_visible()
    page.get_by_role("link", name="Delete Register to vote").click()
    page.get_by_role("button", name="Delete it").click()
    assert page.locator(".th-case", has_text="Register to vote").count() == 0


def test_what_an_officer_asks_is_marked_answered_and_withdrawn(visit: Visit) -> None:
    page = visit("/services/resident-permit", DESKTOP, as_demo="megan")
    _go_on(page)
    page.locator("input[data-plate]").fill("ZZ99 ZZZ")
    _go_on(page)
    page.locator("h1", has_text="For how long?").wait_for()
    _go_on(page)
    page.locator("h1", has_text="Check your answers").wait_for()
    _go_on(page)
    page.locator(".th-done, .ds-error-summary").first.wait_for()
    case_id = UUID(page.url.split("/cases/")[1].split("/")[0])
    _ask(case_id, {"plate": "We do not know this plate."}, "Please look at the plate again.")
    page.goto(f"/cases/{case_id}")
    assert "We do not know this plate." in page.locator("main").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="Answer now").click()
    assert_accessible(page)
    page.locator("input[data-plate]").fill("")
    _go_on(page)
    page.locator(".ds-error-summary").wait_for()
    page.locator("input[data-plate]").fill("QW22 MEG")
    _go_on(page)
    page.locator(".ds-alert", has_text="Thank you").wait_for()
    page.get_by_role("link", name="Withdraw this").click()
    assert_accessible(page)
    page.get_by_role("button", name="Withdraw it").click()
    page.locator(".ds-tag", has_text="Withdrawn").wait_for()
    assert page.get_by_role("link", name="Withdraw this").count() == 0


def _ask(case_id: UUID, fields: dict[str, str], message: str) -> None:
    """Let an officer of the service send the case back."""
    from townhall.cases import operations as cases
    from townhall.catalogue import operations as catalogue
    from townhall.foundation.acting import Acting

    officer = Acting(actor="officer:00000000-0000-7000-8000-000000000001", name="An officer")
    roles = catalogue.live("resident-permit").roles
    officer = replace(officer, roles=roles, services=catalogue.services_for_roles(roles))
    cases.claim(officer, case_ids=[case_id])
    view = cases.case_for_officer(officer, case_id=case_id)
    cases.ask(officer, case_id=case_id, seen_state=view.seen_state, fields=fields, message=message)
