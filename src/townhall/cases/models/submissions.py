"""Idempotency keys of programs: one key, one case, whoever it is for.

Not citizen-owned: a key has to be unique for its program across all persons, so
that a retry for somebody else is noticed. The row holds keyed hashes and an id,
nothing that says anything about a person; it goes after `KEEP_DAYS`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, models

KEEP_DAYS = 30


class Submission(models.Model):
    """One key of one program (`source`) and what it was used for."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=64)
    key_hash = models.BinaryField(max_length=32)
    body_hash = models.BinaryField(max_length=32)
    case_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_submission"
        indexes = [models.Index(fields=["at"], name="cases_submission_at")]
        constraints = [
            models.UniqueConstraint(fields=["source", "key_hash"], name="cases_submission_key"),
        ]


def claim(
    *, source: str, key_hash: bytes, body_hash: bytes, case_id: UUID, now: datetime
) -> tuple[bytes, UUID] | None:
    """Take the key for `case_id`, or return the body hash and case that have it.

    Of two at once, the second waits here until the first has committed or failed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_submission (source, key_hash, body_hash, case_id, at) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (source, key_hash) DO NOTHING RETURNING 1",
            (source, key_hash, body_hash, case_id, now),
        )
        if cursor.fetchone():
            return None
        cursor.execute(
            "SELECT body_hash, case_id FROM cases_submission WHERE source = %s AND key_hash = %s",
            (source, key_hash),
        )
        row = cursor.fetchone()
    if row is None:  # purged between the two statements: 30 days old, so not a retry
        return claim(
            source=source, key_hash=key_hash, body_hash=body_hash, case_id=case_id, now=now
        )
    return bytes(row[0]), row[1]


def give_back(*, source: str, key_hash: bytes) -> None:
    """Free a key whose application was refused: the program corrects it and sends it again."""
    Submission.objects.filter(source=source, key_hash=key_hash).delete()


def purge(before: datetime) -> int:
    """Forget keys used before that moment."""
    return Submission.objects.filter(at__lt=before).delete()[0]
