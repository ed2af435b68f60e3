"""Load the demo borough: residents into the registers, the people of the tour, the councils.

Everything goes through the rooms' operations, as real data would. What is there already stays
as it is, so loading again changes nothing. Invented residents must never stand among real ones:
outside of demo mode nothing is loaded.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from datetime import date
from types import ModuleType
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.utils import timezone

from townhall.catalogue import operations as catalogue
from townhall.directory import operations as directory
from townhall.exchange import operations as exchange
from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.identity import operations as identity
from townhall.registers import operations as registers

SOURCE = "demo borough"
LEGAL_BASIS = "demonstration; nobody here is real"
_COUNCILS = "data/uk-councils"
_SINCE_MOVING_IN = ("address", "resident_since", "household")
_VEHICLES_SINCE = date(2024, 1, 1)
_INCOME_KNOWN = date(2026, 4, 6)


def load(say: Callable[[str], None]) -> None:
    """Load what is missing of the demo borough of this town hall's pack.

    Parameters
    ----------
    say : told in words what is happening, for the person who waits.

    Raises
    ------
    townhall.identity.operations.DemoDisabled
        if this town hall is not a demo.
    """
    settings = configuration.current()
    if not settings.demo:
        raise identity.DemoDisabled(
            "The demo borough is loaded in demo mode only: real residents live here."
        )
    borough = _borough(settings.pack)
    if borough is not None:
        for register, entries in borough.REGISTERS.items():
            done = registers.import_entries(
                SYSTEM, facts=_facts(register, entries()), source_ref=SOURCE
            )
            if done.recorded or done.changed:
                title = catalogue.pack().registers[register].title["en"]
                say(f"{title}: {done.recorded + done.changed} facts")
        made = identity.load_demo_accounts(SYSTEM, people=_people(borough))
        if made:
            say(f"demo sign-ins: {made}")
    folder = catalogue.pack().folder / _COUNCILS
    if folder.is_dir():
        listed = directory.import_councils(SYSTEM, folder=folder)
        if listed.changed:
            say(f"councils: {listed.authorities}, with {listed.links} addresses of services")


class NobodyThere(LookupError):
    """The demo borough has no resident of the tour by this key."""


def today() -> date:
    """Return the day where the town hall is."""
    return timezone.localdate()


def birth(parent: str, *, name: str, born: date) -> str:
    """Register a birth, as the register office would; return what was recorded, in words.

    Raises
    ------
    NobodyThere, townhall.identity.operations.DemoDisabled
    """
    person = _resident(parent)
    known = list(_children_of(person))
    child = {
        "person": str(uuid5(NAMESPACE_DNS, f"{name} {born} of {parent}.wrenford.example")),
        "name": f"{name} {person.name.split()[-1]}",
        "date_of_birth": born.isoformat(),
        "lives_with": True,
    }
    if child["person"] not in {each["person"] for each in known}:
        known.append(child)
    _record(person, "population", "children", known, born)
    return f"Registered: {child['name']}, born on {born.isoformat()}, a child of {person.name}."


def income(resident: str, *, amount: str, since: date) -> str:
    """Report an income, as the tax office would; return what was recorded, in words.

    Raises
    ------
    NobodyThere, townhall.identity.operations.DemoDisabled
        And `FactRefused`, if the amount is none.
    """
    person = _resident(resident)
    _record(person, "income", "adjusted_net_income", amount, since)
    return f"Reported: £{amount} a year of {person.name}, from {since.isoformat()}."


def _resident(key: str) -> Any:
    settings = configuration.current()
    if not settings.demo:
        raise identity.DemoDisabled("Nothing is invented where real residents live.")
    borough = _borough(settings.pack)
    residents = borough.RESIDENTS if borough is not None else ()
    for each in residents:
        if each.key == key:
            return each.person
    keys = ", ".join(each.key for each in residents)
    raise NobodyThere(f"There is no resident {key!r} on the tour. There are: {keys}.")


def _children_of(person: Any) -> Iterator[dict[str, Any]]:
    """Yield the children whom the register holds now, read through the gate like everybody's."""
    fact = exchange.read(
        SYSTEM,
        register="population",
        fact_kinds=["children"],
        key=None,
        person_id=person.id,
        service_no=0,
        case_id=person.id,
        agency="civil",
        purpose="To register a birth in the demo",
        legal_basis=LEGAL_BASIS,
    )
    yield from fact.value or ()


def _record(person: Any, register: str, kind: str, value: Any, since: date) -> None:
    registers.record(
        SYSTEM,
        register=register,
        key=None,
        person_id=person.id,
        kind=kind,
        value=value,
        valid_from=since,
        legal_basis=LEGAL_BASIS,
    )


def _borough(pack: str) -> ModuleType | None:
    name = f"townhall.packs.{pack}.borough"
    if importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name)


def _facts(register: str, entries: Iterator[Any]) -> Iterator[registers.NewFact]:
    for entry in entries:
        person = entry.person
        for kind, value in entry.facts.items():
            yield registers.NewFact(
                register=register,
                key=entry.key,
                person_id=person.id if person else None,
                kind=kind,
                value=value,
                valid_from=_since(register, kind, value, person),
                legal_basis=LEGAL_BASIS,
            )


def _since(register: str, kind: str, value: Any, person: Any) -> date:
    """The day since which a fact holds: birth, moving in, the youngest child's birth."""
    if register == "population":
        born: date = person.born
        if kind == "children" and value:
            return max(date.fromisoformat(child["date_of_birth"]) for child in value)
        if kind not in _SINCE_MOVING_IN:
            return born
    if register == "income":
        return _INCOME_KNOWN
    if person is None or register == "vehicles":
        return _VEHICLES_SINCE
    moved_in: date = person.since
    return moved_in


def _people(borough: ModuleType) -> Iterator[identity.DemoPerson]:
    """The demo sign-ins, residents first."""
    roles = catalogue.pack().roles
    for resident in borough.RESIDENTS:
        yield identity.DemoPerson(
            key=resident.key,
            name=resident.person.name,
            person_id=resident.person.id,
            note=resident.about,
        )
    for officer in borough.OFFICERS:
        yield identity.DemoPerson(
            key=officer.key,
            name=officer.name,
            person_id=_officer_id(officer.key),
            note=officer.about,
            roles=tuple((role, roles[role].agency) for role in officer.roles),
        )


def _officer_id(key: str) -> UUID:
    """An officer's own person, made from the key: the same on every machine."""
    return uuid5(NAMESPACE_DNS, f"{key}.officers.wrenford.example")
