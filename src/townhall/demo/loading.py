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

from townhall.catalogue import operations as catalogue
from townhall.directory import operations as directory
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
    borough = borough_of(settings.pack)
    if borough is not None:
        for register, entries in borough.REGISTERS.items():
            done = registers.import_entries(
                SYSTEM, facts=facts_of(register, entries()), source_ref=SOURCE
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


def borough_of(pack: str) -> ModuleType | None:
    """Return the borough that a pack invents, if it does."""
    name = f"townhall.packs.{pack}.borough"
    if importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name)


def facts_of(register: str, entries: Iterator[Any]) -> Iterator[registers.NewFact]:
    """Yield the facts of entries of the borough, as they are to be recorded."""
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
