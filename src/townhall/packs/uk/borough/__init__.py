"""The Borough of Wrenford: an invented English town of 2,000 residents, the same everywhere.

Nothing here is real: the town lies in Lyme Bay (there is only water), names are combined at
random from common ones, telephone numbers are those kept for drama, National Insurance
numbers, plates and postcodes begin with letters that are never issued.

`REGISTERS` yields what each register knows, `RESIDENTS` and `OFFICERS` are the people of the
tour, `STREETS`, `RIVER`, `GREENS` and `BOUNDS` draw the map, `nearest_street` names a place.
`chance.Chance` is the random source; each part draws from its own stream. A test holds the
digest of everything, so that no change happens by accident.
"""

from townhall.packs.uk.borough.entries import REGISTERS, Entry
from townhall.packs.uk.borough.households import households
from townhall.packs.uk.borough.people import Household, Person, Vehicle
from townhall.packs.uk.borough.stories import OFFICERS, RESIDENTS, Officer, Resident
from townhall.packs.uk.borough.streets import (
    BOUNDS,
    GREENS,
    RIVER,
    RIVER_NAME,
    STREETS,
    Street,
    nearest_street,
)
from townhall.packs.uk.borough.vehicles import vehicles

__all__ = [
    "BOUNDS",
    "GREENS",
    "OFFICERS",
    "REGISTERS",
    "RESIDENTS",
    "RIVER",
    "RIVER_NAME",
    "STREETS",
    "Entry",
    "Household",
    "Officer",
    "Person",
    "Resident",
    "Street",
    "Vehicle",
    "households",
    "nearest_street",
    "vehicles",
]
