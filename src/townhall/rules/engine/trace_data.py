"""A trace as plain JSON data, and back without loss.

Texts, yes/no and lists are JSON's own; every other value is an object that
names its kind, so that 12 pounds do not come back as a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from .values import ABSENT, UNKNOWN, Duration, Money, Special, Value, failed

if TYPE_CHECKING:
    from .explain import Step

_TEXTS = ("kind", "note", "operation", "name", "unit")


def encode(step: Step) -> dict[str, Any]:
    """Return the step and all below it; what is empty is left out."""
    data: dict[str, Any] = {"text": step.text, "value": encode_value(step.value)}
    data.update((key, getattr(step, key)) for key in _TEXTS if getattr(step, key))
    if step.since is not None:
        data["since"] = step.since.isoformat()
    if step.item:
        data["item"] = step.item
    if step.told:
        data["told"] = dict(step.told)
    if step.why:
        data["why"] = dict(step.why)
    if step.children:
        data["children"] = [encode(child) for child in step.children]
    return data


def decode(make: type[Step], data: Mapping[str, Any]) -> Step:
    """Return the step that `encode` gave; raises ValueError if it did not."""
    try:
        return make(
            text=data["text"],
            value=decode_value(data["value"]),
            children=tuple(decode(make, child) for child in data.get("children", ())),
            since=date.fromisoformat(data["since"]) if "since" in data else None,
            item=data.get("item", 0),
            told=tuple(data.get("told", {}).items()),
            why=tuple(data.get("why", {}).items()),
            **{key: data.get(key, "") for key in _TEXTS},
        )
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError(f"these are not the data of a trace: {error!r}") from error


def encode_value(value: Value) -> Any:
    """Return a value of the expression language as JSON data."""
    match value:
        case str() | bool():
            return value
        case Decimal():
            return {"number": str(value)}
        case int():
            return {"number": str(value)}
        case Money(amount=amount, currency=currency):
            return {"money": str(amount), "currency": currency}
        case date():
            return {"date": value.isoformat()}
        case Duration(months=months, days=days, working_days=working_days):
            return {"duration": [months, days, working_days]}
        case list() | tuple():
            return [encode_value(item) for item in value]
        case Mapping():
            return {"record": {str(key): encode_value(part) for key, part in value.items()}}
        case Special(error=None):
            return {"special": value.name.lower()}
        case Special():
            return {"failed": str(value.error)}
    return {"other": str(value)}


def decode_value(data: Any) -> Value:
    """Return the value that `encode_value` gave."""
    if isinstance(data, list):
        return tuple(decode_value(item) for item in data)
    if not isinstance(data, Mapping):
        return data
    match data:
        case {"number": number}:
            return Decimal(number)
        case {"money": amount, "currency": currency}:
            return Money(Decimal(amount), currency)
        case {"date": day}:
            return date.fromisoformat(day)
        case {"duration": [months, days, working_days]}:
            return Duration(months, days, working_days)
        case {"record": parts}:
            return {key: decode_value(part) for key, part in parts.items()}
        case {"special": name}:
            return {"unknown": UNKNOWN, "absent": ABSENT}[name]
        case {"failed": words}:
            return failed(ArithmeticError(words))
        case {"other": words}:
            return words
    raise KeyError("value")
