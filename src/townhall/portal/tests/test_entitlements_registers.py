"""What can I get?, with what registers know: asked for, told, correctable, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from townhall.catalogue import operations as catalogue
from townhall.exchange import operations as exchange
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity import backends
from townhall.identity.models import Account
from townhall.identity.session_store import SessionStore
from townhall.portal.entitled_kept import COOKIE
from townhall.portal.tests.browser import empty_tables
from townhall.registers import operations as registers

pytestmark = pytest.mark.django_db
BASE = "/what-can-i-get"
LONG_AGO = date(1990, 1, 1)
CHOICE = "Use what the town hall’s registers already know about me"
CHILDREN = [
    {"person": "a", "name": "Rowan", "date_of_birth": "2020-05-09", "lives_with": True},
    {"person": "b", "name": "Guto", "date_of_birth": "2013-06-04", "lives_with": False},
    {"person": "c", "name": "Efa", "date_of_birth": "2001-01-01", "lives_with": True},
]
MEGAN = {
    ("population", "date_of_birth"): "1991-03-14",
    ("population", "region"): "South West",
    ("population", "children"): CHILDREN,
    ("income", "monthly_pay"): "2616.00",
    ("income", "interest"): [{"tax_year": "2023-24", "bank": "Quayside Bank", "amount": "9.00"}],
}
"""What registers know of her: one child of hers is elsewhere, and one is grown up."""


@pytest.fixture(scope="module", autouse=True)
def published(server: object, django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Publish the services once: the frame of every page names the town."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        catalogue.load_packs()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        empty_tables(server.owner_dsn)  # type: ignore[attr-defined]


def known(facts: dict[tuple[str, str], Any]) -> UUID:
    """Return a person of whom registers know this."""
    person = uuid4()
    for (register, kind), value in facts.items():
        registers.record(
            SYSTEM,
            register=register,
            key=None,
            person_id=person,
            kind=kind,
            value=value,
            valid_from=LONG_AGO,
        )
    return person


def signed_in(person: UUID, *, proofing: str = "high") -> Client:
    """Return the browser of a person who is signed in."""
    client = Client()
    with scope(SYSTEM):
        account = Account.objects.open(
            email=f"{person}@example.org",
            display_name="Megan Ashdown",
            person_id=person,
            proofing=proofing,
        )
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    auth.login(request, account, backend=backends.PATH)
    record_authentication(request, account, "demo")
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def journal(person: UUID) -> tuple[exchange.JournalLine, ...]:
    return exchange.who_looked(Acting(actor=f"person:{person}", person_id=person)).lines


def html(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def read(client: Client, couple: str = "no") -> None:
    """Have the registers read, and say who else is there."""
    assert client.post(f"{BASE}/registers")["Location"] == f"{BASE}/household"
    assert client.post(f"{BASE}/household", {"couple": couple}).status_code == 302


@pytest.fixture
def megan() -> UUID:
    return known(MEGAN)


def test_the_choice_says_which_registers_and_nothing_is_read_before_it(megan: UUID) -> None:
    client = signed_in(megan)
    start = html(client, BASE)
    assert CHOICE in start and "Answer everything myself" in start
    assert "the population register and the income register" in start
    assert "Who looked at my data" in start
    html(client, f"{BASE}/household")
    assert journal(megan) == ()


def test_signed_out_there_is_no_choice_and_no_reading() -> None:
    visitor = Client()
    start = html(visitor, BASE)
    assert CHOICE not in start and "registers" not in start
    answer = visitor.post(f"{BASE}/registers")
    assert answer.status_code in (302, 403)
    assert "household" not in answer.get("Location", "")
    assert visitor.get(f"{BASE}/result")["Location"] == BASE


def test_what_registers_know_is_told_with_its_source_and_not_asked_again(megan: UUID) -> None:
    client = signed_in(megan)
    client.post(f"{BASE}/registers")
    family = html(client, f"{BASE}/household")
    assert "1 child" in family and "born on 9 May 2020" in family
    assert "From the population register, today" in family
    assert 'name="children"' not in family
    onwards = client.post(f"{BASE}/household", {"couple": "no"})["Location"]
    assert onwards == f"{BASE}/home"
    you = html(client, f"{BASE}/you")
    assert "14 March 1991" in you and "From the population register" in you
    assert "date_of_birth.day" not in you, "a fact is no field of the form"
    assert 'name="person.0.is_resident_for_benefits"' in you
    home = html(client, f"{BASE}/home")
    assert "South West" in home and 'name="household.0.region"' not in home
    money = html(client, f"{BASE}/money")
    assert "£31,392.00 a year" in money and "From the income register" in money
    assert 'value="person.0.employment_income"' not in money
    assert 'value="person.0.savings_interest"' in money, "no report of last year: it is asked"
    result = html(client, f"{BASE}/result")
    summary = result[result.index('id="answers"') :]
    assert summary.count("From the population register, today") >= 3
    assert "Children: From the population register" in summary
    assert "What the registers said and what you answered stays with us" in summary


def test_each_reading_has_a_line_for_its_purpose_and_no_right_is_left(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    html(client, f"{BASE}/result")
    lines = journal(megan)
    assert {(line.register, line.outcome) for line in lines} == {
        ("population", "found"),
        ("income", "found"),
        ("income", "none"),
    }
    for line in lines:
        assert line.purpose == "To work out what you can get, because you asked for it"
        assert line.legal_basis.startswith("Your consent")
        assert (line.service_no, line.who) == (None, "self")
        assert line.case_id is not None
        me = Acting(actor=f"person:{megan}", person_id=megan)
        left = exchange.revoke_tickets(me, person_id=megan, case_id=line.case_id, service_no=None)
        assert left == 0, "the ticket ended with the reading"
    looked = html(client, "/me/looked")
    assert "To work out what you can get, because you asked for it" in looked


def test_nothing_that_a_register_said_lies_in_the_browser(megan: UUID) -> None:
    client = signed_in(megan)
    client.post(f"{BASE}/household", {"couple": "no", "children": "0"})
    assert client.cookies[COOKIE].value
    read(client)
    client.post(f"{BASE}/you", {"person.0.is_resident_for_benefits": "yes"})
    assert not client.cookies[COOKIE].value


def test_a_fact_can_be_corrected_for_this_calculation_and_taken_again(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    pay = "person.0.employment_income"
    row = f'href="{BASE}/details?change={pay}"'
    assert row in html(client, f"{BASE}/money")
    form = html(client, f"{BASE}/details?change={pay}")
    assert f'name="{pay}"' in form and f'name="change" value="{pay}"' in form
    assert 'value="31392' not in form and "£31,392.00 a year" in form
    sent = {pay: "-1", f"{pay}.per": "month", "change": pay}
    assert client.post(f"{BASE}/details", sent).status_code == 422
    client.post(f"{BASE}/details", sent | {pay: "100"})
    result = html(client, f"{BASE}/result")
    assert "£100.00 a month" in result
    assert "You changed it for this calculation. The income register says: £31,392.00" in result
    details = html(client, f"{BASE}/details")
    assert "£31,392.00 a year" in details and "Take what the register says" in details
    client.post(f"{BASE}/details", {"_registered": pay})
    assert "£31,392.00 a year" in html(client, f"{BASE}/result")


def test_without_asking_to_change_it_a_form_cannot_put_a_fact_in_its_place(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    born = "person.0.date_of_birth"
    forged = {f"{born}.day": "1", f"{born}.month": "1", f"{born}.year": "1940"}
    client.post(f"{BASE}/you", {"person.0.is_resident_for_benefits": "yes", **forged})
    result = html(client, f"{BASE}/result")
    assert "14 March 1991" in result and "1940" not in result


def test_another_number_of_children_can_be_said(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    form = html(client, f"{BASE}/household?change=children")
    assert re.search(r'name="children"[^>]*value=""', form), "a fact is no field, to be sent back"
    client.post(f"{BASE}/household", {"couple": "no", "children": "2"})
    children = html(client, f"{BASE}/children")
    assert "9 May 2020" in children and 'name="person.2.date_of_birth.day"' in children
    assert "Children: From" not in html(client, f"{BASE}/result")
    assert 'name="children"' in html(client, f"{BASE}/household"), "it is no longer the register's"


def test_a_register_that_is_down_is_named_and_its_questions_are_asked(megan: UUID) -> None:
    registers.set_available(SYSTEM, register="income", available=False)
    client = signed_in(megan)
    read(client)
    for path in ("household", "result"):
        page = html(client, f"{BASE}/{path}")
        assert "The income register does not answer at the moment" in page
        assert "So we ask you instead." in page
    assert 'value="person.0.employment_income"' in html(client, f"{BASE}/money")
    assert {line.outcome for line in journal(megan)} == {"found", "unavailable"}


def test_a_register_without_an_entry_leaves_everything_to_ask() -> None:
    nobody = known({})
    client = signed_in(nobody)
    client.post(f"{BASE}/registers")
    page = html(client, f"{BASE}/household")
    assert "The population register has no entry about you" in page
    assert 'name="children"' in page, "that no register knows a child is no zero"


def test_a_restriction_of_processing_refuses_and_is_told(megan: UUID) -> None:
    registers.restrict(SYSTEM, person_id=megan, reason="contested")
    client = signed_in(megan)
    client.post(f"{BASE}/registers")
    assert "The population register may not tell us this" in html(client, f"{BASE}/household")
    assert {line.outcome for line in journal(megan)} == {"refused"}


def test_a_weak_sign_in_reads_nothing(megan: UUID) -> None:
    client = signed_in(megan, proofing="low")
    answer = client.post(f"{BASE}/registers")
    assert "next=%2Fwhat-can-i-get%2Fregisters" in answer["Location"]
    assert journal(megan) == ()
    assert client.get(f"{BASE}/registers")["Location"] == BASE


def test_signing_out_or_clearing_forgets_what_was_read(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    client.post(f"{BASE}/clear")
    assert client.get(f"{BASE}/result")["Location"] == BASE
    assert CHOICE in html(client, BASE), "the choice is there again"
    read(client)
    client.logout()
    assert client.get(f"{BASE}/result")["Location"] == BASE


def test_somebody_else_in_the_same_browser_sees_nothing_of_it(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    session = client.session
    other = signed_in(known({}))
    planted = other.session
    planted["portal_entitlements"] = session["portal_entitlements"]
    planted.save()
    assert other.get(f"{BASE}/result")["Location"] == BASE
    assert CHOICE in html(other, BASE)


def test_own_answers_given_before_are_kept_and_go_on(megan: UUID) -> None:
    client = signed_in(megan)
    client.post(f"{BASE}/household", {"couple": "no", "children": "0"})
    said = {"household.0.region": "wales", "household.0.tenure": "owned", "family.0.rent": "0"}
    client.post(f"{BASE}/home", said)
    read(client)
    result = html(client, f"{BASE}/result")
    assert "9 May 2020" in result
    assert "Wales" in result, "what the person said wins over the register"


def test_a_claim_reads_the_registers_itself(megan: UUID) -> None:
    client = signed_in(megan)
    read(client)
    answer = client.post(f"{BASE}/claim/child-benefit")
    assert answer["Location"].startswith("/apply/")
    assert len(journal(megan)) > 3


def test_the_choice_is_there_in_welsh(megan: UUID) -> None:
    client = signed_in(megan)
    client.post("/preferences", {"language": "cy", "next": BASE})
    start = html(client, BASE)
    assert CHOICE not in start and "cofrestr y boblogaeth" in start
    assert "Answer everything myself" not in start
