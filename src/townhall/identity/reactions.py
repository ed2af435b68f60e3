"""What this room does when Django or allauth say that somebody signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from townhall.foundation import events
from townhall.foundation.acting import ANONYMOUS
from townhall.foundation.database.scope import scope
from townhall.identity import context, signals
from townhall.identity.models import Account


def connect() -> None:
    """Listen from now on; called once, when Django is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="identity.signed_in")


def _signed_in(*, request: HttpRequest | None, user: Account, **_: Any) -> None:
    if request is None:
        return
    before = getattr(request, "_acting", None) or ANONYMOUS
    context.forget(request)
    acting = context.acting_of(request)
    request.acting = acting  # type: ignore[attr-defined]
    with scope(acting):
        events.record(
            "identity.signed_in", subject=user.id, person_id=acting.person_id, acting=acting
        )
    signals.signed_in.send(sender=Account, request=request, acting=acting, before=before)
