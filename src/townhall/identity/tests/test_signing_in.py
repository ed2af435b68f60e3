"""The ways in, and what people try instead."""

from __future__ import annotations

import pytest
from django.test import Client

from townhall.identity import operations as identity
from townhall.identity.models import Account

pytestmark = pytest.mark.django_db

PASSWORD = "otter lantern gravel nine"


@pytest.fixture
def mair() -> Account:
    return Account.objects.open(
        email="mair@example.org", display_name="Mair Pugh", password=PASSWORD
    )


def test_every_page_of_the_way_in_is_shown(client: Client) -> None:
    for page in ("login/", "signup/", "signup/passkey/", "recover/"):
        assert client.get(f"/account/{page}").status_code == 200, page


def test_signing_up_makes_an_account_and_shows_recovery_codes_once(client: Client) -> None:
    answer = client.post(
        "/account/signup/?next=/apply/x",
        {"name": "Mair Pugh", "email": "Mair@Example.org", "password1": PASSWORD},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/account/codes/?next=%2Fapply%2Fx"
    account = identity.account_for_email("MAIR@example.org")
    assert account.display_name == "Mair Pugh"
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    assert b"/apply/x" in shown.content
    assert b"They are shown only now" in shown.content
    assert b"They are shown only now" not in client.get(answer["Location"]).content
    assert client.get("/account/").status_code == 200
