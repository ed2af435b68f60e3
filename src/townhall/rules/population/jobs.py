"""What the worker does: run a reform over a population, and delete the population afterwards."""

from __future__ import annotations

import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from django.utils import timezone

from townhall.foundation import files, jobs
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.rules import models
from townhall.rules.engine.law import FactError, LawError, NoResult, NotInForce, OpenFact
from townhall.rules.operations import NoLaw, lawbook
from townhall.rules.population import runs
from townhall.rules.simulation import mapping
from townhall.rules.simulation.changes import ReformRefused
from townhall.rules.simulation.messages import say
from townhall.rules.simulation.problems import PopulationRefused, Problem
from townhall.rules.simulation.simulating import Request, simulate
from townhall.rules.simulation.statistics import NoStatistics

QUEUE: Final = "population"
MAX_SECONDS: Final = 3_600
TELL_EVERY: Final = 0.5

_log = structlog.get_logger("townhall.population")


class _Unwanted(Exception):
    """The run was deleted while it was being done."""


@jobs.handler(runs.JOB, queue=QUEUE, max_attempts=2, max_seconds=MAX_SECONDS, atomic=False)
def perform(*, run: str) -> None:
    """Do one run. Killed half-way it is begun anew; whatever it finds, its file goes afterwards."""
    run_id = UUID(run)
    with scope(SYSTEM):
        found = models.find_run(run_id)
    if found is None or found.state in (models.DONE, models.FAILED):
        return
    try:
        results = _results(found)
    except _Unwanted:
        return
    except PopulationRefused as error:
        _end(found, problems=error.problems, more=error.more)
    except _ANTICIPATED as error:
        lines = str(error).splitlines()[:20]
        _end(found, problems=[Problem(None, "", say("other", message=line)) for line in lines])
    except MemoryError:
        _end(found, problems=[Problem(None, "", say("too_large"))])
    except Exception:
        _end(found, problems=[Problem(None, "", say("unexpected"))])
        raise
    else:
        _end(found, results=results)


_ANTICIPATED: Final = (
    LawError,
    FactError,
    OpenFact,
    NotInForce,
    NoResult,
    NoLaw,
    NoStatistics,
    ReformRefused,
    mapping.MappingError,
    files.FileInfected,
    files.FileMissing,
)


@jobs.handler(runs.FORGET)
def forget(*, file: str) -> None:
    """Delete a population whose run was deleted."""
    _forget(UUID(file))


def _results(found: models.PopulationRun) -> dict[str, Any]:
    tell = _Teller(found.id)
    how = mapping.read(found.request["columns"])
    new = {name: Decimal(value) for name, value in found.request["rates"].items()}

    def request(**more: Any) -> Request:
        return Request(
            day=found.day,
            mapping=how.with_all_usual() if found.request["usual"] else how,
            name=found.name,
            new=new,
            most_rows=runs.MAX_ROWS,
            **more,
        )

    book, counted = lawbook(), runs.counted()
    if found.file_id is None:
        wanted = request(households=found.households, seed=found.seed)
        return simulate(book, counted, wanted, tell)
    with scope(SYSTEM):
        _, content = files.read(found.file_id)
    with closing(content):
        path = Path(content.name)
        return simulate(book, counted, request(file=path, file_name=found.file_name), tell)


def _end(found: models.PopulationRun, *, problems: Any = (), **outcome: Any) -> None:
    told = [
        {
            "row": each.row,
            "column": each.column,
            "code": each.said.code,
            "given": dict(each.said.given),
        }
        for each in problems
    ]
    with scope(SYSTEM):
        models.ended(found.id, at=timezone.now(), problems=told, **outcome)
        if found.file_id is not None:
            _forget(found.file_id)
    _log.info("population run ended", run=str(found.id), good=not told)


def _forget(file_id: UUID) -> None:
    try:
        files.erase(file_id)
    except files.FileMissing:
        _log.info("population was gone already", file=str(file_id))


class _Teller:
    """Notes progress now and then, and stops a run that nobody wants any more."""

    def __init__(self, run_id: UUID) -> None:
        self.run_id = run_id
        self.phase = ""
        self.at = 0.0

    def __call__(self, phase: str, done: float) -> None:
        now = time.monotonic()
        if phase == self.phase and now - self.at < TELL_EVERY:
            return
        self.phase, self.at = phase, now
        share = max(0, min(100, round(100 * done)))
        with scope(SYSTEM):
            wanted = models.moved(self.run_id, phase=phase, share=share, at=timezone.now())
        if not wanted:
            raise _Unwanted
