"""The back end for populations: a plan as operations on whole NumPy columns.

A program runs on some thousand households at a time, in buffers that are used
again after the last use of what they held, so that all of it stays in the
processor's cache. Memory does not grow with the population but for the goals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from townhall.rules.engine.law.entities import HOUSEHOLD, Entity
from townhall.rules.engine.law.errors import NoResult, OpenFact
from townhall.rules.engine.law.planning import Plan
from townhall.rules.engine.law.populations import arrays
from townhall.rules.engine.law.populations.column_steps import Key, Maker, Pool, Step
from townhall.rules.engine.law.populations.folding import fold
from townhall.rules.engine.law.populations.population import (
    BLOCK,
    MEMBERS,
    Array,
    Block,
    Population,
    dtype_of,
)

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

Progress = Callable[[int, int], None]
"""Called with the number of households done, and of all."""


@dataclass(frozen=True, slots=True)
class _Goal:
    name: str
    key: Key
    entity: Entity
    dtype: type[np.generic]


class ColumnsProgram:
    """A plan that can be run on a population, made for one day."""

    def __init__(self, plan: Plan, day: date) -> None:
        self.plan = plan
        folded = fold(plan, day)
        maker = Maker(folded)
        for segment in plan.segments:
            for number in segment.nodes:
                maker.add(number)
        self.goals = [
            _Goal(
                name,
                maker.value(number, plan.entity(number)),
                plan.entity(number),
                dtype_of(folded.unit(number)),
            )
            for name, number in plan.goals.items()
        ]
        ends = [goal.key for goal in self.goals]
        self.steps = _needed(maker.steps, ends)
        used = {key for step in self.steps for key in step.reads} | set(ends)
        self.inputs = {key: given for key, given in maker.inputs.items() if key in used}
        self.places = {key: place for key, place in maker.places.items() if key in used}
        self.template = maker.template
        self.buffers, self.pools = _buffered(self.steps, ends)

    def run(
        self, population: Population, *, block: int = BLOCK, progress: Progress | None = None
    ) -> dict[str, Array]:
        """Return the values of the goals, one for each member.

        Raises
        ------
        NoResult
            If a goal has none for somebody.
        """
        found = {
            goal.name: np.empty(population.size(goal.entity), goal.dtype) for goal in self.goals
        }
        sizes = largest(population, block)
        made: dict[Pool, list[Array]] = {
            pool: [np.empty(sizes[pool[0]], arrays.DTYPES[pool[1]]) for _ in range(number)]
            for pool, number in self.pools.items()
        }
        room = [
            (key, made[pool][number], MEMBERS.index(pool[0]))
            for key, (pool, number) in self.buffers.items()
        ]
        with np.errstate(all="ignore"):
            for part in population.blocks(block):
                values = self._block(population, part, room)
                for goal in self.goals:
                    found[goal.name][part.rows(goal.entity)] = values[goal.key]
                    insist_on_results(goal.name, found[goal.name], part.rows(goal.entity))
                if progress is not None:
                    progress(part.households[1], population.size(HOUSEHOLD))
        return found

    def _block(
        self, population: Population, part: Block, room: Sequence[tuple[Key, Array, int]]
    ) -> list[Any]:
        values = self.template.copy()
        for key, (name, entity, kind) in self.inputs.items():
            column = population.columns[entity][name][part.rows(entity)]
            values[key] = column.astype(arrays.DTYPES[kind], copy=False)
        for key, place in self.places.items():
            values[key] = place.of(population, part)
        sizes = [_length(part.rows(entity)) for entity in MEMBERS]
        for key, buffer, entity_number in room:
            values[key] = buffer[: sizes[entity_number]]
        for step in self.steps:
            step.run(values)
        return values


def simulate(
    law: Law,
    goals: Iterable[str],
    population: Population,
    *,
    day: date,
    block: int = BLOCK,
    progress: Progress | None = None,
) -> dict[str, Array]:
    """Return the goals of everybody; a column that names a rule is taken instead of it.

    Raises
    ------
    OpenFact
        If the population lacks a column that a goal rests on.
    NotInForce, NoResult
        If a rate is missing, or there is no result for somebody.
    """
    return ColumnsProgram(plan_for(law, goals, population), day).run(
        population, block=block, progress=progress
    )


def plan_for(law: Law, goals: Iterable[str], population: Population) -> Plan:
    """Return the plan of goals for what a population gives.

    Raises
    ------
    OpenFact
        If it lacks a column.
    """
    given = [name for name in population.names() if law.variables[name].is_rule]
    plan = law.plan(goals, given, trace=False)
    lacking = tuple(
        name
        for number, name in plan.inputs.items()
        if name not in population.columns.get(plan.entity(number), {})
    )
    if lacking:
        names = ", ".join(f'"{name}"' for name in lacking)
        raise OpenFact(lacking, f"The population lacks columns that the goals rest on: {names}.")
    return plan


def insist_on_results(name: str, values: Array, rows: slice) -> None:
    """Raise `NoResult` if a goal is no number for one of the rows."""
    if values.dtype != np.float64:
        return
    wrong = ~np.isfinite(values[rows])
    if wrong.any():
        row = rows.start + int(np.argmax(wrong))
        raise NoResult(
            f'"{name}" has no result in row {row}: something is divided by zero, or too large.'
        )


def _length(rows: slice) -> int:
    return int(rows.stop - rows.start)


def largest(population: Population, block: int) -> dict[Entity, int]:
    """Return how many of each entity a block has at most."""
    sizes = dict.fromkeys(MEMBERS, 0)
    for part in population.blocks(block):
        for entity in MEMBERS:
            sizes[entity] = max(sizes[entity], _length(part.rows(entity)))
    return sizes


def _needed(steps: Sequence[Step], ends: Iterable[Key]) -> list[Step]:
    """Return the steps that something rests on: a branch that the rates rule out is none."""
    needed = set(ends)
    kept = []
    for step in reversed(steps):
        if step.out in needed:
            needed.update(step.reads)
            kept.append(step)
    return kept[::-1]


def _buffered(
    steps: Sequence[Step], ends: Iterable[Key]
) -> tuple[dict[Key, tuple[Pool, int]], Counter[Pool]]:
    """Return which buffer each key is written to, and how many there are of each kind."""
    last: dict[Key, int] = {}
    for position, step in enumerate(steps):
        last.update(dict.fromkeys(step.reads, position))
        last.setdefault(step.out, position)
    last.update(dict.fromkeys(ends, len(steps)))
    buffers: dict[Key, tuple[Pool, int]] = {}
    free: dict[Pool, list[int]] = {}
    pools: Counter[Pool] = Counter()

    def take(key: Key, pool: Pool) -> None:
        spares = free.setdefault(pool, [])
        if spares:
            buffers[key] = pool, spares.pop()
        else:
            buffers[key] = pool, pools[pool]
            pools[pool] += 1

    for position, step in enumerate(steps):
        take(step.out, step.buffer)
        released = {key for key in (*step.reads, step.out) if last[key] == position}
        if step.spare is not None:
            take(step.spare, (step.buffer[0], "f"))
            released.add(step.spare)
        for key in released & buffers.keys():
            pool, number = buffers[key]
            free[pool].append(number)
    return buffers, pools
