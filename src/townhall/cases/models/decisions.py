"""Decisions: what was decided, by whom, on which evidence, with the whole explanation."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Decision(models.Model):
    """One decision; the table only grows.

    `explanation` holds reasons and results with the trace of each, as
    `operations._explanation` writes them. `automatic` means that no officer took part.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    evidence_revision = models.IntegerField()
    state = models.CharField(max_length=64)
    state_seq = models.IntegerField()
    outcome = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    reason = models.TextField(default="", blank=True)
    explanation = models.JSONField()
    automatic = models.BooleanField()
    decided_by = models.CharField(max_length=64)
    decided_name = models.CharField(max_length=200, default="", blank=True)
    second_by = models.CharField(max_length=64, default="", blank=True)
    second_name = models.CharField(max_length=200, default="", blank=True)
    definition_hash = models.CharField(max_length=64)
    pack_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "cases_decision"
        constraints = [
            # One decision a state: two officers at once cannot both decide.
            models.UniqueConstraint(
                fields=["person_id", "case_id", "state_seq"], name="cases_decision_once_a_state"
            ),
        ]


_OF_CASE = rows.Query(Decision, "person_id = %s AND case_id = %s", "ORDER BY state_seq")


def of_case(person_id: UUID, case_id: UUID) -> list[Decision]:
    """Return the decisions on a case, oldest first."""
    return _OF_CASE.all(person_id, case_id)
