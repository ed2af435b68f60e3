"""The `given:` of a test: registers, answers as people type them, circumstances."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from townhall.catalogue.engine import interview
from townhall.catalogue.engine.definition import Datum, Definition, TestCase
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import entry_of
from townhall.catalogue.engine.shapes import YES
from townhall.catalogue.engine.situation import Fact, Situation

OUTAGES: Final = {"down": "unavailable", "none": "none", "refused": "refused"}
_MEDIA: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "txt": "text/plain",
}
ANYBODY: Final = "anybody"


class BadTest(ValueError):
    """The test itself cannot be played; the message says why."""


@dataclass(frozen=True)
class Registers:
    """What each register answers in a test."""

    definition: Definition
    pack: Pack
    given: Mapping[str, Any]
    person: str

    def read(self, read: interview.Read) -> Fact:
        """Return the fact that the register gives."""
        register = self.pack.registers[read.register]
        key = read.by if read.by is not None else self.person
        given = self.given.get(read.register)
        if given is None and register.read_by == "person":
            given = (
                self.person if self.person in self.pack.fixtures.get(read.register, {}) else None
            )
        if given is None:
            return Fact("none", register=read.register, key=key)
        if isinstance(given, str) and given in OUTAGES:
            return Fact(OUTAGES[given], register=read.register, key=key)  # type: ignore[arg-type]
        if isinstance(given, str):
            entry = self.pack.fixtures.get(read.register, {}).get(given)
            if entry is None:
                raise BadTest(f'register {read.register} has no fixture "{given}"')
        else:
            entry = entry_of(register, given, f"registers.{read.register}")
        value = entry[read.fact] if read.fact else entry
        if value is None:
            return Fact("none", register=read.register, key=key)
        return Fact("found", value, source=read.register, register=read.register, key=key)


def situation_of(definition: Definition, pack: Pack, test: TestCase) -> Situation:
    """Return the situation in which the test begins, nothing answered."""
    person = person_of(definition, pack, test)
    facts = pack.fixtures.get(pack.person_register, {}).get(person or "", {})
    known = None
    if person is not None:
        known = {"id": person, "name": facts.get("name") or person, "email": facts.get("email")}
    return Situation(
        today=day(test.given.get("today"), pack.today),
        channel=str(test.given.get("channel", "web")),
        language=str(test.given.get("language", definition.languages[0])),
        person=known,
    )


def person_of(definition: Definition, pack: Pack, test: TestCase) -> str | None:
    """Return the identifier of the person applying: the fixture of the person register."""
    if "person" in test.given:
        person = str(test.given["person"])
        return None if person == "none" else person
    for name, given in _entries(test.given.get("registers")):
        register = pack.registers.get(name)
        by_person = register is not None and register.read_by == "person"
        if by_person and isinstance(given, str) and given not in OUTAGES:
            return given
    return None if definition.who.login == "none" else ANYBODY


def day(given: Any, default: date | None) -> date:
    """Return the reference date of a test."""
    if given is None:
        if default is None:
            raise BadTest("the test gives no today:, and the pack has no tests: {today: …}")
        return default
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise BadTest(f"today: {given} is no date") from None


def _entries(given: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(given.items()) if isinstance(given, Mapping) else ()


def form_of(datum: Datum, given: Any, name: str = "") -> dict[str, list[Any]]:
    """Return an answer of a test as the form fields that a browser would send."""
    name = name or datum.name
    if datum.type == "group":
        fields: dict[str, list[Any]] = {}
        for number, row in enumerate(_list(given)):
            for key, field in datum.fields.items():
                if isinstance(row, Mapping) and key in row:
                    fields.update(form_of(field, row[key], f"{name}.{number}.{key}"))
        return fields
    if datum.type == "file":
        return {name: [_file(each) for each in _list(given)]}
    if datum.type == "choice" and datum.several:
        return {name: [str(each) for each in _list(given)]}
    if datum.type == "date" and isinstance(given, str) and given.count("-") == 2:
        year, month, of_month = given.split("-")
        return {f"{name}.day": [of_month], f"{name}.month": [month], f"{name}.year": [year]}
    if isinstance(given, Mapping):
        fields = {}
        for part, value in given.items():
            if datum.type == "period":
                inner = Datum(part, "date")
                fields.update(form_of(inner, value, f"{name}.{part}"))
            else:
                fields[f"{name}.{part}"] = [str(value)]
        return fields
    if datum.type == "place":
        return {f"{name}.words": [str(given)]}
    return {name: [str(given)]}


def json_of(datum: Datum, given: Any) -> Any:
    """Return an answer of a test as the JSON that a program would send."""
    if datum.type == "group":
        return [
            {key: json_of(datum.fields[key], each) for key, each in row.items()}
            for row in _list(given)
        ]
    if datum.type == "file":
        return [_file(each) for each in _list(given)]
    if datum.type == "choice" and datum.several:
        return [str(each) for each in _list(given)]
    if datum.type == "yes/no":
        return str(given).lower() in YES
    if datum.type == "place" and not isinstance(given, Mapping):
        return {"words": str(given)}
    return given


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _file(given: Any) -> dict[str, Any]:
    name = str(given)
    ending = name.rpartition(".")[2].lower()
    return {
        "file": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "name": name,
        "media_type": _MEDIA.get(ending, "application/octet-stream"),
        "size": 1000,
    }
