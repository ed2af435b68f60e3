"""Who lives together in an invented population: households, families, adults and children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Array = Any

SINGLE, COUPLE, PARENT, PARENTS, PENSIONER, PENSIONERS, SEVERAL = range(7)
KINDS: Final = (0.165, 0.185, 0.07, 0.205, 0.14, 0.125, 0.11)
"""Share of each kind of household, in the order above."""

FIRST_OF_SEVERAL: Final = (0.20, 0.25, 0.12, 0.25, 0.08, 0.10)
"""Share of each kind of family among the first of several families in a home."""
FURTHER: Final = (0.88, 0.07, 0.05)
"""Single people, couples and lone parents among the others: most are grown children."""

CHILDREN: Final = (0.44, 0.40, 0.12, 0.04)
"""Share of families with one, two, three and four children among those with any."""

REGIONS: Final = {
    "north_east": 0.042,
    "north_west": 0.112,
    "yorkshire": 0.083,
    "east_midlands": 0.072,
    "west_midlands": 0.086,
    "east_of_england": 0.092,
    "london": 0.124,
    "south_east": 0.136,
    "south_west": 0.088,
    "wales": 0.049,
    "scotland": 0.089,
    "northern_ireland": 0.027,
}
TENURES: Final = ("owned", "mortgaged", "social_rent", "private_rent")
HELD: Final = (
    (0.20, 0.28, 0.22, 0.30),  # single
    (0.28, 0.40, 0.09, 0.23),  # couple
    (0.06, 0.24, 0.40, 0.30),  # lone parent
    (0.09, 0.56, 0.14, 0.21),  # parents
    (0.70, 0.03, 0.21, 0.06),  # pensioner
    (0.83, 0.06, 0.08, 0.03),  # pensioners
    (0.26, 0.30, 0.20, 0.24),  # several
)
"""How each kind of household holds its home: share of each tenure."""


@dataclass(frozen=True)
class Homes:
    """The structure of a population, and what is drawn for whole households.

    Attributes
    ----------
    kind
        Of each family: one of SINGLE ... PENSIONERS.
    first
        Whether a family is the first of its household, which holds the home.
    place
        Of each person in the family, from 0: adults come first.
    """

    household_of: Array
    family_of: Array
    kind: Array
    first: Array
    place: Array
    adult: Array
    region: Array
    tenure: Array

    @property
    def home_of_person(self) -> Array:
        """The household of each person."""
        return self.household_of[self.family_of]


def draw(random: np.random.Generator, number: int) -> Homes:
    """Return invented households."""
    kind_of_home = _one_of(random, KINDS, number)
    several = kind_of_home == SEVERAL
    families = np.where(several, 2 + (random.random(number) < 0.2), 1)
    household_of = np.repeat(np.arange(number), families)
    first = np.diff(household_of, prepend=-1) > 0
    kind = _kinds(random, kind_of_home, household_of, first)
    adults = np.where(np.isin(kind, (COUPLE, PARENTS, PENSIONERS)), 2, 1)
    with_children = np.isin(kind, (PARENT, PARENTS))
    children = np.where(with_children, 1 + _one_of(random, CHILDREN, len(kind)), 0)
    persons = adults + children
    family_of = np.repeat(np.arange(len(kind)), persons)
    place = np.arange(len(family_of)) - np.repeat(np.cumsum(persons) - persons, persons)
    shares = tuple(REGIONS.values())
    return Homes(
        household_of=household_of,
        family_of=family_of,
        kind=kind,
        first=first,
        place=place,
        adult=place < adults[family_of],
        region=np.array(list(REGIONS))[_one_of(random, shares, number)],
        tenure=_tenures(random, kind_of_home),
    )


def _kinds(
    random: np.random.Generator, kind_of_home: Array, household_of: Array, first: Array
) -> Array:
    size = len(household_of)
    of_home = kind_of_home[household_of]
    leading = _one_of(random, FIRST_OF_SEVERAL, size)
    further = np.array([SINGLE, COUPLE, PARENT])[_one_of(random, FURTHER, size)]
    return np.where(of_home != SEVERAL, of_home, np.where(first, leading, further))


def _tenures(random: np.random.Generator, kind_of_home: Array) -> Array:
    limits = np.cumsum(np.array(HELD), axis=1)
    drawn = random.random(len(kind_of_home))
    place = (drawn[:, None] >= limits[kind_of_home, :-1]).sum(axis=1)
    return np.array(TENURES)[place]


def _one_of(random: np.random.Generator, shares: tuple[float, ...], number: int) -> Array:
    """Return positions, each as often as its share says."""
    limits = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(limits[:-1], random.random(number), side="right")
