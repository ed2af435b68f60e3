"""A file of persons, chunk by chunk: CSV with the standard library, Parquet with DuckDB.

CSV is read in one way wherever this runs, so that a file has the same errors
everywhere. Parquet needs the extra `population`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from townhall.rules.simulation.messages import say
from townhall.rules.simulation.problems import PopulationRefused, Problem, Problems

if TYPE_CHECKING:
    from townhall.rules.simulation.cells import Cells

CHUNK: Final = 100_000
PARQUET: Final = b"PAR1"
DELIMITERS: Final = (",", ";", "\t")
MOST_COLUMNS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes
    ----------
    first
        The row of the file of the first of them.
    read
        How much of the file is read with them, from 0 to 1.
    """

    first: int
    rows: int
    columns: dict[str, Cells]
    read: float


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is open.

    Attributes
    ----------
    columns
        Their names, in the order of the file.
    chunks
        Names of wanted columns, and where to note what is wrong, to the rows.
    """

    columns: tuple[str, ...]
    chunks: Callable[[Sequence[str], Problems], Iterator[Chunk]]


def open_source(path: Path) -> Source:
    """Return a file as a source; what it is, is read from its content.

    Raises
    ------
    PopulationRefused
        If it is empty, cannot be read, or a column is there twice.
    """
    with path.open("rb") as file:
        head = file.read(4)
    source = _parquet(path) if head == PARQUET else _csv(path)
    seen: set[str] = set()
    for name in source.columns:
        if name in seen:
            raise PopulationRefused([Problem(None, name, say("column_twice"))])
        seen.add(name)
    return source


def _refused(code: str, **given: object) -> PopulationRefused:
    return PopulationRefused([Problem(None, "", say(code, **given))])


# --- CSV


def _csv(path: Path) -> Source:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading = file.readline(1_000_000)
    except UnicodeDecodeError:
        raise _refused("not_utf8") from None
    if not heading.strip():
        raise _refused("no_heading")
    if "\x00" in heading:
        raise _refused("no_table")
    delimiter = max(DELIMITERS, key=heading.count)
    columns = tuple(name.strip() for name in next(csv.reader([heading], delimiter=delimiter)))
    if len(columns) > MOST_COLUMNS:
        raise _refused("too_many_columns", number=len(columns), most=MOST_COLUMNS)

    def chunks(wanted: Sequence[str], problems: Problems) -> Iterator[Chunk]:
        places = [(name, columns.index(name)) for name in wanted]
        size = max(path.stat().st_size, 1)
        with path.open("rb") as bytes_, TextIOWrapper(bytes_, "utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            next(reader)
            first = 2  # the heading is row 1
            for rows in _batches(reader, len(columns), first, problems):
                cells: dict[str, Cells] = {name: [row[at] for row in rows] for name, at in places}
                yield Chunk(first, len(rows), cells, min(1.0, bytes_.tell() / size))
                first += len(rows)

    return Source(columns, chunks)


def _batches(
    reader: Iterator[list[str]], width: int, first: int, problems: Problems
) -> Iterator[list[list[str]]]:
    """Yield rows of the right width; others are noted and made to fit."""
    rows: list[list[str]] = []
    number = first
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except UnicodeDecodeError:
            problems.add(number, "", say("not_utf8_from_here"))
            break
        except csv.Error as error:
            problems.add(number, "", say("row_unreadable", reason=error))
            break
        if len(row) != width:
            wrong = say("row_width", cells=len(row), width=width) if row else say("row_empty")
            problems.add(number, "", wrong)
            row = [*row, *[""] * width][:width]
        rows.append(row)
        number += 1
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


# --- Parquet


def _parquet(path: Path) -> Source:
    connection = _duckdb()
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])
        kinds = {str(row[0]): str(row[1]) for row in described.fetchall()}
        counted = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)])
        size = int(counted.fetchone()[0])
    except Exception as error:  # DuckDB has an exception of its own for everything
        message = str(error).splitlines()[0]
        raise _refused("parquet_unreadable", reason=message) from None

    def chunks(wanted: Sequence[str], problems: Problems) -> Iterator[Chunk]:
        listed = ", ".join(_selected(name, kinds[name]) for name in wanted)
        for start in range(0, size, CHUNK):
            found = connection.execute(
                f"SELECT {listed} FROM read_parquet(?, file_row_number = true)"  # noqa: S608 - quoted
                " WHERE file_row_number >= ? AND file_row_number < ? ORDER BY file_row_number",
                [str(path), start, start + CHUNK],
            ).fetchnumpy()
            cells = {name: _cells(values) for name, values in found.items()}
            rows = min(CHUNK, size - start)
            yield Chunk(start + 1, rows, cells, (start + rows) / size)

    return Source(tuple(kinds), chunks)


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise _refused("no_duckdb") from None
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute("SET enable_progress_bar = false")
    return connection


_NUMBERS: Final = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT")


def _selected(name: str, kind: str) -> str:
    """Return a column of a query: a number as a number, everything else as a text."""
    quoted = '"' + name.replace('"', '""') + '"'
    number = any(part in kind for part in _NUMBERS) and "INTERVAL" not in kind and "[" not in kind
    return f"CAST({quoted} AS {'DOUBLE' if number else 'VARCHAR'}) AS {quoted}"


def _cells(values: Any) -> Cells:
    """Return a column of DuckDB: numbers with NaN, or texts, for what is not there."""
    import numpy as np

    if values.dtype.kind == "f":
        return np.ma.filled(values, np.nan)
    texts: list[str] = np.ma.filled(values, "").tolist()
    return texts
