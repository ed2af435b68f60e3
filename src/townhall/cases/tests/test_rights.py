"""The second wall: row-level security holds even where an operation forgets to ask.

Each test goes at the tables as the application role, with nothing but the scope
between it and the rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.tests.people import (
    officer,
    person_of,
    resident,
    streets_officer,
    submitted,
)
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due

OF_A_CASE: tuple[Any, ...] = (
    models.Case, models.Application, models.ClockEntry, models.Decision, models.Letter,
    models.Note, models.Request, models.Signature,
)  # fmt: skip


def visible(acting: Acting, model: Any, **where: Any) -> int:
    with scope(acting):
        return int(model.objects.filter(**where).count())


def everything(me: Acting, clerk: Acting) -> Any:
    """Make a case that has a row in every table."""
    case = submitted(me, hired=True, months="12")
    cases.add_note(clerk, case_id=case.id, text="A note.")
    cases.decide(clerk, case_id=case.id, seen_state=case.seen_state, action="grant")
    asked = cases.ask(
        clerk, case_id=case.id, seen_state=case.seen_state, fields={"hire": "?"}, message="Why?"
    )
    view = cases.withdraw(me, case_id=case.id, seen_state=asked.seen_state)
    automatic = submitted(me)
    run_due()
    return view, automatic


@pytest.mark.usefixtures("services")
def test_each_table_shows_a_row_to_its_person_its_officers_and_the_house() -> None:
    me, clerk = resident(), officer()
    everything(me, clerk)
    for model in OF_A_CASE:
        own = {"person_id": me.person_id}
        assert visible(me, model, **own), model
        assert visible(clerk, model, **own), model
        assert visible(SYSTEM, model, **own), model
        for stranger in (
            resident(),
            streets_officer(),
            ANONYMOUS,
            Acting(actor="officer:x", roles=frozenset({"permits.officer"})),
            Acting(actor="partner:housing"),
        ):
            assert not visible(stranger, model, **own), (model, stranger)
    assert visible(me, models.Draft, person_id=me.person_id)
    assert not visible(clerk, models.Draft, person_id=me.person_id)


@pytest.mark.usefixtures("services")
def test_outside_of_a_scope_nothing_is_there() -> None:
    submitted(resident())
    for model in (*OF_A_CASE, models.Draft):
        assert not model.objects.exists(), model


@pytest.mark.usefixtures("services")
def test_rows_of_others_cannot_be_changed_removed_or_given_away() -> None:
    me, other = resident(), resident()
    case = submitted(me, hired=True)
    with scope(other):
        assert models.Case.objects.filter(id=case.id).update(state="granted") == 0
        assert models.Case.objects.filter(id=case.id).delete()[0] == 0
        assert models.Draft.objects.all().delete()[0] == 0
    refused = pytest.raises((ProgrammingError, IntegrityError))
    with refused, scope(me):
        models.Case.objects.filter(id=case.id).update(person_id=person_of(other))
    note = {
        "case_id": case.id,
        "service_no": 1,
        "text": "x",
        "made_by": "person:x",
        "made_at": case.received_at,
    }
    with pytest.raises(ProgrammingError), transaction.atomic(), scope(other):
        models.Note(id=uuid7(), person_id=me.person_id, **note).save(force_insert=True)
    # A row in one's own name on another person's case has no case to belong to.
    with pytest.raises(IntegrityError), transaction.atomic(), scope(other):
        models.Note(id=uuid7(), person_id=other.person_id, **note).save(force_insert=True)


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("table", ["cases_application", "cases_decision", "cases_clock"])
@pytest.mark.parametrize("act", ["UPDATE {} SET made_by = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_evidence_and_decisions_cannot_be_rewritten_even_by_the_house(table: str, act: str) -> None:
    submitted(resident())
    act = act.replace("made_by", "service_no").replace("'x'", "1")
    with pytest.raises(ProgrammingError), transaction.atomic(), scope(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute(act.format(table))


@pytest.mark.usefixtures("services")
def test_the_narrow_functions_tell_nothing_more_than_they_should() -> None:
    me = resident()
    case = submitted(me)
    run_due()
    with scope(ANONYMOUS), connection.cursor() as cursor:
        cursor.execute("SELECT cases_erase(%s, %s)", [me.person_id, case.id])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT * FROM cases_letter_by_code(%s)", [b"\0" * 32])
        assert cursor.fetchall() == []
        names = {column.name for column in cursor.description}
        assert not names & {"person_id", "case_id", "file_id", "id"}
        cursor.execute("SELECT current_setting('app.system', true)")
        assert cursor.fetchone() == ("off",)
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
    for bad in ("x'); DROP TABLE cases_case; --", "", "A", "park", "A" * 40, "Ä"):
        with pytest.raises(Exception, match=r"case number|exceeds|begin"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cases_next_number(%s, 2026)", [bad])


@pytest.mark.usefixtures("services")
def test_services_in_the_scope_are_numbers_and_nothing_else() -> None:
    case = submitted(resident(), hired=True)
    clerk = officer()
    assert visible(clerk, models.Case, id=case.id) == 1
    assert visible(replace(clerk, services=()), models.Case, id=case.id) == 0
    assert visible(replace(clerk, services=(0, -1, 2**31 - 1)), models.Case, id=case.id) == 0


def test_every_table_with_something_personal_is_fenced(owner: psycopg.Connection) -> None:
    """Walk all models of the room: a person, a policy, and no key that forgets the person."""
    known = {row[0] for row in owner.execute("SELECT tablename FROM pg_policies").fetchall()}
    forced = {
        row[0]
        for row in owner.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    }
    for model in apps.get_app_config("cases").get_models():
        table = model._meta.db_table
        fields = {field.name: field for field in model._meta.get_fields()}
        assert not any(field.is_relation for field in fields.values()), f"{table} may cascade"
        if model is models.Submission:
            assert "person_id" not in fields
            continue
        assert not fields["person_id"].null, table
        assert table in known & forced, f"{table} has no row-level security"
        for constraint in model._meta.constraints:
            names = getattr(constraint, "fields", None)
            if names:
                assert "person_id" in names, f"{constraint.name} forgets the person"
        assert not any(field.unique and not field.primary_key for field in model._meta.fields), (
            table
        )


def test_every_definer_function_has_its_own_search_path_and_is_not_for_everybody(
    owner: psycopg.Connection,
) -> None:
    rows = owner.execute(
        "SELECT proname, proconfig::text, prosecdef,"
        " has_function_privilege('public', oid, 'execute')"
        " FROM pg_proc WHERE proname LIKE 'cases_%'"
    ).fetchall()
    assert {row[0] for row in rows} == {
        "cases_next_number", "cases_letter_by_code", "cases_nearby", "cases_erase",
    }  # fmt: skip
    for name, configuration, definer, public in rows:
        assert definer, name
        assert "search_path" in configuration, name
        assert not public, name
