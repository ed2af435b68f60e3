"""What probes are told of the ledger: requests may come while it is down; an operator must know."""

from __future__ import annotations

from django.db import connection

from townhall.foundation import settings
from townhall.foundation.web import probes
from townhall.ledger.operator import examining, preparing


@probes.warning("ledger")
def ledger() -> list[str]:
    """Return what is wrong with the ledger, each in a sentence."""
    with connection.cursor() as cursor:
        return examining.wrong(cursor, preparing.folder_of(settings.current()))
