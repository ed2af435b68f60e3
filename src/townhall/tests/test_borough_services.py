"""The people of the tour use the services of the borough, through the real rooms."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from townhall.cases import operations as cases
from townhall.cases.engine.anonymous import subject_of
from townhall.catalogue import operations as catalogue
from townhall.demo import loading
from townhall.exchange import operations as exchange
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.jobs import run_due
from townhall.identity.models import Account
from townhall.packs.uk import borough
from townhall.registers import operations as registers

pytestmark = pytest.mark.django_db

PEOPLE = {each.key: each.person for each in borough.RESIDENTS}
PAGE = Mapping[str, Sequence[Any]]


@pytest.fixture(autouse=True)
def town() -> None:
    """The services, and what the registers know of the people of the tour."""
    catalogue.forget()
    catalogue.load_packs()
    # Low numbers are the people of the tour; the leased car has no person.
    for register, make in borough.REGISTERS.items():
        entries = [
            entry
            for entry in make()
            if (entry.person and entry.person.number <= 100) or entry.key == "QW24LSE"
        ]
        registers.import_entries(
            SYSTEM, facts=loading.facts_of(register, iter(entries)), source_ref="tour"
        )


def resident(key: str) -> Acting:
    person = PEOPLE[key]
    return Acting(
        actor=f"person:{person.id}",
        name=person.name,
        person_id=person.id,
        assurance="high",
        language=person.language,
    )


def officer(role: str, name: str) -> Acting:
    account = Account.objects.open(email=f"{name}@wrenford.example", display_name=name)
    return Acting(
        actor=f"officer:{account.id}",
        name=name,
        roles=frozenset({role}),
        services=catalogue.services_for_roles(frozenset({role})),
        agency=catalogue.pack().roles[role].agency,
        assurance="high",
    )


class Photo:
    """An upload as Django hands it over: a real picture."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = io.BytesIO()
        Image.new("RGB", (40, 30), "grey").save(self.file, "JPEG")
        self.file.seek(0)


def apply(
    acting: Acting, service: str, *pages: tuple[str, PAGE], files: Mapping[str, Any] | None = None
) -> Any:
    draft = cases.start_draft(acting, service_key=service)
    for key, raw in pages:
        here = {name: each for name, each in (files or {}).items() if name in raw}
        sent = {name: values for name, values in raw.items() if name not in here}
        draft = cases.save_page(
            acting, draft_id=draft.id, page_key=key, raw=sent, files=here or None
        )
    case = cases.submit(acting, draft_id=draft.id, seen_version=draft.version)
    run_due()
    return cases.my_case(acting, case_id=case.id)


BANK = ("payment", {"sort_code": ["089999"], "account": ["66374958"]})


def test_megan_gets_child_benefit_at_once_with_reasons_and_a_letter() -> None:
    case = apply(resident("megan"), "child-benefit", ("children", {"same_children": ["yes"]}), BANK)
    assert (case.state, case.outcome) == ("granted", "granted")
    assert case.decision.automatic
    results = {each.name: each.value for each in case.decision.results}
    assert results["weekly"].amount == Decimal("44.95")
    assert all(reason.holds for reason in case.decision.reasons)
    assert "granted" in {letter.kind for letter in case.letters}
    looked = exchange.who_looked(resident("megan")).lines
    assert {(line.register, kind) for line in looked for kind in line.kinds} == {
        ("population", "children"),
        ("population", "date_of_birth"),
        ("income", "adjusted_net_income"),
        ("accounts", "paid_into"),
    }


def test_rhiannon_waits_for_an_officer_because_one_child_lives_elsewhere() -> None:
    me = resident("rhiannon")
    case = apply(me, "child-benefit", ("children", {"same_children": ["yes"]}), BANK)
    assert case.state == "review"
    callum = officer("benefits.officer", "callum")
    (line,) = cases.worklist(callum).rows
    desk = cases.case_for_officer(callum, case_id=line.id)
    cases.decide(
        callum,
        case_id=line.id,
        seen_state=desk.seen_state,
        action="grant",
        reason="Mabli lives with her mother.",
    )
    run_due()
    assert cases.my_case(me, case_id=case.id).outcome == "granted"


def test_megan_parks_at_once_and_pays_the_tariff() -> None:
    case = apply(
        resident("megan"),
        "resident-permit",
        ("vehicle", {"plate": ["QW22 MEG"]}),
        ("length", {"months": ["12"]}),
    )
    assert case.outcome == "granted"
    assert case.fee.amount == Decimal("120.00")
    assert {letter.kind for letter in case.letters} >= {"granted", "permit"}


def test_daniel_is_told_that_he_needs_no_permit() -> None:
    me = resident("daniel")
    with pytest.raises(cases.NotEligible) as refused:
        apply(
            me,
            "resident-permit",
            ("vehicle", {"plate": ["QW20 DAN"]}),
            ("length", {"months": ["12"]}),
        )
    (reason,) = [each for each in refused.value.reasons if each.holds is False]
    assert reason.text["en"].startswith("Your address is not in a parking zone.")


def test_priya_proves_her_lease_and_grace_needs_two_officers() -> None:
    priya, grace = resident("priya"), resident("grace")
    lease = {"lease": [Photo("lease.jpg")]}
    draft = cases.start_draft(priya, service_key="resident-permit")
    draft = cases.save_page(
        priya, draft_id=draft.id, page_key="vehicle", raw={"plate": ["QW24 LSE"]}, files=None
    )
    draft = cases.save_page(priya, draft_id=draft.id, page_key="vehicle", raw={}, files=lease)
    draft = cases.save_page(
        priya, draft_id=draft.id, page_key="length", raw={"months": ["6"]}, files=None
    )
    hers = cases.submit(priya, draft_id=draft.id, seen_version=draft.version)
    van = apply(
        grace,
        "resident-permit",
        ("vehicle", {"plate": ["QW16 VAN"]}),
        ("length", {"months": ["12"]}),
    )
    assert (hers.state, van.state) == ("review", "review")
    assert van.fee.amount == Decimal("210.00")
    isla, owen = officer("permits.officer", "isla"), officer("permits.officer", "owen")
    for case in (hers, van):
        desk = cases.case_for_officer(isla, case_id=case.id)
        cases.decide(
            isla, case_id=case.id, seen_state=desk.seen_state, action="grant", reason="Proved."
        )
    run_due()
    assert cases.my_case(priya, case_id=hers.id).outcome == "granted"
    assert cases.my_case(grace, case_id=van.id).outcome is None
    desk = cases.case_for_officer(isla, case_id=van.id)
    with pytest.raises(cases.CaseError):
        cases.second(isla, case_id=van.id, seen_state=desk.seen_state, approve=True)
    cases.second(owen, case_id=van.id, seen_state=desk.seen_state, approve=True)
    run_due()
    assert cases.my_case(grace, case_id=van.id).outcome == "granted"


def test_a_pothole_is_reported_without_a_name_and_mended() -> None:
    draft = cases.start_draft(ANONYMOUS, service_key="street-problem")
    assert draft.link_token
    somebody = dataclasses.replace(ANONYMOUS, person_id=subject_of(draft.link_token))
    for key, raw, files in (
        ("what", {"category": ["pothole"], "danger": ["yes"]}, None),
        (
            "where",
            {"spot.words": ["Wren Bridge"], "spot.lat": ["50.5302"], "spot.lon": ["-2.9762"]},
            None,
        ),
        ("more", {"description": ["Deep"], "mail": [""]}, {"photo": [Photo("hole.jpg")]}),
    ):
        draft = cases.save_page(somebody, draft_id=draft.id, page_key=key, raw=raw, files=files)
    case = cases.submit(somebody, draft_id=draft.id, seen_version=draft.version)
    assert case.state == "urgent"
    nadia = officer("streets.officer", "nadia")
    for action in ("send_crew", "mended"):
        desk = cases.case_for_officer(nadia, case_id=case.id)
        cases.decide(
            nadia, case_id=case.id, seen_state=desk.seen_state, action=action, reason="Filled."
        )
    run_due()
    assert cases.my_case(somebody, case_id=case.id).outcome == "fixed"


def test_leo_registers_to_vote_from_his_birthday_and_ethan_may_not() -> None:
    pages = (
        ("address", {"moved": ["no"]}),
        ("choices", {"open_register": ["no"], "by_post": ["yes"]}),
    )
    case = apply(resident("leo"), "register-to-vote", *pages)
    assert case.outcome == "granted"
    results = {each.name: each.value for each in case.decision.results}
    assert results["votes_from"] >= date(2026, 12, 19)
    with pytest.raises(cases.NotEligible):
        apply(resident("ethan"), "register-to-vote", *pages)
    with pytest.raises(cases.NotEligible):
        apply(resident("harold"), "register-to-vote", *pages)


def test_the_vehicle_register_is_down_and_megan_still_gets_her_permit() -> None:
    registers.set_available(SYSTEM, register="vehicles", available=False)
    me = resident("megan")
    draft = cases.start_draft(me, service_key="resident-permit")
    draft = cases.save_page(
        me, draft_id=draft.id, page_key="vehicle", raw={"plate": ["QW22 MEG"]}, files=None
    )
    asked = {datum.name for page in draft.pages for datum in page.open}
    assert {"registration_doc"} <= asked
    draft = cases.save_page(
        me,
        draft_id=draft.id,
        page_key="vehicle",
        raw={"said_emissions": ["standard"]},
        files={"registration_doc": [Photo("v5c.jpg")]},
    )
    draft = cases.save_page(
        me, draft_id=draft.id, page_key="length", raw={"months": ["12"]}, files=None
    )
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert case.state == "review"
    isla = officer("permits.officer", "isla")
    desk = cases.case_for_officer(isla, case_id=case.id)
    cases.decide(
        isla, case_id=case.id, seen_state=desk.seen_state, action="grant", reason="V5C agrees."
    )
    run_due()
    done = cases.my_case(me, case_id=case.id)
    assert done.outcome == "granted"
    assert done.fee.amount == Decimal("120.00")
