"""Telling open pages that something changed, through the live channel."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import connection, transaction

from townhall.foundation import live_tickets

_BYTES = 7_900  # PostgreSQL takes less than 8,000


def announce(topic: str, kind: str, data: Mapping[str, str | int] | None = None) -> None:
    """Tell the pages that hear `topic`, once the current transaction has committed.

    Nothing hangs on it: a page that missed it shows the same when it is loaded anew.

    Parameters
    ----------
    topic : as in the ticket, e.g. "person:<uuid>".
    kind : name of the event in the browser, e.g. "case.changed".
    data : identifiers only; whoever reads it asks for the rest with their own rights.
    """
    message = json.dumps({"topic": topic, "kind": kind, "data": dict(data or {})})
    if len(message.encode()) > _BYTES:
        raise ValueError(f"An announcement has at most {_BYTES} bytes: send identifiers.")
    # After the commit, and robust, for the reasons given in jobs.queue.
    transaction.on_commit(lambda: _notify(message), robust=True)


def _notify(message: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, %s)",
            [live_tickets.CHANNEL, message],
        )
