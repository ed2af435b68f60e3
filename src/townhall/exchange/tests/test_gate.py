"""Reading through the gate: what is answered, and what the journal says afterwards."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import connection

from townhall.exchange import operations as exchange
from townhall.exchange.operations import Read
from townhall.exchange.tests.conftest import (
    PERMITS,
    TODAY,
    officer,
    resident,
    step_of,
    with_vehicle,
)
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.registers import operations as registers

ADDRESS = Read("population", ("address",))


def looked(person_id: uuid.UUID) -> list[str]:
    return [line.outcome for line in exchange.who_looked(resident(person_id)).lines]


def test_a_fact_is_found_and_its_owner_sees_who_read_it(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id)
    (fact,) = exchange.read_many(me, step=step, reads=[ADDRESS], on=TODAY)
    assert (fact.outcome, fact.value["line1"]) == ("found", "1 High Street")
    assert (fact.register, fact.key) == ("population", str(person_id))
    (line,) = exchange.who_looked(me).lines
    assert (line.outcome, line.kinds, line.case_id) == ("found", ["address"], step.case_id)
    assert (line.purpose, line.legal_basis) == (step.purpose, step.legal_basis)
    assert (line.who, line.agency, line.service_no) == ("self", "transport", PERMITS)


def test_an_officers_read_is_seen_by_the_person_as_one_of_an_officer(
    person_id: uuid.UUID,
) -> None:
    exchange.read_many(officer(), step=step_of(person_id), reads=[ADDRESS], on=TODAY)
    (line,) = exchange.who_looked(resident(person_id)).lines
    assert (line.who, line.outcome) == ("officer", "found")


def test_an_entry_that_nobody_has_is_none_and_still_journalled(person_id: uuid.UUID) -> None:
    (fact,) = exchange.read_many(
        resident(person_id),
        step=step_of(person_id),
        reads=[Read("vehicles", ("keeper", "make"), "AB12CDE")],
        on=TODAY,
    )
    assert (fact.outcome, fact.value) == ("none", None)
    assert looked(person_id) == ["none"]


def test_several_entries_are_read_in_one_statement(
    person_id: uuid.UUID, django_assert_num_queries: Any
) -> None:
    with_vehicle("AB12CDE", person_id)
    reads = [
        ADDRESS,
        Read("vehicles", ("keeper", "make"), "AB12CDE"),
        Read("population", ("birth_date",)),
    ]
    me = resident(person_id)
    with scope(me), django_assert_num_queries(1):
        facts = exchange.read_many(me, step=step_of(person_id), reads=reads, on=TODAY)
    assert [fact.outcome for fact in facts] == ["found", "found", "none"]
    assert facts[1].value == {"keeper": str(person_id), "make": "Škoda"}
    # A line a register and outcome, not one a question.
    assert sorted(looked(person_id)) == ["found", "found", "none"]


def test_the_contract_of_one_read(person_id: uuid.UUID) -> None:
    fact = exchange.read(
        resident(person_id),
        register="population",
        fact_kinds=["address"],
        key=None,
        person_id=person_id,
        service_no=PERMITS,
        case_id=uuid.uuid4(),
        agency="transport",
        purpose="permit",
        legal_basis="law",
        on=TODAY,
    )
    assert fact.value["town"] == "Wrenford"


def test_nothing_is_read_when_nothing_is_asked(
    person_id: uuid.UUID, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert exchange.read_many(resident(person_id), step=step_of(person_id), reads=[]) == ()


def test_a_register_that_is_down_is_unavailable_and_not_empty(person_id: uuid.UUID) -> None:
    registers.set_available(SYSTEM, register="population", available=False)
    (fact,) = exchange.read_many(
        resident(person_id), step=step_of(person_id), reads=[ADDRESS], on=TODAY
    )
    assert (fact.outcome, fact.value) == ("unavailable", None)
    registers.set_available(SYSTEM, register="population", available=True)
    (fact,) = exchange.read_many(
        resident(person_id), step=step_of(person_id), reads=[ADDRESS], on=TODAY
    )
    assert fact.outcome == "found"
    assert looked(person_id) == ["found", "unavailable"]


def test_what_held_on_a_day_is_read_for_that_day(person_id: uuid.UUID) -> None:
    moved = date(2026, 6, 1)
    registers.record(
        SYSTEM,
        register="population",
        key=None,
        person_id=person_id,
        kind="address",
        value={"line1": "2 New Street"},
        valid_from=moved,
    )
    for on, line1 in ((moved - timedelta(days=1), "1 High Street"), (moved, "2 New Street")):
        (fact,) = exchange.read_many(
            resident(person_id), step=step_of(person_id), reads=[ADDRESS], on=on
        )
        assert fact.value["line1"] == line1
    (fact,) = exchange.read_many(
        resident(person_id), step=step_of(person_id), reads=[ADDRESS], on=date(2019, 1, 1)
    )
    assert fact.outcome == "none"


def test_a_read_about_somebody_else_is_in_their_journal_and_names_neither_side(
    person_id: uuid.UUID,
) -> None:
    keeper = uuid.uuid4()
    with_vehicle("QW20DAN", keeper)
    me, step = resident(person_id), step_of(person_id)
    (fact,) = exchange.read_many(
        me, step=step, reads=[Read("vehicles", ("keeper", "make"), "QW20DAN")], on=TODAY
    )
    assert fact.value == {"keeper": "another person", "make": "Škoda"}
    (line,) = exchange.who_looked(resident(keeper)).lines
    assert (line.outcome, line.who, line.case_id) == ("found", "other", None)
    assert exchange.who_looked(me).lines == ()


def test_restricted_processing_is_obeyed_and_can_be_lifted(person_id: uuid.UUID) -> None:
    registers.restrict(SYSTEM, person_id=person_id, reason="accuracy is contested")
    me = resident(person_id)
    for acting in (me, officer(), SYSTEM):
        (fact,) = exchange.read_many(acting, step=step_of(person_id), reads=[ADDRESS], on=TODAY)
        assert (fact.outcome, fact.value) == ("refused", None)
    assert {line.reason for line in exchange.who_looked(me).lines} == {"processing is restricted"}
    registers.lift_restriction(SYSTEM, person_id=person_id)
    (fact,) = exchange.read_many(me, step=step_of(person_id), reads=[ADDRESS], on=TODAY)
    assert fact.outcome == "found"


def test_the_restriction_of_a_keeper_holds_in_other_peoples_cases(person_id: uuid.UUID) -> None:
    keeper = uuid.uuid4()
    with_vehicle("QW20DAN", keeper)
    registers.restrict(SYSTEM, person_id=keeper, reason="stalking")
    (fact,) = exchange.read_many(
        resident(person_id),
        step=step_of(person_id),
        reads=[Read("vehicles", ("keeper", "make"), "QW20DAN")],
        on=TODAY,
    )
    assert (fact.outcome, fact.value) == ("refused", None)


def test_one_case_keeps_one_ticket(person_id: uuid.UUID, django_assert_num_queries: Any) -> None:
    me, step = resident(person_id), step_of(person_id)
    with scope(me):
        tickets = {
            exchange.issue_ticket(me, step=step, kinds=["population.address"]) for _ in range(3)
        }
        other = exchange.issue_ticket(me, step=step, kinds=["population.name"])
    assert len(tickets) == 1
    assert other not in tickets


def test_looking_at_a_case_is_noted(person_id: uuid.UUID) -> None:
    case = uuid.uuid4()
    exchange.note_view(
        officer(), person_id=person_id, what="case", case_id=case, service_no=7, purpose="decide"
    )
    (line,) = exchange.who_looked(resident(person_id)).lines
    assert (line.outcome, line.what, line.case_id, line.who) == ("viewed", "case", case, "officer")


def test_pages_of_the_journal_go_back_in_time_without_gaps(person_id: uuid.UUID) -> None:
    for number in range(7):
        exchange.note_view(
            officer(),
            person_id=person_id,
            what=str(number),
            case_id=uuid.uuid4(),
            service_no=7,
            purpose="p",
        )
    me = resident(person_id)
    seen, after = [], None
    while True:
        page = exchange.who_looked(me, after=after, limit=3)
        seen += [line.what for line in page.lines]
        if page.after is None:
            break
        after = page.after
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_long_journal_is_read_by_its_index(person_id: uuid.UUID) -> None:
    for number in range(300):
        exchange.note_view(
            officer(),
            person_id=person_id if number % 3 else uuid.uuid4(),
            what="case",
            case_id=uuid.uuid4(),
            service_no=7,
            purpose="p",
        )
    with scope(resident(person_id)), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {exchange.models._LINES}", [person_id, 2**62, 51])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan Backward using exchange_journal_person" in plan
    assert "Sort" not in plan
