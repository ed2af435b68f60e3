"""Where each log stands, as the database knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, models
from psycopg.types.json import Jsonb


class Log(models.Model):
    """One log: who it says it is, and how far it got.

    size : how many entries have a place.
    signed_size, signed_root : the largest tree that was signed. A log that is smaller was
        put back from a backup, and must not sign again.
    counts : entries by kind.
    state : what the log's rules know after its last entry, as they write it down.
    last_at : the time of the newest entry (POSIX seconds): the next is never earlier.
    """

    name = models.CharField(max_length=32, primary_key=True)
    origin = models.CharField(max_length=200, unique=True)
    verifier_keys = models.TextField()
    size = models.BigIntegerField(default=0)
    signed_size = models.BigIntegerField(default=0)
    signed_root = models.BinaryField(max_length=32, default=b"")
    published_size = models.BigIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    last_at = models.BigIntegerField(default=0)
    state = models.BinaryField(default=b"")

    class Meta:
        db_table = "ledger_log"


def make(name: str, origin: str, verifier_keys: str) -> Log:
    """Return the log, made if there is none.

    Raises
    ------
    ValueError
        If there is one with another origin or other keys.
    """
    log, _ = Log.objects.get_or_create(
        name=name, defaults={"origin": origin, "verifier_keys": verifier_keys}
    )
    if (log.origin, log.verifier_keys) != (origin, verifier_keys):
        raise ValueError(name)
    return log


def rekey(name: str, verifier_keys: str) -> None:
    """Note that a log signs with other keys from now on."""
    Log.objects.filter(name=name).update(verifier_keys=verifier_keys)


def all_logs() -> list[Log]:
    """Return every log, by name."""
    return list(Log.objects.order_by("name"))


def get(name: str) -> Log | None:
    """Return a log."""
    return Log.objects.filter(name=name).first()


def held(name: str) -> Log:
    """Return a log whose row nobody else changes in this transaction."""
    return Log.objects.select_for_update().get(name=name)


def grown(log: Log, size: int, kinds: Mapping[str, int], last_at: int, state: bytes) -> None:
    """Note that entries were given places."""
    counts = Counter(log.counts)
    counts.update(kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_log SET size = %s, counts = %s, last_at = %s, state = %s"
            " WHERE name = %s",
            [size, Jsonb(dict(counts)), last_at, state, log.name],
        )


def signed(name: str, size: int, root: bytes) -> None:
    """Note the largest tree that is going to be signed, before it is."""
    Log.objects.filter(name=name).update(signed_size=size, signed_root=root)


def published(name: str, size: int, now: datetime) -> None:
    """Note that a checkpoint is final."""
    Log.objects.filter(name=name).update(published_size=size, published_at=now)
