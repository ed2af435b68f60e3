"""A case of the second source as a situation of ours.

Every fact that a case leaves out is filled in, openly: first what the source presumes (families,
`inferences`), then the usual values of our facts. Values that stand for results are supplied in
place of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from townhall.packs.uk.verification import policyengine_families as families
from townhall.packs.uk.verification.names import Facts
from townhall.packs.uk.verification.policyengine_cases import GROUPS
from townhall.packs.uk.verification.policyengine_units import inward
from townhall.packs.uk.verification.policyengine_worlds import Reading, World
from townhall.rules.engine.law import Situation

Columns = dict[str, list[Facts]]


class Unnamed(Exception):
    """A name of the source that none of ours stands for."""


def situation(reading: Reading, world: World, conventions: Mapping[str, Facts]) -> Situation:
    """Return the situation, with all that the source presumes and the usual values filled in.

    Raises
    ------
    Unnamed
        If a case gives what none of our names stands for.
    """
    year = reading.case.year
    units = [families.family(world.people_in(row), world.people) for row in world.benunits]
    facts: Columns = {
        group: [dict(conventions.get(entity, {})) for _ in world.rows(group)]
        for group, entity in GROUPS.items()
    }
    for held, row in zip(facts["people"], world.people, strict=True):
        held["date_of_birth"] = families.date_of_birth(row, year)
    for held, unit in zip(facts["benunits"], units, strict=True):
        # The source takes every couple for married unless it says otherwise.
        held["is_married"] = len(unit.adults) == 2
    for infer in reading.words.inferences:
        for group, rows in zip(GROUPS, infer(world, units, year), strict=True):
            for held, more in zip(facts[group], rows, strict=True):
                held.update(
                    {name: each for name, each in more.items() if name in reading.law.variables}
                )
    _give(reading, world, facts)
    built = Situation(
        persons=facts["people"],
        families=[
            {"adults": unit.adults, "children": unit.others, "facts": held}
            for unit, held in zip(units, facts["benunits"], strict=True)
        ],
        households=[
            {"families": _families_of(world, row, units), "facts": held}
            for row, held in zip(world.households, facts["households"], strict=True)
        ],
    )
    return reading.law.usual(_complete(reading, built))


def _give(reading: Reading, world: World, facts: Columns) -> None:
    """Put what the case gives where our law has it: with a person, the family or the household."""
    for group in GROUPS:
        for number, row in enumerate(world.rows(group)):
            for name, value in _facts(reading, row).items():
                target = reading.group_of_ours(name)
                place = number if target == group else world.position_of(number, target)
                facts[target][place][name] = value


def _facts(reading: Reading, row: Mapping[str, Any]) -> Facts:
    words, law = reading.words, reading.law
    facts: Facts = {}
    for name, value in row.items():
        if name == "members" or name in words.ignored:
            continue
        adapter = words.adapters.get(name)
        if adapter is not None:
            facts |= adapter(value, row)
        ours = words.names.get(name)
        if ours is None and adapter is not None:
            continue
        if ours is None or ours not in law.variables:
            raise Unnamed(name)
        facts[ours] = inward(value, law.variables[ours].kind.unit, words.choices.get(name, {}))
    return facts


def _families_of(
    world: World, row: Mapping[str, Any], units: Sequence[families.Family]
) -> tuple[int, ...]:
    inside = set(world.people_in(row))
    return tuple(
        number for number, unit in enumerate(units) if inside & {*unit.adults, *unit.others}
    )


def _complete(reading: Reading, built: Situation) -> Situation:
    """Work out, for the other members, what the case gives of some members only."""
    for entity in GROUPS.values():
        given = sorted({name for row in _rows(built, entity) for name in row})
        for name in given:
            variable = reading.law.variables.get(name)
            lacking = [at for at, row in enumerate(_rows(built, entity)) if name not in row]
            if lacking and variable is not None and variable.is_rule:
                built = _filled(reading, built, name, lacking)
    return built


def _filled(reading: Reading, built: Situation, name: str, lacking: Iterable[int]) -> Situation:
    entity = reading.law.variables[name].kind.entity
    without = reading.law.usual(_without(built, entity.name, name))
    values = reading.law.decide([name], without, day=reading.day)[name]
    for number in lacking:
        built = built.with_facts(entity, number, {name: values[number]})
    return built


def _rows(built: Situation, entity: str) -> Sequence[Mapping[str, Any]]:
    if entity == "person":
        return built.persons
    groups: Any = built.families if entity == "family" else built.households
    return [group.facts for group in groups]


def _without(built: Situation, entity: str, name: str) -> Situation:
    """Return the situation in which nobody is given a value of a name."""

    def bare(row: Mapping[str, Any]) -> Facts:
        return {key: value for key, value in row.items() if key != name}

    if entity == "person":
        return replace(built, persons=[bare(row) for row in built.persons])
    attribute = "families" if entity == "family" else "households"
    groups: Any = getattr(built, attribute)
    return replace(
        built, **{attribute: [replace(group, facts=bare(group.facts)) for group in groups]}
    )
