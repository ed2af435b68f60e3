"""Accounts of awards: what was paid, and the differences since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from townhall.awards.engine.adjusting import Entry as Line
from townhall.awards.models.awards import Award
from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Entry(models.Model):
    """A line of an award's account; the table only grows.

    kind : `payment`, `arrears` or `overpayment` (then the amount is below zero).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    assessment_id = models.UUIDField()
    service_no = models.IntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "day", "assessment_id"], name="awards_entry_once"
            ),
            # A period is paid once; what comes later are differences.
            models.UniqueConstraint(
                fields=["person_id", "award_id", "day"],
                condition=models.Q(kind="payment"),
                name="awards_entry_paid_once",
            ),
        ]


_SUMS = (
    "SELECT day, sum(amount) FROM awards_entry "
    "WHERE person_id = %s AND award_id = %s AND day >= %s GROUP BY day"
)


def book(award: Award, assessment_id: UUID, lines: Iterable[Line], now: datetime) -> None:
    """Add lines to the account."""
    Entry.objects.bulk_create(
        Entry(
            person_id=award.person_id,
            award_id=award.id,
            assessment_id=assessment_id,
            service_no=award.service_no,
            day=line.day,
            kind=line.kind,
            amount=line.amount,
            made_at=now,
        )
        for line in lines
    )


def sums(award: Award, since: date | None = None) -> dict[date, Decimal]:
    """Return what was paid for each period, from a day on."""
    return dict(rows.found(_SUMS, award.person_id, award.id, since or date.min))


def last_paid(award: Award) -> date | None:
    """Return the last period that was paid."""
    lines = Entry.objects.filter(person_id=award.person_id, award_id=award.id)
    found: date | None = lines.aggregate(last=models.Max("day"))["last"]
    return found


def newest(person_id: UUID, award_id: UUID, most: int) -> list[Entry]:
    """Return the newest lines of an award's account."""
    lines = Entry.objects.filter(person_id=person_id, award_id=award_id)
    return list(lines.order_by("-made_at", "-day")[:most])
