"""Trying a reform on a population, as an officer does it: begin, look, compare, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.utils import timezone

from townhall.foundation import events, files, jobs, settings
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.rules import models
from townhall.rules.operations import lawbook
from townhall.rules.simulation import changes, mapping, statistics
from townhall.rules.simulation.changes import Rate
from townhall.rules.simulation.messages import Message
from townhall.rules.simulation.problems import Problem
from townhall.rules.simulation.statistics import Statistics

OWNER: Final = "catalogue.owner"
JOB: Final = "rules.simulate"
FORGET: Final = "rules.forget_population"
OWN_COLUMNS: Final = ("person_id", "family_id", "household_id", "adult", "weight")
MAX_BYTES: Final = 500_000_000
MAX_ROWS: Final = 3_000_000
MOST_SHOWN: Final = 50
MOST_OPEN: Final = 3
STALLED_AFTER: Final = timedelta(minutes=20)


class RunNotFound(LookupError):
    """There is no such run, or it is another agency's."""


class NotForYou(PermissionError):
    """Only who owns services of an agency tries reforms."""


class TooManyRuns(RuntimeError):
    """Runs of this agency are waiting already; they are done one after the other."""


class NoDay(ValueError):
    """The law of that day is not known here.

    Attributes
    ----------
    first, last
        The days that are covered.
    """

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"The law is known from {first} to {last}.")
        self.first, self.last = first, last


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as far as it is.

    Attributes
    ----------
    state
        `waiting`, `running`, `done`, `failed`, or `stalled`: it has not moved for long.
    rates
        Name of a rate to its new value.
    columns, usual
        The mapping as it was sent, and whether usual values were agreed to.
    """

    id: UUID
    name: str
    day: date
    made_by: str
    made_at: datetime
    file_name: str
    households: int
    seed: int
    state: str
    phase: str
    share: int
    rates: Mapping[str, str]
    columns: str
    usual: bool
    problems: tuple[Problem, ...]
    more: int
    results: Mapping[str, Any] | None


def allowed(acting: Acting) -> bool:
    """Say whether somebody may try reforms."""
    return OWNER in acting.roles and bool(acting.agency)


def counted() -> Statistics:
    """Return what is counted in a population; raises `NoStatistics`."""
    return statistics.statistics_of(settings.current().pack)


def rates(day: date) -> Mapping[str, Rate]:
    """Return the rates that a reform may change on a day.

    Raises
    ------
    NoDay
        If the law is not known on that day.
    NoLaw, LawError, NoStatistics
        If there is none, or it cannot be read.
    """
    book = lawbook()
    first, end = book.covers or (date.min, date.max)
    if not first <= day < end:
        raise NoDay(first, end - timedelta(days=1))
    return changes.rates(book.on(day), counted(), day)


def begin(
    acting: Acting,
    *,
    name: str,
    day: date,
    new: Mapping[str, Decimal],
    content: BinaryIO | None = None,
    file_name: str = "",
    columns: str = "",
    usual: bool = False,
    households: int = 0,
    seed: int = 1,
) -> UUID:
    """Promise a run, and return its id.

    Parameters
    ----------
    new
        Names of rates to new values.
    content, file_name
        A population of one row a person; without it one is invented.
    columns
        The mapping in YAML, or nothing.
    usual
        Whether facts that the file lacks may be taken at their usual values.

    Raises
    ------
    NotForYou, TooManyRuns, NoDay
        If it may not be, or not now.
    FileRefused, MappingError, ReformRefused
        If something that was sent cannot be used.
    """
    _insist(acting)
    _check(name, day, new, columns)
    with scope(acting):
        if models.count_open(acting.agency) >= MOST_OPEN:
            raise TooManyRuns(f"{MOST_OPEN} runs of {acting.agency} are not done yet.")
        file = _stored(acting, content, file_name) if content is not None else None
        now = timezone.now()
        run = models.add_run(
            agency=acting.agency,
            made_by=acting.actor,
            made_name=acting.name,
            made_at=now,
            beat_at=now,
            name=name,
            day=day,
            file_id=file.id if file else None,
            file_name=file.name if file else "",
            households=0 if file else households,
            seed=seed,
            request={
                "rates": {each: str(value) for each, value in new.items()},
                "columns": columns,
                "usual": usual,
            },
        )
        events.record(
            "population.run_begun", subject=run.id, person_id=None, acting=acting, payload={}
        )
        jobs.enqueue(JOB, args={"run": str(run.id)})
    return run.id


def _check(name: str, day: date, new: Mapping[str, Decimal], columns: str) -> None:
    """Refuse at once what the worker could only fail on."""
    known = rates(day)
    law = lawbook().on(day)
    mapping.read(columns, {*OWN_COLUMNS, *law.variables})
    changes.reform_of(law.book, known, new, day, name)


def _stored(acting: Acting, content: BinaryIO, file_name: str) -> files.StoredFile:
    return files.store(
        content=content,
        name=file_name,
        accept=("csv", "parquet"),
        max_bytes=MAX_BYTES,
        person_id=None,
        acting=acting,
    )


def runs(acting: Acting) -> tuple[Run, ...]:
    """Return the runs of an officer's agency, newest first, without their results."""
    _insist(acting)
    with scope(acting):
        return tuple(_seen(each, whole=False) for each in models.runs_of(acting.agency, MOST_SHOWN))


def run(acting: Acting, *, run_id: UUID) -> Run:
    """Return one run; raises `RunNotFound`."""
    _insist(acting)
    with scope(acting):
        found = models.find_run(run_id)
        if found is None:
            raise RunNotFound(str(run_id))
        return _seen(found, whole=True)


def delete(acting: Acting, *, run_id: UUID) -> None:
    """Delete a run with its results, and its population if that is still there.

    Raises
    ------
    RunNotFound
    """
    _insist(acting)
    with scope(acting):
        found = models.find_run(run_id, lock=True)
        if found is None:
            raise RunNotFound(str(run_id))
        if found.file_id is not None:
            jobs.enqueue(FORGET, args={"file": str(found.file_id)})
        models.remove_run(run_id)
        events.record(
            "population.run_deleted", subject=run_id, person_id=None, acting=acting, payload={}
        )


def _insist(acting: Acting) -> None:
    if not allowed(acting):
        raise NotForYou("Reforms are tried by those who own the services of an agency.")


def _seen(found: models.PopulationRun, *, whole: bool) -> Run:
    state = found.state
    still = state in (models.WAITING, models.RUNNING)
    if still and timezone.now() - found.beat_at > STALLED_AFTER:
        state = "stalled"
    return Run(
        id=found.id,
        name=found.name,
        day=found.day,
        made_by=found.made_name,
        made_at=found.made_at,
        file_name=found.file_name,
        households=found.households,
        seed=found.seed,
        state=state,
        phase=found.phase,
        share=found.share,
        rates=found.request["rates"] if whole else {},
        columns=found.request["columns"] if whole else "",
        usual=whole and bool(found.request["usual"]),
        problems=tuple(
            Problem(each["row"], each["column"], Message(each["code"], each["given"]))
            for each in found.problems
        ),
        more=found.more,
        results=found.results if whole else None,
    )
