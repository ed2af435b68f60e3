"""`townhall rules simulate`: a reform tried on a population, from the command line."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from townhall.rules.engine.law import FactError, Lawbook, LawError, NoResult, NotInForce, OpenFact
from townhall.rules.engine.law.finding import lawbook_of
from townhall.rules.simulation import changes, mapping, writing
from townhall.rules.simulation.problems import PopulationRefused
from townhall.rules.simulation.simulating import Request, simulate
from townhall.rules.simulation.statistics import NoStatistics, statistics_of

GOOD, BAD, MISUSED = 0, 1, 2
WIDTH = 24


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `simulate` to the actions of `townhall rules`."""
    parser = actions.add_parser(
        "simulate",
        help="try a reform on a population",
        description="Runs today's law and a reform over everybody in a file (CSV, or Parquet with "
        "the extra population) or over an invented population, and says what it costs, who gains "
        "and who loses.",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="one row a person")
    parser.add_argument(
        "--synthetic", type=int, metavar="N", help="invent N households (1,000 to 1,000,000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the invented population (1)")
    parser.add_argument("--reform", type=Path, metavar="YAML", help="name, and rates: {key: value}")
    parser.add_argument("--day", type=_day, default=None, help="whose law is taken (today)")
    parser.add_argument(
        "--map", type=Path, metavar="YAML", help="which column of the file is which fact"
    )
    parser.add_argument(
        "--usual", action="store_true", help="take facts that the file lacks at their usual values"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the results to a .json or .csv file"
    )
    parser.add_argument("--pack", help="key of the pack (default: the one in the settings)")
    parser.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2026-04-06") from None


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code is 1 where the data or the law do not do, 2 for misuse."""
    if (arguments.file is None) == (arguments.synthetic is None):
        print("Give a file, or --synthetic and a number of households.", file=sys.stderr)
        return MISUSED
    if arguments.out is not None and arguments.out.suffix not in (".json", ".csv"):
        print("The name behind --out ends in .json or .csv.", file=sys.stderr)
        return MISUSED
    try:
        results, book = _results(arguments)
    except (changes.ReformRefused, mapping.MappingError, NoStatistics, OSError) as error:
        print(error, file=sys.stderr)
        return MISUSED
    except (PopulationRefused, LawError, FactError, OpenFact, NotInForce, NoResult) as error:
        print(f"\n{error}", file=sys.stderr)
        return BAD
    if arguments.out is None:
        print(writing.as_text(results, book))
        return GOOD
    written = writing.as_json if arguments.out.suffix == ".json" else writing.as_csv
    arguments.out.write_text(written(results), encoding="utf-8", newline="")
    for line in writing.as_text(results, book).splitlines()[:6]:
        print(line, file=sys.stderr)
    return GOOD


def _results(arguments: argparse.Namespace) -> tuple[dict[str, Any], Lawbook]:
    from townhall.foundation import settings

    pack = arguments.pack or settings.current().pack
    statistics = statistics_of(pack)
    book = lawbook_of(pack)
    if book is None:
        raise NoStatistics(f'The pack "{pack}" has no law that can be calculated.')
    day = arguments.day or _today()
    law = book.on(day)
    name, new = "none", {}
    if arguments.reform is not None:
        known = changes.rates(law, statistics, day)
        name, new = changes.read(arguments.reform.read_text(encoding="utf-8"), known)
    names = {"person_id", "family_id", "household_id", "adult", "weight", *law.variables}
    text = arguments.map.read_text(encoding="utf-8") if arguments.map is not None else ""
    columns = mapping.read(text, names)
    request = Request(
        day=day,
        file=arguments.file,
        mapping=columns.with_all_usual() if arguments.usual else columns,
        households=arguments.synthetic or 0,
        seed=arguments.seed,
        name=name,
        new=new,
    )
    return simulate(book, statistics, request, _Meter()), book


def _today() -> date:
    from townhall.foundation import settings

    return datetime.now(ZoneInfo(settings.current().time_zone)).date()


class _Meter:
    """Progress on standard error: one line that grows, or one a phase where nobody watches."""

    WORDS: ClassVar = {
        "read": "Reading",
        "invent": "Inventing",
        "before": "The law as it is",
        "after": "The law with the reform",
        "figures": "Figures",
    }

    def __init__(self) -> None:
        self.last = ("", -1)

    def __call__(self, phase: str, done: float) -> None:
        tenths = int(done * 10)
        if (phase, tenths) == self.last:
            return
        watched = sys.stderr.isatty()
        if not watched and phase == self.last[0] and tenths < 10:
            return
        new = phase != self.last[0]
        self.last = (phase, tenths)
        start = ("\n" if new else "\r") if watched else ""
        end = "" if watched else "\n"
        words = f"{self.WORDS[phase]:<{WIDTH}} {'=' * tenths:<10} {done:>4.0%}"
        print(f"{start}{words}", end=end, file=sys.stderr, flush=True)
        if phase == "figures" and watched:
            print(file=sys.stderr)
