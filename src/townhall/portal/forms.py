"""What a browser sends for the questions of a page, and what it sent.

The names of inputs are those that `catalogue.engine.datatypes` reads: `plate`, `born.day`,
`home.line1`, `spot.lat`, `children.0.name`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from townhall.catalogue.engine.definition import Datum

PARTS = {
    "date": ("day", "month", "year"),
    "address": ("line1", "line2", "town", "postcode"),
    "place": ("lat", "lon", "words"),
}
"""The inputs of a question that has several."""


def sent_from(datum: Datum, answer: Any, name: str = "") -> dict[str, list[Any]]:
    """Return a canonical answer as form fields, the inverse of `datatypes.parse`."""
    name = name or datum.name
    if answer is None:
        return {}
    if datum.type == "group":
        found: dict[str, list[Any]] = {}
        for position, row in enumerate(answer):
            for key, field in datum.fields.items():
                found.update(sent_from(field, row.get(key), f"{name}.{position}.{key}"))
        return found
    if datum.type == "period":
        return {k: v for end in ("start", "end") for k, v in _day(f"{name}.{end}", answer[end])}
    if datum.type == "date":
        return dict(_day(name, answer))
    if parts := PARTS.get(datum.type):
        return {
            f"{name}.{part}": ["" if answer.get(part) is None else str(answer[part])]
            for part in parts
        }
    if datum.type == "yes/no":
        return {name: ["yes" if answer else "no"]}
    if datum.type == "file":
        return {}
    return {name: [str(each) for each in answer] if isinstance(answer, list) else [str(answer)]}


def sent(request: HttpRequest) -> dict[str, list[Any]]:
    """Return everything a form sent, files among it, as `accept` wants it."""
    form: dict[str, list[Any]] = {name: list(values) for name, values in request.POST.lists()}
    for name, files in request.FILES.lists():
        form[name] = [*form.get(name, ()), *files]
    return form


def _day(name: str, iso: str) -> list[tuple[str, list[Any]]]:
    year, month, day = iso.split("-")
    parts = (("day", str(int(day))), ("month", str(int(month))), ("year", year))
    return [(f"{name}.{part}", [value]) for part, value in parts]
