"""Many households as columns: who lives with whom, and one array a fact.

Persons stand in the order of their families, and families in the order of their
households, so that a block of households is a slice of every column. Numbers are
float64 (or any narrower type that holds them exactly), dates ordinals, choices
positions, percentages shares, as the law calculates with them. A population
holds no unknown values: who makes one says what is taken instead.

`tables` makes a population from tables, `households` from situations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, Entity
from townhall.rules.engine.law.terms import constant
from townhall.rules.engine.law.units import DATE, YES_NO, Unit

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

Array = NDArray[Any]
BLOCK: Final = 16_384
MEMBERS: Final = (PERSON, FAMILY, HOUSEHOLD)
ROW: Final = np.int32  # 2**31 persons are enough


@dataclass(frozen=True, slots=True)
class Block:
    """Some households in a row, with everybody in them: half-open ranges of rows."""

    households: tuple[int, int]
    families: tuple[int, int]
    persons: tuple[int, int]

    def rows(self, entity: Entity) -> slice:
        """Return the rows of an entity."""
        if entity == PERSON:
            return slice(*self.persons)
        return slice(*(self.families if entity == FAMILY else self.households))


@dataclass(frozen=True, eq=False)
class Population:
    """Households, families and persons, and what is known of them.

    Attributes
    ----------
    family_of
        For each person the row of the family; never falls.
    household_of
        For each family the row of the household; never falls.
    adult
        Whether each person is an adult of the family.
    partner
        For each person the row of the other adult of the couple, or -1.
    columns
        For each entity: name of a fact, or of a rule that is supplied, to its values.
    ids
        For each entity how the source names its rows, where it does.
    """

    family_of: Array
    household_of: Array
    adult: Array
    partner: Array
    columns: Mapping[Entity, Mapping[str, Array]]
    ids: Mapping[Entity, Array] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        family_of: Array,
        household_of: Array,
        adult: Array,
        columns: Mapping[Entity, Mapping[str, Array]],
        ids: Mapping[Entity, Array] | None = None,
    ) -> Population:
        """Return a population whose couples are found; the rows are in order.

        Raises
        ------
        ValueError
            If rows are out of order, somebody has no members, or a family has
            no adult or more than two.
        """
        family_of = np.ascontiguousarray(family_of, ROW)
        household_of = np.ascontiguousarray(household_of, ROW)
        adult = np.ascontiguousarray(adult, np.bool_)
        _insist_on_order(family_of, len(household_of), "family")
        _insist_on_order(household_of, None, "household")
        if len(adult) != len(family_of):
            raise ValueError("There is one value of `adult` for each person.")
        partner = _partners(family_of, len(household_of), adult)
        made = cls(family_of, household_of, adult, partner, columns, ids or {})
        for entity, several in columns.items():
            for name, values in several.items():
                if values.shape != (made.size(entity),):
                    raise ValueError(
                        f'"{name}" has {values.shape} values, but there are '
                        f"{made.size(entity)} rows of the {entity} table."
                    )
        return made

    def size(self, entity: Entity) -> int:
        """Return how many there are of an entity."""
        if entity == PERSON:
            return len(self.family_of)
        if entity == FAMILY:
            return len(self.household_of)
        return len(self.starts[FAMILY, HOUSEHOLD]) - 1 if entity == HOUSEHOLD else 1

    @cached_property
    def starts(self) -> Mapping[tuple[Entity, Entity], Array]:
        """(narrower, wider) to the first row of each of the wider, and the end of the last."""
        families, households = _starts(self.family_of), _starts(self.household_of)
        return {
            (PERSON, FAMILY): families,
            (FAMILY, HOUSEHOLD): households,
            (PERSON, HOUSEHOLD): families[households],
        }

    def column(self, name: str) -> Array | None:
        """Return the values of a fact, or None where the population lacks it."""
        for several in self.columns.values():
            if name in several:
                return several[name]
        return None

    def names(self) -> frozenset[str]:
        """Return the names of all columns."""
        return frozenset(name for several in self.columns.values() for name in several)

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """Yield the households in order, at most `size` at a time."""
        if size < 1:
            raise ValueError("A block has at least one household.")
        families, persons = self.starts[FAMILY, HOUSEHOLD], self.starts[PERSON, HOUSEHOLD]
        number = self.size(HOUSEHOLD)
        for start in range(0, number, size):
            end = min(start + size, number)
            yield Block(
                (start, end),
                (int(families[start]), int(families[end])),
                (int(persons[start]), int(persons[end])),
            )

    def part(self, first: int, last: int) -> Population:
        """Return the households [first, last) as a population of their own; columns are views."""
        families = slice(*(int(row) for row in self.starts[FAMILY, HOUSEHOLD][[first, last]]))
        persons = slice(*(int(row) for row in self.starts[PERSON, HOUSEHOLD][[first, last]]))
        rows = {PERSON: persons, FAMILY: families, HOUSEHOLD: slice(first, last)}
        partner = self.partner[persons]
        return Population(
            self.family_of[persons] - families.start,
            self.household_of[families] - first,
            self.adult[persons],
            np.where(partner >= 0, partner - persons.start, -1).astype(ROW),
            {
                entity: {name: values[rows[entity]] for name, values in several.items()}
                for entity, several in self.columns.items()
            },
            {entity: several[rows[entity]] for entity, several in self.ids.items()},
        )

    def with_columns(self, entity: Entity, columns: Mapping[str, Array]) -> Population:
        """Return the population with some columns put in place of what was there."""
        merged = {**self.columns, entity: {**self.columns.get(entity, {}), **columns}}
        return replace(self, columns=merged)

    def with_usual(self, law: Law) -> Population:
        """Return the population with each fact that no column gives at its usual value.

        Facts without a usual value stay lacking.
        """
        made = self
        for name, fact in law.book.facts.items():
            if fact.usual is None or fact.entity not in MEMBERS or self.column(name) is not None:
                continue
            value = constant(fact.usual, fact.unit)
            values = np.broadcast_to(held(value, fact.unit), (self.size(fact.entity),))
            made = made.with_columns(fact.entity, {name: values})
        return made


def dtype_of(unit: Unit) -> type[np.generic]:
    """Return how a column of a unit is held."""
    if unit == YES_NO:
        return np.bool_
    if unit == DATE:
        return np.int32
    return np.int8 if unit.base == "choice" else np.float64


def held(value: Any, unit: Unit) -> Any:
    """Return a value of the graph as a column holds it."""
    return dtype_of(unit)(value)


def limits(fact: Any) -> tuple[float, float]:
    """Return the least and the greatest value of a fact as it is given: percent of a hundred."""
    low, high = (fact.low, fact.high) if isinstance(fact, Fact) else (None, None)
    return (
        -np.inf if low is None else float(low),
        np.inf if high is None else float(high),
    )


def _starts(of: Array) -> Array:
    """Return where each group begins, and the end of the last; groups are numbered from 0."""
    changes = np.flatnonzero(np.diff(of)) + 1
    first = [0] if len(of) else []
    return np.concatenate([first, changes, [len(of)]]).astype(np.intp)


def _insist_on_order(of: Array, number: int | None, group: str) -> None:
    if len(of) == 0:
        if number:
            raise ValueError(f"The {group} 0 has no members.")
        return
    steps = np.diff(of, prepend=-1)
    if (steps < 0).any():
        raise ValueError(f"Members stand in the order of their {group}.")
    if (steps > 1).any():
        row = int(of[int(np.argmax(steps > 1))])
        raise ValueError(f"The {group} {row - 1} has no members.")
    if number is not None and int(of[-1]) != number - 1:
        raise ValueError(f"The {group} {number - 1} has no members.")


def _partners(family_of: Array, families: int, adult: Array) -> Array:
    rows = np.flatnonzero(adult)
    of = family_of[rows]
    adults = np.bincount(of, minlength=families)
    wrong = (adults < 1) | (adults > 2)
    if wrong.any():
        family = int(np.argmax(wrong))
        raise ValueError(f"A family has one adult or two, but {family} has {adults[family]}.")
    partner = np.full(len(family_of), -1, ROW)
    if len(rows) > 1:
        pairs = np.flatnonzero(of[:-1] == of[1:])
        partner[rows[pairs]], partner[rows[pairs + 1]] = rows[pairs + 1], rows[pairs]
    return partner
