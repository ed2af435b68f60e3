"""What the worker does for the ledger: everything is hashed again, and seals are left, daily."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from townhall.foundation import settings
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import periodic
from townhall.ledger import auditing
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import anchoring
from townhall.ledger.operator.folder import FolderUnusable, open_folder
from townhall.ledger.operator.preparing import folder_of


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
                alarms.sound(key=key, log=each.log, witness=each.witness, words=each.words, now=now)


@periodic("ledger.anchor", timedelta(hours=6))
def leave_seals() -> None:
    """Leave the seals of the day at the anchor, if there is one."""
    anchor = anchoring.anchor_of(settings.current().ledger_anchor)
    if anchor is not None:
        folder = open_folder(folder_of(settings.current()))
        today = datetime.now(UTC).date()
        anchor.leave(today, anchoring.seals(folder, today))
