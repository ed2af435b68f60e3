"""Tokens of partners. Only the hash of a token is kept; it cannot be shown again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from townhall.foundation.database.identifiers import uuid7


class Token(models.Model):
    """One token of one partner.

    `partner` is a stable key ("wrenford-housing"), used as actor in the record
    of everything that it does. `services` empty means every service.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    partner = models.SlugField(max_length=50)
    name = models.CharField(max_length=200)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    services = ArrayField(models.CharField(max_length=80), default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_token"
        indexes = [models.Index(fields=["partner", "created_at"], name="partners_token_partner")]


def add(
    *,
    partner: str,
    name: str,
    token_hash: bytes,
    scopes: list[str],
    services: list[str],
    now: datetime,
    by: str,
    expires_at: datetime,
) -> Token:
    """Keep a new token."""
    return Token.objects.create(
        partner=partner,
        name=name,
        token_hash=token_hash,
        scopes=scopes,
        services=services,
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )


def find(token_hash: bytes) -> Token | None:
    """Return the token with that hash, revoked or not."""
    return Token.objects.filter(token_hash=token_hash).first()


def of(partner: str) -> list[Token]:
    """Return a partner's tokens, newest first."""
    return list(Token.objects.filter(partner=partner).order_by("-created_at"))


def revoke(token_id: object, now: datetime) -> bool:
    """Make a token useless; False if there is none to revoke."""
    return bool(Token.objects.filter(id=token_id, revoked_at=None).update(revoked_at=now))
