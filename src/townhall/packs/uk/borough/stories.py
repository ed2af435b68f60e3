"""The people of the tour: residents whose lives show what the services do, and the officers.

They live in the borough like everybody else; only their lives are written by hand.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

from townhall.packs.uk.borough.people import Household, Person, Vehicle
from townhall.packs.uk.borough.streets import House, houses

LEASING_COMPANY = "Wrenford Motor Leasing Ltd"


@dataclasses.dataclass(frozen=True, slots=True)
class Resident:
    """A demo sign-in of a resident: key, person, and what to try with it."""

    key: str
    person: Person
    about: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Officer:
    """A demo sign-in of an officer: key, name, roles, and what to try with it."""

    key: str
    name: str
    roles: tuple[str, ...]
    about: dict[str, str]
    language: str = "en"

    @property
    def email(self) -> str:
        return f"{self.key}@wrenford.example"


def _house(number: int, street: str) -> House:
    return next(
        house for house in houses() if house.number == number and house.street.name == street
    )


def _incomes(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


_MEGAN = Person(
    1,
    "Megan",
    "Ashdown",
    date(1991, 3, 14),
    incomes=_incomes("29800", "30600", "31400"),
    voter=True,
    key="megan",
)
_BEN = Person(
    2,
    "Ben",
    "Ashdown",
    date(1989, 11, 2),
    incomes=_incomes("33100", "34250", "35900"),
    voter=True,
)
_ROWAN = Person(3, "Rowan", "Ashdown", date(2020, 5, 9))
_TILLY = Person(4, "Tilly", "Ashdown", date(2024, 2, 18))
_DANIEL = Person(
    5,
    "Daniel",
    "Okafor",
    date(1994, 7, 21),
    incomes=_incomes("27400", "28900", "30150"),
    since=date(2026, 9, 12),
    key="daniel",
)
_PRIYA = Person(
    6,
    "Priya",
    "Raman",
    date(1987, 1, 30),
    incomes=_incomes("41200", "43800", "46100"),
    voter=True,
    key="priya",
)
_GRACE = Person(
    7,
    "Grace",
    "Ellery",
    date(1976, 8, 5),
    incomes=_incomes("38600", "39100", "40250"),
    voter=True,
    key="grace",
)
_HAROLD = Person(
    8,
    "Harold",
    "Winstone",
    date(1947, 2, 11),
    incomes=_incomes("9700", "9950", "10400"),
    voter=True,
    since=date(1978, 4, 1),
    key="harold",
)
_RHIANNON = Person(
    9,
    "Rhiannon",
    "Pryce",
    date(1982, 3, 1),
    language="cy",
    incomes=_incomes("26900", "27300", "28050"),
    voter=True,
    key="rhiannon",
)
_MABLI = Person(10, "Mabli", "Pryce", date(2017, 9, 23), language="cy")
_GUTO = Person(11, "Guto", "Pryce", date(2013, 6, 4), language="cy")
_DAFYDD = Person(
    12,
    "Dafydd",
    "Pryce",
    date(1980, 12, 8),
    language="cy",
    incomes=_incomes("30100", "31050", "31900"),
    voter=True,
)
_LEO = Person(13, "Leo", "Marsh", date(2008, 12, 19), key="leo")
_DAWN = Person(
    14,
    "Dawn",
    "Marsh",
    date(1979, 5, 27),
    incomes=_incomes("24300", "25100", "25800"),
    voter=True,
)
_AMARA = Person(
    15,
    "Amara",
    "Blythe",
    date(1985, 10, 16),
    incomes=_incomes("64800", "68900", "72450"),
    voter=True,
    key="amara",
)
_TOBIAS = Person(
    16,
    "Tobias",
    "Blythe",
    date(1984, 4, 3),
    incomes=_incomes("22100", "22900", "23600"),
    voter=True,
)
_IMOGEN = Person(17, "Imogen", "Blythe", date(2015, 3, 29))
_EZRA = Person(18, "Ezra", "Blythe", date(2018, 1, 7))
_CORA = Person(19, "Cora", "Blythe", date(2023, 8, 30))
_ETHAN = Person(
    20,
    "Ethan",
    "Calloway",
    date(1992, 6, 15),
    nationality="American",
    incomes=_incomes("35600", "37200", "38800"),
    key="ethan",
)

HOUSEHOLDS: tuple[Household, ...] = (
    Household(
        _house(14, "Weaver Street"),
        (_MEGAN, _BEN, _ROWAN, _TILLY),
        parents=(_MEGAN, _BEN),
        children=(_ROWAN, _TILLY),
    ),
    Household(_house(9, "Finch Road"), (_DANIEL,)),
    Household(_house(8, "Quay Street"), (_PRIYA,)),
    Household(_house(27, "High Street"), (_GRACE,)),
    Household(_house(3, "Abbots Walk"), (_HAROLD,)),
    Household(
        _house(22, "Rowan Avenue"),
        (_RHIANNON, _MABLI),
        parents=(_RHIANNON,),
        children=(_MABLI,),
        elsewhere=(_DAFYDD,),
    ),
    Household(
        _house(17, "Barley Road"),
        (_DAFYDD, _GUTO),
        parents=(_DAFYDD,),
        children=(_GUTO,),
        elsewhere=(_RHIANNON,),
    ),
    Household(_house(31, "Mill Lane"), (_DAWN, _LEO), parents=(_DAWN,), children=(_LEO,)),
    Household(
        _house(6, "Orchard Street"),
        (_AMARA, _TOBIAS, _IMOGEN, _EZRA, _CORA),
        parents=(_AMARA, _TOBIAS),
        children=(_IMOGEN, _EZRA, _CORA),
    ),
    Household(_house(12, "Bell Street"), (_ETHAN,), flat="Flat 2"),
)

_TAXED = date(2027, 6, 30)
VEHICLES: tuple[Vehicle, ...] = (
    Vehicle("QW22MEG", str(_MEGAN.id), "Vauxhall", "Corsa", "blue", "standard", _TAXED),
    Vehicle("QW20DAN", str(_DANIEL.id), "Ford", "Focus", "grey", "standard", _TAXED),
    Vehicle("QW24LSE", LEASING_COMPANY, "Kia", "Niro", "white", "electric", _TAXED),
    Vehicle("QW23ELC", str(_GRACE.id), "Nissan", "Leaf", "red", "electric", _TAXED),
    Vehicle("QW16VAN", str(_GRACE.id), "Ford", "Transit", "white", "high", _TAXED),
    Vehicle("QW18RHP", str(_RHIANNON.id), "Skoda", "Fabia", "green", "standard", _TAXED),
    Vehicle("QW21BLY", str(_AMARA.id), "Volvo", "XC60", "black", "high", _TAXED),
)

RESIDENTS: tuple[Resident, ...] = (
    Resident(
        "megan",
        _MEGAN,
        {
            "en": "Mother of two, aged 2 and 6. Claim Child Benefit, or park outside her door.",
            "cy": "Mam i ddau, 2 a 6 oed. Hawliwch Fudd-dal Plant, neu barciwch wrth ei drws.",
        },
    ),
    Resident(
        "priya",
        _PRIYA,
        {
            "en": "Drives a leased car (QW24 LSE). The parking permit asks for her lease.",
            "cy": "Yn gyrru car ar les (QW24 LSE). Mae'r drwydded barcio'n gofyn am ei les.",
        },
    ),
    Resident(
        "grace",
        _GRACE,
        {
            "en": "Old Town trader with an electric car (QW23 ELC) and a van (QW16 VAN). "
            "A year for the van needs two officers; her tax return is due.",
            "cy": "Masnachwr yn yr Hen Dref â char trydan (QW23 ELC) a fan (QW16 VAN). "
            "Mae angen dau swyddog ar gyfer blwyddyn i'r fan; mae ei ffurflen dreth yn ddyledus.",
        },
    ),
    Resident(
        "daniel",
        _DANIEL,
        {
            "en": "New in town, with a car (QW20 DAN), in a street without a parking zone.",
            "cy": "Newydd-ddyfodiad â char (QW20 DAN), mewn stryd heb barth parcio.",
        },
    ),
    Resident(
        "rhiannon",
        _RHIANNON,
        {
            "en": "Welsh speaker; one child lives with her, one with his father.",
            "cy": "Siaradwr Cymraeg; mae un plentyn yn byw gyda hi ac un gyda'i dad.",
        },
    ),
    Resident(
        "amara",
        _AMARA,
        {
            "en": "Three children and an income above the Child Benefit threshold, "
            "so she owes a tax return.",
            "cy": "Tri o blant ac incwm uwchlaw trothwy Budd-dal Plant, "
            "felly mae arni ffurflen dreth.",
        },
    ),
    Resident(
        "leo",
        _LEO,
        {
            "en": "Born on 19 December 2008, not on the register yet. Register to vote.",
            "cy": "Ganed ar 19 Rhagfyr 2008, heb gofrestru eto. Cofrestrwch i bleidleisio.",
        },
    ),
    Resident(
        "harold",
        _HAROLD,
        {
            "en": "Pensioner, prefers a telephone. Report a street problem; claim Pension Credit.",
            "cy": "Pensiynwr sy'n hoffi'r ffôn. Rhowch wybod am broblem; hawliwch Gredyd Pensiwn.",
        },
    ),
    Resident(
        "ethan",
        _ETHAN,
        {
            "en": "American in a flat of the Old Town: may not vote here, and is told why.",
            "cy": "Americanwr mewn fflat yn yr Hen Dref: ni chaiff bleidleisio yma, a dywedir pam.",
        },
    ),
)

OFFICERS: tuple[Officer, ...] = (
    Officer(
        "isla.fenwick",
        "Isla Fenwick",
        ("permits.officer",),
        {"en": "Parking permits", "cy": "Trwyddedau parcio"},
    ),
    Officer(
        "owen.tiller",
        "Owen Tiller",
        ("permits.officer", "permits.senior"),
        {"en": "Parking permits, second signature", "cy": "Trwyddedau parcio, ail lofnod"},
    ),
    Officer(
        "callum.reyes",
        "Callum Reyes",
        ("benefits.officer",),
        {"en": "Benefits and pensions", "cy": "Budd-daliadau a phensiynau"},
    ),
    Officer(
        "gwenda.lowe",
        "Gwenda Lowe",
        ("tax.officer",),
        {"en": "Self Assessment returns", "cy": "Ffurflenni Hunanasesiad"},
    ),
    Officer(
        "nadia.brook",
        "Nadia Brook",
        ("streets.officer",),
        {"en": "Street problems", "cy": "Problemau ar y stryd"},
    ),
    Officer(
        "simon.hale",
        "Simon Hale",
        ("electoral.officer",),
        {"en": "Electoral services", "cy": "Gwasanaethau etholiadol"},
    ),
    Officer(
        "helen.voss",
        "Helen Voss",
        ("catalogue.owner",),
        {"en": "Owns the services: versions, tests, funnel", "cy": "Perchennog y gwasanaethau"},
    ),
    Officer(
        "aidan.moor",
        "Aidan Moor",
        ("platform.operator",),
        {"en": "Runs the town hall", "cy": "Yn cynnal neuadd y dref"},
    ),
)
