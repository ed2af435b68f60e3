"""What people wrote about a case in their own words: notes of officers, and reasons.

Free text never goes into events: those are kept for ever, and this is erased with
the case. An event refers to its text by the note's id.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Note(models.Model):
    """One text. kind : "note" (among officers), or the act whose reason it is.

    Reasons are shown to the resident; notes they get by a subject access request.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    kind = models.CharField(max_length=20, default="note")
    text = models.TextField()
    made_by = models.CharField(max_length=64)
    made_name = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "cases_note"
        indexes = [models.Index(fields=["person_id", "case_id", "made_at"], name="cases_note_of")]


_OF_CASE = rows.Query(Note, "person_id = %s AND case_id = %s", "ORDER BY made_at, id")


def add(
    *,
    person_id: UUID,
    case_id: UUID,
    service_no: int,
    text: str,
    made_by: str,
    made_name: str,
    now: datetime,
    kind: str = "note",
) -> Note:
    """Add a text."""
    note = Note(
        person_id=person_id,
        case_id=case_id,
        service_no=service_no,
        kind=kind,
        text=text,
        made_by=made_by,
        made_name=made_name,
        made_at=now,
    )
    rows.add(note)
    return note


def of_case(person_id: UUID, case_id: UUID) -> list[Note]:
    """Return the texts on a case, oldest first."""
    return _OF_CASE.all(person_id, case_id)
