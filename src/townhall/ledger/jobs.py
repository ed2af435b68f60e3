"""What the worker does for the ledger: once a day everything is hashed again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import periodic
from townhall.ledger import auditing
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator.folder import FolderUnusable


@periodic("ledger.audit", timedelta(days=1))
def audit() -> None:
    """Audit the ledger, and sound an alarm for what does not hold."""
    try:
        findings = list(auditing.audit())
    except FolderUnusable:
        return  # a town hall whose ledger was never prepared
    now = datetime.now(UTC)
    with scope(SYSTEM):
        for each in findings:
            key = f"audit:{each.about}"
            if each.holds:
                alarms.over(key, now)
            else:
                alarms.sound(key=key, log="", witness="", words=each.words, now=now)
