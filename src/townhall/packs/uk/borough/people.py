"""What the borough is made of: persons, households, vehicles. Plain values."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date
from decimal import Decimal

from townhall.packs.uk.borough.streets import House

NAMESPACE = uuid.UUID("6f0f6d3e-3b57-5a0e-9a2f-77f0a6c0b0f1")
TODAY = date(2026, 10, 1)
"""The day on which the borough is described; ages are as on this day."""
TAX_YEARS = ("2023-24", "2024-25", "2025-26")


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A resident. ``incomes`` are adjusted net incomes for `TAX_YEARS`, empty for children.

    ``voter`` says whether the person is on the electoral register already.
    """

    number: int
    given: str
    family: str
    born: date
    nationality: str = "British"
    language: str = "en"
    incomes: tuple[Decimal, ...] = ()
    voter: bool = False
    since: date = date(2019, 6, 1)
    key: str = ""

    @property
    def id(self) -> uuid.UUID:
        """The same for ever: made from the number."""
        return uuid.uuid5(NAMESPACE, f"person/{self.number}")

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """An address that no mail server will ever take (RFC 2606)."""
        given, family = self.given.lower(), self.family.lower()
        return f"{given}.{family}.{self.number}@wrenford.example"

    @property
    def phone(self) -> str:
        """A number that Ofcom keeps for drama: 07700 900000 to 900999."""
        return f"07700 900{self.number % 1000:03d}"

    @property
    def national_insurance_number(self) -> str:
        """Begins with QQ, a prefix that is never issued."""
        return f"QQ{100_000 + self.number * 37 % 900_000:06d}{'ABCD'[self.number % 4]}"

    @property
    def age(self) -> int:
        """Whole years on `TODAY`."""
        had_birthday = (TODAY.month, TODAY.day) >= (self.born.month, self.born.day)
        return TODAY.year - self.born.year - (not had_birthday)


@dataclasses.dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle. ``keeper`` is a person's id, or the name of a company."""

    plate: str
    keeper: str
    make: str
    model: str
    colour: str
    emissions: str
    taxed_until: date


@dataclasses.dataclass(frozen=True, slots=True)
class Household:
    """People at one address.

    ``parents`` and ``children`` list those who stand in that relation to each other; everybody
    else of ``members`` just lives there. ``elsewhere`` are parents of the children who live at
    another address.
    """

    house: House
    members: tuple[Person, ...]
    flat: str = ""
    parents: tuple[Person, ...] = ()
    children: tuple[Person, ...] = ()
    elsewhere: tuple[Person, ...] = ()

    @property
    def adults(self) -> tuple[Person, ...]:
        return tuple(person for person in self.members if person.age >= 18)

    @property
    def address(self) -> dict[str, str]:
        """The address as the population register records it."""
        street = f"{self.house.number} {self.house.street.name}"
        return {
            "line1": f"{self.flat}, {street}" if self.flat else street,
            "line2": self.house.street.district,
            "town": "Wrenford",
            "postcode": self.house.postcode,
            "zone": self.house.street.zone,
            "uprn": self.house.uprn,
            "lat": f"{self.house.lat:.6f}",
            "lon": f"{self.house.lon:.6f}",
        }
