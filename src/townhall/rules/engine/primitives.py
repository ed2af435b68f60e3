"""What each operation does with values, unknown values and failures included.

Three-valued logic after Kleene. The rules, in order of strength:

1. `and`, `or`, `if`, `any`, `all` give a result as soon as the known operands
   fix it, in whatever order they stand: `false and x` is false, even if x is
   unknown, absent or has no result.
2. A *failure* (an absent datum used, a division by zero) makes the result of
   every other operation a failure.
3. Otherwise an *unknown* operand makes it unknown.

So `present(x) and x > 3` is simply false where x is absent, and a failure that
cannot matter is never raised.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from .errors import AbsentUsed, EvaluationError, WrongValue
from .types import (
    ANY,
    DATE,
    DURATION,
    FILE,
    NUMBER,
    PLACE,
    YES_NO,
    ListType,
    MoneyType,
    RecordType,
    Type,
    is_text,
)
from .values import ABSENT, CONTEXT, UNKNOWN, Duration, Money, Special, Value, failed

# --- admitting values from outside

_CLASSES: Final[Mapping[Type, type]] = {DURATION: Duration, YES_NO: bool, DATE: date}


def admit(value: Value, kind: Type, dotted: str) -> Value:
    """Return a value from outside as the engine holds it.

    Whole numbers become Decimal, None becomes absent. What does not have the
    declared type becomes a failure that says so.
    """
    if value is None or value is ABSENT:
        return failed(AbsentUsed(dotted))
    if value.__class__ is Special:
        return value
    if kind == NUMBER:
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        fits = isinstance(value, Decimal) and value.is_finite()
    elif isinstance(kind, MoneyType):
        fits = isinstance(value, Money) and value.currency == kind.currency
    elif is_text(kind):
        fits = isinstance(value, str)
    elif kind == DATE:
        fits = value.__class__ is date
    elif isinstance(kind, ListType):
        fits = isinstance(value, (list, tuple))
    elif isinstance(kind, RecordType) or kind == PLACE:
        fits = isinstance(value, Mapping)
    else:
        fits = kind in (ANY, FILE) or isinstance(value, _CLASSES.get(kind, object))
    if fits:
        return value
    return failed(WrongValue(f'"{dotted}" must be {kind}, but {type(value).__name__} was given.'))


def admission(kind: Type, dotted: str) -> Callable[[Value], Value]:
    """Return `admit` for one name, quick for values of the expected class."""

    def number(value: Value) -> Value:
        if value.__class__ is Decimal and value.is_finite():
            return value
        return admit(value, kind, dotted)

    if kind == NUMBER:
        return number
    if isinstance(kind, MoneyType):
        currency = kind.currency

        def money(value: Value) -> Value:
            if value.__class__ is Money and value.currency == currency:
                return value
            return admit(value, kind, dotted)

        return money
    expected = str if is_text(kind) else _CLASSES.get(kind)

    def other(value: Value) -> Value:
        return value if value.__class__ is expected else admit(value, kind, dotted)

    return other


def part_of(value: Value, path: Iterable[str], dotted: str) -> Value:
    """Follow a dotted name into a record; a part that is missing is unknown."""
    for part in path:
        if value.__class__ is Special or value is None:
            return value
        if not isinstance(value, Mapping):
            return failed(
                WrongValue(f'"{dotted}" has a part "{part}" taken of {type(value).__name__}.')
            )
        value = value.get(part, UNKNOWN)
    return value


def special_inside(value: Value, depth: int = 8) -> Special | None:
    """Return what a list or record holds that is no value: a failure, else unknown."""
    if value.__class__ is Special:
        return None if value is ABSENT else value
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return strict(special_inside(part, depth - 1) for part in value.values())
    if isinstance(value, (list, tuple)):
        return strict(special_inside(part, depth - 1) for part in value)
    return None


# --- logic


def conjunction(values: Iterable[Value]) -> Value:
    """`and`: no if one is no, else unknown if one is unknown, else a failure, else yes."""
    special: Special | None = None
    for value in values:
        if value is False:
            return False
        if value.__class__ is Special and special is not UNKNOWN:
            special = value
    return True if special is None else special


def disjunction(values: Iterable[Value]) -> Value:
    """`or`: yes if one is yes, else unknown if one is unknown, else a failure, else no."""
    special: Special | None = None
    for value in values:
        if value is True:
            return True
        if value.__class__ is Special and special is not UNKNOWN:
            special = value
    return False if special is None else special


def choose(condition: Value, then: Value, otherwise: Value) -> Value:
    """`if`; two branches that agree are the result, whatever the condition is.

    So a condition that fails is an error only once the branches are known to
    differ.
    """
    if condition is True:
        return then
    if condition is False:
        return otherwise
    if then is UNKNOWN or otherwise is UNKNOWN:
        return UNKNOWN
    known = then.__class__ is not Special and otherwise.__class__ is not Special
    return then if known and then == otherwise else condition


def strict(values: Iterable[Value]) -> Special | None:
    """Return what an operation gives that needs all its operands; None if all are known."""
    found: Special | None = None
    for value in values:
        if value.__class__ is Special:
            if value is not UNKNOWN:
                return value
            found = UNKNOWN
    return found


def member(value: Value, items: Value) -> Value:
    """`in`: yes if an item equals, else unknown if one is unknown, else a failure, else no."""
    special = strict((value, items))
    if special is not None:
        return special
    found: Special | None = None
    for item in items:
        if item.__class__ is Special:
            if item is not ABSENT and found is not UNKNOWN:
                found = item
        elif item == value:
            return True
    return False if found is None else found


# --- amounts


def divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise EvaluationError("A number is divided by zero.")
    return CONTEXT.divide(left, right)


def divide_money(left: Money, right: Decimal) -> Money:
    return Money(divide(left.amount, right), left.currency)


def money_ratio(left: Money, right: Money) -> Decimal:
    return divide(left.amount, right.amount)


def join_durations(left: Duration, right: Duration) -> Duration:
    return Duration(
        left.months + right.months,
        left.days + right.days,
        left.working_days + right.working_days,
    )


def span(end: date, start: date) -> Duration:
    return Duration(days=(end - start).days)


_ROUNDINGS: Final = {
    "round": decimal.ROUND_HALF_UP,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}


def rounding(name: str, decimals: int) -> Callable[[Decimal], Decimal]:
    """Return the function that rounds to so many decimals."""
    unit = Decimal(1).scaleb(-decimals)
    mode = _ROUNDINGS[name]

    def rounded(value: Decimal) -> Decimal:
        return value.quantize(unit, rounding=mode, context=CONTEXT)

    def rounded_to_tens(value: Decimal) -> Decimal:
        quotient = CONTEXT.divide(value, unit).quantize(Decimal(1), rounding=mode, context=CONTEXT)
        return CONTEXT.multiply(quotient, Decimal(10) ** -decimals)

    return rounded if decimals >= 0 else rounded_to_tens


def total(values: Iterable[Value], zero: Value) -> Value:
    """`sum`."""
    found = list(values)
    special = strict(found)
    if special is not None:
        return special
    result = zero
    if isinstance(zero, Decimal):
        for value in found:
            result = CONTEXT.add(result, value)
        return result
    for value in found:
        result = result + value
    return result


def extreme(values: Iterable[Value], pick: Callable[[Any], Any], what: str) -> Value:
    """`min` and `max`."""
    found = list(values)
    special = strict(found)
    if special is not None:
        return special
    if not found:
        raise EvaluationError(f"There is no {what} of an empty list.")
    return pick(found)


def tally(values: Iterable[Value]) -> Value:
    """`count` with a condition."""
    found = list(values)
    special = strict(found)
    return Decimal(sum(found)) if special is None else special


def entry_key(value: Value) -> str:
    """How a value is written as the key of a tariff."""
    if isinstance(value, Decimal):
        return f"{value.normalize(CONTEXT):f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
