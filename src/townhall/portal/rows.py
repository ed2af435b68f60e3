"""Rows of a group in a form: `children.0.name`, `children.1.name`, …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Form = Mapping[str, Sequence[Any]]


def rows_of(name: str, values: Form) -> list[int]:
    """Return the numbers of the rows that a form has for a group."""
    begin = name + "."
    found = {key[len(begin) :].partition(".")[0] for key in values if key.startswith(begin)}
    return sorted(int(each) for each in found if each.isascii() and each.isdigit())


def with_row(name: str, values: Form) -> dict[str, Sequence[Any]]:
    """Return the form with one more, empty, row in the group."""
    numbers = rows_of(name, values)
    return {**values, f"{name}.{numbers[-1] + 1 if numbers else 0}.": [""]}


def without_rows(name: str, values: Form) -> dict[str, Sequence[Any]]:
    """Return the form without the rows of the group whose *Remove* was pressed."""
    begins = tuple(f"{name}.{each}." for each in values.get(f"{name}.remove", ()))
    return {key: sent for key, sent in values.items() if not (begins and key.startswith(begins))}


def renumbered(name: str, values: Form) -> dict[str, Sequence[Any]]:
    """Return the form with the group's filled rows as 0, 1, 2 …: so the catalogue counts them."""
    filled = [
        number
        for number in rows_of(name, values)
        if any(
            str(each).strip()
            for key, sent in values.items()
            if key.startswith(f"{name}.{number}.")
            for each in sent
        )
    ]
    renamed: dict[str, Sequence[Any]] = {
        key: sent for key, sent in values.items() if not _is_row(name, key)
    }
    for position, number in enumerate(filled):
        begin = f"{name}.{number}."
        for key, sent in values.items():
            if key.startswith(begin):
                renamed[f"{name}.{position}.{key[len(begin) :]}"] = sent
    return renamed


def _is_row(name: str, key: str) -> bool:
    row = key[len(name) + 1 :].partition(".")[0] if key.startswith(name + ".") else ""
    return row.isascii() and row.isdigit()
