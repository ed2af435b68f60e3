"""Letters that were made: which, when, the file and its hash."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, models

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Letter(models.Model):
    """One letter. `code_hash` is the SHA-256 of its verification code, which only the letter has.

    kind : "receipt", or the name of the letter in the definition.
    state_seq : the state whose letter it is: one letter a kind and state.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    kind = models.CharField(max_length=64)
    state_seq = models.IntegerField()
    language = models.CharField(max_length=16)
    title = models.TextField()
    file_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    code_hash = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "cases_letter"
        indexes = [models.Index(fields=["code_hash"], name="cases_letter_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "case_id", "kind", "state_seq"], name="cases_letter_once"
            ),
        ]


_OF_CASE = rows.Query(Letter, "person_id = %s AND case_id = %s", "ORDER BY issued_at, id")


def add(**fields: Any) -> Letter:
    """Add a letter.

    Raises
    ------
    IntegrityError
        If this letter exists already: the job that made it first has won.
    """
    letter = Letter(**fields)
    letter.save(force_insert=True)
    return letter


def exists(person_id: UUID, case_id: UUID, kind: str, state_seq: int) -> bool:
    return any(
        (letter.kind, letter.state_seq) == (kind, state_seq)
        for letter in _OF_CASE.all(person_id, case_id)
    )


def made_for(person_id: UUID, case_ids: set[UUID]) -> set[tuple[UUID, str, int]]:
    """Return which letters exist for these cases: (case, kind, state_seq)."""
    made = Letter.objects.filter(person_id=person_id, case_id__in=case_ids)
    return set(made.values_list("case_id", "kind", "state_seq"))


def of_case(person_id: UUID, case_id: UUID) -> list[Letter]:
    """Return the letters of a case, oldest first."""
    return _OF_CASE.all(person_id, case_id)


def of_person(person_id: UUID, limit: int) -> list[Letter]:
    """Return the newest letters of a person."""
    return list(Letter.objects.filter(person_id=person_id).order_by("-issued_at")[:limit])


def get(person_id: UUID, letter_id: UUID) -> Letter | None:
    """Return a letter of this person."""
    return Letter.objects.filter(person_id=person_id, id=letter_id).first()


def for_officer(services: tuple[int, ...], letter_id: UUID) -> Letter | None:
    """Return a letter on a case of one of these services."""
    return Letter.objects.filter(id=letter_id, service_no__in=services).first()


def by_code(code_hash: bytes) -> Letter | None:
    """Return the letter with this code; the house's own, never shown to who knows a code."""
    return Letter.objects.filter(code_hash=code_hash).first()


def public_by_code(code_hash: bytes) -> dict[str, Any] | None:
    """Return what anybody may know of the letter with this code.

    A function of the owner answers with these columns only, so that the public
    check page needs no right to see the table.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_letter_by_code(%s)", (code_hash,))
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None
