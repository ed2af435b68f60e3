"""Whom a value belongs to.

A person lives in a family (the benefit unit: an adult, the partner, and the
children they are responsible for), and a family in a household. A company
stands alone. What belongs to the world, such as a rate or the day, is the same
for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of holder of values; `within` is what contains it."""

    name: str
    within: Entity | None = None

    def inside(self, other: Entity) -> bool:
        """Whether it is `other`, or lies in it."""
        entity: Entity | None = self
        while entity is not None:
            if entity == other:
                return True
            entity = entity.within
        return False

    def __str__(self) -> str:
        return self.name


WORLD: Final = Entity("world")
HOUSEHOLD: Final = Entity("household", WORLD)
FAMILY: Final = Entity("family", HOUSEHOLD)
PERSON: Final = Entity("person", FAMILY)
COMPANY: Final = Entity("company", WORLD)
ENTITIES: Final = (WORLD, COMPANY, HOUSEHOLD, FAMILY, PERSON)

STRUCTURE: Final = {
    "has_partner": {"en": "You live as a couple", "cy": "Rydych yn byw fel cwpl"},
    "is_adult_of_family": {"en": "An adult of the family", "cy": "Oedolyn o'r teulu"},
}
"""What the engine knows of each person, yes or no: name to title."""


def meeting(left: Entity, right: Entity) -> Entity | None:
    """Return the entity of an operation on values of two: the narrower, if one holds the other."""
    if left.inside(right):
        return left
    return right if right.inside(left) else None
