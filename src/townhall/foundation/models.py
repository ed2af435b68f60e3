"""The four tables of the foundation.

Jobs are written by `jobs`, events by `events`, files by `files`, with plain SQL
where one statement must do what the ORM would do in three. Jobs and periodic
work are not citizen-owned: they carry identifiers only and stay on the
coordinator when the citizens' tables are spread over many servers.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from townhall.foundation.database.identifiers import uuid7


class JobState(models.TextChoices):
    """Where a job stands; a finished job has no row (the events say what happened)."""

    WAITING = "waiting", "waiting for its time"
    READY = "ready", "due"
    LEASED = "leased", "being run"
    DEAD = "dead", "given up, an operator decides"


class Job(models.Model):
    """One piece of background work, promised together with the change that needs it.

    `attempts` counts claims and never goes back: it is the fencing token that
    keeps a worker that lost its lease from finishing the job of the next one.
    `failures` counts what went wrong since the last success. `alone` marks a job
    that was leased when its worker died: it runs in a batch of one, so that a job
    which kills its worker takes no other with it. `again` says that the same key
    was asked for while the job ran.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.TextField()
    queue = models.TextField(db_default="default")
    priority = models.SmallIntegerField(db_default=100)
    run_at = models.DateTimeField(db_default=Now())
    state = models.TextField(choices=JobState, db_default=JobState.READY)
    attempts = models.IntegerField(db_default=0)
    failures = models.SmallIntegerField(db_default=0)
    max_attempts = models.SmallIntegerField(db_default=8)
    lease_until = models.DateTimeField(null=True)
    alone = models.BooleanField(db_default=False)
    again = models.BooleanField(db_default=False)
    key = models.TextField(null=True)
    args = models.JSONField(db_default={})
    last_error = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "foundation_job"
        indexes = (
            models.Index(
                F("queue"),
                F("priority"),
                F("run_at"),
                F("id"),
                condition=Q(state="ready"),
                name="foundation_job_ready",
            ),
            models.Index(F("run_at"), condition=Q(state="waiting"), name="foundation_job_waiting"),
            models.Index(
                F("lease_until"), condition=Q(state="leased"), name="foundation_job_leased"
            ),
            models.Index(F("id"), condition=Q(state="dead"), name="foundation_job_dead"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(key__isnull=False) & ~Q(state="dead"),
                name="foundation_job_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in JobState]),
                name="foundation_job_state",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False)
                | (~Q(state="leased") & Q(lease_until__isnull=True)),
                name="foundation_job_lease",
            ),
        )


class Periodic(models.Model):
    """When each piece of periodic work is due next."""

    name = models.TextField(primary_key=True)
    every = models.DurationField()
    next_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_periodic"


class EventRow(models.Model):
    """One thing that happened. Append-only for everybody, the owner included.

    `position` follows the order of insertion and is what a history is sorted by:
    instants and UUIDv7 are equal or random within one transaction. It is no
    cursor: rows become visible out of order under concurrency.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    position = models.BigIntegerField(editable=False)
    at = models.DateTimeField(db_default=Now())
    kind = models.TextField()
    subject = models.UUIDField()
    person_id = models.UUIDField(null=True)
    service_no = models.IntegerField(null=True)
    actor = models.TextField()
    on_behalf_of = models.UUIDField(null=True)
    mandate = models.UUIDField(null=True)
    assurance = models.TextField(db_default="none")
    channel = models.TextField(db_default="web")
    payload = models.JSONField(db_default={})

    class Meta:
        db_table = "foundation_event"
        indexes = (
            models.Index(fields=["subject", "position"], name="foundation_event_subject"),
            models.Index(
                fields=["person_id", "position"],
                condition=Q(person_id__isnull=False),
                name="foundation_event_person",
            ),
        )


class ScanState(models.TextChoices):
    """What the virus scanner said."""

    CLEAN = "clean", "clean"
    INFECTED = "infected", "infected"
    NOT_SCANNED = "not scanned", "not scanned"


class FileRow(models.Model):
    """One document somebody handed in, or that the house wrote. The bytes lie in the file store."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person_id = models.UUIDField(null=True)
    service_no = models.IntegerField(null=True)
    sha256 = models.TextField()
    size = models.BigIntegerField()
    media_type = models.TextField()
    name = models.TextField()
    scan = models.TextField(choices=ScanState, db_default=ScanState.NOT_SCANNED)
    created_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "foundation_file"
        indexes = (
            models.Index(fields=["sha256"], name="foundation_file_sha256"),
            models.Index(fields=["person_id", "id"], name="foundation_file_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="foundation_file_digest"
            ),
            models.CheckConstraint(
                condition=Q(scan__in=[state.value for state in ScanState]),
                name="foundation_file_scan",
            ),
        )
