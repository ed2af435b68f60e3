"""Making a population from tables, as a file of a survey or a register has them.

A table is a mapping of column name to array. The person table names each person's
family; the family table (or the person table) each family's household. Rows come
in any order. Everything that is wrong is reported at once, with the row and the
column, up to a limit: a population is made whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, Entity
from townhall.rules.engine.law.populations.population import (
    MEMBERS,
    Array,
    Population,
    dtype_of,
    limits,
)
from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

Table = Mapping[str, Any]
MOST_PROBLEMS: Final = 50
_EPOCH: Final = date(1970, 1, 1).toordinal()
_YES: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place.

    Attributes
    ----------
    row
        From 0, as the table came; None where the whole column is meant.
    """

    table: str
    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        where = f"{self.table} table"
        if self.row is not None:
            where += f", row {self.row}"
        return f'{where}, column "{self.column}": {self.message}'


class PopulationError(ValueError):
    """A population cannot be made; `problems` says what is wrong where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)[:MOST_PROBLEMS]
        super().__init__("\n".join(str(problem) for problem in self.problems))


def from_tables(
    law: Law, person: Table, family: Table | None = None, household: Table | None = None
) -> Population:
    """Return the population of the tables.

    Parameters
    ----------
    person
        `family_id`, `adult` (yes/no), where given `person_id`, and facts of persons.
    family, household
        `family_id` and `household_id`, and facts. Without a family table the person
        table has `household_id`.

    Raises
    ------
    PopulationError
        If a household has no members, an id is there twice or names nobody, a
        family has no adult or more than two, a cell is empty or of a wrong type,
        or a column is no fact of the law.
    """
    tables = {PERSON: _read(person), FAMILY: _read(family), HOUSEHOLD: _read(household)}
    problems: list[Problem] = []
    structure = _structure(tables, problems)
    columns: dict[Entity, dict[str, Array]] = {entity: {} for entity in MEMBERS}
    for entity, table in tables.items():
        for name, values in table.items():
            if name in _STRUCTURE:
                continue
            found = _column(law, entity, name, values, problems)
            if found is not None:
                columns[entity][name] = found
    if problems or structure is None:
        raise PopulationError(problems)
    rows = structure.rows
    return Population.of(
        structure.family_of,
        structure.household_of,
        structure.adult,
        {
            entity: {name: values[rows[entity]] for name, values in several.items()}
            for entity, several in columns.items()
        },
        structure.ids,
    )


_STRUCTURE: Final = frozenset({"person_id", "family_id", "household_id", "adult"})


@dataclass(frozen=True, slots=True)
class _Structure:
    family_of: Array
    household_of: Array
    adult: Array
    rows: Mapping[Entity, Array]  # in the order of the population, rows of the tables
    ids: Mapping[Entity, Array]


def _read(table: Table | None) -> dict[str, Array]:
    return {name: np.asarray(values) for name, values in (table or {}).items()}


def _structure(
    tables: Mapping[Entity, Mapping[str, Array]], problems: list[Problem]
) -> _Structure | None:
    person, family, household = (tables[entity] for entity in MEMBERS)
    for name in ("family_id", "adult"):
        if name not in person:
            problems.append(Problem("person", None, name, "The column is missing."))
    holder, entity = (family, FAMILY) if "household_id" in family else (person, PERSON)
    if "household_id" not in holder:
        text = "Neither the family table nor the person table has it."
        problems.append(Problem("person", None, "household_id", text))
    if not _level(tables, problems) or problems:
        return None
    if not len(person["family_id"]):
        problems.append(Problem("person", None, "family_id", "There is nobody in the table."))
        return None
    person_ids = person.get("person_id", np.arange(len(person["family_id"])))
    _unique(PERSON, "person_id", person_ids, problems)
    family_ids, family_row = _groups(family.get("family_id"), person["family_id"], FAMILY, problems)
    household_ids, household_row = _groups(
        household.get("household_id"), holder["household_id"], HOUSEHOLD, problems
    )
    adult = _adults(person["adult"], family_row, family_ids, problems)
    if problems:
        return None
    of_family = household_row
    if entity == PERSON:
        of_family = _of_families(family_row, household_row, len(family_ids), problems)
        if problems:
            return None
    by_household = np.argsort(of_family, kind="stable")
    new_row = np.empty(len(by_household), np.intp)
    new_row[by_household] = np.arange(len(by_household))
    by_family = np.argsort(new_row[family_row], kind="stable")
    return _Structure(
        new_row[family_row][by_family],
        of_family[by_household],
        adult[by_family],
        {PERSON: by_family, FAMILY: by_household, HOUSEHOLD: np.arange(len(household_ids))},
        {
            PERSON: person_ids[by_family],
            FAMILY: family_ids[by_household],
            HOUSEHOLD: household_ids,
        },
    )


def _level(tables: Mapping[Entity, Mapping[str, Array]], problems: list[Problem]) -> bool:
    """Check that all columns of a table have as many rows."""
    level = True
    for entity, table in tables.items():
        lengths = {name: len(values) for name, values in table.items()}
        longest = max(lengths.values(), default=0)
        for name, length in lengths.items():
            if length != longest:
                text = f"It has {length} rows where others have {longest}."
                problems.append(Problem(entity.name, None, name, text))
                level = False
        if table and entity != PERSON and f"{entity.name}_id" not in table:
            text = "The column is missing."
            problems.append(Problem(entity.name, None, f"{entity.name}_id", text))
            level = False
    return level


def _unique(entity: Entity, name: str, ids: Array, problems: list[Problem]) -> None:
    _, first, number = np.unique(ids, return_index=True, return_inverse=True)
    for row in np.flatnonzero(first[number] != np.arange(len(ids)))[:MOST_PROBLEMS]:
        text = f"The id {ids[row]!s} is in row {first[number][row]} already."
        problems.append(Problem(entity.name, int(row), name, text))


def _groups(
    named: Array | None, used: Array, entity: Entity, problems: list[Problem]
) -> tuple[Array, Array]:
    """Return the ids of an entity, and for each member the row of its own."""
    column = f"{entity.name}_id"
    member = "family" if entity == HOUSEHOLD else "person"
    if named is None:
        ids, first, number = np.unique(used, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        place = np.empty(len(order), np.intp)
        place[order] = np.arange(len(order))
        return ids[order], place[number]
    _unique(entity, column, named, problems)
    order = np.argsort(named, kind="stable")
    if named.dtype.kind != used.dtype.kind and "U" in (named.dtype.kind + used.dtype.kind):
        text = f"The {member} table has other kinds of ids than the {entity} table."
        problems.append(Problem(entity.name, None, column, text))
        return named, np.zeros(len(used), np.intp)
    at = np.searchsorted(named[order], used).clip(0, max(len(order) - 1, 0))
    rows = order[at] if len(order) else np.zeros(len(used), np.intp)
    lost = np.flatnonzero(named[rows] != used) if len(order) else np.arange(len(used))
    for row in lost[:MOST_PROBLEMS]:
        text = f"There is no {entity} {used[row]!s}."
        problems.append(Problem(member, int(row), column, text))
    if not len(lost):
        empty = np.flatnonzero(np.bincount(rows, minlength=len(named)) == 0)
        for row in empty[:MOST_PROBLEMS]:
            text = f"The {entity} {named[row]!s} has no members."
            problems.append(Problem(entity.name, int(row), column, text))
    return named, rows


def _adults(values: Array, family_row: Array, ids: Array, problems: list[Problem]) -> Array:
    adult = _flags("person", "adult", values, problems)
    if not problems:
        number = np.bincount(family_row, weights=adult, minlength=len(ids))
        for family in np.flatnonzero((number < 1) | (number > 2))[:MOST_PROBLEMS]:
            row = int(np.argmax(family_row == family))
            text = f"A family has one adult or two, but {ids[family]!s} has {int(number[family])}."
            problems.append(Problem("person", row, "adult", text))
    return adult


def _of_families(
    family_row: Array, household_row: Array, families: int, problems: list[Problem]
) -> Array:
    of = np.zeros(families, np.intp)
    of[family_row] = household_row
    for row in np.flatnonzero(of[family_row] != household_row)[:MOST_PROBLEMS]:
        text = "The persons of one family live in two households."
        problems.append(Problem("person", int(row), "household_id", text))
    return of


def _column(
    law: Law, entity: Entity, name: str, values: Array, problems: list[Problem]
) -> Array | None:
    variable = law.variables.get(name)
    if variable is None or variable.spec is None:
        text = "It is no fact and no rule of this law."
        problems.append(Problem(entity.name, None, name, text))
        return None
    if variable.kind.entity != entity:
        text = f"It belongs to a {variable.kind.entity}, not to a {entity}."
        problems.append(Problem(entity.name, None, name, text))
        return None
    unit = variable.kind.unit
    if unit == YES_NO:
        return _flags(entity.name, name, values, problems)
    if unit == DATE:
        return _days(entity.name, name, values, problems)
    if unit.base == "choice":
        return _choices(entity.name, name, values, unit, problems)
    low, high = limits(variable.spec)
    numbers = _numbers(entity.name, name, values, problems)
    for row in np.flatnonzero((numbers < low) | (numbers > high))[:MOST_PROBLEMS]:
        limit = f"at least {low:g}" if numbers[row] < low else f"at most {high:g}"
        text = f"It is {limit}, not {values[row]!s}."
        problems.append(Problem(entity.name, int(row), name, text))
    return numbers / 100 if unit == PERCENT else numbers


def _numbers(table: str, name: str, values: Array, problems: list[Problem]) -> Array:
    if values.dtype.kind in "iu":
        return values.astype(np.float64)
    if values.dtype.kind != "f":
        values = _cells(table, name, values, float, "a number", problems=problems, instead=np.nan)
    numbers = values.astype(np.float64)
    for row in np.flatnonzero(~np.isfinite(numbers))[:MOST_PROBLEMS]:
        if not any(each.row == row and each.column == name for each in problems):
            problems.append(Problem(table, int(row), name, "It is empty, or no finite number."))
    return numbers


def _flags(table: str, name: str, values: Array, problems: list[Problem]) -> Array:
    if values.dtype.kind == "b":
        return values
    return _cells(
        table,
        name,
        values,
        lambda cell: _YES[str(cell).strip().lower()],
        "yes or no",
        problems=problems,
        instead=False,
    ).astype(np.bool_)


def _days(table: str, name: str, values: Array, problems: list[Problem]) -> Array:
    if values.dtype.kind == "M":
        days = values.astype("datetime64[D]").astype(np.int64)
        for row in np.flatnonzero(np.isnat(values))[:MOST_PROBLEMS]:
            problems.append(Problem(table, int(row), name, "The date is empty."))
        return (days + _EPOCH).astype(np.int32)
    return _cells(
        table,
        name,
        values,
        lambda cell: (cell if isinstance(cell, date) else date.fromisoformat(cell)).toordinal(),
        "a date (2026-04-06)",
        problems=problems,
        instead=1,
    ).astype(np.int32)


def _choices(table: str, name: str, values: Array, unit: Unit, problems: list[Problem]) -> Array:
    places = {option: place for place, option in enumerate(unit.options)}
    words = f"one of {', '.join(unit.options)}"
    return _cells(
        table,
        name,
        values,
        lambda cell: places[str(cell)],
        words,
        problems=problems,
        instead=0,
    ).astype(dtype_of(unit))


def _cells(
    table: str,
    name: str,
    values: Array,
    read: Any,
    expected: str,
    *,
    problems: list[Problem],
    instead: Any,
) -> Array:
    """Return what each different cell means; what means nothing is a problem of its rows."""
    cells = [str(value) if isinstance(value, np.generic) else value for value in values.tolist()]
    known: dict[Any, Any] = {}
    wrong: dict[Any, str] = {}
    for cell in dict.fromkeys(cells):
        try:
            known[cell] = read(cell)
        except (ValueError, TypeError, KeyError, AttributeError):
            known[cell] = instead
            empty = cell is None or cell == ""
            wrong[cell] = "It is empty." if empty else f"{cell!r} is not {expected}."
    if wrong:
        rows = (row for row, cell in enumerate(cells) if cell in wrong)
        for _, row in zip(range(MOST_PROBLEMS), rows, strict=False):
            problems.append(Problem(table, row, name, wrong[cells[row]]))
    return np.array([known[cell] for cell in cells])
