"""A case of the second source as a situation of ours.

Every fact that a case leaves out is filled in, openly: first what the source presumes (`families`),
then the usual values of our facts. Values that stand for results are supplied in place of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.verification import policyengine_families as families
from townhall.packs.uk.verification.names import Facts, Vocabulary
from townhall.packs.uk.verification.policyengine_cases import GROUPS, Case, worked_out
from townhall.rules.engine.law import Law, Situation
from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit


class Unnamed(Exception):
    """A name of the source that none of ours stands for."""


@dataclass(slots=True)
class World:
    """Members of each entity as the source gives them, in order."""

    people: list[dict[str, Any]] = field(default_factory=list)
    benunits: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    added: int = 0


def worlds(case: Case, year: int, law: Law, words: Vocabulary) -> list[World]:
    """Return the worlds of a case: one, or one for each place of its lists."""
    flat = {key: value for key, value in case.given.items() if key not in GROUPS}
    grouped = {key: value for key, value in case.given.items() if key in GROUPS}
    flat = _in_year(flat, case, year)
    many = max((len(value) for value in flat.values() if isinstance(value, list)), default=0)
    if grouped or not many:
        return [_world(grouped, flat, case, year, law, words)]
    made = []
    for place in range(many):
        chosen = {
            key: value[place] if isinstance(value, list) else value for key, value in flat.items()
        }
        made.append(_world({}, chosen, case, year, law, words))
    return made


def _in_year(given: Mapping[str, Any], case: Case, year: int) -> dict[str, Any]:
    """What is given for a year: an entry of the year, or a plain value for the case's own year."""
    result = {}
    for key, raw in given.items():
        value = worked_out(raw)
        if isinstance(value, Mapping):
            if year in value:
                result[key] = value[year]
            elif str(year) in value:
                result[key] = value[str(year)]
        elif year == case.year or key in _LASTING:
            result[key] = value
    return result


# What holds in the other years of a case too.
_LASTING = frozenset(
    """age months_since_last_birthday date_of_birth is_male gender is_parent is_benunit_head
    is_claimant_or_partner members region country""".split()
)


def _world(
    grouped: Mapping[str, Any],
    flat: Mapping[str, Any],
    case: Case,
    year: int,
    law: Law,
    words: Vocabulary,
) -> World:
    world = World()
    for group in GROUPS:
        members = grouped.get(group) or {}
        world.keys[group] = [str(key) for key in members]
        rows = getattr(world, group)
        for member in members.values():
            rows.append(_in_year(member or {}, case, year))
    if not world.people:
        world.people.append({})
        world.keys["people"] = ["person"]
    for group, usual in (("benunits", "benunit"), ("households", "household")):
        if not getattr(world, group):
            getattr(world, group).append({"members": list(world.keys["people"])})
            world.keys[group] = [usual]
    for key, value in flat.items():
        for row in getattr(world, _group_of(key, law, words)):
            row.setdefault(key, value)
    _add_guardians(world)
    return world


def _add_guardians(world: World) -> None:
    """Give a family of children only an adult: our law knows no family without one."""
    people = dict(zip(world.keys["people"], world.people, strict=True))
    for row in world.benunits:
        members = row.get("members") or []
        members = [members] if isinstance(members, str) else list(members)
        rows = [people[str(member)] for member in members]
        if rows and not any(families.can_claim(each) for each in rows):
            name = f"guardian of {members[0]}"
            world.people.append({"age": families.USUAL_AGE, "is_claimant_or_partner": True})
            world.keys["people"].append(name)
            world.added += 1
            row["members"] = [*members, name]
            for home in world.households:
                inside = home.get("members") or []
                if str(members[0]) in [str(each) for each in inside]:
                    home["members"] = [*inside, name]


def _group_of(name: str, law: Law, words: Vocabulary) -> str:
    ours = words.names.get(name)
    if ours is not None and ours in law.variables:
        return _group(ours, law)
    if name in words.of_households:
        return "households"
    return "benunits" if name in words.of_families else "people"


def _group(ours: str, law: Law) -> str:
    entity = law.variables[ours].kind.entity.name if ours in law.variables else "person"
    return next(group for group, each in GROUPS.items() if each == entity)


def _wider(person: int, group: str, world: World) -> int:
    """Position of the family or household that a person belongs to."""
    for number, row in enumerate(getattr(world, group)):
        if person in _numbers(row, "people", world):
            return number
    return 0


def situation(
    world: World,
    day: date,
    year: int,
    law: Law,
    words: Vocabulary,
    conventions: Mapping[str, Facts],
) -> Situation:
    """Return the situation, with all that the source presumes and the usual values filled in.

    Raises
    ------
    Unnamed
        If a case gives what none of our names stands for.
    """
    units = [
        families.family(_numbers(row, "people", world), world.people) for row in world.benunits
    ]
    facts = {
        group: [dict(conventions.get(entity, {})) for _ in getattr(world, group)]
        for group, entity in GROUPS.items()
    }
    for number, row in enumerate(world.people):
        facts["people"][number]["date_of_birth"] = families.date_of_birth(row, year)
    for unit, family in zip(units, facts["benunits"], strict=True):
        # The source takes every couple for married unless it says otherwise.
        family["is_married"] = len(unit.adults) == 2
    for infer in words.inferences:
        for group, rows in zip(GROUPS, infer(world, units, year), strict=True):
            for held, more in zip(facts[group], rows, strict=True):
                held.update({name: value for name, value in more.items() if name in law.variables})
    for group in GROUPS:
        for number, row in enumerate(getattr(world, group)):
            for name, value in _facts(row, law, words).items():
                target = _group(name, law)
                place = number if target == group else _wider(number, target, world)
                facts[target][place][name] = value
    built = Situation(
        persons=facts["people"],
        families=[
            {"adults": unit.adults, "children": unit.others, "facts": each}
            for unit, each in zip(units, facts["benunits"], strict=True)
        ],
        households=[
            {"families": _families_of(row, world, units), "facts": each}
            for row, each in zip(world.households, facts["households"], strict=True)
        ],
    )
    return law.usual(_complete(built, law, day))


def _families_of(
    row: Mapping[str, Any], world: World, units: Sequence[families.Family]
) -> tuple[int, ...]:
    inside = set(_numbers(row, "people", world))
    return tuple(
        number for number, unit in enumerate(units) if inside & {*unit.adults, *unit.others}
    )


def _numbers(row: Mapping[str, Any], group: str, world: World) -> list[int]:
    keys = world.keys[group]
    members = row.get("members") or keys
    if isinstance(members, str):
        members = [members]
    return [keys.index(str(member)) for member in members]


def _facts(row: Mapping[str, Any], law: Law, words: Vocabulary) -> Facts:
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


def inward(value: Any, unit: Unit, choices: Mapping[str, str]) -> Any:
    """Return a value of theirs in our unit: their money is for a year, their shares of one."""
    if unit == YES_NO:
        return bool(value)
    if unit.base == "choice":
        return choices.get(value, str(value).lower())
    if unit == DATE:
        return date.fromisoformat(str(int(value)))
    number = Decimal(value) if not isinstance(value, bool) else Decimal(int(value))
    if unit == PERCENT:
        return number * 100
    if unit.is_money and unit.period is not None:
        return number / unit.period.in_year
    return number


def outward(value: Any, unit: Unit, choices: Mapping[str, str]) -> Any:
    """Return a value of ours as theirs."""
    if unit.base == "choice":
        back = {ours: theirs for theirs, ours in choices.items()}
        return back.get(value, str(value).upper())
    if unit == DATE:
        return Decimal(value.strftime("%Y%m%d"))
    if unit == PERCENT:
        return value / 100
    if unit.is_money and unit.period is not None and isinstance(value, Decimal):
        return value * unit.period.in_year
    return value


def _complete(built: Situation, law: Law, day: date) -> Situation:
    """Work out, for the other members, what the case gives of some members only."""
    for entity in ("person", "family", "household"):
        rows = _rows(built, entity)
        given = {name for row in rows for name in row}
        for name in sorted(given):
            lacking = [number for number, row in enumerate(rows) if name not in row]
            variable = law.variables.get(name)
            if not lacking or variable is None or not variable.is_rule:
                continue
            built = _filled(built, name, lacking, law, day)
            rows = _rows(built, entity)
    return built


def _filled(built: Situation, name: str, lacking: Iterable[int], law: Law, day: date) -> Situation:
    entity = law.variables[name].kind.entity
    without = built
    for number, row in enumerate(_rows(built, entity.name)):
        if name in row:
            without = _without(without, entity.name, number, name)
    values = law.decide([name], law.usual(without), day=day)[name]
    for number in lacking:
        built = built.with_facts(entity, number, {name: values[number]})
    return built


def _rows(built: Situation, entity: str) -> Sequence[Mapping[str, Any]]:
    if entity == "person":
        return built.persons
    groups: Any = built.families if entity == "family" else built.households
    return [group.facts for group in groups]


def _without(built: Situation, entity: str, number: int, name: str) -> Situation:
    if entity == "person":
        persons = [dict(row) for row in built.persons]
        persons[number].pop(name, None)
        return replace(built, persons=persons)
    attribute = "families" if entity == "family" else "households"
    groups: list[Any] = list(getattr(built, attribute))
    facts = {key: value for key, value in groups[number].facts.items() if key != name}
    groups[number] = replace(groups[number], facts=facts)
    return replace(built, **{attribute: groups})
