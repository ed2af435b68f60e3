"""The pack keeps its promises: clean definitions, tests that pass, texts in both languages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import holidays
import pytest

from townhall.catalogue.engine import datatypes, shapes, testing
from townhall.catalogue.engine.compiler import compile_file
from townhall.catalogue.engine.pack import load_pack
from townhall.packs.uk import borough

PACK = load_pack(Path(__file__).parents[1])
FILES = {path.stem: path for path in PACK.service_files}
YEARS = range(2024, 2029)


def test_the_services_are_there() -> None:
    assert set(FILES) == {
        "child-benefit",
        "pension-credit",
        "register-to-vote",
        "resident-permit",
        "self-assessment",
        "statutory-sick-pay",
        "street-problem",
        "towing-rules",
        "universal-credit",
    }


@pytest.mark.parametrize("service", FILES)
def test_a_definition_is_clean_and_keeps_its_own_tests(service: str) -> None:
    compiled = compile_file(FILES[service], PACK)
    assert [each.render() for each in compiled.problems if each.severity == "error"] == []
    assert compiled.definition is not None
    assert compiled.definition.service == service
    report = testing.run_tests(compiled.definition, PACK)
    assert [each.name for each in report.results if not each.passed] == []
    assert len(report.results) >= 5


@pytest.mark.parametrize("service", FILES)
def test_welsh_texts_are_not_english_ones_left_standing(service: str) -> None:
    text = FILES[service].read_text(encoding="utf-8")
    same = {
        english
        for english, welsh in re.findall(r'\{en: "?([^,{}]{18,}?)"?, cy: "?([^{}]+?)"?\}', text)
        if english == welsh
    }
    assert same == set()


def test_bank_holidays_are_those_of_england_and_wales() -> None:
    for division in ("ENG", "WLS"):
        theirs = holidays.country_holidays("GB", subdiv=division, years=YEARS)
        # A holiday at a weekend is no bank holiday; its substitute day is.
        working = {day for day in theirs if day.weekday() < 5}
        ours = {day for day in PACK.calendar.holidays if day.year in YEARS}
        assert {day for day in ours if day.weekday() < 5} == working
    assert all(day.weekday() < 5 for day in PACK.calendar.holidays)


def test_rates_change_on_the_first_day_of_the_tax_year_and_end_with_the_law() -> None:
    rates = PACK.parameters
    for key, day, amount in (
        ("child_benefit.eldest", date(2024, 4, 5), "24.00"),
        ("child_benefit.eldest", date(2024, 4, 6), "25.60"),
        ("child_benefit.eldest", date(2026, 4, 6), "27.05"),
        ("child_benefit.other", date(2026, 4, 5), "17.25"),
        ("high_income_charge.threshold", date(2024, 4, 6), "60000"),
    ):
        assert f"{rates.rate(key, day).amount}" == amount
    with pytest.raises(Exception, match="no value in force on 2027-04-06"):
        rates.rate("child_benefit.eldest", date(2027, 4, 6))


def test_the_test_people_are_the_people_of_the_tour() -> None:
    """Definitions are tested with the same lives that the demo shows."""
    entries = {
        entry.person.key: entry for entry in borough.REGISTERS["population"]() if entry.person.key
    }
    for key, entry in entries.items():
        fixture = PACK.fixtures["population"][key]
        assert fixture["name"] == entry.facts["name"]
        assert fixture["date_of_birth"] == entry.facts["date_of_birth"]
        assert fixture["nationality"] == entry.facts["nationality"]
        for part in ("line1", "line2", "postcode", "zone", "uprn"):
            assert fixture["address"][part] == entry.facts["address"][part], (key, part)
        children = [(child["name"], child["lives_with"]) for child in entry.facts["children"]]
        assert [(child["name"], child["lives_with"]) for child in fixture["children"]] == children
    plates = {entry.key: entry.facts for entry in borough.REGISTERS["vehicles"]()}
    for fixture in PACK.fixtures["vehicles"].values():
        if fixture["plate"] in plates:
            assert fixture["emissions"] == plates[fixture["plate"]]["emissions"]
            assert fixture["make"] == plates[fixture["plate"]]["make"]


@pytest.mark.parametrize("register", borough.REGISTERS)
def test_the_borough_fits_the_registers_of_the_pack(register: str) -> None:
    declared = PACK.registers[register].facts
    for entry in borough.REGISTERS[register]():
        for kind, value in entry.facts.items():
            assert shapes.canonical(declared[kind], value) is not None


def test_officers_of_the_tour_hold_roles_of_the_pack() -> None:
    for officer in borough.OFFICERS:
        assert set(officer.roles) <= set(PACK.roles)
        assert all(PACK.roles[role].agency for role in officer.roles)


def test_identifiers_and_flags_of_registers_are_never_shown() -> None:
    definition = compile_file(FILES["child-benefit"], PACK).definition
    assert definition is not None
    children = PACK.fixtures["population"]["rhiannon"]["children"]
    assert datatypes.display(definition.data["children"], children, "en") == [
        "Guto Pryce, 4 June 2013",
        "Mabli Pryce, 23 September 2017",
    ]
    definition = compile_file(FILES["resident-permit"], PACK).definition
    assert definition is not None
    address = PACK.fixtures["population"]["megan"]["address"]
    shown = datatypes.display(definition.data["address"], address, "en")
    assert shown == ["14 Weaver Street", "Millfields", "Wrenford", "WX2 1AY"]
    vehicle = datatypes.display(
        definition.data["vehicle"], PACK.fixtures["vehicles"]["megan_car"], "en"
    )
    assert "megan" not in vehicle
