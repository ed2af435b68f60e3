"""What a reform does, in figures; each is defined in `definitions`.

Pure: arrays in, numbers out. A household counts as often as its weight says, and
its people as often as it does. Sums over the deciles, and over the kinds of
households, are the sums over everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, Entity
from townhall.rules.engine.law.populations.population import Array, Population
from townhall.rules.simulation.comparing import Compared
from townhall.rules.simulation.definitions import (
    A_POUND,
    CHILD,
    FIRST_ADULT,
    FURTHER,
    GROWN,
    POVERTY_SHARE,
    TYPES,
    WEEKS,
)

DECILES: Final = 10
HALF_A_PENNY: Final = 0.005
_TYPE_NAMES: Final = tuple(TYPES)


@dataclass(frozen=True)
class _Homes:
    """All households: how often each counts, who lives in it, what it has.

    Attributes
    ----------
    weight
        How many households each stands for.
    people
        How many people each stands for.
    scale
        Its needs on the modified OECD scale.
    """

    of_person: Array
    weight: Array
    people: Array
    children: Array
    scale: Array
    kind: Array
    before: Array
    after: Array


def figures(compared: Compared) -> dict[str, Any]:
    """Return all results as numbers, texts and lists of these."""
    homes = _homes(compared)
    change = homes.after - homes.before
    return {
        "population": {
            "households": len(homes.weight),
            "families": compared.population.size(FAMILY),
            "persons": len(homes.of_person),
            "households_stood_for": _sum(homes.weight),
            "persons_stood_for": _sum(homes.people),
            "weighted": compared.weights is not None,
        },
        "costs": [
            _cost(compared, homes, rule, compared.entities[rule]) for rule in compared.before.costs
        ],
        "income": _group(homes, change, np.ones(len(change), bool)),
        "public_purse": -_sum(homes.weight * change),
        "deciles": _deciles(homes, change),
        "types": [
            {"type": name, **_group(homes, change, homes.kind == number)}
            for number, name in enumerate(_TYPE_NAMES)
            if (homes.kind == number).any()
        ],
        "poverty": _poverty(homes),
    }


# --- the households


def _homes(compared: Compared) -> _Homes:
    population = compared.population
    of_person = population.household_of[population.family_of]
    number = population.size(HOUSEHOLD)
    weight = np.ones(number) if compared.weights is None else compared.weights

    def count(test: Array | None = None) -> Array:
        return np.bincount(of_person if test is None else of_person[test], minlength=number)

    grown, persons = count(compared.age >= GROWN), count()
    # Somebody is the first adult, even where all are younger than 14.
    grown = np.maximum(grown, 1)
    scale = FIRST_ADULT + FURTHER * (grown - 1) + CHILD * (persons - grown)
    return _Homes(
        of_person,
        weight,
        weight * persons,
        weight * count(~population.adult),
        scale,
        _kinds(population, of_person, compared.pensioner),
        compared.before.net,
        compared.after.net,
    )


def _kinds(population: Population, of_person: Array, pensioner: Array) -> Array:
    """Return the kind of each household, as a position in `TYPES`."""
    number = population.size(HOUSEHOLD)
    families = np.bincount(population.household_of, minlength=number)
    adults = np.bincount(of_person, weights=population.adult, minlength=number)
    children = np.bincount(of_person, weights=~population.adult, minlength=number) > 0
    old = np.bincount(of_person, weights=population.adult & pensioner, minlength=number) > 0
    alone = adults == 1
    tests = {
        "several_families": families > 1,
        "lone_parent": children & alone,
        "couple_with_children": children,
        "single_pensioner": old & alone,
        "couple_pensioners": old,
        "single": alone,
    }
    numbers = [_TYPE_NAMES.index(name) for name in tests]
    return np.select(list(tests.values()), numbers, _TYPE_NAMES.index("couple"))


# --- figures


def _sum(values: Array) -> float:
    return float(values.sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _cost(compared: Compared, homes: _Homes, rule: str, entity: Entity) -> dict[str, Any]:
    population = compared.population
    weight = homes.weight
    if entity != HOUSEHOLD:
        of = homes.of_person if entity == PERSON else population.household_of
        weight = weight[of]
    sides = (compared.before.costs[rule], compared.after.costs[rule])
    before, after = (_sum(weight * side) for side in sides)
    number = [_sum(weight[np.abs(side) > HALF_A_PENNY]) for side in sides]
    return {
        "rule": rule,
        "of": entity.name,
        "before": before,
        "after": after,
        "difference": _sum(weight * (sides[1] - sides[0])),
        "number_before": number[0],
        "number_after": number[1],
    }


def _group(homes: _Homes, change: Array, chosen: Array) -> dict[str, Any]:
    """Return what happens to some households."""
    weight, people = homes.weight[chosen], homes.people[chosen]
    delta = change[chosen]
    number, everybody = _sum(weight), _sum(people)
    before, after = _sum(weight * homes.before[chosen]), _sum(weight * homes.after[chosen])
    week = A_POUND * WEEKS
    return {
        "households": number,
        "persons": everybody,
        "before": before,
        "after": after,
        "difference": _sum(weight * delta),
        "mean_before": _share(before, number),
        "mean_after": _share(after, number),
        "mean_change_a_week": _share(_sum(weight * delta), number * WEEKS),
        "win": _share(_sum(people[delta > week]), everybody),
        "lose": _share(_sum(people[delta < -week]), everybody),
    }


def _deciles(homes: _Homes, change: Array) -> list[dict[str, Any]]:
    group = deciles(homes.before / homes.scale, homes.people)
    return [
        {"decile": number + 1, **_group(homes, change, group == number)}
        for number in range(DECILES)
    ]


def deciles(income: Array, people: Array) -> Array:
    """Return for each household which tenth of all people it is in, from 0.

    A household is where the middle one of its people is. Equal incomes keep
    their order, so that the groups are of one size whatever the incomes are.
    """
    order = np.argsort(income, kind="stable")
    upto = np.cumsum(people[order])
    middle = upto - people[order] / 2
    group = np.empty(len(income), np.int8)
    everybody = upto[-1] if len(upto) else 0.0
    tenth = np.floor(DECILES * middle / everybody) if everybody else np.zeros(len(income))
    group[order] = np.clip(tenth, 0, DECILES - 1)
    return group


def median(income: Array, people: Array) -> float:
    """Return the income that half of all people do not exceed; the least of those."""
    order = np.argsort(income, kind="stable")
    upto = np.cumsum(people[order])
    return float(income[order][int(np.searchsorted(upto, upto[-1] / 2))])


def _poverty(homes: _Homes) -> Mapping[str, Any]:
    incomes = (homes.before / homes.scale, homes.after / homes.scale)
    medians = [median(income, homes.people) for income in incomes]
    lines = [POVERTY_SHARE * each for each in medians]

    def share(income: Array, line: float, people: Array) -> float:
        return _share(_sum(people[income < line]), _sum(people))

    found: dict[str, Any] = {}
    for when, income, line, middle in zip(
        ("before", "after"), incomes, lines, medians, strict=True
    ):
        found[f"median_{when}"] = middle
        found[f"line_{when}"] = line
        found[f"rate_{when}"] = share(income, line, homes.people)
        found[f"children_{when}"] = share(income, line, homes.children)
    found["rate_after_fixed"] = share(incomes[1], lines[0], homes.people)
    found["persons_before"] = _sum(homes.people[incomes[0] < lines[0]])
    found["persons_after"] = _sum(homes.people[incomes[1] < lines[1]])
    return found
