"""From a request to the `Acting` that everything else is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records
from django.utils import translation

from townhall.foundation.acting import Acting
from townhall.identity.models import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest


def acting_of(request: HttpRequest) -> Acting:
    """Return who makes this request, worked out once and kept on it.

    A working account acts as officer of its agency and sees no person's own
    rows: what is private is done with a private account.
    """
    kept = getattr(request, "_acting", None)
    if kept is None:
        kept = request._acting = _work_out(request)  # type: ignore[attr-defined]
    return kept


def forget(request: HttpRequest) -> None:
    """Work out anew who acts, after the account or its session changed."""
    request._acting = None  # type: ignore[attr-defined]
    request.acting = acting_of(request)  # type: ignore[attr-defined]


def assurance(proofing: str, methods: Iterable[Mapping[str, Any]]) -> str:
    """Return the level of a session: the lesser of proofing and strength of sign-in.

    A password is one factor, and so is a recovery code (low). A passkey with user
    verification is two (substantial; NIST SP 800-63B AAL2). A demo sign-in shows
    whatever level the invented person has.
    """
    strength = "low"
    for method in methods:
        if method.get("method") == "demo":
            strength = "high"
        elif (method.get("method"), method.get("type")) == ("mfa", "webauthn"):
            strength = max(strength, "substantial", key=LEVELS.index)
    return min(proofing, strength, key=LEVELS.index)


def _work_out(request: HttpRequest) -> Acting:
    language = translation.get_language() or "en"
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return Acting(actor="anonymous", language=language)
    level = assurance(account.proofing, get_authentication_records(request, account))
    if not account.grants:
        return Acting(
            actor=f"person:{account.person_id}",
            name=str(account),
            person_id=account.person_id,
            assurance=level,
            language=language,
        )
    from townhall.catalogue import operations as catalogue

    roles = frozenset(role for role, _ in account.grants)
    return Acting(
        actor=f"officer:{account.id}",
        name=str(account),
        assurance=level,
        roles=roles,
        services=tuple(catalogue.services_for_roles(roles)),
        language=language,
        agency=account.grants[0][1],
    )
