"""One-click sign-in: handy in a demo, impossible elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM, Acting
from townhall.identity import operations as identity
from townhall.identity.models import Account
from townhall.identity.operations import DemoPerson

pytestmark = pytest.mark.django_db

RESIDENT = uuid.uuid4()
PEOPLE = [
    DemoPerson("isla", "Isla Fenwick", roles=[("permits.officer", "transport")]),
    DemoPerson("megan", "Megan Ashdown", RESIDENT, {"en": "Mother of two", "cy": "Mam i ddau"}),
]
PRODUCTION = {
    "TOWNHALL_PROFILE": "production",
    "TOWNHALL_SECRET_KEY": "k" * 60,
    "TOWNHALL_BASE_URL": "https://hall.example",
    "TOWNHALL_HOSTS": "hall.example",
}


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TOWNHALL_PROFILE", "demo")
    configuration.current.cache_clear()
    yield
    monkeypatch.undo()
    configuration.current.cache_clear()


@pytest.fixture
def loaded(demo: None) -> None:
    assert identity.load_demo_accounts(SYSTEM, people=PEOPLE) == 2


def in_profile(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    configuration.current.cache_clear()


def test_one_click_signs_in_as_a_resident(client: Client, loaded: None) -> None:
    page = client.get("/account/demo?next=/apply/x")
    assert page.status_code == 200
    assert b"Mother of two" in page.content
    answer = client.post("/account/demo/megan", {"next": "/apply/x"})
    assert answer["Location"] == "/apply/x"
    assert b"Megan Ashdown" in client.get("/account/").content


def test_one_click_takes_an_officer_to_the_worklist(client: Client, loaded: None) -> None:
    assert client.post("/account/demo/isla")["Location"] == "/officer/"


def test_a_link_alone_signs_nobody_in(client: Client, loaded: None) -> None:
    assert client.get("/account/demo/megan").status_code == 405
    assert client.get("/account/").status_code == 302


def test_nobody_else_can_be_signed_in_by_one_click(client: Client, loaded: None) -> None:
    Account.objects.open(email="mair@example.org", password="otter lantern gravel nine")
    for key in ("mair", "mair-example-org", "none"):
        assert client.post(f"/account/demo/{key}").status_code == 404


def test_changing_to_another_demo_person_leaves_nothing_of_the_first(
    client: Client, loaded: None
) -> None:
    client.post("/account/demo/megan")
    session = client.session
    session["something"] = "of Megan's"
    session.save()
    before = client.cookies["sessionid"].value
    client.post("/account/demo/isla")
    assert client.cookies["sessionid"].value != before
    assert "something" not in client.session


def test_demo_residents_are_proofed_so_that_every_service_can_be_tried(loaded: None) -> None:
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    acting = identity.sign_in_demo(request, key="megan")
    assert acting.actor == f"person:{RESIDENT}"
    assert (acting.person_id, acting.assurance) == (RESIDENT, "high")


@pytest.mark.parametrize("environment", [PRODUCTION, {"TOWNHALL_PROFILE": "test"}])
def test_outside_of_demo_mode_there_is_no_page_and_no_operation(
    client: Client,
    loaded: None,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
) -> None:
    """Even in a database that once was a demo and still has its accounts."""
    client.post("/account/demo/megan")
    in_profile(monkeypatch, environment)
    assert Account.objects.filter(demo_key="megan").exists()
    for answer in (
        client.get("/account/demo"),
        client.post("/account/demo/megan"),
        client.get("/account/demo/megan"),
    ):
        assert answer.status_code == 404
    # A demo session from before is over, too.
    assert client.get("/account/").status_code == 302
    with pytest.raises(identity.DemoDisabled):
        identity.demo_people()
    with pytest.raises(identity.DemoDisabled):
        identity.load_demo_accounts(SYSTEM, people=PEOPLE)
    with pytest.raises(identity.DemoDisabled):
        identity.sign_in_demo(RequestFactory().post("/"), key="megan")


def test_the_production_profile_is_never_a_demo() -> None:
    assert not configuration.read(PRODUCTION).demo
    assert not configuration.read(PRODUCTION | {"TOWNHALL_DEMO": "1", "DEMO": "1"}).demo


def test_a_demo_account_has_no_password(client: Client, loaded: None) -> None:
    for password in ("", "!", "megan", "demo"):
        answer = client.post(
            "/account/login/", {"login": "megan@demo.invalid", "password": password}
        )
        assert answer.status_code in (422, 429)


def test_loading_twice_changes_nothing(loaded: None) -> None:
    assert identity.load_demo_accounts(SYSTEM, people=PEOPLE) == 0
    assert [person.key for person in identity.demo_people()] == ["megan", "isla"]
    assert identity.demo_people()[1].roles == (("permits.officer", "transport"),)


def test_loading_is_for_the_system_only(demo: None) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        identity.load_demo_accounts(Acting(actor="anonymous"), people=PEOPLE)
