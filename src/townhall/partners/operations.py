"""What can be done about partners: issue a token, take it back, tell who a token is."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import Acting
from townhall.partners import models

SCOPES = {
    "apply": "submit applications and follow their cases",
    "apply-for-person": "submit applications for a named person",
}
PREFIX = "th_"
LIFETIME = timedelta(days=365)
_PARTNER = re.compile(r"[a-z][a-z0-9-]{1,49}")


class PartnerError(Exception):
    """Something asked about a partner cannot be done; the text says why and what to do."""


class TokenRefused(PartnerError):
    """No, an unknown, an expired or a revoked token."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. `secret` is shown this once."""

    id: UUID
    secret: str
    partner: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as an administrator sees it, without its secret."""

    id: UUID
    partner: str
    name: str
    scopes: tuple[str, ...]
    services: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from, and what its token allows."""

    partner: str
    name: str
    scopes: frozenset[str]
    services: frozenset[str]

    def may(self, scope: str, service: str | None = None) -> bool:
        """Tell whether the token allows `scope`, for `service` if one is named."""
        covered = service is None or not self.services or service in self.services
        return scope in self.scopes and covered

    def acting(self, *, person_id: UUID | None, language: str) -> Acting:
        """Return the context in which this partner acts."""
        return Acting(
            actor=f"partner:{self.partner}",
            name=self.name,
            person_id=person_id,
            on_behalf_of=person_id,
            assurance="substantial" if person_id else "none",
            channel="api",
            language=language,
        )


def issue_token(
    *,
    acting: Acting,
    partner: str,
    name: str,
    scopes: tuple[str, ...] = ("apply",),
    services: tuple[str, ...] = (),
    lifetime: timedelta = LIFETIME,
) -> Issued:
    """Make a token for a partner and return its secret, once.

    Raises
    ------
    PartnerError
        naming the key, scope or service that does not exist.
    """
    if not _PARTNER.fullmatch(partner):
        raise PartnerError(
            f"{partner!r} cannot be a partner's key. Use small letters, digits and hyphens, "
            "for example wrenford-housing."
        )
    for scope in scopes:
        if scope not in SCOPES:
            raise PartnerError(f"There is no scope {scope!r}. There are: {', '.join(SCOPES)}.")
    for service in services:
        try:
            catalogue.live(service)
        except catalogue.ServiceNotFound as error:
            raise PartnerError(f"There is no service {service!r} in the catalogue.") from error
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = models.add(
        partner=partner,
        name=name,
        token_hash=_hash(secret),
        scopes=list(scopes),
        services=list(services),
        now=now,
        by=acting.actor,
        expires_at=now + lifetime,
    )
    return Issued(token.id, secret, partner, token.expires_at)


def revoke_token(*, token_id: UUID) -> None:
    """Take a token back, at once."""
    if not models.revoke(token_id, timezone.now()):
        raise PartnerError("There is no such token, or it has been revoked already.")


def tokens(*, partner: str) -> tuple[TokenView, ...]:
    """Return a partner's tokens, newest first, without their secrets."""
    return tuple(
        TokenView(
            t.id,
            t.partner,
            t.name,
            tuple(t.scopes),
            tuple(t.services),
            t.created_at,
            t.expires_at,
            t.revoked_at,
        )
        for t in models.of(partner)
    )


def caller(*, secret: str) -> Caller:
    """Tell whose token this is.

    The hash is compared, so the time taken tells nothing about the secret; a
    random secret of 256 bits needs no slow password hash.

    Raises
    ------
    TokenRefused
        for an unknown, expired or revoked token: the same words for all three.
    """
    token = models.find(_hash(secret)) if secret.startswith(PREFIX) else None
    if token is None or token.revoked_at or token.expires_at <= timezone.now():
        raise TokenRefused(
            "This token is unknown, expired or revoked. Ask the town hall for a new one."
        )
    return Caller(token.partner, token.name, frozenset(token.scopes), frozenset(token.services))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
