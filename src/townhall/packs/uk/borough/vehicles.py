"""The vehicles of the borough.

Plates begin with QW, letters that are never issued for a place.
"""

from __future__ import annotations

import functools
from datetime import timedelta

from townhall.packs.uk.borough import stories
from townhall.packs.uk.borough.chance import Chance
from townhall.packs.uk.borough.households import households
from townhall.packs.uk.borough.people import TODAY, Household, Vehicle

_MODELS = (
    (("Ford", "Fiesta", "standard"), 10),
    (("Ford", "Kuga", "standard"), 5),
    (("Vauxhall", "Corsa", "standard"), 9),
    (("Vauxhall", "Zafira", "high"), 3),
    (("Volkswagen", "Golf", "standard"), 7),
    (("Volkswagen", "ID.3", "electric"), 3),
    (("Nissan", "Qashqai", "standard"), 7),
    (("Nissan", "Leaf", "electric"), 3),
    (("Toyota", "Yaris", "low"), 5),
    (("Toyota", "Corolla", "low"), 4),
    (("Mini", "Hatch", "standard"), 4),
    (("Kia", "Sportage", "standard"), 4),
    (("Kia", "Niro", "low"), 3),
    (("Hyundai", "Kona", "electric"), 3),
    (("Tesla", "Model 3", "electric"), 2),
    (("Land Rover", "Discovery", "high"), 2),
    (("BMW", "320d", "high"), 3),
    (("Ford", "Transit", "high"), 3),
    (("Fiat", "500", "low"), 3),
)
_COLOURS = ("black", "white", "grey", "silver", "blue", "red", "green", "orange")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def _how_many(household: Household, chance: Chance) -> int:
    adults = len(household.adults)
    if household.house.street.zone:
        return chance.weighted(((0, 45), (1, 45), (2, 10))) if adults > 1 else chance.below(2)
    if adults == 1:
        return chance.weighted(((0, 35), (1, 62), (2, 3)))
    return chance.weighted(((0, 10), (1, 48), (2, 35), (3, 7)))


@functools.cache
def vehicles() -> tuple[Vehicle, ...]:
    """All vehicles kept in the borough, those of the tour first."""
    chance = Chance("wrenford/vehicles")
    found = {vehicle.plate: vehicle for vehicle in stories.VEHICLES}
    for household in households()[len(stories.HOUSEHOLDS) :]:
        for _ in range(_how_many(household, chance)):
            plate = _plate(chance)
            while plate in found:
                plate = _plate(chance)
            make, model, emissions = chance.weighted(_MODELS)
            leased = chance.happens(5)
            keeper = stories.LEASING_COMPANY if leased else str(chance.pick(household.adults).id)
            # One in twenty-five is untaxed, as a register would show.
            taxed = TODAY + timedelta(
                days=chance.between(-40, 0) if chance.happens(4) else chance.between(1, 365)
            )
            found[plate] = Vehicle(
                plate, keeper, make, model, chance.pick(_COLOURS), emissions, taxed
            )
    return tuple(found.values())


def _plate(chance: Chance) -> str:
    year = chance.between(10, 26) + (50 if chance.happens(50) else 0)
    letters = "".join(chance.pick(_LETTERS) for _ in range(3))
    return f"QW{year % 100:02d}{letters}"
