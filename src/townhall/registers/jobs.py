"""What comes round by itself in the registers: their roots go on the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from townhall.foundation.jobs import periodic
from townhall.registers import roots


@periodic("registers.roots", timedelta(minutes=10))
def take_roots() -> None:
    """Put the root of each register that has changed on the ledger."""
    roots.take(now=datetime.now(UTC))
