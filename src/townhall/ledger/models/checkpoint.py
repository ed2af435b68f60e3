"""Checkpoints that became final, and the policies by which they did."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

KEPT = 100


class Checkpoint(models.Model):
    """A checkpoint that enough witnesses cosigned; the newest `KEPT` of each log are kept.

    They are for looking at: the log's files hold the newest, people's receipts their own.
    """

    id = models.BigAutoField(primary_key=True)
    log = models.CharField(max_length=32)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    cosigners = ArrayField(models.CharField(max_length=200))
    signed_at = models.DateTimeField()
    final_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"
        constraints = [
            models.UniqueConstraint(fields=["log", "size"], name="ledger_checkpoint_once"),
        ]


class Policy(models.Model):
    """The witnesses and the quorum that decide from a moment on what is final."""

    id = models.BigAutoField(primary_key=True)
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "ledger_policy"


def add(
    *,
    log: str,
    size: int,
    root: bytes,
    note: str,
    cosigners: list[str],
    signed_at: datetime,
    final_at: datetime,
) -> None:
    """Keep a checkpoint, and let go of the oldest."""
    Checkpoint.objects.update_or_create(
        log=log,
        size=size,
        defaults={
            "root": root,
            "note": note,
            "cosigners": cosigners,
            "signed_at": signed_at,
            "final_at": final_at,
        },
    )
    old = Checkpoint.objects.filter(log=log).order_by("-size").values_list("id", flat=True)[KEPT:]
    Checkpoint.objects.filter(id__in=list(old)).delete()


def newest(log: str, most: int) -> list[Checkpoint]:
    """Return the newest checkpoints of a log."""
    return list(Checkpoint.objects.filter(log=log).order_by("-size")[:most])


def policy_now() -> Policy | None:
    """Return the policy in force."""
    return Policy.objects.order_by("-id").first()


def policies() -> list[Policy]:
    """Return every policy there was, oldest first."""
    return list(Policy.objects.order_by("id"))


def set_policy(text: str, now: datetime) -> Policy:
    """Put a policy in force."""
    return Policy.objects.create(text=text, since=now)
