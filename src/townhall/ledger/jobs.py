"""What the worker does for the ledger: everything is hashed again, and seals are left, daily."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from townhall.foundation import settings
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import periodic
from townhall.ledger import auditing
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import log as logs
from townhall.ledger.operator import anchoring
from townhall.ledger.operator.folder import FolderUnusable, open_folder
from townhall.ledger.operator.preparing import folder_of

_UNFINISHED: Final = "audit:unfinished"
_ANCHOR: Final = "anchor"


@periodic("ledger.audit", timedelta(days=1))
def audit() -> None:
    """Audit the ledger, and sound an alarm for what does not hold."""
    try:
        for each in auditing.audit():
            _tell(f"audit:{each.about}", each.log, each.witness, "" if each.holds else each.words)
    except FolderUnusable as error:
        with scope(SYSTEM):
            prepared = bool(logs.all_logs())
        _tell(_UNFINISHED, "", "", str(error) if prepared else "")
        return
    except Exception as error:
        words = f"The audit did not come to its end; what follows was not checked: {error}"
        _tell(_UNFINISHED, "", "", words)
        raise
    _tell(_UNFINISHED, "", "", "")


def _tell(key: str, log: str, witness: str, words: str) -> None:
    """Sound an alarm, or end it, for good: what is found later cannot take it back."""
    now = datetime.now(UTC)
    with scope(SYSTEM):
        if words:
            alarms.sound(key=key, log=log, witness=witness, words=words, now=now)
        else:
            alarms.over(key, now)


@periodic("ledger.anchor", timedelta(hours=6))
def leave_seals() -> bool:
    """Leave the seals of now at the anchor, if there is one; return whether a page was left."""
    anchor = anchoring.anchor_of(settings.current().ledger_anchor)
    if anchor is None:
        return False
    now = datetime.now(UTC)
    try:
        left = anchor.leave(now, anchoring.seals(open_folder(folder_of(settings.current())), now))
    except anchoring.AnchorUnusable as error:
        _tell(_ANCHOR, "", "", f"Seals cannot be left: {error}.")
        raise
    _tell(_ANCHOR, "", "", "")
    return left
