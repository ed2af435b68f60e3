"""The services of the pack, from the draft to the letter, as their residents meet them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.cases import operations as cases
from townhall.cases.tests.people import holder, officer
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.jobs import run_due
from townhall.registers import operations as registers

BORN = date(1990, 1, 1)


@pytest.fixture
def pack(db: None) -> None:
    """Every service of the pack, live."""
    catalogue.load_packs()


def known(**facts: Any) -> Acting:
    """Return a person of whom the population register knows these facts."""
    person = uuid.uuid4()
    for kind, value in facts.items():
        registers.record(
            SYSTEM, register="population", key=None, person_id=person, kind=kind, value=value,
            valid_from=BORN,
        )  # fmt: skip
    return Acting(
        actor=f"person:{person}", name="Megan Hughes", person_id=person, assurance="substantial"
    )


def address(zone: str = "A") -> dict[str, str]:
    return {
        "line1": "1 Weaver Street", "line2": "", "town": "Wrenford", "postcode": "WX1 2AB",
        "zone": zone, "uprn": "1", "lat": "50.5", "lon": "-2.9",
    }  # fmt: skip


def applied(me: Acting, service: str, pages: dict[str, dict[str, list[str]]]) -> Any:
    draft = cases.start_draft(me, service_key=service)
    if draft.link_token:
        me = holder(draft.link_token)
    for key, raw in pages.items():
        draft = cases.save_page(me, draft_id=draft.id, page_key=key, raw=raw)
    return me, cases.submit(me, draft_id=draft.id, seen_version=draft.version)


@pytest.mark.usefixtures("pack")
def test_child_benefit_is_decided_at_once_and_explains_the_amount() -> None:
    child = {"person": "x", "name": "Lowri", "date_of_birth": "2020-05-01", "lives_with": True}
    me = known(date_of_birth="1990-01-01", children=[child])
    pages = {
        "children": {"same_children": ["yes"]},
        "payment": {"sort_code": ["089999"], "account": ["66374958"]},
    }
    _, case = applied(me, "child-benefit", pages)
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert view.outcome == "granted"
    assert view.decision is not None
    weekly = next(each for each in view.decision.results if each.name == "weekly")
    assert weekly.value.amount > Decimal(20)
    assert weekly.law
    assert weekly.trace.children
    assert {letter.kind for letter in view.letters} == {"receipt", "granted"}


@pytest.mark.usefixtures("pack")
def test_a_permit_for_somebody_elses_van_takes_evidence_and_an_officer() -> None:
    me = known(address=address())
    vehicle = {"plate": "QW24LSE", "keeper": str(uuid.uuid4()), "emissions": "electric",
               "make": "Ford", "taxed_until": "2099-01-01"}  # fmt: skip
    for kind, value in vehicle.items():
        registers.record(
            SYSTEM, register="vehicles", key="QW24LSE", person_id=uuid.uuid4(), kind=kind,
            value=value, valid_from=BORN,
        )  # fmt: skip
    draft = cases.start_draft(me, service_key="resident-permit")
    draft = cases.save_page(me, draft_id=draft.id, page_key="vehicle", raw={"plate": ["QW24 LSE"]})
    assert draft.next_page == "vehicle"  # the lease is asked for on the same page
    assert [datum.name for datum in draft.pages[0].open] == ["lease"]
    with pytest.raises(cases.Incomplete) as refused:
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert "lease" in refused.value.missing


@pytest.mark.usefixtures("pack")
def test_a_street_problem_needs_no_name_and_shows_what_was_reported_nearby() -> None:
    spot = {"spot.words": ["By the bridge"], "spot.lat": ["50.5308"], "spot.lon": ["-2.9767"]}
    pages = {
        "what": {"category": ["pothole"], "danger": ["yes"]},
        "where": spot,
        "more": {"description": [""], "mail": [""]},
    }
    me, case = applied(ANONYMOUS, "street-problem", pages)
    assert case.state == "urgent"
    other = cases.start_draft(ANONYMOUS, service_key="street-problem")
    assert other.link_token
    next_one = holder(other.link_token)
    cases.save_page(next_one, draft_id=other.id, page_key="where", raw=spot)
    assert [each.number for each in cases.nearby(next_one, draft_id=other.id)] == [case.number]
    clerk = replace(
        officer("street-problem", role="streets.officer", agency="streets"), name="Sion Lloyd"
    )
    sent = cases.decide(
        clerk, case_id=case.id, seen_state=case.seen_state, action="send_crew", reason="At once."
    )
    assert sent.state == "under_way"
    done = cases.decide(
        clerk, case_id=case.id, seen_state=sent.seen_state, action="mended", reason="Filled."
    )
    assert done.outcome == "fixed"
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert [letter.kind for letter in view.letters] == ["receipt", "fixed"]


@pytest.mark.usefixtures("pack")
@pytest.mark.parametrize(("nationality", "state"), [("British", "granted"), ("French", "review")])
def test_who_may_vote_is_registered_and_who_may_is_looked_at(nationality: str, state: str) -> None:
    me = known(
        date_of_birth="1990-01-01", nationality=nationality, address=address(),
        national_insurance_number="QQ123456C",
    )  # fmt: skip
    pages = {
        "address": {"moved": ["no"]},
        "choices": {"open_register": ["no"], "by_post": ["no"]},
    }
    _, case = applied(me, "register-to-vote", pages)
    run_due()
    assert cases.my_case(me, case_id=case.id).state == state
