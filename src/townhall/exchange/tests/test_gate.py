"""Reading through the gate: what is answered, and what the journal says afterwards."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from townhall.exchange import operations as exchange
from townhall.exchange.operations import Read, Step
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.registers import operations as registers
from townhall.registers.operations import NewFact

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def resident(person_id: uuid.UUID) -> Acting:
    return Acting(actor=f"person:{person_id}", person_id=person_id, assurance="substantial")


def step_of(person_id: uuid.UUID, **change: object) -> Step:
    described = {
        "person_id": person_id,
        "case_id": uuid.uuid4(),
        "service_no": 7,
        "agency": "transport",
        "purpose": "to see whether you may have a parking permit",
        "legal_basis": "Road Traffic Regulation Act 1984, s. 45",
    }
    return Step(**{**described, **change})


@pytest.fixture
def person_id() -> uuid.UUID:
    """A person with an address in the population register."""
    person = uuid.uuid4()
    registers.record(
        SYSTEM,
        register="population",
        key=None,
        person_id=person,
        kind="address",
        value={"line1": "1 High Street", "town": "Brynglas"},
        valid_from=date(2020, 1, 1),
        source="import",
    )
    return person


def test_a_fact_is_found_and_its_owner_sees_who_read_it(person_id: uuid.UUID) -> None:
    me = resident(person_id)
    step = step_of(person_id)
    (fact,) = exchange.read_many(me, step=step, reads=[Read("population", ("address",))], on=TODAY)
    assert (fact.outcome, fact.value["line1"]) == ("found", "1 High Street")
    assert fact.register == "population"
    (line,) = exchange.who_looked(me).lines
    assert (line.outcome, line.kinds, line.case_id) == ("found", ("address",), step.case_id)
    assert line.purpose == step.purpose
    assert line.legal_basis == step.legal_basis


def test_an_entry_that_nobody_has_is_none_and_still_journalled(person_id: uuid.UUID) -> None:
    me = resident(person_id)
    (fact,) = exchange.read_many(
        me,
        step=step_of(person_id),
        reads=[Read("vehicles", ("keeper", "make"), "AB12CDE")],
        on=TODAY,
    )
    assert (fact.outcome, fact.value) == ("none", None)
    assert [line.outcome for line in exchange.who_looked(me).lines] == ["none"]


def test_several_entries_are_read_in_one_statement(
    person_id: uuid.UUID, django_assert_num_queries: object
) -> None:
    registers.record_many(
        SYSTEM,
        facts=[
            NewFact("vehicles", "AB12CDE", person_id, kind, value, date(2024, 1, 1))
            for kind, value in (("keeper", str(person_id)), ("make", "Škoda"))
        ],
    )
    reads = [
        Read("population", ("address",)),
        Read("vehicles", ("keeper", "make"), "AB12CDE"),
        Read("population", ("birth_date",)),
    ]
    me = resident(person_id)
    with scope(me), django_assert_num_queries(1):
        facts = exchange.read_many(me, step=step_of(person_id), reads=reads, on=TODAY)
    assert [fact.outcome for fact in facts] == ["found", "found", "none"]
    assert facts[1].value == {"keeper": str(person_id), "make": "Škoda"}
