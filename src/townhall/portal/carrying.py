"""From the answers of *What can I get?* to the draft of a claim.

A service says under `people:` how its data become facts of the law. Where that is a plain datum,
a datum times a number, or a choice of one option, it can be read backwards; the other questions
of the service stay to be asked. What a service asks of a couple together is the sum of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.people import People
from townhall.rules.answers import Answers, read
from townhall.rules.engine.law import Lawbook

_PLAIN = re.compile(r"(?P<name>[a-z_]\w*)(?: \* (?P<times>\d+))?")
_PRESENT = re.compile(
    r"if present\((?P<name>\w+)\) then (?P=name)(?: \* (?P<times>\d+))? else 0",
)
_CHOICE = re.compile(r"(?P<name>\w+) == '(?P<option>\w+)'")


def carried(definition: Definition, answers: Answers, book: Lawbook) -> dict[str, Any]:
    """Return the answers that a service asks for and that were given already, as it keeps them."""
    people = definition.people
    if people is None:
        return {}
    found: dict[str, Any] = {}
    for name, given in _backwards(people, answers, book):
        datum = definition.data.get(name)
        if datum is None or datum.kind != "asked" or name in found:
            continue
        try:
            found[name] = datatypes.from_json(datum, _as_sent(datum, given))
        except datatypes.Invalid:
            continue
    return found


def _backwards(people: People, answers: Answers, book: Lawbook) -> Iterator[tuple[str, Any]]:
    """Yield (datum, value) of everything that can be read backwards."""
    if people.couple is not None and (match := _CHOICE.fullmatch(people.couple.text.strip())):
        yield match["name"], (match["option"], answers.couple)
    members = [("person.0", people.me)]
    if answers.couple:
        members.append(("person.1", people.partner))
    members += [("family.0", people.family), ("household.0", people.household)]
    for place, bindings in members:
        for fact, expression in bindings.items():
            value = _value(answers, book, place, fact)
            if place == "person.0" and answers.couple and fact not in people.partner:
                value = _together(book, fact, value, _value(answers, book, "person.1", fact))
            if value is not None:
                yield from _read_back(expression.text.strip(), value)


def _value(answers: Answers, book: Lawbook, place: str, name: str) -> Any:
    fact, text = book.facts.get(name), answers.facts.get(f"{place}.{name}")
    return read(fact, text) if fact is not None and text is not None else None


def _together(book: Lawbook, name: str, mine: Any, theirs: Any) -> Any:
    """Return what a couple has of something that is asked of both at once."""
    fact = book.facts.get(name)
    if fact is None or not fact.unit.is_money:
        return mine
    return None if mine is None or theirs is None else mine + theirs


def _read_back(text: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        if match := _CHOICE.fullmatch(text):
            yield match["name"], (match["option"], value)
        elif match := _PLAIN.fullmatch(text):
            yield match["name"], value
        return
    match = _PLAIN.fullmatch(text) or _PRESENT.fullmatch(text)
    if match is None:
        return
    if match["times"] is None:
        yield match["name"], value
    elif isinstance(value, Decimal):
        yield match["name"], (value / int(match["times"])).quantize(Decimal("0.01"))


def _as_sent(datum: Datum, given: Any) -> Any:
    """Return a value as a program would send it for a datum.

    Of a choice read as (option, whether it is so), the other option if it is not so; with more
    than two options that says nothing.
    """
    if isinstance(given, tuple):
        option, holds = given
        others = [each.value for each in datum.options if each.value != option]
        if holds:
            return option
        return others[0] if len(others) == 1 else None
    if isinstance(given, bool):
        if datum.type == "choice":
            return "yes" if given else "no"
        return given
    if isinstance(given, Decimal):
        return f"{given:f}"
    return given.isoformat() if hasattr(given, "isoformat") else given
