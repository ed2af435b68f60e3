"""The law as it is and as it would be, over everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from townhall.rules.engine.law import Law
from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.populations.columns import simulate
from townhall.rules.engine.law.populations.population import Array, Population, held
from townhall.rules.engine.law.reforms import Reform, reformed
from townhall.rules.engine.law.terms import constant
from townhall.rules.simulation.loading import Loaded
from townhall.rules.simulation.mapping import ColumnMapping
from townhall.rules.simulation.messages import say
from townhall.rules.simulation.problems import PopulationRefused, Problem
from townhall.rules.simulation.statistics import TIMES_A_YEAR, Progress, Statistics


@dataclass(frozen=True)
class Side:
    """What everybody has under one law, a year.

    Attributes
    ----------
    costs
        Rule to the amount of each of those that it belongs to.
    net
        Net income of each household.
    """

    costs: Mapping[str, Array]
    net: Array


@dataclass(frozen=True)
class Compared:
    """Both sides, and what is counted of the people.

    Attributes
    ----------
    usual
        Facts that were taken at their usual values because the source lacks them,
        and on which something rests.
    """

    population: Population
    weights: Array | None
    before: Side
    after: Side
    age: Array
    pensioner: Array
    entities: Mapping[str, Entity]
    usual: tuple[str, ...]


def compare(
    law: Law,
    reform: Reform,
    loaded: Loaded,
    mapping: ColumnMapping,
    statistics: Statistics,
    *,
    day: date,
    progress: Progress | None = None,
) -> Compared:
    """Return what the law and the reform give to everybody.

    Parameters
    ----------
    law
        The one in force on the day.
    mapping
        Says which facts may be taken at their usual values.

    Raises
    ------
    PopulationRefused
        If a fact is lacking on which something rests.
    LawError, NotInForce, NoResult
        If the reform does not fit, or somebody has no result.
    """
    goals = statistics.goals()
    changed = reformed(law.book, reform).on(day) if reform.rates else law
    lacking = sorted(
        {*_lacking(law, goals, loaded.population), *_lacking(changed, goals, loaded.population)}
    )
    _insist(law, lacking, mapping)
    population = _filled(law, loaded.population, lacking)
    found = simulate(law, goals, population, day=day, progress=_telling("before", progress))
    before = after = _side(law, statistics, found)
    if changed is not law:
        told = _telling("after", progress)
        later = simulate(changed, goals, population, day=day, progress=told)
        after = _side(changed, statistics, later)
    return Compared(
        population,
        loaded.weights,
        before,
        after,
        found[statistics.age],
        found[statistics.pensioner],
        {cost.rule: law.variables[cost.rule].kind.entity for cost in statistics.costs},
        tuple(lacking),
    )


def _lacking(law: Law, goals: Iterable[str], population: Population) -> set[str]:
    given = [name for name in population.names() if law.variables[name].is_rule]
    plan = law.plan(goals, given, trace=False)
    return {name for name in plan.inputs.values() if population.column(name) is None}


def _insist(law: Law, lacking: Iterable[str], mapping: ColumnMapping) -> None:
    """Refuse to take a fact at its usual value where nobody said so, or where it has none."""
    problems = []
    for name in lacking:
        usual = law.book.facts[name].usual
        if usual is None:
            problems.append(Problem(None, name, say("no_usual")))
        elif not mapping.may_be_usual(name):
            problems.append(Problem(None, name, say("usual", usual=_words(usual))))
    if problems:
        problems.sort(key=lambda each: each.said.code != "no_usual")
        raise PopulationRefused(problems[:100], len(problems[100:]))


def _words(usual: object) -> str:
    if isinstance(usual, bool):
        return "yes" if usual else "no"
    return str(usual)


def _filled(law: Law, population: Population, names: Iterable[str]) -> Population:
    by_entity: dict[Entity, dict[str, Array]] = {}
    for name in names:
        fact = law.book.facts[name]
        if fact.usual is None:
            raise ValueError(f'"{name}" has no usual value.')
        value = held(constant(fact.usual, fact.unit), fact.unit)
        everybody = np.broadcast_to(value, (population.size(fact.entity),))
        by_entity.setdefault(fact.entity, {})[name] = everybody
    for entity, columns in by_entity.items():
        population = population.with_columns(entity, columns)
    return population


def _telling(phase: str, progress: Progress | None) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(phase, done / max(of, 1))

    return tell


def _side(law: Law, statistics: Statistics, found: Mapping[str, Array]) -> Side:
    return Side(
        {cost.rule: found[cost.rule] * _times(law, cost.rule) for cost in statistics.costs},
        found[statistics.net_income] * _times(law, statistics.net_income),
    )


def _times(law: Law, rule: str) -> int:
    period = law.variables[rule].kind.unit.period
    if period is None or period.name not in TIMES_A_YEAR:
        raise ValueError(f'"{rule}" is no amount a year, a month or a week.')
    return TIMES_A_YEAR[period.name]
