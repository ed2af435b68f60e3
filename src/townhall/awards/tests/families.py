"""Families of these tests: what registers know of them, and what happens to them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

from townhall.cases import operations as cases
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.jobs import run_due
from townhall.registers import operations as registers

LONG_AGO = date(1990, 1, 1)


def child(name: str, born: str) -> dict[str, Any]:
    return {
        "person": str(uuid.uuid4()),
        "name": name,
        "date_of_birth": born,
        "lives_with": True,
    }


def parent(*children: dict[str, Any], income: str = "30000.00", account: bool = True) -> Acting:
    """Return a parent whom the registers know."""
    person = uuid.uuid4()
    me = Acting(actor=f"person:{person}", name="Megan", person_id=person, assurance="substantial")
    record(me, "population", "date_of_birth", "1990-01-01", LONG_AGO)
    record(me, "population", "children", list(children), LONG_AGO)
    record(me, "income", "adjusted_net_income", income, LONG_AGO)
    if account:
        paid_into = {"sort_code": "089999", "number": "66374958"}
        record(me, "accounts", "paid_into", paid_into, LONG_AGO)
    return me


def record(me: Acting, register: str, kind: str, value: Any, since: date) -> None:
    """Let a register say something of a person."""
    registers.record(
        SYSTEM,
        register=register,
        key=None,
        person_id=person_of(me),
        kind=kind,
        value=value,
        valid_from=since,
    )


def person_of(me: Acting) -> UUID:
    assert me.person_id is not None
    return me.person_id


def claims(me: Acting) -> UUID:
    """Claim Child Benefit; return the case, decided."""
    draft = cases.start_draft(me, service_key="child-benefit", answers={"same_children": "yes"})
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    run_due()
    return case.id
