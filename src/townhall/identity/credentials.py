"""Passkeys and recovery codes of an account: what it signs in with, and what is left when lost.

WebAuthn itself is allauth's and fido2's work; here is what may be done with it.
Every passkey is discoverable and verifies its user, so that it signs in alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from townhall.foundation import settings as configuration
from townhall.identity import sessions
from townhall.identity.models import Account
from townhall.identity.telling import tell

MOST_PASSKEYS = 20
NAME_LENGTH = 60


class PasskeyRefused(Exception):
    """The browser's answer is not a passkey for this account, or not for this attempt."""


class TooManyPasskeys(Exception):
    """An account has at most `MOST_PASSKEYS` passkeys."""


class LastWayIn(Exception):
    """Without this passkey the account could not be signed in to any more."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


def passkeys_possible(request: HttpRequest) -> bool:
    """Say whether a browser allows passkeys at this address (TLS, or the name `localhost`)."""
    host = request.get_host().partition(":")[0]
    return configuration.current().secure or host == "localhost"


def passkeys(account: Account) -> tuple[Passkey, ...]:
    """Return the passkeys of an account, oldest first."""
    rows = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return tuple(
        Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at)
        for row in rows.order_by("created_at", "pk")
    )


def creation_options(account: Account) -> dict[str, Any]:
    """Return what the browser needs to make a passkey; the challenge stays in the session."""
    return webauthn.begin_registration(account, passwordless=True)


def add_passkey(
    request: HttpRequest, *, account: Account, name: str, credential: Mapping[str, Any]
) -> Authenticator:
    """Keep a passkey that the browser has just made.

    Raises
    ------
    PasskeyRefused, TooManyPasskeys
    """
    try:
        webauthn.parse_registration_response(credential)
        binding = webauthn.complete_registration(dict(credential))
    except (ValidationError, ValueError, LookupError, TypeError, AttributeError) as error:
        # fido2 meets a hostile answer with any of these; none of them is ours to mend.
        raise PasskeyRefused("The answer of the browser cannot be used.") from error
    if not binding.is_user_verified():
        raise PasskeyRefused("The device did not check who is using it.")
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if len(passkeys(account)) >= MOST_PASSKEYS:
            raise TooManyPasskeys(f"An account has at most {MOST_PASSKEYS} passkeys.")
        kept = webauthn.WebAuthn.add(account, name[:NAME_LENGTH], dict(credential)).instance
        RecoveryCodes.activate(account)
        tell(request, "identity.passkey_added", account)
    return kept


def rename_passkey(*, account: Account, passkey: int, name: str) -> bool:
    """Give a passkey another name; return whether the account has it."""
    with transaction.atomic():
        row = _locked(account, passkey)
        if row is None:
            return False
        row.data["name"] = name[:NAME_LENGTH]
        row.save(update_fields=["data"])
    return True


def remove_passkey(request: HttpRequest, *, account: Account, passkey: int) -> bool:
    """Remove a passkey and end every other session; return whether the account had it.

    Raises
    ------
    LastWayIn
        if there is no password and no other passkey.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        row = _locked(account, passkey)
        if row is None:
            return False
        if not account.has_usable_password() and len(passkeys(account)) == 1:
            raise LastWayIn("Add another passkey or set a password first.")
        row.delete()
        sessions.end_others(request, account=account)
        tell(request, "identity.passkey_removed", account)
    return True


def make_codes(request: HttpRequest, *, account: Account) -> None:
    """Make new recovery codes; the old ones are void."""
    with transaction.atomic():
        _replace_codes(account)
        tell(request, "identity.codes_made", account)


def replace_codes(account: Account) -> tuple[str, ...]:
    """Make new recovery codes and return them, to be handed over at once."""
    with transaction.atomic():
        made = _replace_codes(account)
        made.mark_as_viewed()
        return tuple(made.generate_codes())


def reveal_codes(account: Account) -> tuple[str, ...] | None:
    """Return the recovery codes at the first call after they were made, and None ever after."""
    with transaction.atomic():
        row = _codes(account).select_for_update().first()
        if row is None or row.wrap().did_view:
            return None
        try:
            codes = tuple(row.wrap().get_unused_codes())
        except InvalidTag:
            return None
        row.wrap().mark_as_viewed()
        return codes


def codes_left(account: Account) -> int:
    """Return how many recovery codes can still be used."""
    row = _codes(account).first()
    try:
        return len(row.wrap().get_unused_codes()) if row else 0
    except InvalidTag:
        # The secret key of the town hall was changed: the codes are void.
        return 0


def recover(request: HttpRequest, *, account: Account, code: str) -> bool:
    """Use a recovery code: whatever the account signed in with before no longer works.

    Passkeys and password may be in somebody else's hands, so they end with all
    sessions; the caller signs the person in and has them choose new ones.
    """
    with transaction.atomic():
        row = _codes(account).first()
        try:
            if row is None or not row.wrap().validate_code(code):
                return False
        except InvalidTag:
            return False
        Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).delete()
        account.set_unusable_password()
        account.save(update_fields=["password"])
        account.end_sessions()
        tell(request, "identity.recovered", account)
    return True


def _replace_codes(account: Account) -> RecoveryCodes:
    Account.objects.select_for_update().get(pk=account.pk)
    _codes(account).delete()
    return RecoveryCodes.activate(account)


def _locked(account: Account, passkey: int) -> Authenticator | None:
    return (
        Authenticator.objects.select_for_update()
        .filter(user=account, type=Authenticator.Type.WEBAUTHN, pk=passkey)
        .first()
    )


def _codes(account: Account) -> Any:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES)
