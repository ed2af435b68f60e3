"""Assessments, and what officers decided about those that waited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from townhall.awards.models.awards import Award
from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Assessment(models.Model):
    """What the law gave from a day on, and why; the table only grows.

    Attributes
    ----------
    cause : `granted`, `fact`, `rates` or `ruling`.
    event_id : what brought it about; the same event is assessed once.
    known : how many things were known of its facts before.
    changed : names of the data that changed.
    from_on : the first period that it looks at.
    before, after : what a period was worth, and is worth now.
    difference : in all, over the periods that were paid.
    entries : the lines for the account, as (day, kind, amount).
    next_on, next_amount : what follows after it is applied.
    explanation : `{"before": trace or None, "after": trace or None}`.
    waits : an officer decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    service_no = models.IntegerField()
    seq = models.IntegerField()
    cause = models.CharField(max_length=16)
    event_id = models.UUIDField(null=True)
    known = models.IntegerField(default=0)
    changed = models.JSONField(default=list)
    from_on = models.DateField()
    before = models.DecimalField(max_digits=14, decimal_places=2)
    after = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    difference = models.DecimalField(max_digits=14, decimal_places=2)
    entries = models.JSONField(default=list)
    next_on = models.DateField(null=True)
    next_amount = models.DecimalField(max_digits=14, decimal_places=2)
    explanation = models.JSONField()
    waits = models.BooleanField(default=False)
    pack_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_assessment"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "seq"], name="awards_assessment_in_order"
            ),
            models.UniqueConstraint(
                fields=["person_id", "award_id", "event_id"], name="awards_assessment_of_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["service_no", "made_at"],
                condition=models.Q(waits=True),
                name="awards_assessment_waiting",
            )
        ]


class Ruling(models.Model):
    """What an officer decided about an assessment that waited; the table only grows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    assessment_id = models.UUIDField(unique=True)
    service_no = models.IntegerField()
    applies = models.BooleanField()
    reason = models.TextField()
    made_by = models.CharField(max_length=64)
    made_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_ruling"


_ASSESSED = (
    "SELECT 1 FROM awards_assessment WHERE person_id = %s AND award_id = %s AND event_id = %s"
)


def add(**fields: Any) -> Assessment:
    """Add an assessment."""
    made = Assessment(**fields)
    made.save(force_insert=True)
    return made


def has_assessed(award: Award, event_id: UUID) -> bool:
    """Whether an event was assessed for an award."""
    return bool(rows.found(_ASSESSED, award.person_id, award.id, event_id))


def of_awards(person_id: UUID, award_ids: Iterable[UUID]) -> list[Assessment]:
    """Return the assessments of awards, the newest first."""
    found = Assessment.objects.filter(person_id=person_id, award_id__in=list(award_ids))
    return list(found.order_by("-made_at", "-seq"))


def get(assessment_id: UUID) -> Assessment | None:
    """Return one assessment that the open scope may see."""
    return Assessment.objects.filter(id=assessment_id).first()


def waiting(services: Iterable[int]) -> list[Assessment]:
    """Return the assessments of services that wait for an officer, the oldest first.

    A later assessment of the same award takes the place of one that waits: it
    compares with what was paid by all that is known.
    """
    ruled = Ruling.objects.filter(assessment_id=models.OuterRef("id"))
    later = Assessment.objects.filter(
        person_id=models.OuterRef("person_id"),
        award_id=models.OuterRef("award_id"),
        seq__gt=models.OuterRef("seq"),
    )
    found = Assessment.objects.filter(waits=True, service_no__in=list(services))
    found = found.exclude(models.Exists(ruled)).exclude(models.Exists(later))
    return list(found.order_by("made_at")[:200])


def pending(award: Award) -> list[Assessment]:
    """Return the assessments of an award that wait and nobody ruled on, the oldest first."""
    ruled = Ruling.objects.filter(assessment_id=models.OuterRef("id"))
    found = Assessment.objects.filter(person_id=award.person_id, award_id=award.id, waits=True)
    return list(found.exclude(models.Exists(ruled)).order_by("seq"))


def add_ruling(**fields: Any) -> Ruling:
    """Add what an officer decided."""
    made = Ruling(**fields)
    made.save(force_insert=True)
    return made


def rulings(person_id: UUID, award_ids: Iterable[UUID]) -> dict[UUID, Ruling]:
    """Return the rulings on assessments of awards, by assessment."""
    found = Ruling.objects.filter(person_id=person_id, award_id__in=list(award_ids))
    return {row.assessment_id: row for row in found}
