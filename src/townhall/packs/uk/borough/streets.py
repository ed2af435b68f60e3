"""The invented town of Wrenford: districts, streets, river, greens, and every house number.

The plan is drawn in whole metres from the south-west corner and laid into Lyme Bay, where there
is nothing but water, so that no address here is anybody's. Postcodes begin with WX, which is
no postcode area.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterator

from townhall.packs.uk.borough.chance import Chance

_SOUTH_MICRODEGREES = 50_520_000
_WEST_MICRODEGREES = -3_000_000
# Microdegrees in a kilometre at this latitude, north and east.
_NORTH_PER_KM = 8_993
_EAST_PER_KM = 14_149
WIDTH_M, HEIGHT_M = 3_200, 2_600

Metres = tuple[int, int]
Point = tuple[float, float]


def place(metres: Metres) -> Point:
    """Latitude and longitude, in degrees, of a point of the plan."""
    x, y = metres
    north = _SOUTH_MICRODEGREES + y * _NORTH_PER_KM // 1_000
    east = _WEST_MICRODEGREES + x * _EAST_PER_KM // 1_000
    return north / 1_000_000, east / 1_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Street:
    """A street: its name, district, parking zone (empty where parking is free), and its line.

    ``points`` are (latitude, longitude) from one end to the other; ``metres`` the same on the
    plan.
    """

    name: str
    district: str
    zone: str
    outcode: str
    metres: tuple[Metres, ...]
    homes: bool = True

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(place(each) for each in self.metres)


@dataclasses.dataclass(frozen=True, slots=True)
class House:
    """A front door: number, street, where it is, and its unit code."""

    number: int
    street: Street
    postcode: str
    uprn: str
    lat: float
    lon: float


@dataclasses.dataclass(frozen=True, slots=True)
class _District:
    name: str
    zone: str
    outcode: str
    corner: Metres
    step: Metres
    along: tuple[str, ...]
    across: tuple[str, ...]


_DISTRICTS = (
    _District(
        "Old Town",
        "A",
        "WX1",
        (1300, 1230),
        (140, 120),
        ("Castle Row", "High Street", "Market Place", "Tanners Row"),
        ("Church Lane", "Bell Street", "Cornmarket", "Bridge Street", "Friar Gate"),
    ),
    _District(
        "Quayside",
        "B",
        "WX1",
        (1260, 700),
        (150, 115),
        ("Ropewalk", "Chandlers Row", "Quay Street", "Wharf Side"),
        ("Anchor Lane", "Sailmakers Street", "Capstan Street", "Lower Bridge Street", "Tide Lane"),
    ),
    _District(
        "Millfields",
        "C",
        "WX2",
        (2000, 1240),
        (130, 110),
        ("Weaver Street", "Spinner Street", "Loom Street", "Shuttle Street", "Bobbin Street"),
        ("Mill Lane", "Carding Street", "Fuller Street", "Dyer Street", "Cloth Hall Road"),
    ),
    _District(
        "Northgate",
        "",
        "WX2",
        (1250, 1750),
        (150, 150),
        ("Ash Grove", "Birch Grove", "Cedar Road", "Elm Road", "Hawthorn Road"),
        (
            "Alder Way",
            "Hazel Way",
            "Juniper Road",
            "Linden Avenue",
            "Maple Avenue",
            "Rowan Avenue",
        ),
    ),
    _District(
        "Larkhill",
        "",
        "WX3",
        (300, 1500),
        (190, 170),
        ("Curlew Road", "Dunnock Close", "Finch Road", "Goldcrest Road", "Lapwing Rise"),
        ("Lark Hill", "Linnet Drive", "Nightjar Road", "Plover Road", "Wagtail Road"),
    ),
    _District(
        "Priory",
        "",
        "WX3",
        (320, 500),
        (180, 150),
        ("Abbots Walk", "Cloister Road", "Orchard Street", "Pilgrim Street"),
        ("Almoner Road", "Cellarer Close", "Herb Garden Lane", "Refectory Road", "Vine Street"),
    ),
    _District(
        "Southmead",
        "",
        "WX4",
        (2050, 420),
        (160, 160),
        ("Barley Road", "Clover Road", "Haymeadow", "Oatfield Road"),
        (
            "Bramble Close",
            "Furrow Lane",
            "Harrow Road",
            "Meadow Way",
            "Stile Road",
            "Windmill Road",
        ),
    ),
)

# Roads between the districts: name, then (district, column, row) at either end.
_ROADS = (
    ("Wren Bridge", ("Old Town", 3, 0), ("Quayside", 3, 3)),
    ("Station Road", ("Old Town", 4, 1), ("Millfields", 0, 1)),
    ("North Road", ("Old Town", 2, 3), ("Northgate", 2, 0)),
    ("West Road", ("Old Town", 0, 2), ("Larkhill", 4, 1)),
    ("Priory Road", ("Quayside", 0, 1), ("Priory", 4, 2)),
    ("Mead Road", ("Quayside", 4, 1), ("Southmead", 0, 2)),
    ("Lock Road", ("Millfields", 3, 0), ("Southmead", 3, 3)),
    ("Ford Road", ("Larkhill", 1, 0), ("Priory", 1, 3)),
    ("Ring Road", ("Northgate", 5, 1), ("Millfields", 2, 4)),
    ("Hill Road", ("Larkhill", 4, 3), ("Northgate", 0, 2)),
)

RIVER_NAME = "River Wren"
RIVER: tuple[Point, ...] = tuple(
    place(metres)
    for metres in (
        (0, 1240),
        (250, 1200),
        (600, 1130),
        (950, 1180),
        (1200, 1150),
        (1450, 1120),
        (1700, 1140),
        (1950, 1120),
        (2200, 1040),
        (2500, 1000),
        (2850, 1060),
        (3200, 1010),
    )
)
GREENS: tuple[tuple[str, tuple[Point, ...]], ...] = tuple(
    (name, tuple(place(corner) for corner in corners))
    for name, corners in (
        ("Castle Green", ((1080, 1260), (1270, 1250), (1275, 1430), (1110, 1450))),
        ("Priory Park", ((330, 1000), (640, 980), (690, 1060), (380, 1110))),
        ("Mill Meadow", ((2560, 1260), (2900, 1230), (2920, 1560), (2570, 1580))),
        ("Southmead Common", ((2200, 130), (2800, 120), (2820, 370), (2190, 380))),
    )
)
BOUNDS: tuple[float, float, float, float] = (*place((0, 0)), *place((WIDTH_M, HEIGHT_M)))
"""South, west, north, east."""


def _crossings(district: _District) -> dict[Metres, Metres]:
    """Where the streets of a district cross: a grid, a little uneven as old towns are."""
    chance = Chance(f"wrenford/streets/{district.name}")
    x, y = district.corner
    across, up = district.step
    return {
        (column, row): (
            x + column * across + chance.between(-across // 7, across // 7),
            y + row * up + chance.between(-up // 7, up // 7),
        )
        for row in range(len(district.along))
        for column in range(len(district.across))
    }


def _lay_streets() -> tuple[Street, ...]:
    crossings = {district.name: _crossings(district) for district in _DISTRICTS}
    streets = []
    for district in _DISTRICTS:
        at = crossings[district.name]
        columns, rows = range(len(district.across)), range(len(district.along))
        where = (district.name, district.zone, district.outcode)
        for row in rows:
            line = tuple(at[column, row] for column in columns)
            streets.append(Street(district.along[row], *where, line))
        for column in columns:
            line = tuple(at[column, row] for row in rows)
            streets.append(Street(district.across[column], *where, line))
    for name, (start, column, row), (end, end_column, end_row) in _ROADS:
        line = (crossings[start][column, row], crossings[end][end_column, end_row])
        streets.append(Street(name, "", "", "", line, homes=False))
    return tuple(streets)


STREETS: tuple[Street, ...] = _lay_streets()

_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that the second half of a postcode uses
_FRONTAGE_M = 12
_SETBACK_M = 9


@functools.cache
def houses() -> tuple[House, ...]:
    """Every house of the town, street by street: odd numbers on the left, even on the right."""
    streets = [street for street in STREETS if street.homes]
    return tuple(
        house for order, street in enumerate(streets) for house in _front_doors(street, order)
    )


def _front_doors(street: Street, order: int) -> Iterator[House]:
    unit = _UNIT_LETTERS[order // 20] + _UNIT_LETTERS[order % 20]
    odd = 1
    for start, end in itertools.pairwise(street.metres):
        length = math.sqrt((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2)
        along = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        for step in range(1, int(length) // _FRONTAGE_M):
            postcode = f"{street.outcode} {1 + odd // 40 % 9}{unit}"
            for number, side in ((odd, _SETBACK_M), (odd + 1, -_SETBACK_M)):
                lat, lon = place(
                    (
                        round(start[0] + along[0] * step * _FRONTAGE_M - along[1] * side),
                        round(start[1] + along[1] * step * _FRONTAGE_M + along[0] * side),
                    )
                )
                uprn = f"99{order:04d}{number:06d}"
                yield House(number, street, postcode, uprn, lat, lon)
            odd += 2


def nearest_street(lat: float, lon: float) -> tuple[Street, float]:
    """The street nearest to a place, and how far it is in metres.

    Distances are measured on the flat plan: exact enough inside the town, rough far outside.
    """
    x = (lon * 1_000_000 - _WEST_MICRODEGREES) * 1_000 / _EAST_PER_KM
    y = (lat * 1_000_000 - _SOUTH_MICRODEGREES) * 1_000 / _NORTH_PER_KM
    distance, order = min(
        (_distance_to_line(x, y, street.metres), order) for order, street in enumerate(STREETS)
    )
    return STREETS[order], distance


def _distance_to_line(x: float, y: float, line: tuple[Metres, ...]) -> float:
    return min(_distance_to_segment(x, y, start, end) for start, end in itertools.pairwise(line))


def _distance_to_segment(x: float, y: float, start: Metres, end: Metres) -> float:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    squared = along_x**2 + along_y**2
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / squared
    share = min(1.0, max(0.0, share))
    return math.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
