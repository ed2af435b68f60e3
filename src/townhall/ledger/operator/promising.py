"""Giving the log's word that something was received, and taking over what another log broke."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.promises import Promise, kept_by, promise
from townhall.ledger.log.log import Log
from townhall.ledger.models import entry as entries
from townhall.ledger.operator.folder import Folder
from townhall.ledger.operator.remembering import PATIENCE_S
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy, NotFetched

DELAY_S: Final = 86_400
"""How long after its reception an entry may be missing in the log at most."""
MOST: Final = 100


def sign_wanted(folder: Folder) -> int:
    """Sign the promises that people asked for; return how many."""
    with scope(SYSTEM):
        wanted = entries.promises_wanted(MOST)
        for each in wanted:
            try:
                entries.keep_promise(each.id, _given(folder, each).render().decode())
            except Refused:  # nor does the log take it; the sequencer says why
                entries.decline_promise(each.id)
    return len(wanted)


def _given(folder: Folder, entry: entries.Entry) -> Promise:
    received_at = int(entry.queued_at.timestamp())
    return promise(
        folder.origin(entry.log),
        entry.kind,
        entry.body,
        entry.sources,
        received_at=received_at,
        deadline=received_at + DELAY_S,
        signers=folder.signers(entry.log),
    )


def take_in(name: str, log: Log, peers: Sequence[Peer], keys: Sequence[VerifierKey]) -> int:
    """Put into the queue what another operator promised and never appended.

    Parameters
    ----------
    name, log
        The log, by its name and its files.
    peers
        Witnesses, who keep broken promises. Their word for it is not taken: what is not due
        yet, or stands in the log, is owed no more.
    keys
        Of the log, under that operator: only its own word counts.

    Returns
    -------
    How many entries these were.
    """
    told = {each.digest: each for peer in peers for each in _broken(peer, log.origin, keys)}
    now = int(datetime.now(UTC).timestamp())
    due = [each for each in told.values() if each.deadline < now]
    end = log.appended
    first = min((each.earliest(0, end, log.entry) for each in due), default=end)
    kept = kept_by(due, log.entries(first, end))
    found = {each.digest: each for each in due if each.digest not in kept}
    with scope(SYSTEM):
        added = [
            entries.add(
                log=name,
                kind=each.kind,
                ref=f"overdue:{digest.hex()}",
                person_id=None,
                body=each.body,
                sources=each.sources,
                erases=None,
                now=datetime.now(UTC),
            )
            for digest, each in found.items()
        ]
    return sum(each is not None for each in added)


def _broken(peer: Peer, origin: str, keys: Sequence[VerifierKey]) -> list[Promise]:
    copy = Copy(f"{peer.url}/mirror", origin, PATIENCE_S)
    try:
        content = copy.read(Path("overdue"))
    except (OSError, http.client.HTTPException, NotFetched):
        return []
    finally:
        copy.close()
    found = []
    for line in content.splitlines():
        try:
            given = Promise.parse(line)
            given.check(keys)
        except Refused:
            continue  # the log never gave it: nothing is owed
        if given.origin == origin:
            found.append(given)
    return found
