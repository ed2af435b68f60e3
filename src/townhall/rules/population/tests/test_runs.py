"""Runs on the real database: who sees them, what becomes of the file, what goes wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from townhall.foundation import files, jobs
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.files import blobs
from townhall.rules import models
from townhall.rules.population import jobs as work
from townhall.rules.population import runs
from townhall.rules.simulation.changes import ReformRefused
from townhall.rules.simulation.mapping import MappingError

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)
OWNER = Acting(
    actor="officer:1", name="Helen Voss", roles=frozenset({"catalogue.owner"}), agency="borough"
)
OTHER = replace(OWNER, actor="officer:2", name="Olu", agency="county")
PEOPLE = (
    "person_id,family_id,household_id,adult,date_of_birth,employment_income,"
    "local_housing_allowance\n"
    "1,1,1,yes,1990-01-01,30000,0\n"
    "2,1,1,no,2018-05-05,0,0\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(blobs, "root", lambda: tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def carried(django_capture_on_commit_callbacks) -> Iterator[object]:
    """Let what waits for a commit happen: tests are in one transaction."""

    def carry() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run_due(queue=work.QUEUE)
            jobs.run_due()

    return carry


def begin(acting: Acting = OWNER, **more: object):
    given = {"name": "Trial", "day": DAY, "new": {"child_benefit.eldest": Decimal(40)}}
    return runs.begin(acting, **{**given, "households": 1_000, **more})


def uploaded(text: str = PEOPLE, **more: object):
    content = io.BytesIO(text.encode())
    return begin(content=content, file_name="people.csv", **{"usual": True, **more})


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_run_waits_moves_and_brings_results(carried) -> None:
    run_id = begin()
    assert runs.run(OWNER, run_id=run_id).state == "waiting"
    carried()
    done = runs.run(OWNER, run_id=run_id)
    assert (done.state, done.share, done.rates) == ("done", 100, {"child_benefit.eldest": "40"})
    assert done.results is not None
    assert done.results["population"]["households"] == 1_000
    assert done.results["public_purse"] < 0
    (listed,) = runs.runs(OWNER)
    assert (listed.id, listed.results) == (run_id, None)


def test_an_uploaded_population_goes_when_its_run_ends(carried, folder: Path) -> None:
    run_id = uploaded()
    assert len(kept(folder)) == 1
    carried()
    done = runs.run(OWNER, run_id=run_id)
    assert done.state == "done"
    assert done.results is not None
    assert done.results["population"]["persons"] == 2
    assert kept(folder) == []
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_file")
        assert cursor.fetchone()[0] == 0


def test_a_file_with_errors_says_them_by_row_and_goes_too(carried, folder: Path) -> None:
    run_id = uploaded(PEOPLE.replace("30000", "much"))
    carried()
    failed = runs.run(OWNER, run_id=run_id)
    assert (failed.state, failed.results) == ("failed", None)
    (problem,) = failed.problems
    assert (problem.row, problem.column) == (2, "employment_income")
    assert "“much” cannot be used" in problem.message
    assert "Ni ellir defnyddio “much”" in problem.said.told("cy")
    assert kept(folder) == []


def test_usual_values_are_taken_only_if_the_officer_agrees(carried) -> None:
    run_id = uploaded(usual=False)
    carried()
    failed = runs.run(OWNER, run_id=run_id)
    assert failed.state == "failed"
    assert "agree to the usual value" in failed.problems[0].message


def test_a_run_that_is_deleted_takes_its_population_with_it(carried, folder: Path) -> None:
    run_id = uploaded()
    runs.delete(OWNER, run_id=run_id)
    carried()
    assert kept(folder) == []
    assert runs.runs(OWNER) == ()
    with pytest.raises(runs.RunNotFound):
        runs.run(OWNER, run_id=run_id)


def test_a_run_that_is_deleted_while_it_is_done_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = begin()
    phases = []

    def moved(run, *, phase, share, at):
        phases.append(phase)
        models.remove_run(run)
        return False

    monkeypatch.setattr(models, "moved", moved)
    work.perform(run=str(run_id))
    assert phases == ["invent"]
    assert runs.runs(OWNER) == ()


def test_other_agencies_see_nothing_and_the_database_holds_them_to_it() -> None:
    run_id = begin()
    assert runs.runs(OTHER) == ()
    for act in (runs.run, runs.delete):
        with pytest.raises(runs.RunNotFound):
            act(OTHER, run_id=run_id)
    with scope(OTHER):
        assert models.PopulationRun.objects.count() == 0
        assert models.PopulationRun.objects.update(name="Mine") == 0
    with scope(replace(OTHER, agency="")):
        assert models.PopulationRun.objects.count() == 0
    with scope(OWNER):
        assert models.PopulationRun.objects.count() == 1
    assert models.PopulationRun.objects.count() == 0, "nothing is seen outside of a scope"


def test_a_run_cannot_be_put_under_another_agency() -> None:
    run_id = begin()
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic(), scope(OWNER):
        models.PopulationRun.objects.filter(pk=run_id).update(agency="county")


@pytest.mark.parametrize(
    "acting",
    [
        replace(OWNER, roles=frozenset({"permits.officer"})),
        replace(OWNER, agency=""),
        Acting(actor="anonymous"),
    ],
)
def test_only_owners_of_an_agency_try_reforms(acting: Acting) -> None:
    with pytest.raises(runs.NotForYou):
        begin(acting)
    with pytest.raises(runs.NotForYou):
        runs.runs(acting)


def test_what_cannot_be_run_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(ReformRefused):
        begin(new={"no.such.rate": Decimal(1)})
    with pytest.raises(MappingError):
        uploaded(columns="columns: {nobody: x}")
    with pytest.raises(runs.NoDay, match="2024-04-06"):
        begin(day=date(1999, 1, 1))
    with pytest.raises(files.FileRefused):
        begin(content=io.BytesIO(b"\x89PNG\r\n\x1a\n\x00"), file_name="people.csv")
    assert runs.runs(OWNER) == ()
    assert kept(folder) == []


def test_three_runs_may_wait_and_no_more() -> None:
    for _ in range(runs.MOST_OPEN):
        begin()
    with pytest.raises(runs.TooManyRuns):
        begin()
    begin(OTHER)


def test_a_run_that_does_not_move_is_said_to_stall() -> None:
    run_id = begin()
    with scope(SYSTEM):
        models.PopulationRun.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert runs.run(OWNER, run_id=run_id).state == "stalled"


def test_a_failure_of_ours_is_recorded_and_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = begin()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(work, "simulate", broken)
    with pytest.raises(RuntimeError):
        work.perform(run=str(run_id))
    failed = runs.run(OWNER, run_id=run_id)
    assert (failed.state, failed.problems[0].said.code) == ("failed", "unexpected")


def test_the_table_takes_no_file_of_a_run_that_ended(owner: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(
            "INSERT INTO rules_population_run (id, agency, made_by, made_name, made_at, name, day,"
            " file_id, file_name, households, seed, request, state, phase, share, problems, more,"
            " results, beat_at) VALUES (gen_random_uuid(), 'a', '', '', now(), '', now(),"
            " gen_random_uuid(), '', 0, 0, '{}', 'failed', '', 0, '[]', 0, NULL, now())"
        )
