"""Between situations and populations: the same household, exact and as columns.

Tests and officers use it to decide a household of a population exactly, with its
explanation; the population has the float64 nearest to each exact number, and the
way back gives the shortest decimal of that float64, which is the number meant.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, WORLD, Entity
from townhall.rules.engine.law.errors import FactError
from townhall.rules.engine.law.exact.decimals import Program
from townhall.rules.engine.law.populations.columns import plan_for
from townhall.rules.engine.law.populations.population import (
    MEMBERS,
    Array,
    Block,
    Population,
    dtype_of,
)
from townhall.rules.engine.law.situation import Situation, Structure
from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit
from townhall.rules.engine.values import UNKNOWN

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law


def from_situations(law: Law, situations: Sequence[Situation]) -> Population:
    """Return the households of situations, in order, as one population.

    Raises
    ------
    FactError
        If a fact cannot be used, or is known in one place and not in another.
        `member` is then the row in the population.
    """
    family_of: list[int] = []
    household_of: list[int] = []
    adult: list[bool] = []
    gathered: dict[Entity, dict[str, list[Any]]] = {entity: {} for entity in MEMBERS}
    households = 0
    for situation in situations:
        found = law.admit(situation)
        structure = situation.structure
        for families in structure.down["family", "household"]:
            persons: list[int] = []
            for family in families:
                members = structure.down["person", "family"][family]
                family_of += [len(household_of)] * len(members)
                household_of.append(households)
                adult += [structure.adult[member] for member in members]
                persons += members
            of = structure.up["family", "household"][families[0]]
            for entity, rows in ((PERSON, persons), (FAMILY, families), (HOUSEHOLD, [of])):
                _gather(law, gathered[entity], found.columns, entity, rows)
            households += 1
    sizes = {PERSON: len(family_of), FAMILY: len(household_of), HOUSEHOLD: households}
    columns = {
        entity: {name: _column(law, name, values, sizes[entity]) for name, values in each.items()}
        for entity, each in gathered.items()
    }
    return Population.of(
        np.array(family_of, int), np.array(household_of, int), np.array(adult, bool), columns
    )


def situation(law: Law, population: Population, number: int) -> Situation:
    """Return the household in a row of a population as a situation."""
    part = population.part(number, number + 1)
    facts = {
        entity: [
            {
                name: outward(values[row], law.variables[name].kind.unit)
                for name, values in part.columns.get(entity, {}).items()
            }
            for row in range(part.size(entity))
        ]
        for entity in MEMBERS
    }
    starts = part.starts[PERSON, FAMILY]
    families: list[Mapping[str, Any]] = []
    for family, of_family in enumerate(facts[FAMILY]):
        members = range(starts[family], starts[family + 1])
        adults = [member for member in members if part.adult[member]]
        families.append({"members": list(members), "adults": adults, "facts": of_family})
    household = {"members": list(range(len(families))), "facts": facts[HOUSEHOLD][0]}
    return Situation(facts[PERSON], families, [household])


def exactly(
    law: Law, goals: Iterable[str], population: Population, *, day: date, block: int = 1_024
) -> Iterator[tuple[Block, dict[str, Sequence[Any]]]]:
    """Yield block after block what the exact law gives, as it calculates.

    For checks: it takes a few hundred times as long as columns. No fact is open,
    so that no bounds are needed, and a branch that is not taken does no harm.
    """
    plan = plan_for(law, goals, population)
    program = Program(plan)
    for part in population.blocks(block):
        people = population.part(*part.households)
        columns = {
            name: _exact(people.columns[plan.entity(number)][name], law.variables[name].kind.unit)
            for number, name in plan.inputs.items()
        }
        sizes = {entity.name: people.size(entity) for entity in (*MEMBERS, WORLD)}
        values = program.run(columns, _structure(people), sizes, day.toordinal())
        yield part, {goal: values[goal] for goal in plan.goals}


def _exact(values: Array, unit: Unit) -> list[Any]:
    """Return the numbers that a column means, as the exact law takes them."""
    if unit.is_numeric:
        return [Decimal(repr(value)) for value in values.astype(np.float64).tolist()]
    found: list[Any] = values.tolist()
    return found


def _structure(people: Population) -> Structure:
    families, households = people.family_of.tolist(), people.household_of.tolist()
    up = {
        ("person", "family"): tuple(families),
        ("family", "household"): tuple(households),
        ("person", "household"): tuple(households[family] for family in families),
    }
    down = {
        (narrow.name, wide.name): tuple(
            tuple(range(start, end)) for start, end in itertools.pairwise(starts.tolist())
        )
        for (narrow, wide), starts in people.starts.items()
    }
    return Structure(up, down, tuple(people.partner.tolist()), tuple(people.adult.tolist()))


def outward(value: Any, unit: Unit) -> Any:
    """Return a value of a column as it is given to a situation."""
    if unit == YES_NO:
        return bool(value)
    if unit == DATE:
        return date.fromordinal(int(value))
    if unit.base == "choice":
        return unit.options[int(value)]
    number = Decimal(repr(float(value)))
    return number * 100 if unit == PERCENT else number


def _gather(
    law: Law,
    gathered: dict[str, list[Any]],
    columns: Mapping[str, Sequence[Any]],
    entity: Entity,
    rows: Sequence[int],
) -> None:
    for name, values in columns.items():
        if law.variables[name].kind.entity == entity:
            gathered.setdefault(name, []).extend(values[row] for row in rows)


def _column(law: Law, name: str, values: Sequence[Any], size: int) -> Array:
    unknown = next((row for row, value in enumerate(values) if value is UNKNOWN), None)
    if unknown is not None or len(values) != size:
        row = len(values) if unknown is None else unknown
        raise FactError(name, row, f'"{name}" is known of some and not of others (row {row}).')
    return np.array(values, dtype_of(law.variables[name].kind.unit))
