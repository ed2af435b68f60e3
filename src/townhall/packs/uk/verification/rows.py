"""Tables of figures: reading them, asking our law, and saying which rows differ.

A suite is a mapping from the figure that a row asks for to a function of the row. What the source
writes as text (`true`, `2026-04-06`, `12.5`) is compared as a value, so `12.50` is `12.5`; nothing
is rounded and nothing tolerated here.
"""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from townhall.packs.uk.verification import Absent, Miss, MissClass, Outcome, Sources
from townhall.rules.engine.law import FactError, LawError, NoResult, NotInForce, OpenFact

_COPY = pathlib.Path(__file__).parents[1] / "data" / "govuk-figures"

Figure = Callable[["Row"], Any]


class Row:
    """One line of a table, with its cells as values; an empty cell is None or nothing."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def case(self) -> str:
        return self.cells["case_id"]

    def day(self, column: str) -> date:
        return date.fromisoformat(self.cells[column])

    def number(self, column: str) -> Decimal:
        """Number in a cell; nothing where it is empty, as the source's calculators take it."""
        return Decimal(self.cells[column] or 0)

    def yes(self, column: str) -> bool:
        return self.cells[column] == "true"


def folder(sources: Sources) -> pathlib.Path:
    """Folder of the tables: the one that was named, else the copy in the pack."""
    return sources.figures or _COPY


def file(sources: Sources, name: str) -> pathlib.Path:
    """Path of one file of the figures.

    Raises
    ------
    Absent
        If it is not there.
    """
    path = folder(sources) / name
    if not path.is_file():
        raise Absent(f"There is no {name} in {folder(sources)}. Name the folder with --figures.")
    return path


def read(sources: Sources, name: str) -> tuple[Row, ...]:
    """All rows of one table; raises `Absent` where it is not here."""
    with file(sources, name).open(encoding="utf-8", newline="") as table:
        return tuple(Row(cells) for cells in csv.DictReader(table))


def compare(
    suite: str,
    rows: Iterable[Row],
    figures: Mapping[str, Figure],
    known: Mapping[str, tuple[MissClass, str]] | None = None,
) -> Outcome:
    """Ask our law for the figure of every row.

    Parameters
    ----------
    figures
        Name of a figure to how our law answers a row that asks for it.
    known
        Case to class and reason of a difference that is explained. A row that is named here and
        agrees is a pass like any other.
    """
    counted = 0
    misses = []
    for row in rows:
        counted += 1
        miss = _miss(row, figures, (known or {}).get(row.case))
        if miss is not None:
            misses.append(miss)
    return Outcome.from_misses(suite, counted, misses)


def _miss(
    row: Row, figures: Mapping[str, Figure], known: tuple[MissClass, str] | None
) -> Miss | None:
    name = row["figure"]
    answer = figures.get(name)
    got: Any
    if answer is None:
        got, reason = "", "no rule of ours answers this figure"
    else:
        try:
            got = answer(row)
        except LawError:  # no law at all: not a matter of this row
            raise
        except (FactError, NoResult, NotInForce, OpenFact, LookupError, ValueError) as error:
            got, reason = f"{type(error).__name__}: {error}", "our rule gives no value"
        else:
            if agrees(row, got):
                return None
            reason = "our rule gives another value"
    kind: MissClass = "ours"
    if known is not None:
        kind, reason = known
    return Miss(row.case, name, row["expected"], str(got), kind, reason)


def agrees(row: Row, got: Any) -> bool:
    """Whether a value of ours is what the row expects."""
    expected = row["expected"]
    if isinstance(got, bool):
        return expected == ("true" if got else "false")
    if isinstance(got, date):
        return expected == got.isoformat()
    if isinstance(got, (int, Decimal)):
        try:
            return Decimal(expected) == got
        except InvalidOperation:
            return False
    return bool(expected == got)
