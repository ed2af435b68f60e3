"""The only caller of the gate's functions; tickets and journal have no other writer.

The tables are made in SQL (`migrations/0001_gate.sql`): the application role
has no right on tickets, and can only read its own lines of the journal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from townhall.foundation.acting import Acting


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a case that needs facts: what a ticket is made for.

    Attributes
    ----------
    person_id : whose application it is.
    case_id : id of the draft or case.
    service_no : catalogue number of the service; None where somebody has their own facts
        read outside any service, to see what they could get.
    agency : the agency that answers for the service.
    purpose : why, in plain words or a message id; shown to the person.
    legal_basis : the law or consent that allows the reading.
    lasts : how long the ticket holds (at most 31 days).
    """

    person_id: UUID
    case_id: UUID
    service_no: int | None
    agency: str
    purpose: str
    legal_basis: str
    lasts: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Read:
    """One entry to be read: these kinds of facts, of this register, by this key.

    `key` None = the entry of the person applying.
    """

    register: str
    kinds: tuple[str, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate answers to one `Read`; `facts` maps kind to value when found."""

    outcome: str
    facts: dict[str, Any]
    sources: tuple[str, ...]
    at: datetime


_ISSUE = "exchange_issue(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_ANSWER = "SELECT r.outcome, r.facts::text, r.sources, r.read_at"


def issue(acting: Acting, step: Step, kinds: Sequence[str]) -> UUID | None:
    """Return a ticket for `step`, or None if the open scope is not entitled to one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_ISSUE}", _ticket(acting, step, kinds))
        return cursor.fetchone()[0]


def issue_and_read(
    acting: Acting, step: Step, reads: Sequence[Read], kinds: Sequence[str], on: date
) -> list[Answer]:
    """Make (or reuse) the ticket of `step` and read through the gate, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ANSWER} FROM {_ISSUE} AS t (id), "
            "LATERAL exchange_read(t.id, %s::jsonb, %s::jsonb, %s) r ORDER BY r.place",
            [*_ticket(acting, step, kinds), *_asked(acting, step, reads, on)],
        )
        return [_answer(row) for row in cursor.fetchall()]


def read(acting: Acting, ticket: UUID, step: Step, reads: Sequence[Read], on: date) -> list[Answer]:
    """Read through the gate with a ticket that was made before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ANSWER} FROM exchange_read(%s, %s::jsonb, %s::jsonb, %s) r ORDER BY r.place",
            [ticket, *_asked(acting, step, reads, on)],
        )
        return [_answer(row) for row in cursor.fetchall()]


def revoke(*, person_id: UUID, case_id: UUID, service_no: int | None) -> int:
    """Revoke the tickets of a case; return how many were still valid."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_revoke(%s, %s, %s)", [person_id, case_id, service_no])
        return int(cursor.fetchone()[0])


def note(acting: Acting, *, outcome: str, using: Any = None, **line: Any) -> None:
    """Write a journal line that is not about a register, on `using` or the usual connection."""
    described = {
        "actor": acting.actor,
        "agency": acting.agency,
        "channel": acting.channel,
        "on_behalf_of": acting.on_behalf_of,
        "mandate": acting.mandate,
        "outcome": outcome,
        **line,
    }
    with (using or connection).cursor() as cursor:
        cursor.execute("SELECT exchange_note(%s::jsonb)", [json.dumps(described, default=str)])


LINE = (
    "number", "at", "actor", "agency", "channel", "register", "kinds", "what", "purpose",
    "legal_basis", "case_id", "service_no", "on_behalf_of", "mandate", "outcome", "reason",
)  # fmt: skip
"""What `lines` returns of a line, in this order."""

_LINES = (
    "SELECT number, at, actor, agency, channel, register, kinds, what, purpose, legal_basis, "
    # A look in somebody else's case: that there was one is to be seen, but not which.
    "CASE WHEN case_person = person_id THEN case_id END, "
    "service_no, on_behalf_of, mandate, outcome, reason "
    "FROM exchange_journal WHERE person_id = %s AND number < %s ORDER BY number DESC LIMIT %s"
)


def lines(person_id: UUID, *, before: int | None, limit: int) -> list[tuple[Any, ...]]:
    """Return journal lines about `person_id`, newest first, older than line `before`."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [person_id, before if before is not None else 2**63 - 1, limit])
        return cursor.fetchall()


def _ticket(acting: Acting, step: Step, kinds: Sequence[str]) -> list[Any]:
    return [
        step.person_id,
        step.case_id,
        step.service_no,
        step.agency,
        step.purpose,
        step.legal_basis,
        list(kinds),
        acting.actor,
        acting.mandate,
        step.lasts,
    ]


def _asked(acting: Acting, step: Step, reads: Sequence[Read], on: date) -> list[Any]:
    caller = {
        "person": step.person_id,
        "case": step.case_id,
        "service": step.service_no,
        # An officer reads for their own agency, whatever the step says.
        "agency": acting.agency or step.agency,
        "purpose": step.purpose,
        "actor": acting.actor,
        "on_behalf_of": acting.on_behalf_of,
        "mandate": acting.mandate,
        "channel": acting.channel,
    }
    asked = [
        {
            "register": each.register,
            "key": str(step.person_id) if each.key is None else _storable(each.key),
            "kinds": list(each.kinds),
        }
        for each in reads
    ]
    return [json.dumps(caller, default=str), json.dumps(asked), on]


def _storable(key: str) -> str:
    """Return the key, or "" (which no entry has) if PostgreSQL could not even compare it."""
    return key if key.isprintable() else ""


def _answer(row: tuple[Any, ...]) -> Answer:
    outcome, facts, sources, at = row
    return Answer(outcome, json.loads(facts) if facts else {}, tuple(sources or ()), at)
