"""Time is read here, once an operation, and handed down."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the instant, aware and in UTC."""
    return timezone.now()


def day_of(instant: datetime) -> date:
    """Return the day of an instant where the town hall is."""
    return timezone.localdate(instant)
