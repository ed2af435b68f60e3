"""From the fields of a form, or the body of a program, to canonical answers.

Form fields are named after the datum: `plate`, `born.day`, `home.line1`,
`spot.lat`, `children.0.name`. A program sends the canonical JSON itself. Both
ways meet in `_check`, so they can never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.datatypes import scalars
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.messages import N_, Invalid, Message

Raw = Mapping[str, Sequence[Any]]
"""Form fields: each name with all values sent under it."""

MAX_FILES: Final = 10
_FILE_KEYS: Final = frozenset({"file", "name", "media_type", "size"})
_UUID: Final = re.compile(r"[0-9a-fA-F-]{32,36}")
_PARTS: Final = {
    "date": ("day", "month", "year"),
    "address": shapes.ADDRESS_FIELDS,
    "place": ("words", "lat", "lon"),
}

_CHECKS: Final = {
    "text": scalars.text,
    "email": scalars.email,
    "phone": scalars.phone,
    "plate": scalars.plate,
    "number": scalars.number,
    "money": scalars.money,
    "date": scalars.day,
    "yes/no": scalars.yes_no,
    "place": scalars.place,
    "address": scalars.address,
    "period": scalars.period,
}

_NEEDED: Final = {
    "choice": N_("Choose an answer."),
    "yes/no": N_("Choose yes or no."),
    "date": N_("Enter the date."),
    "file": N_("Choose a file."),
    "place": N_("Say where it is, in words or on the map."),
    "address": N_("Enter the address."),
    "number": N_("Enter a number."),
    "money": N_("Enter an amount of money."),
    "period": N_("Enter the first and the last day."),
    "email": N_("Enter an email address."),
    "phone": N_("Enter a telephone number."),
    "plate": N_("Enter the number plate."),
}


class Judge(Protocol):
    """What only the definition can say about an answer: existence and conditions."""

    def exists(self, field: Datum, row: Mapping[str, Any]) -> bool:
        """Say whether a field of a group is asked in this row."""

    def judge(self, datum: Datum, answer: Any, row: Mapping[str, Any]) -> None:
        """Raise `Invalid` if the answer breaks a condition of the definition."""


def input_names(datum: Datum, prefix: str = "") -> tuple[str, ...]:
    """Return the names of the form fields for the datum, rows of a group as `0`."""
    name = prefix + datum.name
    if datum.type == "group":
        return tuple(
            each for field in datum.fields.values() for each in input_names(field, f"{name}.0.")
        )
    if datum.type == "period":
        return tuple(f"{name}.{end}.{part}" for end in ("start", "end") for part in _PARTS["date"])
    if parts := _PARTS.get(datum.type):
        return tuple(f"{name}.{part}" for part in parts)
    return (name,)


def was_sent(datum: Datum, form: Raw) -> bool:
    """Say whether any field of the datum is in the form."""
    begin = datum.name + "."
    return any(name == datum.name or name.startswith(begin) for name in form)


def parse(datum: Datum, form: Raw, language: str = "en", judge: Judge | None = None) -> Any:
    """Read the answer from form fields.

    Parameters
    ----------
    datum
        The question.
    form
        All fields that were sent; only those of the datum are looked at.
    language
        The reader's language; kept for types that are written differently.
    judge
        The definition's own conditions; without it only the type is checked.

    Returns
    -------
    Canonical JSON, or None for an optional answer left empty.

    Raises
    ------
    Invalid
        With a message for each part that is wrong.
    """
    return _answer(datum, _from_form(datum, form, datum.name), judge, {})


def from_json(datum: Datum, given: Any, judge: Judge | None = None) -> Any:
    """Read the answer from JSON that a program sent; see `parse`."""
    if datum.type == "group" and given is not None and not isinstance(given, (list, tuple)):
        raise Invalid(N_("Send a list of entries."))
    if datum.type == "date" and given is not None and not isinstance(given, str):
        raise Invalid(N_("Enter the date as year-month-day, like 2026-03-27."))
    if datum.type == "yes/no" and given is not None and not isinstance(given, bool):
        raise Invalid(N_("Choose yes or no."))
    return _answer(datum, given, judge, {})


def _from_form(datum: Datum, form: Raw, name: str) -> Any:
    if datum.type == "group":
        return _rows(datum, form, name)
    if datum.type == "file":
        return [each for each in form.get(name, ()) if each not in ("", None)]
    if datum.type == "choice" and datum.several:
        return [each for each in form.get(name, ()) if each != ""]
    if datum.type == "period":
        return {end: _parts(form, f"{name}.{end}", _PARTS["date"]) for end in ("start", "end")}
    if parts := _PARTS.get(datum.type):
        return _parts(form, name, parts)
    return _last(form, name)


def _last(form: Raw, name: str) -> Any:
    values = form.get(name) or ("",)
    return values[-1]


def _parts(form: Raw, name: str, parts: tuple[str, ...]) -> Any:
    if name in form:
        return _last(form, name)
    return {part: _last(form, f"{name}.{part}") for part in parts}


def _rows(datum: Datum, form: Raw, name: str) -> list[dict[str, Any]]:
    begin = name + "."
    numbers: set[int] = set()
    for key in form:
        if key.startswith(begin):
            row = key[len(begin) :].partition(".")[0]
            if row.isascii() and row.isdigit() and len(row) <= 6:
                numbers.add(int(row))
    removed = {str(each) for each in form.get(f"{name}.remove", ())}
    rows = []
    for number in sorted(numbers):
        if str(number) in removed:
            continue
        entry = {
            key: _from_form(field, form, f"{name}.{number}.{key}")
            for key, field in datum.fields.items()
        }
        if any(not _is_empty(each) for each in entry.values()):
            rows.append(entry)
    return rows


def _is_empty(given: Any) -> bool:
    if given is None:
        return True
    if isinstance(given, str):
        return not given.strip()
    if isinstance(given, Mapping):
        return all(_is_empty(each) for each in given.values())
    if isinstance(given, (list, tuple)):
        return not given
    return False


def _answer(datum: Datum, given: Any, judge: Judge | None, row: Mapping[str, Any]) -> Any:
    if _is_empty(given):
        smallest = datum.repeat.min if datum.repeat else 0
        if datum.type == "group" and smallest == 0:
            return []
        if datum.type == "group":
            raise Invalid(N_("Add at least %(limit)s."), limit=smallest)
        if datum.required:
            raise Invalid(_NEEDED.get(datum.type, N_("Enter an answer.")))
        return None
    found = _check(datum, given, judge)
    if judge is not None:
        judge.judge(datum, found, row)
    return found


def _check(datum: Datum, given: Any, judge: Judge | None) -> Any:
    if datum.type == "choice":
        return (scalars.choices if datum.several else scalars.choice)(datum, given)
    if datum.type == "file":
        return _files(datum, given)
    if datum.type == "group":
        return _group(datum, given, judge)
    return _CHECKS[datum.type](datum, given)


def _files(datum: Datum, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, (list, tuple)):
        raise Invalid(N_("Choose a file."))
    most = MAX_FILES if datum.several else 1
    if len(given) > most:
        raise Invalid(N_("Choose at most %(limit)s files."), limit=most)
    found = []
    for each in given:
        if (
            not isinstance(each, Mapping)
            or set(each) != _FILE_KEYS
            or not _UUID.fullmatch(str(each["file"]))
            or isinstance(each["size"], bool)
            or not isinstance(each["size"], int)
        ):
            raise Invalid(N_("Choose a file."))
        if each["size"] == 0:
            raise Invalid(N_("The file is empty."))
        if datum.max_bytes and each["size"] > datum.max_bytes:
            raise Invalid(
                N_("The file is too big; at most %(limit)s MB."), limit=datum.max_bytes // 1_000_000
            )
        found.append(
            {
                "file": str(each["file"]),
                "name": scalars.clean(each["name"])[:255],
                "media_type": scalars.clean(each["media_type"])[:100],
                "size": each["size"],
            }
        )
    return found


def _group(datum: Datum, given: Any, judge: Judge | None) -> list[dict[str, Any]]:
    if not isinstance(given, (list, tuple)):
        raise Invalid(N_("Send a list of entries."))
    assert datum.repeat is not None
    if len(given) > datum.repeat.max:
        raise Invalid(N_("Add at most %(limit)s."), limit=datum.repeat.max)
    if len(given) < datum.repeat.min:
        raise Invalid(N_("Add at least %(limit)s."), limit=datum.repeat.min)
    rows, errors = [], {}
    for number, entry in enumerate(given):
        if not isinstance(entry, Mapping):
            raise Invalid(N_("Send a list of entries."))
        row: dict[str, Any] = {}
        for strange in set(entry) - set(datum.fields):
            errors[f"{number}.{str(strange)[:60]}"] = Message(N_("There is no such question."))
        for name, field in datum.fields.items():
            if judge is not None and field.when is not None and not judge.exists(field, row):
                continue
            try:
                row[name] = _answer(field, entry.get(name), judge, row)
            except Invalid as error:
                for part, message in error.errors.items():
                    errors[f"{number}.{name}" + (f".{part}" if part else "")] = message
        rows.append(row)
    if errors:
        raise Invalid(errors=errors)
    return rows
