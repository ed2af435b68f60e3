"""Events of this room: what happened to an account, and who did it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from townhall.foundation import events
from townhall.foundation.database.scope import scope
from townhall.identity.context import acting_of
from townhall.identity.models import Account


def tell(
    request: HttpRequest, kind: str, account: Account, payload: dict[str, Any] | None = None
) -> None:
    """Record that something happened to an account, in the open transaction or its own."""
    acting = acting_of(request)
    with scope(acting):
        events.record(
            kind,
            subject=account.id,
            # An officer's working account is nobody's own row.
            person_id=None if account.is_officer else account.person_id,
            acting=acting,
            payload=payload,
        )
