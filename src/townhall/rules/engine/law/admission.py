"""Facts as they are given become facts as the law calculates, and are refused by name.

Numbers become Decimal, percentages shares, dates ordinals, choices positions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from townhall.rules.engine.law.entities import ENTITIES
from townhall.rules.engine.law.errors import FactError
from townhall.rules.engine.law.planning import Plan
from townhall.rules.engine.law.situation import EARLIEST, GREATEST, LATEST, Situation
from townhall.rules.engine.law.units import DATE, YES_NO, Unit
from townhall.rules.engine.values import UNKNOWN, Money

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

Columns = Mapping[str, Sequence[Any]]


class Admitted:
    """The facts of a situation as the law calculates with them."""

    def __init__(self, situation: Situation, columns: Columns, open_: frozenset[str]) -> None:
        self.situation = situation
        self.columns = columns
        self.open = open_
        self.sizes = {entity.name: situation.size(entity) for entity in ENTITIES}

    def given(self, law: Law) -> frozenset[str]:
        """Return the names of rules that are supplied."""
        return law.rules & self.columns.keys()

    def lacking(self, planned: Plan) -> tuple[str, ...]:
        """Return the inputs of a plan that are not known for every member."""
        return tuple(
            name
            for number, name in planned.inputs.items()
            if (name not in self.columns or name in self.open)
            and self.sizes[planned.entity(number).name]
        )

    def insist_on_order(self, law: Law, day: date) -> None:
        """Refuse dates that lie before or after what they cannot.

        Raises
        ------
        FactError
            Naming the fact.
        """
        for name, least, greatest in law.book.ordered:
            values = self.columns.get(name)
            if values is None:
                continue
            for limit, sign, words in ((least, -1, "before"), (greatest, 1, "after")):
                others = self._limits(limit, day, len(values))
                for member, (value, other) in enumerate(zip(values, others, strict=True)):
                    if UNKNOWN in (value, other):
                        continue
                    if (value - other) * sign > 0:
                        shown, bound = (date.fromordinal(each) for each in (value, other))
                        what = "the day of decision" if limit == "today" else f'"{limit}"'
                        raise FactError(
                            name,
                            member,
                            f'"{name}" is {shown.isoformat()}, which is {words} {what}, '
                            f"{bound.isoformat()}.",
                        )

    def _limits(self, limit: str | None, day: date, size: int) -> Sequence[Any]:
        if limit == "today":
            return [day.toordinal()] * size
        return self.columns.get(limit or "") or [UNKNOWN] * size


Admitting = Callable[[Any, int], Any]
"""Takes a value from outside and the number of its holder; returns it as the law calculates."""


def admitting(
    name: str, unit: Unit, low: Decimal | None = None, high: Decimal | None = None
) -> Admitting:
    """Return what checks the values of a fact: quick for those that are as they should be.

    Parameters
    ----------
    low, high
        Limits of a number, as people write it: percentages of a hundred.
    """
    least = -GREATEST if low is None else max(low, -GREATEST)
    most = GREATEST if high is None else min(high, GREATEST)

    def slowly(value: Any, member: int) -> Any:
        return admitted(value, unit, name, member, (low, high))

    def yes_no(value: Any, member: int) -> Any:
        return value if value is True or value is False else slowly(value, member)

    def number(value: Any, member: int) -> Any:
        if type(value) is int:
            value = Decimal(value)
        if type(value) is Decimal and value.is_finite() and least <= value <= most:
            return value
        return slowly(value, member)

    if unit == YES_NO:
        return yes_no
    return number if unit.is_money or unit.is_plain else slowly


def admitted(
    value: Any,
    unit: Unit,
    name: str,
    member: int,
    limits: tuple[Decimal | None, Decimal | None] = (None, None),
) -> Any:
    """Return a value from outside as the law calculates with it.

    Numbers become Decimal (a percentage its share), dates ordinals, choices
    positions; unknown stays `UNKNOWN`. `limits` are the least and the greatest
    number that is allowed.

    Raises
    ------
    FactError
        If it is of the wrong type, or outside of its limits.
    """
    if value is UNKNOWN or value is None:
        return UNKNOWN
    if unit == YES_NO:
        if isinstance(value, bool):
            return value
        raise FactError(name, member, f'"{name}" is yes or no (True or False), not {value!r}.')
    if unit == DATE:
        if type(value) is not date:
            raise FactError(name, member, f'"{name}" is a date, not {value!r}.')
        if EARLIEST <= value <= LATEST:
            return value.toordinal()
        raise FactError(
            name,
            member,
            f'"{name}" lies between {EARLIEST.isoformat()} and {LATEST.isoformat()}, '
            f"and is not {value.isoformat()}.",
        )
    if unit.base == "choice":
        if value in unit.options:
            return unit.options.index(value)
        options = ", ".join(unit.options)
        raise FactError(name, member, f'"{name}" is one of {options}, not {value!r}.')
    return _number(value, unit, name, member, limits)


def _number(
    value: Any,
    unit: Unit,
    name: str,
    member: int,
    limits: tuple[Decimal | None, Decimal | None],
) -> Decimal:
    low, high = limits
    if isinstance(value, Money):
        if value.currency != unit.base:
            raise FactError(name, member, f'"{name}" is in {unit.base}, not {value.currency}.')
        value = value.amount
    if type(value) is int:
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise FactError(
            name, member, f'"{name}" is a number (Decimal or whole), not {value!r}: {unit}.'
        )
    if low is not None and value < low:
        raise FactError(name, member, f'"{name}" is at least {low}, not {value}.')
    if high is not None and value > high:
        raise FactError(name, member, f'"{name}" is at most {high}, not {value}.')
    if abs(value) > GREATEST:
        raise FactError(name, member, f'"{name}" is too large: {value}.')
    number: Decimal = value / 100 if unit.base == "percent" else value
    return number
