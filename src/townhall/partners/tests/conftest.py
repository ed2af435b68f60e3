"""A town hall with its services, and a partner with a token."""

from __future__ import annotations

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM
from townhall.partners import api, limits, operations


@pytest.fixture
def services(db: None) -> None:
    """Every service of the pack, published."""
    catalogue.forget()
    catalogue.load_packs()


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with full buckets."""
    monkeypatch.setattr(api, "_limiter", limits.Limiter())


@pytest.fixture
def token(services: None) -> str:
    """A token of the partner `wrenford-housing` that may apply for anything."""
    issued = operations.issue_token(
        acting=SYSTEM, partner="wrenford-housing", name="Wrenford Housing"
    )
    return issued.secret


@pytest.fixture
def partner(client: Client, token: str) -> Client:
    """A client that sends the token."""
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
