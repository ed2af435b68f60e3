"""People, steps and facts for the tests of the gate."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from townhall.exchange.operations import Step
from townhall.foundation.acting import SYSTEM, Acting
from townhall.registers import operations as registers
from townhall.registers.operations import NewFact

TODAY = date(2026, 11, 25)
PERMITS = 7


def resident(person_id: uuid.UUID) -> Acting:
    return Acting(actor=f"person:{person_id}", person_id=person_id, assurance="substantial")


def officer(*services: int, agency: str = "transport") -> Acting:
    return Acting(
        actor=f"officer:{uuid.uuid4()}",
        services=services or (PERMITS,),
        agency=agency,
        roles=frozenset({"permits.officer"}),
    )


def step_of(person_id: uuid.UUID, **change: object) -> Step:
    described = {
        "person_id": person_id,
        "case_id": uuid.uuid4(),
        "service_no": PERMITS,
        "agency": "transport",
        "purpose": "to see whether you may have a parking permit",
        "legal_basis": "Road Traffic Regulation Act 1984, s. 45",
    }
    return Step(**{**described, **change})


def with_address() -> uuid.UUID:
    """Record a person with an address in the population register."""
    person = uuid.uuid4()
    address = {"line1": "1 High Street", "town": "Wrenford"}
    registers.record_many(
        SYSTEM,
        facts=[NewFact("population", str(person), person, "address", address, date(2020, 1, 1))],
    )
    return person


def with_vehicle(plate: str, keeper: uuid.UUID) -> None:
    """Record a vehicle and its keeper."""
    registers.record_many(
        SYSTEM,
        facts=[
            NewFact("vehicles", plate, keeper, kind, value, date(2024, 1, 1))
            for kind, value in (("keeper", str(keeper)), ("make", "Škoda"))
        ],
    )


@pytest.fixture
def person_id(db: None) -> uuid.UUID:
    return with_address()


@pytest.fixture
def make_person(db: None) -> Callable[[], uuid.UUID]:
    return with_address
