"""What this room does when Django or allauth say that something happened."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.signals import password_changed, password_set, user_signed_up
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from townhall.foundation.acting import ANONYMOUS
from townhall.identity import context, sessions, signals
from townhall.identity.models import Account
from townhall.identity.telling import tell


def connect() -> None:
    """Listen from now on; called once, when Django is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="identity.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="identity.signed_out")
    user_signed_up.connect(_signed_up, dispatch_uid="identity.signed_up")
    for signal in (password_changed, password_set):
        signal.connect(_password_changed, dispatch_uid="identity.password_changed")


def _signed_in(*, request: HttpRequest | None, user: Account, **_: Any) -> None:
    if not hasattr(request, "user"):
        # Not the request of a page: a program or a test made the session.
        return
    before = getattr(request, "_acting", None) or ANONYMOUS
    context.forget(request)
    _count_as_reauthentication(request)
    acting = context.acting_of(request)
    sessions.note(request)
    tell(request, "identity.signed_in", user, {"assurance": acting.assurance})
    signals.signed_in.send(sender=Account, request=request, acting=acting, before=before)


def _count_as_reauthentication(request: HttpRequest) -> None:
    """Do not ask again, for a while, who has just shown it."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    if methods:
        methods[-1]["reauthenticated"] = True
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = methods


def _signed_out(*, request: HttpRequest, **_: Any) -> None:
    context.forget(request)


def _signed_up(*, request: HttpRequest, user: Account, **_: Any) -> None:
    if not get_authentication_records(request, user):
        # allauth notes a sign-in with the new password, but not the sign-up with it.
        record_authentication(request, user, "password")
    tell(request, "identity.account_opened", user)


def _password_changed(*, request: HttpRequest, user: Account, **_: Any) -> None:
    tell(request, "identity.password_changed", user)
    sessions.end_others(request, account=user)
