"""Stored answers as the values that expressions compute with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.definition import Datum
from townhall.rules.engine import (
    ABSENT,
    ANY,
    DATE,
    FILE,
    NUMBER,
    PLACE,
    TEXT,
    YES_NO,
    ChoiceType,
    ListType,
    Money,
    MoneyType,
    RecordType,
)
from townhall.rules.engine import Type as ExpressionType

PERIOD = RecordType("period", {"start": DATE, "end": DATE})


def type_of(datum: Datum) -> ExpressionType:
    """Return the type by which expressions know the datum."""
    if datum.expression_type is not None:
        return datum.expression_type
    if datum.shape is not None:
        return shapes.expression_type(datum.shape, datum.name, datum.currency)
    if datum.type == "choice":
        chosen = ChoiceType(tuple(option.value for option in datum.options))
        return ListType(chosen) if datum.several else chosen
    if datum.type == "group":
        fields = {name: type_of(field) for name, field in datum.fields.items()}
        return ListType(RecordType(datum.name, fields))
    if datum.type == "address":
        return shapes.expression_type(shapes.ADDRESS, datum.name, datum.currency)
    return {
        "number": NUMBER,
        "money": MoneyType(datum.currency),
        "date": DATE,
        "yes/no": YES_NO,
        "place": PLACE,
        "file": FILE,
        "period": PERIOD,
        "computed": ANY,
    }.get(datum.type, TEXT)


def value_of(datum: Datum, stored: Any) -> Any:
    """Return a stored answer as a value; None (left empty) is ABSENT."""
    if stored is None:
        return ABSENT
    match datum.type:
        case "number":
            return Decimal(stored)
        case "money":
            return Money(Decimal(stored), datum.currency)
        case "date":
            return date.fromisoformat(stored)
        case "period":
            return {name: date.fromisoformat(stored[name]) for name in ("start", "end")}
        case "place":
            return shapes.typed_place(stored)
        case "group":
            return tuple(
                {name: value_of(field, row.get(name)) for name, field in datum.fields.items()}
                for row in stored
            )
        case "choice" if datum.several:
            return tuple(stored)
        case "address":
            return {name: stored.get(name) or "" for name in shapes.ADDRESS_FIELDS}
        case _:
            return stored


def fact_value(datum: Datum, stored: Any) -> Any:
    """Return a register fact, in canonical JSON of its shape, as a value."""
    if datum.shape is None:
        return value_of(datum, stored)
    return shapes.typed(datum.shape, stored, datum.currency)


def key_text(value: Any) -> str:
    """Return the text by which a register is read for a key value."""
    if isinstance(value, Mapping):
        return str(value.get("id", ""))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return f"{value.amount:f}"
    return str(value)
