"""What happens in the demo borough when somebody says so: a birth, another income."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from django.utils import timezone

from townhall.demo.loading import LEGAL_BASIS, borough_of
from townhall.exchange import operations as exchange
from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.identity import operations as identity
from townhall.registers import operations as registers


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
    person = resident_by(parent)
    known = list(children_of(person))
    child = {
        "person": str(uuid5(NAMESPACE_DNS, f"{name} {born} of {parent}.wrenford.example")),
        "name": f"{name} {person.name.split()[-1]}",
        "date_of_birth": born.isoformat(),
        "lives_with": True,
    }
    if child["person"] not in {each["person"] for each in known}:
        known.append(child)
    # A child may be registered after a younger one: then the list of each later birth is
    # recorded anew too, or it would go on without the child.
    days = {day for each in known if (day := date.fromisoformat(each["date_of_birth"])) >= born}
    for day in sorted(days):
        born_by_then = [each for each in known if each["date_of_birth"] <= day.isoformat()]
        _record(person, "population", "children", born_by_then, day)
    return f"Registered: {child['name']}, born on {born.isoformat()}, a child of {person.name}."


def income(resident: str, *, amount: str, since: date) -> str:
    """Report an income, as the tax office would; return what was recorded, in words.

    Raises
    ------
    NobodyThere, townhall.identity.operations.DemoDisabled
        And `FactRefused`, if the amount is none.
    """
    person = resident_by(resident)
    _record(person, "income", "adjusted_net_income", amount, since)
    return f"Reported: £{amount} a year of {person.name}, from {since.isoformat()}."


def resident_by(key: str) -> Any:
    settings = configuration.current()
    if not settings.demo:
        raise identity.DemoDisabled("Nothing is invented where real residents live.")
    borough = borough_of(settings.pack)
    residents = borough.RESIDENTS if borough is not None else ()
    for each in residents:
        if each.key == key:
            return each.person
    keys = ", ".join(each.key for each in residents)
    raise NobodyThere(f"There is no resident {key!r} on the tour. There are: {keys}.")


def children_of(person: Any) -> Iterator[dict[str, Any]]:
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
