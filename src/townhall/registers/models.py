"""The only writer of the registers' tables.

The tables are made in SQL (`migrations/0001_registers.sql`): the application
role has no right on entries and facts, so there is no Django model to query.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from django.db import IntegrityError, ProgrammingError, connection

from townhall.foundation.database.identifiers import uuid7

SOURCES = ("case", "import", "partner", "officer")


@dataclass(frozen=True, slots=True)
class NewFact:
    """One fact to be written.

    Attributes
    ----------
    register, key : the entry, e.g. ("vehicles", "AB12CDE"); entries about a
        person in the population register have the person's id as key.
    person_id : the person whom the fact is about (a vehicle's keeper); None if it
        is about no person (a company's vehicle).
    kind : kind of fact, named by the pack's schema of the register.
    value : JSON value; None together with `ends`.
    valid_from, valid_to : half-open period in which it holds; None = until further notice.
    source : "case", "import", "partner" or "officer".
    source_ref : case id, file name or partner key.
    quality : flag such as "corrected" or the name of a tolerated defect.
    ends : nothing of this kind holds in the period.
    """

    register: str
    key: str
    person_id: UUID | None
    kind: str
    value: Any
    valid_from: date
    valid_to: date | None = None
    source: str = "case"
    source_ref: str = ""
    legal_basis: str = ""
    quality: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one fact: "unchanged", "recorded" or "changed"."""

    fact: UUID
    outcome: str


class NotAllowedToWrite(Exception):
    """The scope is neither the system's nor that of an officer of the service."""


class OverlappingFacts(Exception):
    """One batch says two things about the same kind, entry and time."""


def write(facts: Sequence[NewFact], *, service_no: int | None) -> list[Written]:
    """Write `facts` in the open scope, keeping what was believed before.

    Raises
    ------
    NotAllowedToWrite, OverlappingFacts
    """
    rows = json.dumps([_row(fact) for fact in facts], ensure_ascii=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT fact, outcome FROM registers_write(%s::jsonb, %s)", [rows, service_no]
            )
            return [Written(*line) for line in cursor.fetchall()]
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise NotAllowedToWrite(
                "Registers are written by the system, or by an officer of the service in "
                "whose case the fact arose."
            ) from error
        raise
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.ExclusionViolation):
            raise OverlappingFacts(
                "The batch holds two facts of one kind about the same entry whose periods "
                "overlap. Let the earlier one end where the later one starts."
            ) from error
        raise


def set_available(register: str, *, available: bool) -> None:
    """Note that `register` answers, or that it is down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registers_availability (register, available) VALUES (%s, %s) "
            "ON CONFLICT (register) DO UPDATE SET available = excluded.available, "
            "changed_at = now()",
            [register, available],
        )


def unavailable() -> frozenset[str]:
    """Return the registers that are marked as down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register FROM registers_availability WHERE NOT available")
        return frozenset(name for (name,) in cursor.fetchall())


def restrict(person_id: UUID, *, reason: str) -> None:
    """Start the restriction of processing for one person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registers_restriction (person_id, reason) VALUES (%s, %s) "
            "ON CONFLICT (person_id) DO UPDATE SET reason = excluded.reason",
            [person_id, reason],
        )


def lift_restriction(person_id: UUID) -> bool:
    """End the restriction of processing; return whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registers_restriction WHERE person_id = %s", [person_id])
        return cursor.rowcount == 1


def _row(fact: NewFact) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "register": fact.register,
        "key": fact.key,
        "person_id": str(fact.person_id) if fact.person_id else None,
        "kind": fact.kind,
        "value": fact.value,
        "ends": fact.ends,
        "valid_from": fact.valid_from.isoformat(),
        "valid_to": fact.valid_to.isoformat() if fact.valid_to else None,
        "source": fact.source,
        "source_ref": fact.source_ref,
        "legal_basis": fact.legal_basis,
        "quality": fact.quality,
    }
