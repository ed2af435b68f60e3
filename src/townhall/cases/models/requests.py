"""Requests: what an officer asks of the resident, field by field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Request(models.Model):
    """One send-back. `fields` is a list of `{"datum", "why"}`; at most one is open per case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    message = models.TextField()
    fields = models.JSONField()
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    answer_by = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_request"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "case_id"],
                condition=Q(answered_at=None, dropped_at=None),
                name="cases_request_one_open",
            ),
        ]


_OF_CASE = rows.Query(Request, "person_id = %s AND case_id = %s", "ORDER BY asked_at, id")
_OPEN = rows.Query(
    Request, "person_id = %s AND case_id = %s AND answered_at IS NULL AND dropped_at IS NULL"
)


def ask(
    *,
    person_id: UUID,
    case_id: UUID,
    service_no: int,
    message: str,
    fields: list[dict[str, Any]],
    asked_by: str,
    now: datetime,
    answer_by: date | None,
) -> Request:
    """Add an open request."""
    request = Request(
        person_id=person_id,
        case_id=case_id,
        service_no=service_no,
        message=message,
        fields=fields,
        asked_by=asked_by,
        asked_at=now,
        answer_by=answer_by,
    )
    rows.add(request)
    return request


def open_of(person_id: UUID, case_id: UUID) -> Request | None:
    """Return the request that waits for an answer."""
    return _OPEN.first(person_id, case_id)


def of_case(person_id: UUID, case_id: UUID) -> list[Request]:
    """Return every request of a case, oldest first."""
    return _OF_CASE.all(person_id, case_id)


def close(person_id: UUID, case_id: UUID, *, answered: bool, now: datetime) -> int:
    """Close the open request, if there is one: answered, or dropped with the state."""
    waiting = Request.objects.filter(
        person_id=person_id, case_id=case_id, answered_at=None, dropped_at=None
    )
    return waiting.update(**{"answered_at" if answered else "dropped_at": now})
