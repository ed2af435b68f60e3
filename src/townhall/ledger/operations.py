"""What other rooms do with the ledger: put something on it, erase, prove.

Nothing here waits for the log. `submit` adds to the queue in the caller's transaction;
the sequencer gives the entry its place a moment later.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import commitments
from townhall.ledger.engine.commitments import HANDLE_SIZE, SALT_SIZE
from townhall.ledger.engine.registers import LOGS
from townhall.ledger.models import entry as entries

HANDLE = "handle"
ERASED = "erased"


class UnknownLog(Exception):
    """There is no log of this name."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An entry as its room knows it.

    Attributes
    ----------
    index
        Its place in the log; None while it waits.
    body
        What is public of it, and its commitments.
    """

    log: str
    kind: str
    ref: str
    index: int | None
    body: Mapping[str, Any]
    submitted_at: datetime


def submit(
    acting: Acting,
    *,
    log: str,
    kind: str,
    ref: str,
    person_id: UUID | None = None,
    public: Mapping[str, Any] | None = None,
    secret: Mapping[str, str] | None = None,
    sources: Sequence[str] = (),
) -> bool:
    """Put an entry into the queue of a log, once.

    Call it in a job that reacts to an event, never in the transaction of the business
    itself: the ledger proves afterwards, and holds nobody up.

    Parameters
    ----------
    acting
        Townhall itself, as jobs are.
    log, kind
        Of `ledger.engine.registers`: what each kind must say is written there.
    ref
        What it is about, in the words of the room: "<what>:<id>", or a path of such.
        A second entry with the same `ref` is not added. It never leaves the database.
    person_id
        Whose it is; only they will see it.
    public
        What stands in the log for everybody. Never anything personal.
    secret
        What the log only commits to, each under a salt of its own.
    sources
        SHA-256 of public documents that it rests on.

    Returns
    -------
    Whether it was added now.
    """
    _insist_on(log)
    openings = [
        (name, secrets.token_bytes(SALT_SIZE), value.encode())
        for name, value in (secret or {}).items()
    ]
    body = dict(public or {})
    if openings:
        body[HANDLE] = secrets.token_hex(HANDLE_SIZE)
    for name, salt, value in openings:
        body[name] = commitments.commit(name, salt, value).hex()
    with scope(acting):
        entry_id = entries.add(
            log=log,
            kind=kind,
            ref=ref,
            person_id=person_id,
            body=body,
            sources=sources,
            erases=None,
            now=datetime.now(UTC),
        )
        if entry_id is None:
            return False
        entries.add_openings(entry_id, person_id, openings)
    return True


def erase(acting: Acting, *, person_id: UUID, prefix: str) -> int:
    """Destroy what opens the commitments of a person's entries, and say so on the log.

    Salts and values are deleted at once; an `erased` entry follows for each. What was
    proved stays provable, what it was about cannot be found out any more.

    Parameters
    ----------
    prefix
        How the `ref` of the entries begins.

    Returns
    -------
    How many entries were erased.
    """
    with scope(acting):
        found = entries.with_openings(person_id, prefix)
        for each in found:
            entries.destroy_openings(each.id)
            entries.add(
                log=each.log,
                kind=ERASED,
                ref=f"erased:{each.id}",
                person_id=None,
                body={},
                sources=(),
                erases=each.id,
                now=datetime.now(UTC),
            )
            entries.forget(each.id)
    return len(found)


def find(acting: Acting, *, log: str, ref: str) -> Submitted | None:
    """Return an entry that one may see."""
    _insist_on(log)
    with scope(acting):
        found = entries.find(log, ref)
    if found is None:
        return None
    return Submitted(log, found.kind, found.ref, found.index, found.body, found.queued_at)


def newest_by(acting: Acting, *, log: str, field: str) -> list[Submitted]:
    """Return the newest entry of a log for each value of one of its public fields."""
    _insist_on(log)
    with scope(acting):
        return [
            Submitted(log, each.kind, each.ref, each.index, each.body, each.queued_at)
            for each in entries.newest_by(log, field)
        ]


def _insist_on(log: str) -> None:
    if log not in LOGS:
        raise UnknownLog(f"There is no log {log}; there are {', '.join(LOGS)}.")
