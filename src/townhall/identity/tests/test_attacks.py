"""What strangers try at the account pages. Each attempt must come to nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import URLPattern

from townhall.foundation.acting import SYSTEM, Acting
from townhall.identity import operations as identity
from townhall.identity import urls
from townhall.identity.models import Account, RoleGrant

PASSWORD = "otter lantern gravel nine"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def mair() -> Account:
    return Account.objects.open(
        email="mair@example.org", display_name="Mair Pugh", password=PASSWORD
    )


@pytest.fixture
def signed_in(client: Client, mair: Account) -> Client:
    answer = client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def actor(client: Client) -> str:
    """Who the pages take this browser for."""
    return "nobody" if client.get("/account/").status_code == 302 else "somebody"


# --- sessions


def test_a_session_key_given_to_somebody_is_worthless_once_they_sign_in(
    client: Client, mair: Account
) -> None:
    client.get("/account/login/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    planted = client.cookies["sessionid"].value
    client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert actor(attacker) == "nobody"


def test_an_invented_session_key_is_not_taken_over(client: Client, mair: Account) -> None:
    client.cookies["sessionid"] = "a" * 32
    client.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != "a" * 32


def test_signing_out_everywhere_ends_every_session_also_this_one(
    signed_in: Client, mair: Account
) -> None:
    other = Client()
    other.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    assert actor(other) == "somebody"
    signed_in.post("/account/devices/end/")
    assert (actor(other), actor(signed_in)) == ("nobody", "nobody")


def test_a_session_that_no_list_knows_ends_too(signed_in: Client, mair: Account) -> None:
    from allauth.usersessions.models import UserSession

    other = Client()
    other.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    UserSession.objects.all().delete()
    signed_in.post("/account/devices/end/")
    assert actor(other) == "nobody"


def test_a_new_password_ends_other_sessions_and_keeps_this_one(
    signed_in: Client, mair: Account
) -> None:
    other = Client()
    other.post("/account/login/", {"login": mair.email, "password": PASSWORD})
    answer = signed_in.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "quarry velvet eleven moth"},
    )
    assert answer.status_code == 302
    assert (actor(other), actor(signed_in)) == ("nobody", "somebody")


def test_removing_a_passkey_ends_other_sessions(signed_in: Client, mair: Account) -> None:
    passkey = Authenticator.objects.create(user=mair, type="webauthn", data={"name": "stolen"})
    other = Client()
    other.force_login(mair)
    assert signed_in.post(f"/account/passkeys/{passkey.pk}/remove/").status_code == 302
    assert (actor(other), actor(signed_in)) == ("nobody", "somebody")


def test_one_device_is_signed_out_by_its_owner_and_by_nobody_else(
    signed_in: Client, mair: Account
) -> None:
    from allauth.usersessions.models import UserSession

    Account.objects.open(email="eve@example.org", password=PASSWORD)
    eve = Client()
    eve.post("/account/login/", {"login": "eve@example.org", "password": PASSWORD})
    session = UserSession.objects.get(user=mair)
    assert eve.post(f"/account/devices/{session.pk}/end/").status_code == 404
    assert actor(signed_in) == "somebody"


def test_an_account_that_was_closed_is_out_at_once(signed_in: Client, mair: Account) -> None:
    Account.objects.filter(pk=mair.pk).update(is_active=False)
    assert actor(signed_in) == "nobody"


def test_what_matters_asks_again_when_the_sign_in_is_old(signed_in: Client, mair: Account) -> None:
    passkey = Authenticator.objects.create(user=mair, type="webauthn", data={"name": "mine"})
    session = signed_in.session
    for method in session["account_authentication_methods"]:
        method["at"] = time.time() - 301
    session.save()
    for page in (f"passkeys/{passkey.pk}/remove/", "passkeys/add/", "codes/new/"):
        answer = signed_in.post(f"/account/{page}")
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/account/again/"), page
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


# --- where one is sent

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "http:evil.example",
    "http:///evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "http://localhost@evil.example/",
    "http://testserver.evil.example/",
    "http://testserver/",
    "ftp://testserver/",
    " https://evil.example",
    "%2f%2fevil.example",
    "evil.example",
    "?next=//evil.example",
    "/\u202eevil",
    "/\x00//evil.example",
    "//testserver@evil.example",
    "/%5cevil.example\\",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_out_of_the_house(
    client: Client, mair: Account, target: str
) -> None:
    answer = client.post(
        "/account/login/", {"login": mair.email, "password": PASSWORD, "next": target}
    )
    if answer.status_code == 302:
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))
        assert "evil" not in answer["Location"] or answer["Location"].startswith("/%5cevil")
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_no_other_account_page_leads_out_either(client: Client, mair: Account, target: str) -> None:
    query = {"next": target}
    pages = [
        client.get("/account/login/", query),
        client.get("/account/signup/", query),
        client.get("/account/signup/passkey/", query),
        client.get("/account/recover/", query),
        client.post("/account/logout/", query),
        client.post(
            "/account/signup/",
            {"name": "Eve", "email": "eve@example.org", "password1": PASSWORD, **query},
        ),
        client.get("/account/codes/", query),
        client.post("/account/again/", {"password": PASSWORD, **query}),
    ]
    for page in pages:
        assert "evil.example" not in page.headers.get("Location", "")
        assert b'href="https://evil' not in page.content
        assert b'href="//evil' not in page.content
        assert b'href="/\\evil' not in page.content


def test_where_one_was_going_is_kept(client: Client, mair: Account) -> None:
    answer = client.post(
        "/account/login/?next=/apply/0190/plate%3Fa=1",
        {"login": mair.email, "password": PASSWORD},
    )
    assert answer["Location"] == "/apply/0190/plate?a=1"


# --- forged requests


def routes() -> list[str]:
    found = []
    for route in urls.urlpatterns:
        assert isinstance(route, URLPattern)
        path = str(route.pattern)
        for name in ("<int:passkey>", "<int:session>"):
            path = path.replace(name, "1")
        found.append("/account/" + path.replace("<str:key>", "mair"))
    return sorted(set(found))


@pytest.mark.parametrize("path", routes())
def test_a_forged_request_changes_nothing(path: str, mair: Account) -> None:
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(mair)
    answer = forger.post(path, {"login": mair.email, "password": PASSWORD, "key": "mair"})
    assert answer.status_code == 403, path
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(path, {"login": mair.email, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("path", routes())
def test_every_page_of_somebody_signed_in_is_kept_out_of_caches(
    path: str, signed_in: Client
) -> None:
    answer = signed_in.get(path)
    if answer.status_code == 200:
        assert "no-store" in answer["Cache-Control"], path


def test_a_link_does_not_sign_out(signed_in: Client) -> None:
    assert signed_in.get("/account/logout/").status_code == 200
    assert signed_in.get("/account/devices/end/").status_code == 405
    assert actor(signed_in) == "somebody"


# --- guessing


def test_guessing_a_password_is_stopped_whether_or_not_the_account_exists(
    client: Client, mair: Account
) -> None:
    for email in (mair.email, "nobody@example.org"):
        cache.clear()
        statuses = [
            client.post(
                "/account/login/", {"login": email, "password": f"guess number {number}"}
            ).status_code
            for number in range(8)
        ]
        assert statuses == [422] * 5 + [429] * 3
        # Not even the right one is looked at now.
        answer = client.post("/account/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 429
    assert actor(client) == "nobody"


def test_the_limit_holds_over_many_addresses_of_accounts(client: Client, mair: Account) -> None:
    statuses = [
        client.post(
            "/account/login/", {"login": f"a{number}@example.org", "password": PASSWORD}
        ).status_code
        for number in range(24)
    ]
    assert statuses[:20] == [422] * 20
    assert set(statuses[20:]) == {429}


def test_the_address_of_the_client_cannot_be_made_up(client: Client, mair: Account) -> None:
    statuses = [
        client.post(
            "/account/login/",
            {"login": f"a{number}@example.org", "password": PASSWORD},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}"},
        ).status_code
        for number in range(24)
    ]
    assert set(statuses[20:]) == {429}


def test_guessing_a_recovery_code_is_stopped(client: Client, mair: Account) -> None:
    for email in (mair.email, "nobody@example.org"):
        cache.clear()
        statuses = [
            client.post("/account/recover/", {"email": email, "code": f"{number:010}"}).status_code
            for number in range(8)
        ]
        assert statuses == [422] * 5 + [429] * 3


def test_signing_up_in_bulk_is_stopped(client: Client) -> None:
    statuses = []
    for number in range(24):
        statuses.append(
            Client()
            .post("/account/signup/passkey/", {"name": "Bot", "email": f"b{number}@example.org"})
            .status_code
        )
    assert set(statuses[:20]) == {302}
    assert set(statuses[20:]) == {429}


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(
    client: Client, mair: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)

        def counted(self: Any, *given: Any, real: Any = real, name: str = name) -> Any:
            hashed.append(name)
            return real(self, *given)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    costs = []
    for email in (mair.email, "nobody@example.org"):
        hashed.clear()
        client.post("/account/login/", {"login": email, "password": "guess guess guess"})
        costs.append(len(hashed))
    assert costs == [1, 1]


def test_a_wrong_password_and_an_unknown_address_read_the_same(
    client: Client, mair: Account
) -> None:
    pages = [
        client.post("/account/login/", {"login": email, "password": "guess guess guess"})
        .content.decode()
        .replace(email, "")
        for email in (mair.email, "nobody@example.org")
    ]
    without_tokens = [
        "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
        for page in pages
    ]
    assert without_tokens[0] == without_tokens[1]


def test_passwords_are_kept_as_argon2id(mair: Account) -> None:
    assert mair.password.startswith("argon2$argon2id$")


# --- hostile input

HOSTILE = [
    "\x00",
    "a\x00b",
    "\ud7ff\uffff",
    "<script>alert(1)</script>",
    "{{7919*7907}}{%x%}",
    "' OR 1=1 --",
    "\u202e",
    "x" * 100_000,
    "",
    " " * 50,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_refused_in_words(client: Client, mair: Account, text: str) -> None:
    posts = [
        ("/account/login/", {"login": text, "password": text, "next": text}),
        ("/account/login/", {"login": mair.email, "password": text}),
        ("/account/signup/", {"name": text, "email": text, "password1": text}),
        ("/account/signup/", {"name": text, "email": "n@example.org", "password1": "short"}),
        ("/account/signup/passkey/", {"name": text, "email": text}),
        ("/account/recover/", {"email": text, "code": text}),
        ("/account/recover/", {"email": mair.email, "code": text}),
        ("/account/login/passkey/", {"credential": text}),
    ]
    for path, data in posts:
        cache.clear()
        answer = client.post(path, data)
        assert answer.status_code in (302, 400, 422), (path, data)
        assert b"<script>alert" not in answer.content
        assert b"62615533" not in answer.content, "nothing that people type is computed"
        if answer.status_code == 302:
            assert answer["Location"].startswith("/account/"), path
    assert not Account.objects.exclude(pk=mair.pk).exists()


def test_a_name_with_markup_is_shown_as_it_is_written(client: Client) -> None:
    client.post(
        "/account/signup/",
        {"name": "<b>Eve</b>", "email": "eve@example.org", "password1": PASSWORD},
    )
    page = client.get("/account/")
    assert b"&lt;b&gt;Eve&lt;/b&gt;" in page.content
    assert b"<b>Eve</b>" not in page.content


@pytest.mark.parametrize(
    "credential",
    [
        "null",
        "[]",
        "{}",
        '"x"',
        "1",
        '{"id": "\\u0000"}',
        '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
        '{"response": {"userHandle": "AAAA"}}',
        '{"response": {"userHandle": null}}',
        '{"response": []}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "eA",'
        ' "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30",'
        ' "attestationObject": "oA"}}',
    ],
)
def test_a_credential_made_up_by_hand_signs_nobody_in_and_adds_nothing(
    signed_in: Client, client: Client, credential: str
) -> None:
    stranger = Client()
    stranger.get("/account/login/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    answer = stranger.post("/account/login/passkey/", {"credential": credential})
    assert answer.status_code == 302
    assert actor(stranger) == "nobody"
    signed_in.get("/account/passkeys/add/")
    assert signed_in.post("/account/passkeys/add/", {"credential": credential}).status_code == 422
    stranger.post("/account/signup/passkey/", {"name": "Eve", "email": "eve@example.org"})
    stranger.get("/account/signup/passkey/create/")
    answer = stranger.post("/account/signup/passkey/create/", {"credential": credential})
    assert answer.status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 0
    assert not Account.objects.filter(email="eve@example.org").exists()


def test_somebody_elses_passkey_can_be_neither_renamed_nor_removed(
    signed_in: Client, mair: Account
) -> None:
    eve = Account.objects.open(email="eve@example.org", password=PASSWORD)
    passkey = Authenticator.objects.create(user=eve, type="webauthn", data={"name": "Eve's"})
    for page in ("rename", "remove"):
        for method in (signed_in.get, signed_in.post):
            answer = method(f"/account/passkeys/{passkey.pk}/{page}/", {"name": "Mine"})
            assert answer.status_code == 404
    passkey.refresh_from_db()
    assert passkey.data["name"] == "Eve's"


def test_recovery_codes_are_not_readable_in_the_database(client: Client) -> None:
    client.post(
        "/account/signup/",
        {"name": "Mair", "email": "mair@example.org", "password1": PASSWORD},
    )
    row = Authenticator.objects.get(type="recovery_codes")
    codes = row.wrap().generate_codes()
    assert len(set(codes)) == 10
    assert not any(code in str(row.data) for code in codes)
    assert len(row.data["seed"]) > 100


# --- roles


def test_nobody_gives_themselves_a_role(mair: Account) -> None:
    for acting in (
        Acting(actor="anonymous"),
        Acting(actor=f"person:{mair.person_id}", person_id=mair.person_id),
        Acting(actor=f"officer:{mair.id}", roles=frozenset({"permits.officer"})),
    ):
        with pytest.raises(identity.NotAllowed):
            identity.grant_role(
                acting, account_id=mair.id, role="permits.officer", agency="transport"
            )
    assert not RoleGrant.objects.exists()


def test_roles_cannot_be_written_outside_of_the_systems_scope(mair: Account) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        RoleGrant.objects.create(account=mair, role="a", agency="b", granted_by="me")
    identity.grant_role(SYSTEM, account_id=mair.id, role="permits.officer", agency="transport")
    assert RoleGrant.objects.update(role="administrator") == 0
    for table in ("identity_role_grant", "identity_account"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            with connections["default"].cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")
