"""Work on files behind the scenes: scanning what came in, sweeping what nobody needs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection

from townhall.foundation import events, settings
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.files import blobs, scan
from townhall.foundation.files.store import SCAN_JOB, remove_unneeded
from townhall.foundation.jobs import handler, periodic

# A content that no row needs may belong to a transaction that is still open.
SWEEP_AFTER = timedelta(hours=1)

_log = structlog.get_logger("townhall.files")


@handler(SCAN_JOB, queue="scan", atomic=False)
def scan_file(*, file: str) -> None:
    """Have one file scanned, and record what the scanner said.

    The scanner is asked outside of any transaction. While it cannot be reached
    the file stays "not scanned", visibly, and the job tries again.
    """
    identifier = UUID(file)
    with scope(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("SELECT sha256 FROM foundation_file WHERE id = %s", [identifier])
            row = cursor.fetchone()
    if row is None:
        return  # dropped meanwhile
    with blobs.reading(row[0]) as content:
        verdict = scan.scan(content, settings.current().scan_address)
    with scope(SYSTEM) as acting:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE foundation_file SET scan = %s WHERE id = %s AND scan <> %s"
                " RETURNING person_id, service_no",
                [verdict.state, identifier, verdict.state],
            )
            changed = cursor.fetchone()
        if changed and verdict.state == "infected":
            events.record(
                "file.infected",
                subject=identifier,
                person_id=changed[0],
                service_no=changed[1],
                acting=acting,
                payload={"found": verdict.found[:200]},
            )


@periodic("foundation.sweep_files", timedelta(hours=6), queue="scan", atomic=False)
def sweep_files() -> None:
    """Remove contents that no file needs any more, and what broken uploads left behind."""
    sweep(older_than=SWEEP_AFTER)


def sweep(*, older_than: timedelta) -> int:
    """Remove contents that no row names and that are older; return how many."""
    blobs.clear_incoming(older_than.total_seconds())
    removed = 0
    for sha256 in blobs.older_than(older_than.total_seconds()):
        removed += remove_unneeded(sha256)
    if removed:
        _log.info("contents swept", removed=removed)
    return removed
