"""Awards: what a case began, and which period is paid next."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Award(models.Model):
    """One award: what the case decided stays; what changes is which periods are paid.

    Attributes
    ----------
    every : `week` or `month`.
    start_on, until_on : first day, and the day after the last; None: no end.
    next_on : the next period to be paid; None when the award has ended.
    next_amount : what it is worth as far as is known.
    assessed : how many assessments there are.
    held : an assessment waits for an officer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    number = models.CharField(max_length=40)
    definition_hash = models.CharField(max_length=64)
    every = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    start_on = models.DateField()
    until_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    next_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    assessed = models.IntegerField(default=0)
    held = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_award"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "case_id"], name="awards_award_of_case")
        ]
        indexes = [
            models.Index(
                fields=["next_on"],
                condition=models.Q(next_on__isnull=False),
                name="awards_award_due",
            )
        ]


_LOCKED = rows.Query(Award, "person_id = %s AND id = %s")


def locked(person_id: UUID, award_id: UUID) -> Award | None:
    """Return an award, locked until the end of the transaction."""
    return _LOCKED.first(person_id, award_id, lock=True)


def of_case(person_id: UUID, case_id: UUID) -> Award | None:
    """Return the award that a case began."""
    return Award.objects.filter(person_id=person_id, case_id=case_id).first()


def of_person(person_id: UUID) -> list[Award]:
    """Return the awards of a person, the newest first."""
    return list(Award.objects.filter(person_id=person_id).order_by("-made_at"))


def running(person_id: UUID, service_no: int) -> bool:
    """Whether the person has an award of a service that has not ended."""
    return Award.objects.filter(
        person_id=person_id, service_no=service_no, next_on__isnull=False
    ).exists()


def due(today: date, most: int) -> list[tuple[UUID, UUID]]:
    """Return (person, award) of awards with a period to be paid by today, the oldest first.

    Held ones wait for their officer, and must not stand before the others.
    """
    found = Award.objects.filter(next_on__lte=today, held=False).order_by("next_on", "id")[:most]
    return list(found.values_list("person_id", "id"))


def change(award: Award, **fields: Any) -> None:
    """Change columns of a locked award."""
    for name, value in fields.items():
        setattr(award, name, value)
    award.save(update_fields=list(fields))


def one_at_a_time(key: str) -> None:
    """Let one transaction at a time go on with a key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
