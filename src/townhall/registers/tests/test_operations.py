"""Recording facts: what holds when, what was believed before, and who may say so."""

from __future__ import annotations

import itertools
import re
import threading
import uuid
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from django.db import connections

from townhall.foundation.acting import SYSTEM, Acting
from townhall.registers import operations as registers
from townhall.registers.operations import NewFact

OFFICER = Acting(actor=f"officer:{uuid.uuid4()}", services=(7,), agency="transport")


@pytest.fixture(autouse=True)
def real_commits(committed_db: object) -> Iterator[None]:
    """Facts can be seen by the owner only, on another connection: commit for real."""
    return


def named(
    person: uuid.UUID, value: object, start: date, end: date | None = None, **change: object
) -> NewFact:
    described = {
        "register": "population",
        "key": str(person),
        "person_id": person,
        "kind": "name",
        "value": value,
        "valid_from": start,
        "valid_to": end,
    }
    return NewFact(**{**described, **change})


def believed(owner: psycopg.Connection, person: uuid.UUID) -> list[tuple]:
    return owner.execute(
        "SELECT value, valid_from, valid_to FROM registers_fact "
        "WHERE person_id = %s AND superseded_at IS NULL ORDER BY kind, valid_from",
        [person],
    ).fetchall()


def happened(owner: psycopg.Connection, person: uuid.UUID) -> list[tuple]:
    return owner.execute(
        "SELECT kind, payload->>'outcome' FROM foundation_event WHERE person_id = %s "
        "ORDER BY position",
        [person],
    ).fetchall()


def test_a_new_name_ends_the_old_one_and_keeps_what_was_believed(
    owner: psycopg.Connection,
) -> None:
    person = uuid.uuid4()
    registers.record_many(SYSTEM, facts=[named(person, "Old", date(2020, 1, 1))])
    (moved,) = registers.record_many(SYSTEM, facts=[named(person, "New", date(2026, 5, 1))])
    assert moved.outcome == "changed"
    assert believed(owner, person) == [
        ("Old", date(2020, 1, 1), date(2026, 5, 1)),
        ("New", date(2026, 5, 1), None),
    ]
    superseded = owner.execute(
        "SELECT value, valid_to FROM registers_fact WHERE superseded_at IS NOT NULL"
    ).fetchall()
    assert superseded == [("Old", None)]
    assert happened(owner, person) == [
        ("register.fact_changed", "recorded"),
        ("register.fact_changed", "changed"),
    ]


def test_a_correction_in_the_middle_leaves_both_ends_alone(owner: psycopg.Connection) -> None:
    person = uuid.uuid4()
    registers.record_many(SYSTEM, facts=[named(person, "A", date(2020, 1, 1))])
    registers.correct(SYSTEM, fact=named(person, "B", date(2021, 1, 1), date(2022, 1, 1)))
    assert believed(owner, person) == [
        ("A", date(2020, 1, 1), date(2021, 1, 1)),
        ("B", date(2021, 1, 1), date(2022, 1, 1)),
        ("A", date(2022, 1, 1), None),
    ]


def test_saying_the_same_again_changes_nothing_and_tells_nobody(
    owner: psycopg.Connection,
) -> None:
    person = uuid.uuid4()
    said = named(person, "Mair Pugh", date(2020, 1, 1))
    registers.record_many(SYSTEM, facts=[said])
    (again,) = registers.record_many(SYSTEM, facts=[said])
    assert again.outcome == "unchanged"
    assert len(happened(owner, person)) == 1


def test_what_has_ended_no_longer_holds(owner: psycopg.Connection) -> None:
    person = uuid.uuid4()
    registers.record_many(SYSTEM, facts=[named(person, "A", date(2020, 1, 1))])
    registers.end(
        SYSTEM,
        register="population",
        key=None,
        person_id=person,
        kind="name",
        on=date(2026, 1, 1),
    )
    assert believed(owner, person) == [("A", date(2020, 1, 1), date(2026, 1, 1))]
    assert happened(owner, person)[-1] == ("register.fact_changed", "ended")


def test_a_batch_that_contradicts_itself_is_refused_whole(owner: psycopg.Connection) -> None:
    person = uuid.uuid4()
    with pytest.raises(registers.OverlappingFacts, match="periods overlap"):
        registers.record_many(
            SYSTEM,
            facts=[
                named(person, "A", date(2020, 1, 1)),
                named(person, "B", date(2021, 1, 1)),
            ],
        )
    assert believed(owner, person) == []
    assert happened(owner, person) == []


def test_two_inputs_that_cut_one_fact_leave_a_clean_line(owner: psycopg.Connection) -> None:
    person = uuid.uuid4()
    registers.record_many(SYSTEM, facts=[named(person, "A", date(2000, 1, 1))])
    registers.record_many(
        SYSTEM,
        facts=[
            named(person, "B", date(2010, 1, 1), date(2011, 1, 1)),
            named(person, "C", date(2012, 1, 1), date(2013, 1, 1)),
        ],
    )
    assert [value for value, *_ in believed(owner, person)] == ["A", "B", "A", "C", "A"]


def test_a_sold_car_is_the_new_keepers_from_that_day_with_all_that_is_known_of_it(
    owner: psycopg.Connection,
) -> None:
    seller, buyer = uuid.uuid4(), uuid.uuid4()
    registers.record_many(
        SYSTEM,
        facts=[
            NewFact("vehicles", "AB12CDE", seller, kind, value, date(2020, 1, 1))
            for kind, value in (("keeper", str(seller)), ("make", "Kia"))
        ],
    )
    registers.record(
        SYSTEM,
        register="vehicles",
        key="AB12CDE",
        person_id=buyer,
        kind="keeper",
        value=str(buyer),
        valid_from=date(2026, 3, 1),
    )
    sold = date(2026, 3, 1)
    assert believed(owner, seller) == [
        (str(seller), date(2020, 1, 1), sold),
        ("Kia", date(2020, 1, 1), sold),
    ]
    assert believed(owner, buyer) == [(str(buyer), sold, None), ("Kia", sold, None)]


def test_a_companys_car_is_about_nobody(owner: psycopg.Connection) -> None:
    written = registers.record(
        SYSTEM,
        register="vehicles",
        key="QW24LSE",
        person_id=None,
        kind="keeper",
        value="Motor Leasing Ltd",
        valid_from=date(2024, 1, 1),
    )
    assert written.outcome == "recorded"
    assert owner.execute("SELECT person_id FROM registers_entry").fetchall() == [(None,)]


@pytest.mark.parametrize(
    "acting",
    [
        Acting(actor="anonymous"),
        Acting(actor=f"person:{uuid.uuid4()}", person_id=uuid.uuid4()),
        Acting(actor=f"officer:{uuid.uuid4()}", services=(8,)),
    ],
)
def test_only_the_system_or_an_officer_of_the_service_writes(
    acting: Acting, owner: psycopg.Connection
) -> None:
    person = acting.person_id or uuid.uuid4()
    with pytest.raises(registers.NotAllowedToWrite):
        registers.record_many(acting, facts=[named(person, "Mine", date(2020, 1, 1))], service_no=7)
    assert believed(owner, person) == []


def test_an_officer_of_the_service_writes_what_arose_in_the_case(
    owner: psycopg.Connection,
) -> None:
    person = uuid.uuid4()
    registers.record(
        OFFICER,
        register="population",
        key=None,
        person_id=person,
        kind="nationality",
        value="British",
        valid_from=date(2026, 1, 1),
        service_no=7,
        case_id=uuid.uuid4(),
    )
    assert [value for value, *_ in believed(owner, person)] == ["British"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"register": "horses"}, "no register 'horses'. It has: accounts, council_tax"),
        ({"kind": "shoe_size"}, "no fact 'shoe_size'. It has: address"),
        ({"kind": "address"}, "must have the parts line1"),
        ({"kind": "date_of_birth"}, "must be date"),
        ({"value": None}, "has no value"),
        ({"value": "a\x00b"}, "cannot be stored"),
        ({"value": "\ud800"}, "cannot be stored"),
        ({"key": "a\x00b"}, "cannot be written"),
        ({"kind": "children", "value": [{"age": "3"}]}, 'no part "age"'),
    ],
)
def test_what_the_pack_does_not_declare_is_refused_in_words(
    change: dict[str, object], words: str, owner: psycopg.Connection
) -> None:
    person = uuid.uuid4()
    given = dict(change)
    fact = named(person, given.pop("value", "Mair"), date(2020, 1, 1), **given)
    with pytest.raises(registers.FactRefused, match=re.escape(words)):
        registers.record_many(SYSTEM, facts=[fact])
    with pytest.raises(registers.FactRefused, match=re.escape(words)):
        registers.import_entries(SYSTEM, facts=[named(person, "x", date(2020, 1, 1)), fact],
                                 source_ref="x")  # fmt: skip
    assert owner.execute("SELECT count(*) FROM registers_fact").fetchone() == (0,)


def test_an_import_can_be_repeated(owner: psycopg.Connection) -> None:
    people = [uuid.uuid4() for _ in range(1_500)]
    facts = [named(person, "A", date(2020, 1, 1)) for person in people]
    first = registers.import_entries(SYSTEM, facts=iter(facts), source_ref="borough.json")
    again = registers.import_entries(SYSTEM, facts=iter(facts), source_ref="borough.json")
    assert (first.received, first.recorded) == (1_500, 1_500)
    assert (again.received, again.unchanged) == (1_500, 1_500)
    events = owner.execute(
        "SELECT count(*) FROM foundation_event WHERE kind = 'register.imported'"
    ).fetchone()
    assert events == (1,)


def test_ten_writers_of_one_fact_leave_one_line_of_time(owner: psycopg.Connection) -> None:
    person = uuid.uuid4()
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            registers.record_many(
                SYSTEM, facts=[named(person, f"A{number}", date(2020, 1, 1 + number))]
            )
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    lines = believed(owner, person)
    assert len(lines) >= 1
    assert all(before[2] == after[1] for before, after in itertools.pairwise(lines))
    assert lines[-1][2] is None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT value FROM registers_fact",
        "SELECT * FROM registers_entry",
        "INSERT INTO registers_entry (person_id, register, key) VALUES "
        "(gen_random_uuid(), 'population', 'x')",
        "UPDATE registers_fact SET value = '1'",
        "DELETE FROM registers_fact",
        "TRUNCATE registers_fact",
        "COPY registers_fact TO STDOUT",
        "CREATE VIEW mine AS SELECT * FROM registers_fact",
        "ALTER TABLE registers_fact DISABLE ROW LEVEL SECURITY",
        "SET ROLE townhall",
        "GRANT SELECT ON registers_fact TO townhall_app",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_role_cannot_reach_facts_by_sql(server: object, statement: str) -> None:
    with psycopg.connect(server.dsn, autocommit=True) as application:
        application.execute("SELECT set_config('app.system', 'on', false)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)
