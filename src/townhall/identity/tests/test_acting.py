"""Who a request is taken for, and how surely."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity import context
from townhall.identity import operations as identity
from townhall.identity.backends import AccountBackend
from townhall.identity.models import Account, RoleGrant

pytestmark = pytest.mark.django_db

PASSWORD = "otter lantern gravel nine"


@pytest.fixture
def mair() -> Account:
    return Account.objects.open(
        email="mair@example.org", display_name="Mair Pugh", password=PASSWORD
    )


def request_of(account: Account | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = account
    return request


def again(account: Account) -> Account:
    """The account as the next request finds it."""
    found = AccountBackend().get_user(account.pk)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("proofing", "methods", "level"),
    [
        ("low", [], "low"),
        ("high", [], "low"),
        ("high", [{"method": "password"}], "low"),
        ("high", [{"method": "recovery_code"}], "low"),
        ("high", [{"method": "mfa", "type": "recovery_codes"}], "low"),
        ("high", [{"method": "mfa", "type": "webauthn"}], "substantial"),
        ("low", [{"method": "mfa", "type": "webauthn"}], "low"),
        ("substantial", [{"method": "password"}, {"method": "mfa", "type": "webauthn"}],
         "substantial"),
        ("high", [{"method": "demo"}], "high"),
        ("substantial", [{"method": "demo"}], "substantial"),
    ],
)  # fmt: skip
def test_the_level_is_the_lesser_of_proofing_and_sign_in(
    proofing: str, methods: list[dict[str, Any]], level: str
) -> None:
    assert context.assurance(proofing, methods) == level


def test_somebody_not_signed_in_is_nobody() -> None:
    acting = identity.acting_of(request_of(AnonymousUser()))
    assert (acting.actor, acting.person_id, acting.assurance) == ("anonymous", None, "none")
    assert not acting.system


def test_an_account_acts_for_its_own_person(mair: Account) -> None:
    acting = identity.acting_of(request_of(again(mair)))
    assert acting.actor == f"person:{mair.person_id}"
    assert acting.person_id == mair.person_id
    assert (acting.roles, acting.services, acting.agency) == (frozenset(), (), "")


def test_a_working_account_acts_for_its_agency_and_sees_no_person(mair: Account) -> None:
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.officer", agency="transport")
    acting = identity.acting_of(request_of(again(mair)))
    assert acting.actor == f"officer:{mair.id}"
    assert acting.person_id is None
    assert (acting.roles, acting.agency) == (frozenset({"permits.officer"}), "transport")


def test_a_revoked_role_has_no_effect_a_moment_longer(mair: Account) -> None:
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.officer", agency="transport")
    assert identity.revoke_role(
        SYSTEM, account_id=mair.id, role="permits.officer", agency="transport"
    )
    assert not identity.acting_of(request_of(again(mair))).roles
    assert not identity.revoke_role(
        SYSTEM, account_id=mair.id, role="permits.officer", agency="transport"
    )
    kept = RoleGrant.objects.get()
    assert kept.revoked_by == "system"


def test_an_administrator_gives_roles_and_is_named(mair: Account) -> None:
    boss = Acting(actor="officer:boss", roles=frozenset({"administrator"}))
    identity.grant_role(boss, account_id=mair.id, role="permits.officer", agency="transport")
    assert RoleGrant.objects.get().granted_by == "officer:boss"


def test_the_account_of_a_session_comes_with_its_roles_in_one_query(
    mair: Account, django_assert_num_queries: Any
) -> None:
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.senior", agency="transport")
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.officer", agency="transport")
    with django_assert_num_queries(1):
        assert again(mair).grants == (
            ("permits.officer", "transport"),
            ("permits.senior", "transport"),
        )


def test_other_rooms_hear_of_a_sign_in_inside_its_request(client: Client, mair: Account) -> None:
    heard: list[tuple[str, str]] = []

    @receiver(identity.signed_in)
    def hear(*, request: HttpRequest, acting: Acting, before: Acting, **_: Any) -> None:
        assert request.acting.actor == acting.actor
        heard.append((before.actor, acting.actor))

    client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert heard == [("anonymous", f"person:{mair.person_id}")]


def test_what_an_anonymous_visitor_had_in_the_session_survives_signing_in(
    client: Client, mair: Account
) -> None:
    client.get("/account/login/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    session = client.session
    session["draft"] = "token"
    session.save()
    client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert client.session["draft"] == "token"


def test_what_happened_to_an_account_is_remembered_and_told_by_mail(
    client: Client, mair: Account, mailoutbox: list[Any]
) -> None:
    from townhall.foundation import events, jobs

    client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "quarry velvet eleven moth"},
    )
    with scope(SYSTEM):
        kinds = [event.kind for event in events.history(subject=mair.id, person_id=mair.person_id)]
    assert kinds == ["identity.signed_in", "identity.password_changed"]
    jobs.run_due(limit=10)
    (message,) = mailoutbox
    assert message.to == [mair.email]
    assert "password of your account was changed" in message.body
    assert "velvet" not in message.body


def test_only_roles_of_the_pack_are_given(mair: Account) -> None:
    for role, agency, words in (
        ("permits.king", "", "no role 'permits.king'. It has: administrator"),
        ("permits.officer", "navy", "no agency 'navy'. It has: borough"),
    ):
        with pytest.raises(identity.UnknownRole, match=words):
            identity.grant_role(SYSTEM, account_id=mair.id, role=role, agency=agency)
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.officer")
    assert again(mair).grants == (("permits.officer", "transport"),)
    assert identity.revoke_role(SYSTEM, account_id=mair.id, role="permits.officer")


def test_a_private_and_a_working_account_lead_to_one_human_being(mair: Account) -> None:
    working = identity.open_account(
        SYSTEM, email="m.pugh@work.example", display_name="M. Pugh", person_id=mair.person_id
    )
    identity.grant_role(SYSTEM, account_id=working.id, role="permits.officer")
    officer = identity.acting_of(request_of(again(working)))
    private = identity.acting_of(request_of(again(mair)))
    assert identity.person_behind(officer.actor) == identity.person_behind(private.actor)
    assert identity.name_of(officer.actor) == "M. Pugh"
    assert identity.person_behind("partner:acme") is None


def test_a_visitor_without_a_session_costs_no_query_and_varies_by_nothing_of_ours(
    django_assert_num_queries: Any,
) -> None:
    from dataclasses import replace

    from django.http import HttpResponse

    from townhall.identity.middleware import ActingMiddleware

    seen: list[Acting] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(replace(request.acting, channel="counter"))
        return HttpResponse()

    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        ActingMiddleware(page)(request)
    assert [acting.actor for acting in seen] == ["anonymous"]


def test_whoever_is_signed_in_costs_two_queries_before_the_page_begins(
    client: Client, mair: Account, django_assert_num_queries: Any
) -> None:
    client.force_login(mair)
    with django_assert_num_queries(2):  # the session, and the account with its roles
        assert client.get("/healthz").status_code == 200


def test_a_session_that_has_expired_or_is_invented_belongs_to_nobody(
    client: Client, mair: Account
) -> None:
    client.force_login(mair)
    assert client.get("/account/").wsgi_request.acting.name == "Mair Pugh"
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/account/").wsgi_request.acting.actor == "anonymous"
    client.cookies["sessionid"] = "' OR true --"
    assert client.get("/account/").wsgi_request.acting.actor == "anonymous"
