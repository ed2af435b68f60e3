"""What comes round by itself in the exchange: the journal's days are sealed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from townhall.exchange import days
from townhall.foundation.jobs import periodic

_LATE_LINES = timedelta(minutes=10)  # a transaction that began before midnight may end after it


@periodic("exchange.days", timedelta(minutes=30))
def seal_days() -> None:
    """Seal the days of the journal that are over."""
    days.seal(today=(datetime.now(UTC) - _LATE_LINES).date())
