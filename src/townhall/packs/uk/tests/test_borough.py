"""The demo borough: the same for ever, plausible, and nobody's."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from decimal import Decimal

import pytest

from townhall.packs.uk import borough
from townhall.packs.uk.borough.chance import Chance

ENTRIES = {register: list(make()) for register, make in borough.REGISTERS.items()}
HOMES = borough.households()
PEOPLE = [person for home in HOMES for person in home.members]
DIGEST = "61b9b0546b2967182c0b165c33571aae89a8f7a130a21be0cde9012d7319a2bd"


def test_the_borough_never_changes_by_itself() -> None:
    facts = {
        register: [[entry.key, entry.facts] for entry in entries]
        for register, entries in ENTRIES.items()
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True)
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST, (
        "The demo borough has changed. If that is wanted, say why in the commit "
        "and enter the new digest here: running demos will differ from the old ones."
    )


def test_two_thousand_residents_each_once() -> None:
    assert len(PEOPLE) == len({person.id for person in PEOPLE}) == 2_000
    assert {person.number for person in PEOPLE if person.key} < set(range(1, 101))


def test_nobody_can_be_real() -> None:
    for entry in ENTRIES["population"]:
        facts = entry.facts
        assert re.fullmatch(r"WX[1-4] [1-9][A-Z]{2}", facts["address"]["postcode"])
        grown_up = entry.person.age >= 16
        assert set(facts) >= {"national_insurance_number", "email", "phone"} or not grown_up
        assert re.fullmatch(r"QQ\d{6}[ABCD]", facts.get("national_insurance_number", "QQ000000A"))
        assert facts.get("email", ".example").endswith(".example")
        assert re.fullmatch(r"07700 900\d{3}", facts.get("phone", "07700 900000"))
        assert float(facts["address"]["lat"]) < 50.55  # the coast lies north of it
    assert all(re.fullmatch(r"QW\d{2}[A-Z]{3}", entry.key) for entry in ENTRIES["vehicles"])


def test_households_are_plausible() -> None:
    ages = Counter(min(person.age // 20, 4) for person in PEOPLE)
    assert all(ages[band] >= 150 for band in range(4))
    assert 60 <= ages[4] <= 180
    assert 1.9 <= len(PEOPLE) / len(HOMES) <= 2.5
    for home in HOMES:
        for child in home.children:
            assert all(parent.age - child.age >= 16 for parent in (*home.parents, *home.elsewhere))
        if any(person.age < 16 for person in home.members):
            assert home.adults, "children do not live alone"


def test_no_two_homes_share_a_front_door() -> None:
    doors = Counter((home.house.uprn, home.flat) for home in HOMES)
    assert max(doors.values()) == 1


def test_registers_point_at_each_other() -> None:
    known = {str(person.id): person for person in PEOPLE}
    for entry in ENTRIES["population"]:
        for child in entry.facts["children"]:
            assert known[child["person"]].name == child["name"]
            same_home = child["person"] in {each["person"] for each in entry.facts["household"]}
            assert child["lives_with"] is same_home
    keepers = {entry.facts["keeper"] for entry in ENTRIES["vehicles"]}
    assert keepers - set(known) == {"Wrenford Motor Leasing Ltd"}
    assert {entry.key for entry in ENTRIES["electoral"]} < set(known)


def test_nobody_under_sixteen_votes_drives_or_earns() -> None:
    known = {str(person.id): person for person in PEOPLE}
    for register in ("electoral", "income", "council_tax"):
        assert all(known[entry.key].age >= 16 for entry in ENTRIES[register])
    drivers = [entry.person for entry in ENTRIES["vehicles"] if entry.person]
    assert all(person.age >= 18 for person in drivers)


def test_the_people_of_the_tour_live_as_their_stories_say() -> None:
    zone = {
        person.key: home.house.street.zone
        for home in HOMES
        for person in home.members
        if person.key
    }
    assert zone["megan"] == "C"
    assert zone["grace"] == "A"
    assert zone["priya"] == "B"
    assert zone["daniel"] == ""
    assert {resident.key for resident in borough.RESIDENTS} == set(zone)
    assert all({"en", "cy"} == set(resident.about) for resident in borough.RESIDENTS)


def test_every_office_of_the_tour_is_held_and_permits_by_two() -> None:
    held = Counter(role for officer in borough.OFFICERS for role in officer.roles)
    assert held["permits.officer"] == 2
    assert {"benefits.officer", "streets.officer", "electoral.officer"} <= set(held)


@pytest.mark.parametrize("street", borough.STREETS, ids=lambda street: street.name)
def test_a_point_of_a_street_is_nearest_to_that_street(street: borough.Street) -> None:
    (lat, lon), (next_lat, next_lon) = street.points[:2]
    found, distance = borough.nearest_street((lat + next_lat) / 2, (lon + next_lon) / 2)
    assert found == street
    assert distance < 1


def test_street_names_are_unique_and_lie_inside_the_bounds() -> None:
    names = Counter(street.name for street in borough.STREETS)
    assert max(names.values()) == 1
    south, west, north, east = borough.BOUNDS
    for street in borough.STREETS:
        assert all(south < lat < north and west < lon < east for lat, lon in street.points)


def test_chance_draws_evenly_and_keeps_its_stream() -> None:
    chance = Chance("a stream")
    drawn = Counter(chance.below(10) for _ in range(10_000))
    assert set(drawn) == set(range(10))
    assert all(850 <= count <= 1_150 for count in drawn.values())
    again, other = Chance("a stream"), Chance("another")
    first = [Chance("a stream").below(1 << 60) for _ in range(2)]
    assert first[0] == first[1] == again.below(1 << 60) != other.below(1 << 60)
    with pytest.raises(ValueError):
        chance.below(0)


def test_what_is_reported_adds_up_to_the_income_of_the_register() -> None:
    traders = 0
    for entry in ENTRIES["income"]:
        for year in entry.facts["by_year"]:
            reported = sum(
                Decimal(line[amount])
                for fact, amount in (
                    ("employment", "pay"),
                    ("pensions", "amount"),
                    ("state_pension", "amount"),
                    ("interest", "amount"),
                    ("dividends", "amount"),
                )
                for line in entry.facts.get(fact, ())
                if line["tax_year"] == year["tax_year"]
            )
            if reported != Decimal(year["adjusted_net_income"]):
                traders += 1
                assert entry.person is not None
                assert entry.person.key == "grace", "only a trader's profit is in no register"
    assert traders == 3
