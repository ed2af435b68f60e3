"""What went wrong with a log or a witness, in words for the operator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models

from townhall.ledger.engine.encoding import printable


class Alarm(models.Model):
    """One alarm; open until what it tells of is over.

    key : what it is about; there is one open alarm a key.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200)
    log = models.CharField(max_length=32)
    witness = models.CharField(max_length=200, default="")
    words = models.TextField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_alarm"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(over_at__isnull=True), name="ledger_alarm_open"
            ),
        ]


def sound(*, key: str, log: str, witness: str, words: str, now: datetime) -> bool:
    """Sound an alarm, or note that it still holds; return whether it is new."""
    words = printable(words, lines=True)  # witnesses have a say in them, and NUL cannot be stored
    held = Alarm.objects.filter(key=key, over_at__isnull=True).first()
    if held is None:
        Alarm.objects.create(key=key, log=log, witness=witness, words=words, since=now, last_at=now)
        return True
    held.words, held.last_at = words, now
    held.save(update_fields=["words", "last_at"])
    return False


def over(key: str, now: datetime) -> bool:
    """Note that what an alarm told of is over; return whether there was one."""
    return bool(Alarm.objects.filter(key=key, over_at__isnull=True).update(over_at=now))


def over_about_others(log: str, witnesses: Collection[str], now: datetime) -> int:
    """Note that what was told of witnesses of a log who are none any more is over."""
    held = Alarm.objects.filter(log=log, over_at__isnull=True).exclude(witness="")
    return held.exclude(witness__in=witnesses).update(over_at=now)


def open_alarms() -> list[Alarm]:
    """Return the alarms that are not over, newest first."""
    return list(Alarm.objects.filter(over_at__isnull=True).order_by("-since"))
