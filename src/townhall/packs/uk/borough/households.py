"""Two thousand residents in plausible households, drawn once and for ever.

Kinds of household and their shares are those of an ordinary English town; what is drawn here
is nobody.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from townhall.packs.uk.borough import stories
from townhall.packs.uk.borough.chance import Chance
from townhall.packs.uk.borough.names import BACKGROUNDS, Background
from townhall.packs.uk.borough.people import TODAY, Household, Person
from townhall.packs.uk.borough.streets import House, houses

RESIDENTS = 2_000
_FIRST_NUMBER = 101  # below: the people of the tour
_MAY_VOTE = ("British", "Irish", "Indian", "Pakistani", "Bangladeshi", "Nigerian", "Ghanaian")

_KINDS = (
    ("young single", 10),
    ("single", 12),
    ("single pensioner", 13),
    ("couple", 17),
    ("pensioner couple", 13),
    ("family", 21),
    ("lone parent", 7),
    ("sharers", 4),
    ("grown-up family", 3),
)
# Yearly income before the charge, in pounds: least, usual width, and one in twelve earns double.
_INCOME_FROM, _INCOME_WIDTH = 15_500, 31_000
_PENSION_FROM, _PENSION_WIDTH = 11_500, 12_000


class _Maker:
    """Draws people one after the other; keeps the next number."""

    def __init__(self) -> None:
        self.chance = Chance("wrenford/households")
        self.number = _FIRST_NUMBER

    def background(self) -> Background:
        return self.chance.weighted([(each, each.share) for each in BACKGROUNDS])

    def adult(self, background: Background, age: int, woman: bool, family: str) -> Person:
        chance = self.chance
        given = chance.pick(background.women if woman else background.men)
        nationality = chance.weighted(background.nationalities)
        return self._person(given, family, age, nationality, background.language)

    def child(self, background: Background, age: int, family: str, nationality: str) -> Person:
        given = self.chance.pick(background.girls + background.boys)
        return self._person(given, family, age, nationality, background.language)

    def _person(self, given: str, family: str, age: int, nationality: str, language: str) -> Person:
        chance = self.chance
        born = _birthday(age, chance)
        person = Person(
            number=self.number,
            given=given,
            family=family,
            born=born,
            nationality=nationality,
            language=language if chance.happens(60) else "en",
            since=max(born, TODAY - timedelta(days=chance.between(30, 9_000))),
        )
        self.number += 1
        if age < 18:
            return person
        return dataclasses.replace(
            person,
            incomes=self._incomes(age),
            voter=nationality in _MAY_VOTE and chance.happens(60 if age < 30 else 88),
        )

    def _incomes(self, age: int) -> tuple[Decimal, ...]:
        chance = self.chance
        if age >= 67:
            amount = _PENSION_FROM + chance.below(_PENSION_WIDTH)
        else:
            amount = _INCOME_FROM + (chance.below(_INCOME_WIDTH) + chance.below(_INCOME_WIDTH)) // 2
            if chance.below(12) == 0:
                amount *= 2
        years = [amount]
        for _ in range(2):
            years.append(years[-1] * (1_000 + chance.between(5, 65)) // 1_000)
        return tuple(Decimal(year) for year in years)


def _birthday(age: int, chance: Chance) -> date:
    """A date of birth that makes the person ``age`` years old on `TODAY`."""
    latest = TODAY.replace(year=TODAY.year - age)
    earliest = TODAY.replace(year=TODAY.year - age - 1) + timedelta(days=1)
    return earliest + timedelta(days=chance.below((latest - earliest).days + 1))


def _people(maker: _Maker, kind: str) -> tuple[list[Person], list[Person]]:
    """Adults and children of a household of that kind."""
    chance, background = maker.chance, maker.background()
    family = chance.pick(background.families)

    def one(least: int, most: int, *, woman: bool | None = None, name: str = family) -> Person:
        gender = chance.happens(51) if woman is None else woman
        return maker.adult(background, chance.between(least, most), gender, name)

    def pair(least: int, most: int) -> list[Person]:
        age = chance.between(least, most)
        other_name = family if chance.happens(70) else chance.pick(background.families)
        return [
            maker.adult(background, age, True, other_name),
            maker.adult(background, max(18, age + chance.between(-3, 6)), False, family),
        ]

    if kind == "sharers":
        return [
            one(19, 33, name=chance.pick(background.families)) for _ in range(chance.between(2, 4))
        ], []
    if kind in ("family", "lone parent", "grown-up family"):
        grown_up = kind == "grown-up family"
        adults = pair(42, 60) if grown_up else pair(23, 47)
        if kind == "lone parent":
            adults = adults[:1] if chance.happens(85) else adults[1:]
        count = chance.weighted(((1, 42), (2, 40), (3, 14), (4, 4)))
        ages = _children_ages(min(adult.age for adult in adults), count, grown_up, chance)
        nationality = adults[0].nationality
        children = [
            maker.adult(background, age, chance.happens(50), family)
            if age >= 18
            else maker.child(background, age, family, nationality)
            for age in ages
        ]
        return adults, children
    if kind == "single pensioner":
        # The lower of two draws: the older, the fewer.
        age = min(chance.between(67, 94), chance.between(67, 94))
        return [one(age, age)], []
    if kind == "pensioner couple":
        age = min(chance.between(67, 88), chance.between(67, 88))
        return pair(age, age), []
    if kind == "couple":
        return pair(24, 66), []
    return [one(18, 34) if kind == "young single" else one(35, 66)], []


def _children_ages(parent: int, count: int, grown_up: bool, chance: Chance) -> list[int]:
    eldest = max(18, parent - 22) if grown_up else max(0, parent - 20)
    least = 18 if grown_up else 0
    most = min(eldest, 24 if grown_up else 17)
    age = chance.between(least, most)
    ages = [age]
    while len(ages) < count and ages[-1] >= 1:
        ages.append(max(0, ages[-1] - chance.between(1, 4)))
    return ages


def _draw() -> Iterator[Household]:
    yield from stories.HOUSEHOLDS
    people = sum(len(each.members) for each in stories.HOUSEHOLDS)
    maker = _Maker()
    doors = _doors({each.house for each in stories.HOUSEHOLDS})
    while people < RESIDENTS:
        kind = maker.chance.weighted(_KINDS)
        before = maker.number
        adults, children = _people(maker, kind)
        if people + len(adults) + len(children) > RESIDENTS:
            maker.number = before
            continue
        people += len(adults) + len(children)
        house, flat = next(doors)
        yield Household(
            house,
            (*adults, *children),
            flat=flat,
            parents=tuple(adults) if children else (),
            children=tuple(children),
        )


def _doors(taken: set[House]) -> Iterator[tuple[House, str]]:
    """Houses in random order, some of them of several flats."""
    chance = Chance("wrenford/doors")
    free = [house for house in houses() if house not in taken]
    while free:
        last = len(free) - 1
        drawn = chance.below(len(free))
        free[drawn], free[last] = free[last], free[drawn]
        house = free.pop()
        # Flats stand in the two old districts, where the zones are.
        if house.street.zone in ("A", "B") and chance.happens(35):
            for flat in range(1, chance.between(2, 4) + 1):
                yield house, f"Flat {flat}"
        else:
            yield house, ""


def _lone_parents_joined(drawn: list[Household]) -> list[Household]:
    """Some children of lone parents have their other parent elsewhere in the borough."""
    chance = Chance("wrenford/elsewhere")
    singles = [
        household.members[0]
        for household in drawn
        if len(household.members) == 1
        and 22 <= household.members[0].age <= 55
        and not household.members[0].key
    ]
    joined = []
    for household in drawn:
        lone = len(household.parents) == 1 and not household.elsewhere
        if lone and household.parents[0].number >= _FIRST_NUMBER and chance.happens(40):
            eldest = max(child.age for child in household.children)
            fits = [single for single in singles if single.age >= eldest + 19]
            if fits:
                other = chance.pick(fits)
                singles.remove(other)
                joined.append(dataclasses.replace(household, elsewhere=(other,)))
                continue
        joined.append(household)
    return joined


@functools.cache
def households() -> tuple[Household, ...]:
    """All households of the borough, the people of the tour first; 2,000 people in all."""
    return tuple(_lone_parents_joined(list(_draw())))
