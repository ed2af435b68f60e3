"""What can be done with personal facts: read them for a case, note, and see who looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.utils import timezone

from townhall.catalogue.engine.situation import Fact
from townhall.exchange import models
from townhall.exchange.models import Read, Step
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope

__all__ = [
    "JournalLine",
    "JournalPage",
    "Read",
    "Step",
    "issue_ticket",
    "note_denied",
    "note_view",
    "read",
    "read_many",
    "read_with_ticket",
    "revoke_tickets",
    "who_looked",
]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the journal as the person it is about sees it."""

    number: int
    at: datetime
    actor: str
    agency: str
    channel: str
    register: str
    kinds: list[str]
    what: str
    purpose: str
    legal_basis: str
    case_id: UUID | None
    service_no: int | None
    on_behalf_of: UUID | None
    mandate: UUID | None
    outcome: str
    reason: str
    person_id: UUID

    @property
    def who(self) -> str:
        """Who it was, without saying which one: officers stay pseudonymous for the person.

        "self", "officer", "automatic", "partner", "anonymous" or "other" (another person).
        """
        if self.actor == f"person:{self.person_id}":
            return "self"
        kind = self.actor.partition(":")[0]
        return {"person": "other", "system": "automatic"}.get(kind, kind)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, newest first; `after` asks for the next page, None at the end."""

    lines: tuple[JournalLine, ...]
    after: int | None


def read_many(
    acting: Acting, *, step: Step, reads: Sequence[Read], on: date | None = None
) -> tuple[Fact, ...]:
    """Read several entries for one step of a case, in one statement.

    The ticket, the reading and the journal lines belong to the transaction of
    the open scope: if that rolls back, nothing may be used of what was read.

    Parameters
    ----------
    step : the step of the case that needs the facts.
    reads : what is to be read. One kind gives its value; several give a
        mapping from kind to value.
    on : the day on which the facts are to hold; today if not given.

    Returns
    -------
    A `Fact` per read, in order, with outcome found, none, unavailable or refused.
    """
    if not reads:
        return ()
    kinds = sorted({f"{each.register}.{kind}" for each in reads for kind in each.kinds})
    with scope(acting):
        answers = models.issue_and_read(acting, step, reads, kinds, on or timezone.localdate())
    return tuple(_fact(step, asked, got) for asked, got in zip(reads, answers, strict=True))


def read(
    acting: Acting,
    *,
    register: str,
    fact_kinds: Sequence[str],
    key: str | None,
    person_id: UUID,
    service_no: int,
    case_id: UUID,
    agency: str,
    purpose: str,
    legal_basis: str,
    on: date | None = None,
) -> Fact:
    """Read one entry for a step of a case; see `read_many`."""
    step = Step(person_id, case_id, service_no, agency, purpose, legal_basis)
    return read_many(acting, step=step, reads=[Read(register, tuple(fact_kinds), key)], on=on)[0]


def issue_ticket(acting: Acting, *, step: Step, kinds: Sequence[str]) -> UUID | None:
    """Make the ticket of a step beforehand; None if `acting` has no part in the case.

    Outside any service (`step.service_no` None) only the person themselves gets one.

    `kinds` are written "register.kind".
    """
    if acting.agency and acting.agency != step.agency:
        return None
    with scope(acting):
        return models.issue(acting, step, sorted(kinds))


def read_with_ticket(
    acting: Acting, *, ticket: UUID, step: Step, reads: Sequence[Read], on: date | None = None
) -> tuple[Fact, ...]:
    """Read with a ticket made before; every claim of `step` must agree with it."""
    if not reads:
        return ()
    with scope(acting):
        answers = models.read(acting, ticket, step, reads, on or timezone.localdate())
    return tuple(_fact(step, asked, got) for asked, got in zip(reads, answers, strict=True))


def revoke_tickets(
    acting: Acting, *, person_id: UUID, case_id: UUID, service_no: int | None
) -> int:
    """End the right to read for a case that is over; return how many tickets ended."""
    with scope(acting):
        return models.revoke(person_id=person_id, case_id=case_id, service_no=service_no)


def note_view(
    acting: Acting, *, person_id: UUID, what: str, case_id: UUID, service_no: int, purpose: str
) -> None:
    """Write that `acting` opened something about a person, in the open transaction."""
    with scope(acting):
        models.note(
            acting,
            outcome="viewed",
            person=person_id,
            what=what,
            case=case_id,
            service=service_no,
            purpose=purpose,
        )


def note_denied(
    acting: Acting,
    *,
    person_id: UUID | None,
    what: str,
    case_id: UUID | None = None,
    service_no: int | None = None,
    reason: str = "",
) -> None:
    """Write that `acting` was refused something, so that it stays written.

    The refusal usually ends in an exception that rolls the open transaction
    back; the line therefore goes through a connection of its own.
    """
    line = {
        "person": person_id,
        "what": what,
        "case": case_id,
        "service": service_no,
        "reason": reason,
    }
    if not connection.in_atomic_block:
        models.note(acting, outcome="denied", **line)
        return
    apart = connections.create_connection(connection.alias)
    apart.settings_dict = _unpooled(connection.settings_dict)
    try:
        models.note(acting, outcome="denied", using=apart, **line)
    finally:
        apart.close()


def who_looked(acting: Acting, *, after: int | None = None, limit: int = 50) -> JournalPage:
    """Return the lines about the acting person, newest first.

    Parameters
    ----------
    after : `JournalPage.after` of the page before.
    limit : lines a page, 1 to 200.
    """
    if acting.person_id is None:
        return JournalPage((), None)
    limit = max(1, min(limit, 200))
    with scope(acting):
        rows = models.lines(acting.person_id, before=after, limit=limit + 1)
    page = tuple(_line(row, acting.person_id) for row in rows[:limit])
    return JournalPage(page, page[-1].number if len(rows) > limit else None)


def _fact(step: Step, asked: Read, got: models.Answer) -> Fact:
    value = None
    if got.outcome == "found":
        value = got.facts[asked.kinds[0]] if len(asked.kinds) == 1 else got.facts
    key = str(step.person_id) if asked.key is None else asked.key
    return Fact(got.outcome, value, ", ".join(got.sources), got.at, asked.register, key)


def _line(row: tuple[Any, ...], person_id: UUID) -> JournalLine:
    return JournalLine(**dict(zip(models.LINE, row, strict=True)), person_id=person_id)


def _unpooled(settings: dict[str, Any]) -> dict[str, Any]:
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    return {**settings, "OPTIONS": options, "CONN_MAX_AGE": 0}
