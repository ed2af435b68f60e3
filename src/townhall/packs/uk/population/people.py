"""What the people of an invented population are, earn and own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from townhall.packs.uk.population.homes import (
    COUPLE,
    PARENT,
    PARENTS,
    PENSIONER,
    PENSIONERS,
    Array,
    Homes,
)

DAYS_A_YEAR: Final = 365.2425
PENSION_AGE: Final = 67
LOWEST_WAGE: Final = 12.71
FULL_TIME, PART_TIME = 37.5, 18.0
PAY_BY_REGION: Final = {"london": 1.24, "south_east": 1.08, "east_of_england": 1.03}
RENT_BY_REGION: Final = {"london": 1.75, "south_east": 1.25, "east_of_england": 1.1}
ELSEWHERE: Final = 0.92
PRIVATE_RENT, SOCIAL_RENT = 820.0, 480.0
"""Pounds a month for a home with one bedroom where rents are as in the whole country."""


@dataclass(frozen=True)
class Facts:
    """Name of a fact to the values of everybody whom it belongs to."""

    of_person: dict[str, Any]
    of_family: dict[str, Any]
    of_household: dict[str, Any]


def draw(random: np.random.Generator, homes: Homes, day: date) -> Facts:
    """Return what is known of the people of invented households on a day."""
    age = _ages(random, homes)
    female = random.random(len(age)) < 0.5
    second = homes.adult & (homes.place == 1)
    female[second] = ~np.roll(female, 1)[second] ^ (random.random(second.sum()) < 0.03)
    work = _work(random, homes, age, female)
    savings = _savings(random, homes, age)
    pensioner = age >= PENSION_AGE
    of_person = {
        "date_of_birth": _born(random, age, day),
        "sex": np.where(female, "female", "male"),
        "in_non_advanced_education": ~homes.adult & (age >= 16),
        **work,
        "state_pension": np.where(
            pensioner, np.clip(random.normal(10_900, 2_200, len(age)), 2_500, 15_000).round(-1), 0
        ),
        "private_pension_income": _private_pensions(random, age),
        "savings": savings,
        "savings_interest": (savings * 0.03 * (random.random(len(age)) < 0.5)).round(),
        "dividend_income": _dividends(random, savings),
        "childcare_charges": _childcare(random, homes, age, work["hours_worked_a_week"]),
    }
    married = np.isin(homes.kind, (COUPLE, PARENTS, PENSIONERS))
    share = np.where(homes.kind == PENSIONERS, 0.94, 0.74)
    of_family = {
        "is_married": married & (random.random(len(homes.kind)) < share),
        **_rent(random, homes),
    }
    return Facts(of_person, of_family, {"region": homes.region, "tenure": homes.tenure})


def _ages(random: np.random.Generator, homes: Homes) -> Array:
    """Return ages in years with a fraction: a head of each family, the partner, children."""
    size, kind = len(homes.kind), homes.kind
    head = random.triangular(19, 38, PENSION_AGE - 0.5, size)
    couple = np.where(
        random.random(size) < 0.4, random.uniform(22, 40, size), random.uniform(40, 66.4, size)
    )
    head = np.where(kind == COUPLE, couple, head)
    with_children = np.isin(kind, (PARENT, PARENTS))
    head = np.where(with_children, random.triangular(20, 39, 56, size), head)
    old = np.isin(kind, (PENSIONER, PENSIONERS))
    head = np.where(old, PENSION_AGE + random.triangular(0, 5, 29, size), head)
    grown = ~homes.first & ~old & ~with_children
    head = np.where(grown, random.triangular(18, 21, 38, size), head)
    partner = np.maximum(head + random.normal(-1, 3.5, size), np.where(old, 60, 18))
    youngest = random.random(size) * np.minimum(17.9, np.maximum(head - 18.5, 0.5))
    ages = head[homes.family_of]
    second = homes.adult & (homes.place == 1)
    ages[second] = partner[homes.family_of][second]
    child = ~homes.adult
    apart = 2.6 * (homes.place - np.where(kind == PARENTS, 2, 1)[homes.family_of])
    ages[child] = np.minimum(youngest[homes.family_of] + apart, 17.95)[child]
    return ages


def _born(random: np.random.Generator, age: Array, day: date) -> Array:
    """Return dates of birth as ordinals; nobody is born after the day."""
    return (day.toordinal() - np.floor(age * DAYS_A_YEAR)).astype(np.int32)


def _work(random: np.random.Generator, homes: Homes, age: Array, female: Array) -> dict[str, Array]:
    """Return hours and pay of those who work, alike in a couple, and what goes into pensions."""
    size, adult = len(age), homes.adult
    kind = homes.kind[homes.family_of]
    tenure = homes.tenure[homes.home_of_person]
    share = np.select(
        [age < 25, age < 50, age < 60, age < PENSION_AGE], [0.6, 0.86, 0.78, 0.5], 0.08
    )
    share = share * np.where(tenure == "social_rent", 0.68, 1.0) * np.where(kind == PARENT, 0.85, 1)
    works = adult & (random.random(size) < share)
    parent = np.isin(kind, (PARENT, PARENTS))
    part = np.where(female, np.where(parent, 0.46, 0.24), 0.11) + 0.5 * (age >= PENSION_AGE)
    hours = np.where(random.random(size) < part, PART_TIME, FULL_TIME)
    of_family = np.exp(random.normal(0, 0.22, len(homes.kind)))[homes.family_of]
    wage = np.exp(random.normal(np.log(17.2), 0.44, size)) * of_family
    wage *= _by_region(PAY_BY_REGION, homes)[homes.home_of_person]
    wage *= np.clip(0.72 + (age - 18) * 0.016, 0.72, 1.08)
    wage *= np.where(tenure == "social_rent", 0.75, 1.0)
    pay = (np.maximum(wage, LOWEST_WAGE) * hours * 52).round(-1)
    own = works & (random.random(size) < 0.13)
    employed = works & ~own
    pays_in = employed & (pay > 10_000) & (random.random(size) < 0.8)
    return {
        "hours_worked_a_week": np.where(works, hours, 0.0),
        "employment_income": np.where(employed, pay, 0.0),
        "self_employment_income": np.where(own, (pay * 0.68).round(-1), 0.0),
        "employee_pension_contributions": np.where(pays_in, (pay * 0.05).round(), 0.0),
    }


def _by_region(levels: dict[str, float], homes: Homes) -> Array:
    regions, place = np.unique(homes.region, return_inverse=True)
    return np.array([levels.get(str(each), ELSEWHERE) for each in regions])[place]


def _private_pensions(random: np.random.Generator, age: Array) -> Array:
    share = np.select([age >= PENSION_AGE, age >= 57], [0.72, 0.16], 0.0)
    amount = np.exp(random.normal(np.log(7_600), 0.95, len(age)))
    drawn = np.minimum(amount, 150_000).round(-1)
    return np.where(random.random(len(age)) < share, drawn, 0.0)


def _savings(random: np.random.Generator, homes: Homes, age: Array) -> Array:
    size = len(age)
    tenure = homes.tenure[homes.home_of_person]
    level = np.log(2_600) + 0.05 * (age - 35) - 1.9 * (tenure == "social_rent")
    amount = np.minimum(np.exp(random.normal(level, 1.5, size)), 1_500_000).round()
    return np.where(homes.adult & (random.random(size) < 0.86), amount, 0.0)


def _dividends(random: np.random.Generator, savings: Array) -> Array:
    holds = (savings > 8_000) & (random.random(len(savings)) < 0.22)
    return np.where(holds, np.exp(random.normal(np.log(900), 1.3, len(savings))).round(), 0.0)


def _childcare(random: np.random.Generator, homes: Homes, age: Array, hours: Array) -> Array:
    """Return what the first adult pays a month where all adults work and a child is small."""
    families = len(homes.kind)
    small = np.bincount(homes.family_of, weights=~homes.adult & (age < 5), minlength=families)
    idle = np.bincount(homes.family_of, weights=homes.adult & (hours == 0), minlength=families)
    pays = (small > 0) & (idle == 0) & (random.random(families) < 0.5)
    amount = np.where(pays, (small * random.uniform(250, 900, families)).round(), 0.0)
    return np.where(homes.place == 0, amount[homes.family_of], 0.0)


def _rent(random: np.random.Generator, homes: Homes) -> dict[str, Array]:
    """Return the rent of the family that holds the home, and the most that counts of it."""
    families = len(homes.kind)
    people = np.bincount(homes.household_of[homes.family_of], minlength=len(homes.tenure))
    bedrooms = np.clip(np.ceil(people / 2), 1, 4)
    size = 1 + 0.22 * (bedrooms - 1)
    private = PRIVATE_RENT * size * _by_region(RENT_BY_REGION, homes)
    spread = np.exp(random.normal(0, 0.18, len(people)))
    rent = np.where(homes.tenure == "private_rent", private * spread, SOCIAL_RENT * size)
    rent = np.where(np.isin(homes.tenure, ("social_rent", "private_rent")), rent.round(), 0.0)
    allowance = (private * 0.9).round(2)
    of_family = homes.household_of
    return {
        "rent": np.where(homes.first, rent[of_family], 0.0),
        "local_housing_allowance": allowance[of_family],
        "is_liable_for_rent": homes.first | np.zeros(families, bool),
    }
