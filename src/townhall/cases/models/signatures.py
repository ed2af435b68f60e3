"""First signatures of four-eyes decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Signature(models.Model):
    """One first signature.

    It is bound to the evidence revision and to the state that the officer saw.
    `human` is the person behind the account and, if there is one, behind the
    mandate: the second signature must come from another human being.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    state_seq = models.IntegerField()
    evidence_revision = models.IntegerField()
    action = models.CharField(max_length=64)
    reason = models.TextField(default="", blank=True)
    signed_by = models.CharField(max_length=64)
    signed_name = models.CharField(max_length=200, default="", blank=True)
    humans = models.JSONField()
    mandate = models.UUIDField(null=True)
    signed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=20, default="", blank=True)
    closed_by = models.CharField(max_length=64, default="", blank=True)
    closed_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "cases_signature"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "case_id"],
                condition=Q(closed_at=None),
                name="cases_signature_one_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_how__in=["", "confirmed", "declined", "void"]),
                name="cases_signature_closed_how",
            ),
        ]


_OPEN = rows.Query(Signature, "person_id = %s AND case_id = %s AND closed_at IS NULL")


def sign(**fields: Any) -> Signature:
    """Add a first signature."""
    signature = Signature(**fields)
    rows.add(signature)
    return signature


def open_of(person_id: UUID, case_id: UUID) -> Signature | None:
    """Return the first signature that waits for the second."""
    return _OPEN.first(person_id, case_id)


def close(person_id: UUID, case_id: UUID, *, how: str, by: str, reason: str, now: datetime) -> int:
    """Close the open signature, if there is one: "confirmed", "declined" or "void"."""
    waiting = Signature.objects.filter(person_id=person_id, case_id=case_id, closed_at=None)
    return waiting.update(closed_at=now, closed_how=how, closed_by=by, closed_reason=reason)
