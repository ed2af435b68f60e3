"""The clock of a case: when it stood still and by how much it was extended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import Q

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class ClockEntry(models.Model):
    """One change of the clock. The table only grows.

    kind : "pause", "resume", "extend", or "restart" (the case was opened again: the
    deadline counts from that day, and what was before does not matter any more).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    kind = models.CharField(max_length=10)
    on_day = models.DateField()
    period = models.CharField(max_length=40, default="", blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "cases_clock"
        indexes = [models.Index(fields=["person_id", "case_id", "id"], name="cases_clock_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["pause", "resume", "extend", "restart"]),
                name="cases_clock_kind",
            ),
        ]


_OF_CASE = rows.Query(ClockEntry, "person_id = %s AND case_id = %s", "ORDER BY id")


def add(
    *,
    person_id: UUID,
    case_id: UUID,
    service_no: int,
    kind: str,
    on_day: date,
    made_by: str,
    now: datetime,
    period: str = "",
) -> None:
    """Add an entry."""
    ClockEntry(
        person_id=person_id,
        case_id=case_id,
        service_no=service_no,
        kind=kind,
        on_day=on_day,
        period=period,
        made_by=made_by,
        made_at=now,
    ).save(force_insert=True)


def of_case(person_id: UUID, case_id: UUID) -> list[ClockEntry]:
    """Return the entries of a case in their order."""
    return _OF_CASE.all(person_id, case_id)
