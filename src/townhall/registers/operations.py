"""What can be done with registers: record, correct and end facts, import, mark as down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope
from townhall.registers import models
from townhall.registers.checking import FactRefused, checked, known_register
from townhall.registers.models import NewFact, NotAllowedToWrite, OverlappingFacts, Written

__all__ = [
    "FactRefused",
    "Imported",
    "NewFact",
    "NotAllowedToWrite",
    "OverlappingFacts",
    "Written",
    "correct",
    "end",
    "import_entries",
    "lift_restriction",
    "record",
    "record_many",
    "restrict",
    "set_available",
    "unavailable",
]

FACT_CHANGED = "register.fact_changed"
IMPORTED = "register.imported"
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts of an import; `received` is the sum of the other three."""

    received: int
    recorded: int
    changed: int
    unchanged: int


def record_many(
    acting: Acting,
    *,
    facts: Sequence[NewFact],
    service_no: int | None = None,
    case_id: UUID | None = None,
) -> tuple[Written, ...]:
    """Record several facts, and an event for each that says something new.

    Parameters
    ----------
    facts : what holds from now on or held in a period; what was believed
        before outside of that period goes on holding.
    service_no, case_id : the case in which the facts arose.

    Raises
    ------
    FactRefused
        if the pack does not know such facts, or declares another shape.
    NotAllowedToWrite
        if `acting` is neither the system nor an officer of the service.
    OverlappingFacts
        if the batch contradicts itself.
    """
    facts = [checked(fact) for fact in facts]
    with scope(acting):
        written = models.write(facts, service_no=service_no)
        for fact, result in zip(facts, written, strict=True):
            if result.outcome == "unchanged":
                continue
            events.record(
                FACT_CHANGED,
                subject=result.fact,
                person_id=fact.person_id,
                acting=acting,
                service_no=service_no,
                payload={
                    "register": fact.register,
                    "kind": fact.kind,
                    "outcome": "ended" if fact.ends else result.outcome,
                    "valid_from": fact.valid_from.isoformat(),
                    "case": str(case_id) if case_id else None,
                },
            )
    return tuple(written)


def record(
    acting: Acting,
    *,
    register: str,
    key: str | None,
    person_id: UUID | None,
    kind: str,
    value: Any,
    valid_from: date,
    valid_to: date | None = None,
    source: str = "case",
    source_ref: str = "",
    legal_basis: str = "",
    service_no: int | None = None,
    case_id: UUID | None = None,
) -> Written:
    """Record one fact; see `record_many`. `key` None = the person's own entry."""
    fact = NewFact(
        register=register,
        key=_key(key, person_id),
        person_id=person_id,
        kind=kind,
        value=value,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        source_ref=source_ref or (str(case_id) if case_id else ""),
        legal_basis=legal_basis,
    )
    return record_many(acting, facts=[fact], service_no=service_no, case_id=case_id)[0]


def correct(
    acting: Acting,
    *,
    fact: NewFact,
    service_no: int | None = None,
    case_id: UUID | None = None,
) -> Written:
    """Replace what was wrong from the start (GDPR art. 16); the history keeps the error."""
    corrected = replace(fact, quality="corrected")
    return record_many(acting, facts=[corrected], service_no=service_no, case_id=case_id)[0]


def end(
    acting: Acting,
    *,
    register: str,
    key: str | None,
    person_id: UUID | None,
    kind: str,
    on: date,
    service_no: int | None = None,
    case_id: UUID | None = None,
) -> Written:
    """Let a fact end: nothing of this kind holds from `on`."""
    fact = NewFact(
        register=register,
        key=_key(key, person_id),
        person_id=person_id,
        kind=kind,
        value=None,
        valid_from=on,
        ends=True,
    )
    return record_many(acting, facts=[fact], service_no=service_no, case_id=case_id)[0]


def import_entries(acting: Acting, *, facts: Iterable[NewFact], source_ref: str) -> Imported:
    """Take in many facts in one transaction; the same file again changes nothing.

    One event tells of the whole import: a first load of thousands of entries
    is not thousands of changes that somebody must react to.

    Parameters
    ----------
    facts : may be an iterator; it is read in batches.
    source_ref : name of the file or feed.

    Raises
    ------
    FactRefused, NotAllowedToWrite, OverlappingFacts
        and nothing is taken in.
    """
    counts = {"recorded": 0, "changed": 0, "unchanged": 0}
    with scope(acting):
        for batch in _batches(facts):
            rows = [
                replace(checked(fact), source="import", source_ref=source_ref) for fact in batch
            ]
            for result in models.write(rows, service_no=None):
                counts[result.outcome] += 1
        done = Imported(received=sum(counts.values()), **counts)
        if done.recorded or done.changed:
            events.record(
                IMPORTED,
                subject=uuid7(),
                person_id=None,
                acting=acting,
                payload={"source": source_ref, **counts},
            )
    return done


def set_available(acting: Acting, *, register: str, available: bool) -> None:
    """Mark a register as answering or as down; the gate then says "unavailable".

    Raises
    ------
    FactRefused
        if the pack has no such register.
    """
    known_register(register)
    with scope(acting):
        models.set_available(register, available=available)


def unavailable(acting: Acting) -> frozenset[str]:
    """Return the registers that are marked as down."""
    with scope(acting):
        return models.unavailable()


def restrict(acting: Acting, *, person_id: UUID, reason: str) -> None:
    """Start the restriction of processing (GDPR art. 18): the gate refuses every read."""
    with scope(acting):
        models.restrict(person_id, reason=reason)
        events.record("register.restricted", subject=person_id, person_id=person_id, acting=acting)


def lift_restriction(acting: Acting, *, person_id: UUID) -> None:
    """End the restriction of processing."""
    with scope(acting):
        if models.lift_restriction(person_id):
            events.record(
                "register.restriction_lifted",
                subject=person_id,
                person_id=person_id,
                acting=acting,
            )


def _key(key: str | None, person_id: UUID | None) -> str:
    if key is None and person_id is None:
        raise ValueError("An entry about no person needs a key of its own.")
    return str(person_id) if key is None else key


def _batches(facts: Iterable[NewFact]) -> Iterator[list[NewFact]]:
    source = iter(facts)
    while batch := list(islice(source, _BATCH)):
        yield batch
