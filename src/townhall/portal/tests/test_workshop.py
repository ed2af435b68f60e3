"""The workshop says by whom a version was published, by name."""

from __future__ import annotations

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity import backends
from townhall.identity import operations as identity
from townhall.identity.models import Account

pytestmark = pytest.mark.django_db


def test_whoever_published_a_version_is_named(client: Client) -> None:
    catalogue.forget()
    catalogue.load_packs()
    with scope(SYSTEM):
        account = Account.objects.open(email="helen@wrenford.example", display_name="Helen Voss")
        identity.grant_role(SYSTEM, account_id=account.id, role="catalogue.owner", agency="borough")
    owner = Acting(
        actor=f"officer:{account.id}", name="Helen Voss", roles=frozenset({"catalogue.owner"})
    )
    text = catalogue.live("towing-rules").source.replace("version: 1", "version: 2", 1)
    catalogue.publish(text=text, filename="towing-rules.yaml", acting=owner)
    client.force_login(account, backend=backends.PATH)
    html = client.get("/owner/towing-rules").content.decode()
    assert "<td>Helen Voss</td>" in html
    assert owner.actor not in html
