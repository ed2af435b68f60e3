"""Pages of awards: one's own, nobody else's, and an officer's ruling on a large change."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory

from townhall.awards import operations as awards
from townhall.awards.tests.conftest import Clock, clock, pack
from townhall.awards.tests.families import child, claims, parent, record
from townhall.cases.tests.people import officer
from townhall.foundation.acting import ANONYMOUS, Acting
from townhall.foundation.jobs import run_due
from townhall.portal.pages import awards as mine
from townhall.portal.pages.officer import awards as desk

__all__ = ["clock", "pack"]
pytestmark = pytest.mark.usefixtures("pack")
ROWAN = child("Rowan", "2020-05-09")


def asked(acting: Acting, method: str = "get", **fields: str) -> Any:
    """Return a request of somebody."""
    request = getattr(RequestFactory(), method)("/", fields)
    request.acting = acting
    return request


def large_change(clock: Clock) -> Acting:
    """Return a parent whose award waits for an officer."""
    clock.set(2026, 6, 3)
    me = parent(ROWAN)
    claims(me)
    clock.set(2027, 3, 16)
    awards.pay_due()
    record(me, "population", "children", [ROWAN, child("Lowri", "2026-06-04")], date(2026, 6, 4))
    run_due()
    return me


def test_my_award_shows_each_change_with_both_explanations(clock: Clock) -> None:
    me = large_change(clock)
    award = awards.my_awards(me)[0]
    page = mine.award(asked(me), award_id=award.id).content.decode()
    assert "An officer checks it" in page
    assert "£44.95 a week" in page
    assert "£17.90 a week for each other one" in page
    bars = page.partition('class="th-bars"')[2].partition("</svg>")[0]
    assert bars.count("<rect") == 40, "the last forty payments"


@pytest.mark.parametrize("who", [ANONYMOUS, None], ids=["nobody", "another"])
def test_an_award_is_shown_to_its_person_only(clock: Clock, who: Acting | None) -> None:
    award = awards.my_awards(large_change(clock))[0]
    answer = mine.award(asked(who or parent()), award_id=award.id)
    assert answer.status_code in (302, 404)
    assert "44.95" not in answer.content.decode()


def test_an_officer_reads_both_explanations_and_rules(clock: Clock) -> None:
    me = large_change(clock)
    clerk = officer("child-benefit", role="benefits.officer", agency="revenue")
    listed = desk.waiting(asked(clerk)).content.decode()
    assert "£27.05 a week → £44.95 a week" in listed
    change = awards.waiting(clerk)[0]
    page = desk.change(asked(clerk), assessment_id=change.id).content.decode()
    assert "Let it take effect" in page
    unexplained = desk.change(asked(clerk, "post", answer="apply"), assessment_id=change.id)
    assert "Write the reason" in unexplained.content.decode()
    done = desk.change(
        asked(clerk, "post", answer="apply", reason="The birth certificate is there."),
        assessment_id=change.id,
    )
    assert done.status_code == 302
    again = desk.change(asked(clerk), assessment_id=change.id).content.decode()
    assert "Let it take effect" not in again
    assert "The birth certificate is there." in again
    assert awards.my_awards(me)[0].changes[0].status == "applied"


def test_an_officer_of_another_service_sees_nothing(clock: Clock) -> None:
    large_change(clock)
    clerk = officer("resident-permit", role="permits.officer", agency="transport")
    assert "Nothing is waiting" in desk.waiting(asked(clerk)).content.decode()
    assert desk.change(asked(clerk), assessment_id=uuid4()).status_code == 404
