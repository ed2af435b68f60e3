"""Values of the law while its graph is made: rules run once, on terms.

A term stands for a node. Operators add nodes and check entity, unit and period
at once, so that a mix of weeks and years is found when the rule is loaded. A
term is never yes or no: `if` on one is an error that says to write `when`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from townhall.rules.engine.graph import Builder
from townhall.rules.engine.law.entities import PERSON, WORLD, Entity, meeting
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.units import (
    DATE,
    DAYS,
    NUMBER,
    PERCENT,
    YES_NO,
    Period,
    Unit,
)
from townhall.rules.engine.types import Type


@dataclass(frozen=True, slots=True)
class Kind(Type):
    """The type of a node of law: whom its value belongs to, and what it counts."""

    entity: Entity
    unit: Unit

    def __str__(self) -> str:
        return f"{self.unit} of a {self.entity}"


@dataclass(slots=True)
class Tracing:
    """What the rule that is being read may use."""

    builder: Builder
    entity: Entity
    unit: Unit  # of the rule's result
    rates: Any  # lawbook.Rates: finds the row in force
    used: dict[str, int]  # rates used by the rule: key to node


TRACING: Final[ContextVar[Tracing]] = ContextVar("the rule being read")


def tracing() -> Tracing:
    """Return what is being read; rules are only read by `Lawbook`."""
    try:
        return TRACING.get()
    except LookupError:
        raise LawError("This can only be used inside of a rule.") from None


Plain = bool | int | str | Decimal | date


class Term:
    """A value that is not there yet."""

    __slots__ = ("kind", "number")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, number: int, kind: Kind) -> None:
        self.number = number
        self.kind = kind

    @property
    def unit(self) -> Unit:
        """What it counts."""
        return self.kind.unit

    @property
    def entity(self) -> Entity:
        """Whom it belongs to."""
        return self.kind.entity

    def __bool__(self) -> bool:
        raise LawError(
            "A value of the law is not known while the rule is read. "
            "Use when(…), and &, |, ~ instead of if, and, or, not."
        )

    def __iter__(self) -> Any:
        raise LawError("Members are not gone through in a loop: use total, count, highest, any_of.")

    def __add__(self, other: Term | Plain) -> Term:
        return _sum("add", *pair(self, other))

    def __radd__(self, other: Plain) -> Term:
        return _sum("add", *pair(other, self))

    def __sub__(self, other: Term | Plain) -> Term:
        return _difference(*pair(self, other))

    def __rsub__(self, other: Plain) -> Term:
        return _difference(*pair(other, self))

    def __mul__(self, other: Term | Plain) -> Term:
        return _product(self, other if isinstance(other, Term) else literal(other, NUMBER))

    def __rmul__(self, other: Plain) -> Term:
        return _product(literal(other, NUMBER), self)

    def __truediv__(self, other: Term | Plain) -> Term:
        return _quotient(self, other if isinstance(other, Term) else literal(other, NUMBER))

    def __rtruediv__(self, other: Plain) -> Term:
        return _quotient(literal(other, NUMBER), self)

    def __neg__(self) -> Term:
        insist(self, "has no negative")
        return node("neg", [self], self.unit)

    def __lt__(self, other: Term | Plain) -> Term:
        return _comparison("lt", self, other)

    def __le__(self, other: Term | Plain) -> Term:
        return _comparison("le", self, other)

    def __gt__(self, other: Term | Plain) -> Term:
        return _comparison("gt", self, other)

    def __ge__(self, other: Term | Plain) -> Term:
        return _comparison("ge", self, other)

    def __eq__(self, other: Any) -> Term:  # type: ignore[override]
        return _comparison("eq", self, other)

    def __ne__(self, other: Any) -> Term:  # type: ignore[override]
        return _comparison("ne", self, other)

    def __and__(self, other: Term | bool) -> Term:
        return _logic("and", self, other)

    __rand__ = __and__

    def __or__(self, other: Term | bool) -> Term:
        return _logic("or", self, other)

    __ror__ = __or__

    def __invert__(self) -> Term:
        return node("not", [condition(self)], YES_NO)

    def per(self, period: Period, times: Term | Plain | None = None) -> Term:
        """Return the amount for another period.

        Parameters
        ----------
        times
            How many of the present period the new one has; by default a year
            has 52 weeks or 12 months, and a week 7 days.
        """
        if not self.unit.is_money or self.unit.period is None:
            raise LawError(f"{self.unit} is for no period, so it cannot be made per {period.name}.")
        unit = Unit(self.unit.base, period)
        if times is not None:
            by = times if isinstance(times, Term) else literal(times, NUMBER)
            return node("mul", [self, by], unit)
        many, few = period.in_year, self.unit.period.in_year
        if not many or not few:
            raise LawError(f"Say how many times: {self.unit} to {period.name}.")
        if few == many:
            return self
        if few % many == 0:
            return node("mul", [self, literal(few / many, NUMBER)], unit)
        if many % few == 0:
            return node("div", [self, literal(many / few, NUMBER)], unit)
        yearly = node("mul", [self, literal(few, NUMBER)], unit)
        return node("div", [yearly, literal(many, NUMBER)], unit)

    def as_unit(self, unit: Unit) -> Term:
        """Return the same number under another unit; say why beside it."""
        if not (self.unit.is_numeric and unit.is_numeric):
            raise LawError(f"{self.unit} cannot be read as {unit}.")
        return node("relabel", [self], unit)


def node(operation: str, inputs: list[Term], unit: Unit, data: Any = None) -> Term:
    """Add an operation on values of entities that meet."""
    entity = WORLD
    for term in inputs:
        met = meeting(entity, term.entity)
        if met is None:
            raise LawError(f"A {entity} and a {term.entity} have no value in common.")
        entity = met
    return add(operation, inputs, Kind(entity, unit), data)


def add(operation: str, inputs: list[Term], kind: Kind, data: Any = None) -> Term:
    """Add an operation of a given kind."""
    builder = tracing().builder
    return Term(builder.add(operation, tuple(term.number for term in inputs), kind, data), kind)


def literal(value: Plain, unit: Unit) -> Term:
    """Return a written value as a term of the unit.

    Beside a percentage, 20 is 20 %. A date is written as text, as in an Act.
    """
    return add("literal", [], Kind(WORLD, unit), constant(value, unit))


def constant(value: Plain, unit: Unit) -> Any:
    """Return a value as the graph holds it: dates as ordinals, choices as positions.

    Raises
    ------
    LawError
        If the value is none of the unit.
    """
    if isinstance(value, Term):
        raise LawError("A plain value is needed here, not one that the law computes.")
    if unit == YES_NO:
        if isinstance(value, bool):
            return value
    elif unit.base == "choice":
        if value in unit.options:
            return unit.options.index(str(value))
        raise LawError(f"{value!r} is none of the choices: {', '.join(unit.options)}.")
    elif unit == DATE:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            raise LawError(f'{value!r} is no date; write it as "2026-04-06".') from None
        return day.toordinal()
    elif not isinstance(value, (bool, float, date)):
        try:
            number = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise LawError(f"{value!r} is no number.") from None
        if number.is_finite():
            return number / 100 if unit == PERCENT else number
    elif isinstance(value, float):
        raise LawError(f'Write {value!r} in quotes ("{value}"), to keep it exact.')
    raise LawError(f"{value!r} is no {unit}.")


def pair(left: Term | Plain, right: Term | Plain) -> tuple[Term, Term]:
    """Return two terms, a plain one in the unit of the other."""
    if isinstance(left, Term):
        return left, right if isinstance(right, Term) else literal(right, left.unit)
    if isinstance(right, Term):
        return literal(left, right.unit), right
    raise LawError("One of the two must be a value of the law.")


def common(units: list[Unit], what: str) -> Unit:
    """Return the unit of values that are compared, added or chosen between."""
    first = units[0]
    for other in units[1:]:
        if other == first:
            continue
        if first.is_plain and other.is_plain:
            first = other if first == NUMBER else first
            continue
        hint = ""
        if first.is_money and other.is_money and first.base == other.base:
            hint = " Convert one of them with .per(…)."
        elif PERCENT in (first, other) and (first.is_plain or other.is_plain):
            hint = " A percentage is made of a number with percent(…)."
        raise LawError(f"{first} and {other} cannot be {what}.{hint}")
    return first


def condition(value: Term | bool) -> Term:
    """Return a term that is yes or no."""
    term = value if isinstance(value, Term) else literal(value, YES_NO)
    if term.unit != YES_NO:
        raise LawError(f"A condition is yes or no, but this is {term.unit}.")
    return term


def insist(term: Term, wrong: str) -> None:
    """Refuse a term that cannot be calculated with; `wrong` says what it has not."""
    if not term.unit.is_numeric:
        raise LawError(f"{term.unit} {wrong}.")


def own(term: Term, name: str) -> None:
    """Refuse a term of something that is no person."""
    if not PERSON.inside(term.entity):
        raise LawError(f"{name} is for values of a person.")


def _sum(operation: str, left: Term, right: Term) -> Term:
    unit = common([left.unit, right.unit], "added")
    if not unit.is_numeric:
        raise LawError(f"{unit} cannot be added. Use add_years or add_months for dates.")
    return node(operation, [left, right], unit)


def _difference(left: Term, right: Term) -> Term:
    if left.unit == right.unit == DATE:
        return node("sub", [left, right], DAYS)
    return _sum("sub", left, right)


def _product(left: Term, right: Term) -> Term:
    units = (left.unit, right.unit)
    money = [unit for unit in units if unit.is_money]
    plain = [unit for unit in units if unit.is_plain]
    if len(money) == 2 or not all(unit.is_numeric for unit in units):
        raise LawError(f"{left.unit} and {right.unit} cannot be multiplied.")
    # A share of money is money, a share of a number is a number.
    unit = (money or plain or [PERCENT])[0]
    return node("mul", [left, right], common(plain, "multiplied") if len(plain) == 2 else unit)


def _quotient(left: Term, right: Term) -> Term:
    if left.unit.is_money and right.unit.is_money:
        if left.unit != right.unit:
            raise LawError(f"{left.unit} cannot be divided by {right.unit}: convert one first.")
        return node("div", [left, right], NUMBER)
    if left.unit.is_numeric and (right.unit.is_plain or right.unit == PERCENT):
        return node("div", [left, right], left.unit)
    raise LawError(f"{left.unit} cannot be divided by {right.unit}.")


def _comparison(operation: str, left: Term, other: Term | Plain) -> Term:
    left, right = pair(left, other)
    unit = common([left.unit, right.unit], "compared")
    if operation not in ("eq", "ne") and not unit.is_ordered:
        raise LawError(f"Of two values of {unit}, none is the greater.")
    return node(operation, [left, right], YES_NO)


def _logic(operation: str, left: Term, right: Term | bool) -> Term:
    return node(operation, [condition(left), condition(right)], YES_NO)


Words = Mapping[str, str]
