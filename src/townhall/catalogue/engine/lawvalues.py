"""Values of the law as expressions hold them: their types, and how they come over."""

from __future__ import annotations

from datetime import date
from typing import Any

from townhall.rules.engine import (
    DATE,
    NUMBER,
    UNKNOWN,
    YES_NO,
    ChoiceType,
    Money,
    MoneyType,
    Type,
)
from townhall.rules.engine.law import Unit


def type_of(unit: Unit) -> Type:
    """Return the type that a value of the law has in an expression."""
    if unit.is_money:
        return MoneyType(unit.base)
    if unit.base == "date":
        return DATE
    if unit.base == "yes/no":
        return YES_NO
    return ChoiceType(unit.options) if unit.base == "choice" else NUMBER


def outward(value: Any, unit: Unit) -> Any:
    """Return a value of the law as expressions hold it."""
    if value is None:
        return UNKNOWN
    if unit.is_money:
        return Money(value, unit.base)
    if unit.base == "date":
        return date.fromordinal(value)
    if unit.base == "choice":
        return unit.options[value]
    return value * 100 if unit.base == "percent" else value
