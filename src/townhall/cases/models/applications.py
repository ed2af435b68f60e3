"""Applications: the evidence of a case, in numbered revisions that are never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Application(models.Model):
    """One revision: answers, facts with their provenance, and what they were judged by.

    `pack_hash` names the dated parameters and tables of the jurisdiction in force
    when it was made; `today` is the reference date of every rule on it.
    `person` is what the rules may know of the applicant: `{"name": …}` or None.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    revision = models.IntegerField()
    answers = models.JSONField()
    facts = models.JSONField()
    person = models.JSONField(null=True)
    definition_hash = models.CharField(max_length=64)
    pack_hash = models.CharField(max_length=64)
    today = models.DateField()
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "cases_application"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "case_id", "revision"], name="cases_application_revision"
            ),
        ]


_OF_CASE = rows.Query(Application, "person_id = %s AND case_id = %s", "ORDER BY revision")
_REVISION = rows.Query(Application, "person_id = %s AND case_id = %s AND revision = %s")


def get(person_id: UUID, case_id: UUID, revision: int) -> Application:
    """Return one revision of the evidence."""
    found = _REVISION.first(person_id, case_id, revision)
    if found is None:
        raise Application.DoesNotExist(f"case {case_id} has no revision {revision}")
    return found


def all_of(person_id: UUID, case_id: UUID) -> list[Application]:
    """Return every revision, oldest first."""
    return _OF_CASE.all(person_id, case_id)


def revise(
    before: Application,
    *,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    pack_hash: str,
    today: date,
    made_by: str,
    now: datetime,
) -> Application:
    """Add the next revision of the evidence."""
    revision = Application(
        person_id=before.person_id,
        case_id=before.case_id,
        service_no=before.service_no,
        revision=before.revision + 1,
        answers=dict(answers),
        facts=dict(facts),
        person=before.person,
        definition_hash=before.definition_hash,
        pack_hash=pack_hash,
        today=today,
        channel=before.channel,
        language=before.language,
        made_by=made_by,
        made_at=now,
    )
    rows.add(revision)
    return revision
