"""The borough as its registers know it: for each register, entries of facts by key.

Values are canonical JSON (dates and amounts as text), in the shapes that ``pack.yaml`` declares.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from townhall.packs.uk.borough import earnings
from townhall.packs.uk.borough.chance import Chance
from townhall.packs.uk.borough.households import households
from townhall.packs.uk.borough.people import TAX_YEARS, Household, Person
from townhall.packs.uk.borough.vehicles import vehicles

_COUNCIL_TAX_BANDS = (("A", 20), ("B", 26), ("C", 24), ("D", 16), ("E", 9), ("F", 4), ("G", 1))


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a register: its key, the person it is about (if any), its facts."""

    key: str
    person: Person | None
    facts: Mapping[str, Any]


def population() -> Iterator[Entry]:
    """Who lives where and with whom."""
    homes = {person.number: home for home in households() for person in home.members}
    raised: dict[int, list[Person]] = {}
    for home in households():
        for parent in (*home.parents, *home.elsewhere):
            raised.setdefault(parent.number, []).extend(home.children)
    for home in households():
        for person in home.members:
            children = raised.get(person.number, [])
            yield Entry(str(person.id), person, _population_facts(person, home, children, homes))


def _population_facts(
    person: Person, home: Household, children: list[Person], homes: Mapping[int, Household]
) -> dict[str, Any]:
    facts = {
        "name": person.name,
        "date_of_birth": person.born.isoformat(),
        "address": home.address,
        "region": "South West",
        "resident_since": person.since.isoformat(),
        "household": [
            {"person": str(each.id), "name": each.name, "date_of_birth": each.born.isoformat()}
            for each in home.members
            if each is not person
        ],
        "children": [
            {
                "person": str(child.id),
                "name": child.name,
                "date_of_birth": child.born.isoformat(),
                "lives_with": homes[child.number] is home,
            }
            for child in sorted(children, key=lambda each: each.born)
        ],
        "nationality": person.nationality,
        "preferred_language": person.language,
    }
    if person.age >= 16:
        facts["national_insurance_number"] = person.national_insurance_number
        facts["email"] = person.email
        facts["phone"] = person.phone
    return facts


def vehicle_entries() -> Iterator[Entry]:
    """Who keeps which vehicle."""
    people = {str(person.id): person for home in households() for person in home.members}
    for vehicle in vehicles():
        yield Entry(
            vehicle.plate,
            people.get(vehicle.keeper),
            {
                "plate": vehicle.plate,
                "keeper": vehicle.keeper,
                "make": vehicle.make,
                "model": vehicle.model,
                "colour": vehicle.colour,
                "emissions": vehicle.emissions,
                "taxed_until": vehicle.taxed_until.isoformat(),
            },
        )


def electoral() -> Iterator[Entry]:
    """Who is on the electoral register. Whoever is not has no entry."""
    for home in households():
        for person in home.members:
            if person.voter:
                yield Entry(
                    str(person.id),
                    person,
                    {
                        "elector_number": f"{home.house.street.outcode}-{person.number:04d}",
                        "postcode": home.house.postcode,
                    },
                )


def council_tax() -> Iterator[Entry]:
    """Who is liable for the council tax of a home."""
    chance = Chance("wrenford/council-tax")
    for number, home in enumerate(households(), start=1):
        band = chance.weighted(_COUNCIL_TAX_BANDS)
        discount = "single person" if len(home.adults) == 1 else "none"
        for person in home.adults:
            yield Entry(
                str(person.id),
                person,
                {
                    "bill": {
                        "account": f"CT{700_000 + number}",
                        "band": band,
                        "discount": discount,
                        "uprn": home.house.uprn,
                    }
                },
            )


def income() -> Iterator[Entry]:
    """Income of adults: in the latest complete tax year, and year by year, and from whom."""
    for home in households():
        for person in home.members:
            if person.incomes:
                yield Entry(
                    str(person.id),
                    person,
                    {
                        "adjusted_net_income": f"{person.incomes[-1]:.2f}",
                        "by_year": [
                            {"tax_year": year, "adjusted_net_income": f"{amount:.2f}"}
                            for year, amount in zip(TAX_YEARS, person.incomes, strict=True)
                        ],
                        **earnings.reported(person),
                    },
                )


def accounts() -> Iterator[Entry]:
    """Accounts into which something was paid before: of most adults, and of the newcomer."""
    chance = Chance("wrenford/accounts")
    for home in households():
        for person in home.adults:
            number, known = chance.between(10_000_000, 99_999_999), chance.happens(75)
            # The people of the tour type theirs, so that the tour shows how it is asked.
            if person.key == "daniel" or (known and not person.key):
                yield Entry(
                    str(person.id),
                    person,
                    {"paid_into": {"sort_code": "089999", "number": str(number)}},
                )


REGISTERS = {
    "population": population,
    "vehicles": vehicle_entries,
    "electoral": electoral,
    "council_tax": council_tax,
    "income": income,
    "accounts": accounts,
}
"""For each register of the pack, the function that yields its entries."""
