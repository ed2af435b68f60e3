"""The functions that expressions may call.

`Function` is a pure function with one fixed signature; a pack adds its own in
the same class. `Form` is a function whose type depends on its arguments, such
as `min`; the checker knows each by name. `BUILTINS` lists them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from . import calendar
from .errors import EvaluationError
from .types import DATE, NUMBER, PLACE, TEXT, YES_NO, ChoiceType, Type
from .values import Value, parse_date

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function: same arguments, same result, nothing else touched.

    Parameters
    ----------
    name
        How expressions call it.
    parameters
        Types of its arguments, in order.
    result
        Type of what it gives; whole numbers may be given as `int`.
    call
        The Python function. It gets only known values, and may raise
        `EvaluationError`.
    doc
        One sentence for the reference page.
    variadic
        Whether the last parameter may be repeated, or left out.
    """

    name: str
    parameters: tuple[Type, ...]
    result: Type
    call: Callable[..., Value]
    doc: str = ""
    variadic: bool = False

    @property
    def usage(self) -> str:
        """How a call looks: `add_days(date, number)`."""
        words = ", ".join(str(kind) for kind in self.parameters)
        return f"{self.name}({words}{', ...' if self.variadic else ''})"


@dataclass(frozen=True, slots=True)
class Form:
    """A function whose type depends on its arguments; the checker knows its name."""

    name: str
    usage: str
    doc: str


AnyFunction: TypeAlias = Function | Form


def whole(number: Decimal, what: str) -> int:
    """Return the number as int.

    Raises
    ------
    EvaluationError
        If it has a fraction or is absurdly large.
    """
    if abs(number) > calendar.MAX_DAYS or number != number.to_integral_value():
        raise EvaluationError(f"{what} must be a whole number of a sensible size, not {number}.")
    return int(number)


def _add_days(day: date, number: Decimal) -> date:
    return calendar.add_days(day, whole(number, "The number of days"))


def _add_months(day: date, number: Decimal) -> date:
    return calendar.add_months(day, whole(number, "The number of months"))


def _add_years(day: date, number: Decimal) -> date:
    return calendar.add_months(day, 12 * whole(number, "The number of years"))


def _days_between(start: date, end: date) -> int:
    return (end - start).days


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _position(place: Any) -> tuple[float, float]:
    latitude, longitude = place.get("lat"), place.get("lon")
    if latitude is None or longitude is None:
        raise EvaluationError("A place that is given in words only has no position.")
    return math.radians(float(latitude)), math.radians(float(longitude))


def _distance(one: Any, other: Any) -> Decimal:
    """Great-circle distance on a sphere of the earth's mean radius (IUGG), in metres."""
    (lat1, lon1), (lat2, lon2) = _position(one), _position(other)
    part = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return Decimal(round(2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(part)))))


def _contains(text: str, part: str) -> bool:
    return part in text


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_letters(text: str) -> bool:
    return bool(text) and all(part.isalpha() for part in text.split())


# Formats for `matches_type`; a pack adds its own (number plates, postcodes).
FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_date,
    "digits": _is_digits,
    "letters": _is_letters,
}

FUNCTIONS: Final = (
    Function(
        "years_between",
        (DATE, DATE),
        NUMBER,
        calendar.years_between,
        "Full years from the first date to the second: an age.",
    ),
    Function(
        "months_between",
        (DATE, DATE),
        NUMBER,
        calendar.months_between,
        "Full months from the first date to the second.",
    ),
    Function(
        "days_between",
        (DATE, DATE),
        NUMBER,
        _days_between,
        "Days from the first date to the second.",
    ),
    Function("add_days", (DATE, NUMBER), DATE, _add_days, "The date so many days later."),
    Function(
        "add_months",
        (DATE, NUMBER),
        DATE,
        _add_months,
        "The corresponding date so many months later, or the last day of a shorter month.",
    ),
    Function(
        "add_years",
        (DATE, NUMBER),
        DATE,
        _add_years,
        "The corresponding date so many years later; 28 February for 29 February.",
    ),
    Function(
        "weekday", (DATE,), ChoiceType(WEEKDAYS), _weekday, "The day of the week: 'monday' ..."
    ),
    Function("lower", (TEXT,), TEXT, str.lower, "The text in small letters."),
    Function("length", (TEXT,), NUMBER, len, "How many characters the text has."),
    Function(
        "contains", (TEXT, TEXT), YES_NO, _contains, "Whether the second text is in the first."
    ),
    Function(
        "starts_with",
        (TEXT, TEXT),
        YES_NO,
        str.startswith,
        "Whether the first text begins with the second.",
    ),
    Function(
        "distance_m",
        (PLACE, PLACE),
        NUMBER,
        _distance,
        "Metres between two places, along the earth.",
    ),
)

FORMS: Final = (
    Form("present", "present(name)", "Whether the datum is there at all."),
    Form("count", "count(list) or count(list, condition)", "How many items there are."),
    Form("sum", "sum(list) or sum(list, value)", "The sum over the items; 0 for none."),
    Form("any", "any(list, condition)", "Whether the condition holds for an item."),
    Form("all", "all(list, condition)", "Whether it holds for every item; yes for none."),
    Form("min", "min(a, b, ...) or min(list, value)", "The least of the values."),
    Form("max", "max(a, b, ...) or max(list, value)", "The greatest of the values."),
    Form("round", "round(value) or round(value, decimals)", "Rounded, a half away from zero."),
    Form("floor", "floor(value) or floor(value, decimals)", "Rounded down."),
    Form("ceiling", "ceiling(value) or ceiling(value, decimals)", "Rounded up."),
    Form("number", "number(choice)", "The number that a choice such as 3, 6, 12 stands for."),
    Form("date", "date('2026-04-06')", "A date, written out."),
    Form("duration", "duration('8 weeks')", "A span of time, written out."),
    Form(
        "add_working_days",
        "add_working_days(date, number)",
        "The working day so many working days later.",
    ),
    Form(
        "working_days_between",
        "working_days_between(date, date)",
        "Working days after the first date up to the second.",
    ),
    Form("rate", "rate('key') or rate('key', date)", "The dated parameter in force today."),
    Form(
        "tariff",
        "tariff('table', key, ...)",
        "The entry of a dated tariff in force today; a date may follow the keys.",
    ),
    Form(
        "matches_type",
        "matches_type(text, 'format')",
        "Whether the text is written in a known format.",
    ),
)

BUILTINS: Final[tuple[AnyFunction, ...]] = (*FORMS, *FUNCTIONS)
