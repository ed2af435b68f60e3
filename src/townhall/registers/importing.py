"""Reading a file of register entries: JSON lines, one entry a line, refused with its line number.

    {"key": "AB12CDE", "person": "0190…", "from": "2024-01-01", "facts": {"make": "Kia"}}

`person` may be missing where the entry is about no person; in a register that is
read by person the key may be missing, because it is the person. `to` ends the
period. Characters are UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from townhall.registers.checking import FactRefused, checked
from townhall.registers.models import NewFact

MOST_BYTES = 1_000_000
FIELDS = frozenset({"key", "person", "from", "to", "facts"})


class ImportRefused(ValueError):
    """A line of the file cannot be taken in; nothing of the file is."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"Line {line}: {problem}")
        self.line = line


def entries(file: BinaryIO, *, register: str, legal_basis: str) -> Iterator[NewFact]:
    """Yield the facts of a file, checked against the pack, one after the other.

    Raises
    ------
    ImportRefused
        at the first line that cannot be used.
    """
    found = False
    number = 0
    while raw := file.readline(MOST_BYTES + 1):
        number += 1
        if len(raw) > MOST_BYTES:
            raise ImportRefused(number, f"it is longer than {MOST_BYTES} bytes.")
        line = _text(raw, number)
        if not line.strip():
            continue
        found = True
        yield from _facts(line, number, register, legal_basis)
    if not found:
        raise ImportRefused(number or 1, "the file is empty.")


def _text(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise ImportRefused(
            number, f"byte {error.start + 1} is not UTF-8. Save the file as UTF-8."
        ) from error


def _facts(line: str, number: int, register: str, legal_basis: str) -> Iterator[NewFact]:
    try:
        entry = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ImportRefused(number, f"it is not complete JSON ({error}).") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("facts"), dict):
        raise ImportRefused(number, 'it must be an object with "facts".')
    if strange := sorted(set(entry) - FIELDS):
        raise ImportRefused(
            number, f'it has "{strange[0]}"; known are {", ".join(sorted(FIELDS))}.'
        )
    person = _person(entry.get("person"), number)
    key = entry.get("key") or (str(person) if person else None)
    if not isinstance(key, str):
        raise ImportRefused(number, 'it needs a "key" (text), or a "person".')
    valid_from, valid_to = (_day(entry.get(name), name, number) for name in ("from", "to"))
    if valid_from is None:
        raise ImportRefused(number, 'it needs "from", the day since which the facts hold.')
    if valid_to is not None and valid_to <= valid_from:
        raise ImportRefused(number, f'"to" ({valid_to}) must be later than "from".')
    for kind, value in entry["facts"].items():
        fact = NewFact(
            register, key, person, kind, value, valid_from, valid_to, legal_basis=legal_basis
        )
        try:
            yield checked(fact)
        except FactRefused as error:
            raise ImportRefused(number, str(error)) from error


def _person(given: Any, number: int) -> UUID | None:
    if given is None:
        return None
    try:
        return UUID(str(given))
    except ValueError as error:
        raise ImportRefused(number, f'"person" is not an id: {str(given)[:40]!r}.') from error


def _day(given: Any, name: str, number: int) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise ImportRefused(
            number, f'"{name}" must be a day like 2026-11-25, not {str(given)[:40]!r}.'
        ) from error
