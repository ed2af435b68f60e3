"""From a file or an invented population to results, for the command and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from townhall.rules.engine.law import Lawbook, NotInForce
from townhall.rules.simulation import changes
from townhall.rules.simulation.mapping import ColumnMapping
from townhall.rules.simulation.messages import say
from townhall.rules.simulation.problems import PopulationRefused, Problem
from townhall.rules.simulation.statistics import LEAST, MOST, Progress, Statistics

FORMAT: Final = "population-1"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be simulated.

    Attributes
    ----------
    file
        Of persons; None for an invented population.
    households, seed
        Of the invented population.
    new
        Names of rates to new values.
    most_rows
        Of the file; more are refused.
    """

    day: date
    file: Path | None = None
    file_name: str = ""
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    households: int = 0
    seed: int = 1
    name: str = "reform"
    new: Mapping[str, Decimal] | None = None
    most_rows: int | None = None


def simulate(
    book: Lawbook, statistics: Statistics, request: Request, progress: Progress | None = None
) -> dict[str, Any]:
    """Return all results of a request as numbers, texts, lists and mappings of these.

    Raises
    ------
    PopulationRefused
        If the population cannot be used.
    ReformRefused, LawError
        If the reform cannot.
    NotInForce, NoResult
        If the law gives no result on the day, or for somebody.
    """
    from townhall.rules.simulation.comparing import compare
    from townhall.rules.simulation.figures import figures

    _insist_on_day(book, request.day)
    law = book.on(request.day)
    known = changes.rates(law, statistics, request.day)
    new = request.new or {}
    reform = changes.reform_of(book, known, new, request.day, request.name)
    loaded, mapping = _population(book, statistics, request, progress)
    compared = compare(law, reform, loaded, mapping, statistics, day=request.day, progress=progress)
    if progress is not None:
        progress("figures", 0.0)
    found = figures(compared)
    for cost, told in zip(statistics.costs, found["costs"], strict=True):
        told.update(gives=cost.gives, within=cost.within, programme=cost.programme)
    return {
        "format": FORMAT,
        "day": request.day.isoformat(),
        "law": book.digest,
        "source": _source(request),
        "reform": {
            "name": request.name,
            "rates": [
                {"rate": name, "before": str(known[name].value), "after": str(value)}
                for name, value in new.items()
            ],
        },
        "facts": {
            "given": list(loaded.given),
            "same": dict(loaded.assumed),
            "usual": list(compared.usual),
            "unused_columns": list(loaded.unused),
        },
        **found,
    }


def _insist_on_day(book: Lawbook, day: date) -> None:
    if book.covers and not book.covers[0] <= day < book.covers[1]:
        first, last = book.covers[0], book.covers[1] - timedelta(days=1)
        raise NotInForce(f"The law is known from {first} to {last}, and {day} is not among these.")


def _source(request: Request) -> dict[str, Any]:
    if request.file is not None:
        return {"kind": "file", "name": request.file_name or request.file.name}
    return {"kind": "invented", "households": request.households, "seed": request.seed}


def _population(
    book: Lawbook, statistics: Statistics, request: Request, progress: Progress | None
) -> tuple[Any, ColumnMapping]:
    from townhall.rules.simulation.loading import load

    law = book.on(request.day)
    if request.file is not None:
        loaded = load(
            request.file,
            law,
            request.mapping,
            day=request.day,
            most_rows=request.most_rows,
            progress=progress,
        )
        return loaded, request.mapping
    if statistics.invent is None:
        raise PopulationRefused([Problem(None, "", say("invents_none"))])
    if not LEAST <= request.households <= MOST:
        told = say("size", least=f"{LEAST:,}", most=f"{MOST:,}")
        raise PopulationRefused([Problem(None, "", told)])
    tell = progress or (lambda phase, done: None)
    made = statistics.invent(law, request.day, request.households, request.seed, tell)
    return made, replace(request.mapping, usual=None)
