"""Attempts to read without a right, to read without a line, and to change what was written."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

from townhall.exchange import operations as exchange
from townhall.exchange.operations import Read, Step
from townhall.exchange.tests.conftest import (
    TODAY,
    officer,
    resident,
    step_of,
    with_address,
    with_vehicle,
)
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope

ADDRESS = Read("population", ("address",))
KINDS = ["population.address"]


def refused(acting: Acting, ticket: uuid.UUID, step: Step, read: Read = ADDRESS) -> bool:
    (fact,) = exchange.read_with_ticket(acting, ticket=ticket, step=step, reads=[read], on=TODAY)
    assert (fact.outcome == "refused") == (fact.value is None)
    return fact.outcome == "refused"


def reasons(person_id: uuid.UUID) -> list[str]:
    return [line.reason for line in exchange.who_looked(resident(person_id)).lines]


# --- tickets


def test_a_ticket_reads_what_it_was_made_for(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    assert ticket is not None
    assert not refused(me, ticket, step)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"service_no": 8}, "ticket of another service"),
        ({"case_id": uuid.uuid4()}, "ticket of another case"),
        ({"agency": "revenue"}, "ticket of another agency"),
        ({"purpose": "marketing"}, "ticket for another purpose"),
    ],
)
def test_a_ticket_does_not_read_for_anything_else(
    person_id: uuid.UUID, change: dict[str, object], reason: str
) -> None:
    me, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    assert refused(me, ticket, replace(step, **change))
    assert reasons(person_id) == [reason]


def test_a_ticket_does_not_read_other_kinds(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    for read in (
        Read("population", ("name",)),
        Read("population", ("address", "name")),
        Read("income", ("address",)),
        Read("population", ()),
    ):
        assert refused(me, ticket, step, read)
    assert set(reasons(person_id)) == {"kinds not covered by the ticket"}


def test_nobody_reads_with_the_ticket_of_somebody_else(
    person_id: uuid.UUID, make_person: Callable[[], uuid.UUID]
) -> None:
    victim, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(victim, step=step, kinds=KINDS)
    thief = resident(make_person())
    assert refused(thief, ticket, step)
    assert refused(thief, ticket, replace(step, person_id=thief.person_id))
    # Claiming the victim's name does not help: the scope is still the thief's.
    assert refused(replace(thief, actor=victim.actor), ticket, step)
    assert reasons(person_id)[0] == "outside of the scope"
    assert {"ticket of another actor", "ticket of another person"} <= set(reasons(person_id))


def test_nobody_makes_a_ticket_about_somebody_else(
    person_id: uuid.UUID, make_person: Callable[[], uuid.UUID]
) -> None:
    step = step_of(person_id)
    for stranger in (
        resident(make_person()),
        Acting(actor="anonymous"),
        officer(8),
        officer(agency="revenue"),
        Acting(actor=f"officer:{uuid.uuid4()}"),
        Acting(actor="partner:acme"),
    ):
        assert exchange.issue_ticket(stranger, step=step, kinds=KINDS) is None
        (fact,) = exchange.read_many(stranger, step=step, reads=[ADDRESS], on=TODAY)
        assert (fact.outcome, fact.value) == ("refused", None)
    assert len(reasons(person_id)) == 6
    assert "" not in reasons(person_id)


def test_a_made_up_ticket_reads_nothing_and_leaves_a_line(person_id: uuid.UUID) -> None:
    assert refused(resident(person_id), uuid.uuid4(), step_of(person_id))
    assert reasons(person_id) == ["no ticket"]


def test_a_revoked_ticket_reads_nothing(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    stranger = resident(with_address())
    claim = {"person_id": person_id, "case_id": step.case_id, "service_no": step.service_no}
    assert exchange.revoke_tickets(stranger, **claim) == 0
    assert exchange.revoke_tickets(me, **claim) == 1
    assert refused(me, ticket, step)
    assert reasons(person_id) == ["ticket revoked"]
    # The case may go on: its next step gets a ticket of its own.
    assert exchange.issue_ticket(me, step=step, kinds=KINDS) not in (None, ticket)


def test_an_expired_ticket_reads_nothing(committed_db: object, owner: psycopg.Connection) -> None:
    person = with_address()
    me, step = resident(person), step_of(person)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    owner.execute(
        "UPDATE exchange_ticket SET issued_at = now() - interval '2 hours', "
        "expires_at = now() - interval '1 second'"
    )
    assert refused(me, ticket, step)
    assert reasons(person) == ["ticket expired"]
    assert exchange.issue_ticket(me, step=step, kinds=KINDS) != ticket


def test_a_ticket_cannot_last_for_ever(person_id: uuid.UUID) -> None:
    step = step_of(person_id, lasts=timedelta(days=32))
    with pytest.raises(Exception, match="exchange_ticket_check"), transaction.atomic():
        exchange.issue_ticket(resident(person_id), step=step, kinds=KINDS)


@pytest.mark.parametrize("missing", ["agency", "purpose", "legal_basis"])
def test_a_ticket_without_a_reason_is_not_made(person_id: uuid.UUID, missing: str) -> None:
    step = step_of(person_id, **{missing: ""})
    with pytest.raises(Exception, match="exchange_ticket"), transaction.atomic():
        exchange.issue_ticket(resident(person_id), step=step, kinds=KINDS)


def test_whatever_stands_in_the_key_is_only_a_key(person_id: uuid.UUID) -> None:
    with_vehicle("AB12CDE", person_id)
    me, step = resident(person_id), step_of(person_id)
    for key in (
        "\x00",
        "AB12\x00CDE",
        "\ud800",
        "",
        "' OR true --",
        "%",
        "AB12CD_",
        '"}],"x":[{"',
        "\\u0000",
        "x" * 1_000_000,
    ):
        (fact,) = exchange.read_many(
            me, step=step, reads=[Read("vehicles", ("make",), key)], on=TODAY
        )
        assert fact.outcome == "none", key


# --- the journal


def test_officers_see_nobodys_journal(person_id: uuid.UUID) -> None:
    worker = officer()
    exchange.read_many(worker, step=step_of(person_id), reads=[ADDRESS], on=TODAY)
    assert exchange.who_looked(worker).lines == ()
    with scope(worker):
        assert exchange.models.lines(person_id, before=None, limit=10) == []
    with scope(resident(person_id)):
        assert len(exchange.models.lines(person_id, before=None, limit=10)) == 1


def test_a_person_sees_no_other_persons_lines(
    person_id: uuid.UUID, make_person: Callable[[], uuid.UUID]
) -> None:
    exchange.read_many(officer(), step=step_of(person_id), reads=[ADDRESS], on=TODAY)
    with scope(resident(make_person())):
        assert exchange.models.lines(person_id, before=None, limit=10) == []


def test_a_denied_attempt_stays_written_when_everything_is_rolled_back(
    committed_db: object,
) -> None:
    person = with_address()
    thief = resident(uuid.uuid4())
    with pytest.raises(LookupError), scope(thief):
        exchange.note_denied(thief, person_id=person, what="open the case", reason="not theirs")
        raise LookupError
    (line,) = exchange.who_looked(resident(person)).lines
    assert (line.outcome, line.what, line.who) == ("denied", "open the case", "other")


def test_a_denied_attempt_is_written_once_when_there_is_no_transaction(
    committed_db: object,
) -> None:
    person = with_address()
    exchange.note_denied(resident(uuid.uuid4()), person_id=person, what="x")
    assert len(exchange.who_looked(resident(person)).lines) == 1


def test_no_fact_is_kept_whose_line_was_rolled_back(
    committed_db: object, owner: psycopg.Connection
) -> None:
    """Line and fact share one transaction: what is rolled back was never handed over."""
    person = with_address()
    me = resident(person)
    with pytest.raises(LookupError), scope(me):
        (fact,) = exchange.read_many(me, step=step_of(person), reads=[ADDRESS], on=TODAY)
        assert fact.outcome == "found"
        raise LookupError
    for table in ("exchange_journal", "exchange_ticket"):
        left = owner.execute(f"SELECT count(*) FROM {table} WHERE person_id = %s", [person])
        assert left.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM exchange_ticket",
        "INSERT INTO exchange_ticket (person_id, case_id, service_no, agency, purpose,"
        " legal_basis, kinds, actor, expires_at) VALUES (gen_random_uuid(), gen_random_uuid(),"
        " 7, 'a', 'p', 'l', '{population.address}', 'me', now() + interval '1 hour')",
        "UPDATE exchange_ticket SET expires_at = now() + interval '1 year'",
        "DELETE FROM exchange_ticket",
        "INSERT INTO exchange_journal (actor, outcome) VALUES ('me', 'found')",
        "UPDATE exchange_journal SET actor = 'nobody'",
        "DELETE FROM exchange_journal",
        "TRUNCATE exchange_journal",
        "ALTER TABLE exchange_journal DISABLE TRIGGER ALL",
        "ALTER TABLE exchange_journal NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY exchange_journal_own ON exchange_journal",
        "SELECT exchange_in_scope(gen_random_uuid(), 7)",
        "CREATE OR REPLACE FUNCTION public.exchange_in_scope(uuid, integer) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'",
        "SELECT setval('exchange_journal_number_seq', 1)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY exchange_journal FROM STDIN",
    ],
)
def test_the_application_role_cannot_go_past_the_gate_by_sql(
    server: object, django_db_setup: None, statement: str
) -> None:
    with psycopg.connect(server.dsn, autocommit=True) as application:
        application.execute("SELECT set_config('app.system', 'on', false)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)


def test_tables_of_ones_own_do_not_deceive_the_gate(
    committed_db: object, server: object, owner: psycopg.Connection
) -> None:
    """The gate names its tables in full: a temporary one of the same name is not looked at."""
    person, thief = with_address(), uuid.uuid4()
    with psycopg.connect(server.dsn, autocommit=True) as application:
        application.execute("SELECT set_config('app.person', %s, false)", [str(thief)])
        application.execute(
            "CREATE TEMP TABLE exchange_ticket AS SELECT gen_random_uuid() AS id, "
            "%s::uuid AS person_id, %s::uuid AS case_id, 7 AS service_no, 'a'::text AS agency, "
            "'p'::text AS purpose, 'l'::text AS legal_basis, '{population.address}'::text[] AS "
            "kinds, 'me'::text AS actor, NULL::uuid AS represented_by, now() AS issued_at, "
            "now() + interval '1 hour' AS expires_at, NULL::timestamptz AS revoked_at",
            [thief, thief],
        )
        application.execute("SET search_path = pg_temp, public")
        rows = application.execute(
            "SELECT r.outcome, r.facts FROM pg_temp.exchange_ticket t, LATERAL "
            "public.exchange_read(t.id, jsonb_build_object('person', t.person_id, 'case', "
            "t.case_id, 'service', 7, 'agency', 'a', 'purpose', 'p', 'actor', 'me'), "
            "jsonb_build_array(jsonb_build_object('register', 'population', 'key', %s::text, "
            "'kinds', jsonb_build_array('address'))), current_date) r",
            [str(person)],
        ).fetchall()
    assert rows == [("refused", None)]


def test_not_even_the_owner_changes_a_line_by_accident(
    committed_db: object, owner: psycopg.Connection
) -> None:
    exchange.note_denied(SYSTEM, person_id=uuid.uuid4(), what="x")
    for statement in ("UPDATE exchange_journal SET actor = 'x'", "DELETE FROM exchange_journal"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(statement)


@pytest.mark.parametrize("role", ["PUBLIC", "townhall_app"])
def test_only_the_gates_functions_are_open(owner: psycopg.Connection, role: str) -> None:
    open_functions = {
        name
        for (name,) in owner.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = 'public' AND p.prosecdef AND ("
            " CASE WHEN %(role)s = 'PUBLIC' THEN EXISTS (SELECT FROM aclexplode(coalesce("
            "   p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)"
            " ELSE has_function_privilege(%(role)s, p.oid, 'EXECUTE') END)",
            {"role": role},
        ).fetchall()
    }
    gate = {
        "exchange_issue",
        "exchange_note",
        "exchange_read",
        "exchange_revoke",
        "registers_write",
    }
    assert open_functions & gate == (set() if role == "PUBLIC" else gate)
    assert not open_functions - gate if role == "PUBLIC" else gate <= open_functions


def test_every_function_that_runs_as_the_owner_sets_its_own_search_path(
    owner: psycopg.Connection,
) -> None:
    careless = owner.execute(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'public' AND p.prosecdef AND NOT EXISTS ("
        "SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%')"
    ).fetchall()
    assert careless == []


# --- outside any service


def test_somebody_has_their_own_facts_read_outside_any_service(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id, service_no=None)
    (fact,) = exchange.read_many(me, step=step, reads=[ADDRESS], on=TODAY)
    assert fact.outcome == "found"
    (line,) = exchange.who_looked(me).lines
    assert (line.service_no, line.case_id, line.purpose) == (None, step.case_id, step.purpose)
    claim = {"person_id": person_id, "case_id": step.case_id, "service_no": None}
    assert exchange.revoke_tickets(me, **claim) == 1
    assert exchange.revoke_tickets(me, **claim) == 0


def test_outside_any_service_nobody_reads_about_somebody_else(
    person_id: uuid.UUID, make_person: Callable[[], uuid.UUID]
) -> None:
    step = step_of(person_id, service_no=None)
    guardian = replace(
        resident(make_person()), person_id=person_id, on_behalf_of=person_id, mandate=uuid.uuid4()
    )
    named = replace(resident(person_id), mandate=uuid.uuid4())
    for stranger in (resident(make_person()), officer(), SYSTEM, guardian, named):
        assert exchange.issue_ticket(stranger, step=step, kinds=KINDS) is None
        (fact,) = exchange.read_many(stranger, step=step, reads=[ADDRESS], on=TODAY)
        assert (fact.outcome, fact.value) == ("refused", None)


def test_a_ticket_of_a_service_does_not_read_outside_it(person_id: uuid.UUID) -> None:
    me, step = resident(person_id), step_of(person_id)
    ticket = exchange.issue_ticket(me, step=step, kinds=KINDS)
    assert refused(me, ticket, replace(step, service_no=None))
    own = exchange.issue_ticket(me, step=replace(step, service_no=None), kinds=KINDS)
    assert own not in (None, ticket)
    assert refused(me, own, step)


def test_not_even_by_hand_is_a_ticket_outside_a_service_somebody_elses(
    committed_db: object, owner: psycopg.Connection
) -> None:
    row = (uuid.uuid4(), uuid.uuid4(), f"person:{uuid.uuid4()}")
    with pytest.raises(psycopg.errors.CheckViolation, match="exchange_ticket_own"):
        owner.execute(
            "INSERT INTO exchange_ticket (person_id, case_id, agency, purpose, legal_basis, "
            "kinds, actor, expires_at) VALUES "
            "(%s, %s, 'a', 'p', 'l', '{population.name}', %s, now() + interval '1 hour')",
            row,
        )
