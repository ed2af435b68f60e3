"""What stands in a column of a file, as the law calculates with it.

Texts are read once for each different text, numbers all at once. What cannot be
read is noted and takes some value: nobody uses it, because the file is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.populations.population import Array, dtype_of
from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit
from townhall.rules.simulation.messages import Message, say
from townhall.rules.simulation.problems import Problems

Cells = Sequence[str] | Array
"""Texts as they stand in the file, or numbers of which those that are not there are NaN."""

YES: Final = frozenset({"yes", "true", "1", "y"})
NO: Final = frozenset({"no", "false", "0", "n"})
EMPTY: Final = say("empty")


@dataclass(frozen=True, slots=True)
class Field:
    """A column that is wanted.

    Attributes
    ----------
    name
        Of the fact, or of a rule that is supplied.
    column
        As the file calls it.
    low, high
        Limits of a number as it is written, or of the ordinal of a date.
    times
        Factor of a number.
    meanings
        Texts of the file that mean other ones of ours.
    """

    name: str
    column: str
    entity: Entity
    unit: Unit
    low: float = -np.inf
    high: float = np.inf
    times: float = 1.0
    meanings: Mapping[str, str] | None = None


def read(field: Field, cells: Cells, problems: Problems, first: int) -> Array:
    """Return the values of a part of a column.

    Parameters
    ----------
    first
        The row of the file of the first cell.
    """
    if isinstance(cells, np.ndarray) and field.meanings is None and field.unit.is_numeric:
        return _limited(field, np.asarray(cells, np.float64), problems, first)
    found = texts(cells)
    if field.meanings is not None:
        found = [field.meanings.get(text, text) for text in found]
    if field.unit.is_numeric:
        return _limited(field, _numbers(field, found, problems, first), problems, first)
    values = _distinct(field, found, _reader(field.unit), problems, first)
    return _within(field, values, problems, first) if field.unit == DATE else values


def texts(cells: Cells) -> list[str]:
    """Return a part of a column as it would stand in a CSV file."""
    if isinstance(cells, np.ndarray):
        return [_text(value) for value in cells.tolist()]
    return [cell.strip() for cell in cells]


def _text(value: float) -> str:
    """Return a number of a file of numbers as a text: 1.0 is 1."""
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def _numbers(field: Field, texts: list[str], problems: Problems, first: int) -> Array:
    try:
        return np.array(texts, dtype=np.str_).astype(np.float64)
    except ValueError:
        return _distinct(field, texts, _number, problems, first)


def _limited(field: Field, numbers: Array, problems: Problems, first: int) -> Array:
    """Return numbers as the law counts them, and note those outside of the limits."""
    gone = ~np.isfinite(numbers)
    if gone.any():
        problems.add_rows(np.flatnonzero(gone), field.column, lambda row: EMPTY, first)
        numbers = np.where(gone, 0.0, numbers)
    numbers = numbers * field.times if field.times != 1 else numbers
    wrong = np.flatnonzero(((numbers < field.low) | (numbers > field.high)) & ~gone)

    def message(row: int) -> Message:
        if numbers[row] < field.low:
            return say("low", value=f"{numbers[row]:g}", limit=f"{field.low:g}")
        return say("high", value=f"{numbers[row]:g}", limit=f"{field.high:g}")

    problems.add_rows(wrong, field.column, message, first)
    return numbers / 100 if field.unit == PERCENT else numbers


def _within(field: Field, days: Array, problems: Problems, first: int) -> Array:
    """Return days as they are, and note those outside of the limits."""

    def message(row: int) -> Message:
        early = days[row] < field.low
        limit = date.fromordinal(int(field.low if early else field.high))
        value = date.fromordinal(int(days[row]))
        return say("early" if early else "late", value=value, limit=limit)

    wrong = np.flatnonzero((days < field.low) | (days > field.high))
    problems.add_rows(wrong, field.column, message, first)
    return days


def _number(text: str) -> float:
    number = float(text)
    if not np.isfinite(number):
        raise ValueError
    return number


def _reader(unit: Unit) -> Callable[[str], Any]:
    if unit == YES_NO:
        return _yes_no
    if unit == DATE:
        return _day
    places = {option: place for place, option in enumerate(unit.options)}
    return lambda text: places[text]


def _yes_no(text: str) -> bool:
    lowered = text.lower()
    if lowered in YES:
        return True
    if lowered in NO:
        return False
    raise ValueError


def _day(text: str) -> int:
    day, _, time = text.partition(" ")
    if time.strip("0:."):
        raise ValueError
    return date.fromisoformat(day).toordinal()


def _unusable(text: str, unit: Unit) -> Message:
    value = text[:40]
    if unit == YES_NO:
        return say("yes_no", value=value)
    if unit == DATE:
        return say("date", value=value)
    if unit.base == "choice":
        return say("choice", value=value, options=", ".join(unit.options))
    return say("number", value=value)


def _distinct(
    field: Field,
    texts: list[str],
    reader: Callable[[str], Any],
    problems: Problems,
    first: int,
) -> Array:
    meant: dict[str, Any] = {}
    wrong: dict[str, Message] = {}
    number = field.unit.is_numeric
    for text in dict.fromkeys(texts):
        try:
            meant[text] = reader(text)
        except (ValueError, KeyError):
            meant[text] = np.nan if number else (int(field.low) if field.unit == DATE else 0)
            wrong[text] = _unusable(text, field.unit) if text else EMPTY
    if wrong:
        rows = [row for row, text in enumerate(texts) if text in wrong]
        problems.add_rows(rows, field.column, lambda row: wrong[texts[row]], first)
        if number:  # noted here: not once more as empty
            meant.update(dict.fromkeys(wrong, max(field.low, 0.0)))
    return np.array([meant[text] for text in texts], dtype_of(field.unit))
