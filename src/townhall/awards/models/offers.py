"""Claims that are ready for their person to confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from townhall.foundation.database.identifiers import uuid7


class Offer(models.Model):
    """A claim that is ready for its person to confirm.

    draft_id : the draft that holds it; discarded or submitted, the offer is gone.
    about : what brought it about, as "register.kind".
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    draft_id = models.UUIDField()
    service_no = models.IntegerField()
    about = models.CharField(max_length=130)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "awards_offer"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "service_no"],
                condition=models.Q(closed_at__isnull=True),
                name="awards_offer_one_open",
            )
        ]


def open_of(person_id: UUID) -> list[Offer]:
    """Return the offers that a person has not answered."""
    found = Offer.objects.filter(person_id=person_id, closed_at__isnull=True)
    return list(found.order_by("-made_at"))


def add(**fields: Any) -> Offer:
    """Add an offer."""
    made = Offer(**fields)
    made.save(force_insert=True)
    return made


def close(offer: Offer, now: datetime) -> None:
    """Note that an offer was taken, declined, or is of no use any more."""
    offer.closed_at = now
    offer.save(update_fields=["closed_at"])
