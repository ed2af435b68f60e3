"""The types of register facts: how a pack declares them, stores and computes them.

`text`, `date`, ... are scalars; a mapping is a record; `[shape]` or
`{type: list, of: shape}` is a list. Canonical JSON is what registers hand over
and drafts keep; typed values are what expressions compute with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from townhall.catalogue.engine.words import NO_TEXT, NOTHING, Text
from townhall.rules.engine import (
    ABSENT,
    DATE,
    NUMBER,
    PLACE,
    TEXT,
    YES_NO,
    ListType,
    Money,
    MoneyType,
    RecordType,
)
from townhall.rules.engine import Type as ExpressionType

ADDRESS_FIELDS: Final = ("line1", "line2", "town", "postcode")
TEXTUAL: Final = frozenset({"text", "email", "phone", "plate", "choice"})
SCALARS: Final = TEXTUAL | {"number", "money", "date", "yes/no", "place"}
YES: Final = frozenset({"yes", "true", "on"})
NO: Final = frozenset({"no", "false", "off"})


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of one fact: a scalar kind, `record` with fields, or `list`.

    `hidden` parts are computed with and never shown: identifiers, flags.
    """

    kind: str
    fields: Mapping[str, Shape] = NOTHING
    item: Shape | None = None
    title: Text = NO_TEXT
    hidden: bool = False


ADDRESS: Final = Shape("address", {name: Shape("text") for name in ADDRESS_FIELDS})


class WrongShape(ValueError):
    """A value does not have the shape that the pack declares for it."""


def expression_type(shape: Shape, name: str, currency: str) -> ExpressionType:
    """Return the type by which expressions know values of this shape."""
    if shape.kind in TEXTUAL:
        return TEXT
    if shape.kind == "list":
        assert shape.item is not None
        return ListType(expression_type(shape.item, name, currency))
    if shape.kind in ("record", "address"):
        return RecordType(
            name,
            {key: expression_type(field, key, currency) for key, field in shape.fields.items()},
        )
    return {
        "number": NUMBER,
        "money": MoneyType(currency),
        "date": DATE,
        "yes/no": YES_NO,
        "place": PLACE,
    }[shape.kind]


def canonical(shape: Shape, given: Any, where: str = "the value") -> Any:
    """Bring a value into the canonical JSON of its shape.

    Texts stand for every scalar (`"12.50"`, `"yes"`, `"2020-01-31"`), so that
    strict YAML fixtures need no types of their own. Missing parts become None.

    Raises
    ------
    WrongShape
        Naming the part that does not fit.
    """
    if given is None:
        return None
    if shape.kind == "list":
        assert shape.item is not None
        if not isinstance(given, (list, tuple)):
            raise WrongShape(f"{where} must be a list")
        return [
            canonical(shape.item, each, f"{where}[{number}]") for number, each in enumerate(given)
        ]
    if shape.kind in ("record", "address"):
        if not isinstance(given, Mapping):
            raise WrongShape(f"{where} must have the parts {', '.join(shape.fields)}")
        strange = [key for key in given if key not in shape.fields]
        if strange:
            raise WrongShape(
                f'{where} has no part "{strange[0]}"; it has: {", ".join(shape.fields)}'
            )
        return {
            key: canonical(field, given.get(key), f"{where}.{key}")
            for key, field in shape.fields.items()
        }
    return _scalar(shape.kind, given, where)


def _scalar(kind: str, given: Any, where: str) -> Any:
    try:
        if kind in TEXTUAL:
            if isinstance(given, str):
                return given
        elif kind in ("number", "money"):
            number = _number(given)
            return f"{number:.2f}" if kind == "money" else f"{number:f}"
        elif kind == "date":
            return date.fromisoformat(str(given)).isoformat()
        elif kind == "yes/no":
            return _yes_no(given)
        elif kind == "place" and isinstance(given, Mapping):
            return place(given)
    except (ValueError, InvalidOperation, TypeError):
        pass
    raise WrongShape(f"{where} must be {kind}, not {str(given)[:40]!r}")


def _number(given: Any) -> Decimal:
    if isinstance(given, bool):
        raise TypeError
    number = Decimal(str(given))
    if not number.is_finite():
        raise ValueError
    return number


def _yes_no(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if str(given).lower() in YES:
        return True
    if str(given).lower() in NO:
        return False
    raise ValueError


def place(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place as canonical JSON: degrees as plain numbers, and words.

    Raises
    ------
    ValueError
        If a coordinate is no number or not on the globe.
    """
    found: dict[str, Any] = {"lat": None, "lon": None, "words": str(given.get("words") or "")}
    for name, limit in (("lat", 90), ("lon", 180)):
        if given.get(name) not in (None, ""):
            degrees = _number(given[name])
            if abs(degrees) > limit:
                raise ValueError(f"{name} must lie between -{limit} and {limit}")
            found[name] = float(round(degrees, 6))
    return found


def typed(shape: Shape, stored: Any, currency: str) -> Any:
    """Return canonical JSON as a value for expressions; None becomes ABSENT."""
    if stored is None:
        return ABSENT
    if shape.kind in TEXTUAL:
        return stored
    if shape.kind == "list":
        assert shape.item is not None
        return tuple(typed(shape.item, each, currency) for each in stored)
    if shape.kind in ("record", "address"):
        return {key: typed(part, stored.get(key), currency) for key, part in shape.fields.items()}
    if shape.kind == "number":
        return Decimal(stored)
    if shape.kind == "money":
        return Money(Decimal(stored), currency)
    if shape.kind == "date":
        return date.fromisoformat(stored)
    if shape.kind == "place":
        return typed_place(stored)
    return stored


def typed_place(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place for expressions: degrees as Decimal, words as text."""
    return {
        "lat": None if stored.get("lat") is None else Decimal(str(stored["lat"])),
        "lon": None if stored.get("lon") is None else Decimal(str(stored["lon"])),
        "words": stored.get("words") or "",
    }
