"""JSON Schema 2020-12 of what a program sends to apply for a service."""

from __future__ import annotations

from typing import Any, Final

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.datatypes.display import in_language
from townhall.catalogue.engine.datatypes.reading import MAX_FILES
from townhall.catalogue.engine.datatypes.scalars import MAX_LINE, MAX_TEXT
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.interview import askable

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DATE: Final = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_LINE: Final = {"type": "string", "maxLength": MAX_LINE}
_FILE: Final = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "uuid"},
        "name": {"type": "string"},
        "media_type": {"type": "string"},
        "size": {"type": "integer", "minimum": 1},
    },
    "required": ["file"],
}


def answers_schema(definition: Definition, language: str = "") -> dict[str, Any]:
    """Return the schema of the answers, titles in a language.

    It says what each answer looks like; whether a question exists depends on
    the others (`x-townhall-when` tells the condition), so `required` holds only
    questions that are always asked.
    """
    language = language or next(iter(definition.languages), "en")
    asked = [datum for datum in definition.data.values() if askable(datum)]
    return {
        "$schema": DIALECT,
        "$id": f"urn:townhall:service:{definition.service}:{definition.hash}",
        "title": in_language(definition.title, language),
        "type": "object",
        "properties": {datum.name: _datum(datum, language) for datum in asked},
        "required": [
            datum.name
            for datum in asked
            if datum.kind == "asked"
            and datum.when is None
            and not datum.stands_in_for
            and (datum.required or (datum.repeat and datum.repeat.min > 0))
        ],
        "additionalProperties": False,
    }


def _datum(datum: Datum, language: str) -> dict[str, Any]:
    found = dict(_type(datum, language))
    if not datum.required and datum.type != "group":
        found = {"anyOf": [found, {"type": "null"}]}
    found["title"] = in_language(datum.label, language)
    if datum.hint:
        found["description"] = in_language(datum.hint, language)
    if datum.when is not None:
        found["x-townhall-when"] = datum.when.canonical
    return found


def _type(datum: Datum, language: str) -> dict[str, Any]:
    match datum.type:
        case "number" | "money":
            return _number(datum)
        case "date":
            return _DATE
        case "period":
            return {
                "type": "object",
                "properties": {"start": _DATE, "end": _DATE},
                "required": ["start", "end"],
                "additionalProperties": False,
            }
        case "yes/no":
            return {"type": "boolean"}
        case "choice":
            return _choice(datum, language)
        case "address":
            return {
                "type": "object",
                "properties": {name: {"type": "string"} for name in shapes.ADDRESS_FIELDS},
                "required": ["line1", "town", "postcode"],
                "additionalProperties": False,
            }
        case "place":
            return _place()
        case "file":
            return {"type": "array", "items": _FILE, "maxItems": MAX_FILES if datum.several else 1}
        case "group":
            return _group(datum, language)
        case "email":
            return {"type": "string", "format": "email", "maxLength": 254}
        case "phone" | "plate":
            return {"type": "string", "maxLength": 40}
    most = datum.max_length or (MAX_TEXT if datum.lines > 1 else MAX_LINE)
    return {"type": "string", "maxLength": most}


def _number(datum: Datum) -> dict[str, Any]:
    """Numbers travel as text, so that nobody on the way rounds them; plain ones are taken too."""
    found: dict[str, Any] = {"type": ["string", "number"], "pattern": r"^[+-]?\d+(\.\d+)?$"}
    if datum.min is not None:
        found["minimum"] = _plain(datum.min)
    if datum.max is not None:
        found["maximum"] = _plain(datum.max)
    return found


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def _choice(datum: Datum, language: str) -> dict[str, Any]:
    one = {
        "oneOf": [
            {"const": option.value, "title": in_language(option.text, language)}
            for option in datum.options
        ]
    }
    if not datum.several:
        return one
    return {"type": "array", "items": one, "uniqueItems": True}


def _place() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90},
            "lon": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
            "words": _LINE,
        },
        "additionalProperties": False,
    }


def _group(datum: Datum, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {name: _datum(field, language) for name, field in datum.fields.items()},
            "required": [
                name
                for name, field in datum.fields.items()
                if field.required and field.when is None
            ],
            "additionalProperties": False,
        },
    }
    if datum.repeat is not None:
        found["minItems"], found["maxItems"] = datum.repeat.min, datum.repeat.max
    return found
