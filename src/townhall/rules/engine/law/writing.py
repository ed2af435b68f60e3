"""The words of the rule language: what a rule may write beside operators.

Everything here adds one node or two. What the law calls a scale, a table or a
rounding is one node, so that every reader of the graph knows that it is
monotone, and can say it in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from townhall.rules.engine.law.entities import FAMILY, PERSON, WORLD, Entity
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.terms import (
    Kind,
    Plain,
    Term,
    add,
    common,
    condition,
    constant,
    insist,
    literal,
    node,
    own,
    pair,
    tracing,
)
from townhall.rules.engine.law.units import DATE, DAYS, NUMBER, PERCENT, YEARS, YES_NO, Unit

FAR_PAST: Final = "0001-01-01"
FAR_FUTURE: Final = "9999-12-31"


def rate(key: str, by: Term | None = None) -> Term:
    """Return the dated parameter in force on the day of decision.

    Parameters
    ----------
    key
        Of a rate; or of a tariff, whose rows are mappings from option to value.
    by
        For a tariff: the choice that picks the entry.
    """
    now = tracing()
    found: Term = now.rates.term(key, by)
    now.used[key] = found.number
    return found


def today() -> Term:
    """Return the day of decision."""
    return add("today", [], Kind(WORLD, DATE))


def when(test: Term | bool, then: Term | Plain, otherwise: Term | Plain) -> Term:
    """Return `then` where the test holds, and `otherwise` where it does not."""
    test = condition(test)
    if not isinstance(then, Term) and not isinstance(otherwise, Term):
        then = literal(then, _unit_of(then))
    left, right = pair(then, otherwise)
    return node("if", [test, left, right], common([left.unit, right.unit], "the two results"))


def choose(*rows: tuple[Term | bool, Term | Plain], otherwise: Term | Plain) -> Term:
    """Return the value of the first row whose condition holds (a decision table)."""
    terms = [value for _, value in rows if isinstance(value, Term)]
    if not isinstance(otherwise, Term):
        otherwise = literal(otherwise, terms[0].unit if terms else _unit_of(otherwise))
    result = otherwise
    for test, value in reversed(rows):
        result = when(test, value, result)
    return result


def applies(test: Term | bool, value: Term | Plain) -> tuple[Term, Term | Plain]:
    """Return what an exception gives: when it applies, and the value then."""
    return condition(test), value


def at_least(*values: Term | Plain) -> Term:
    """Return the greatest of the values: the first is at least the others."""
    return _extreme("greatest", values)


def at_most(*values: Term | Plain) -> Term:
    """Return the least of the values: the first is at most the others."""
    return _extreme("least", values)


def clip(value: Term, low: Term | Plain, high: Term | Plain) -> Term:
    """Return the value, or the limit that it passes."""
    return at_most(at_least(value, low), high)


def floor(value: Term) -> Term:
    """Return the whole number below."""
    return round_down(value, 1)


def round_down(value: Term, unit: Plain) -> Term:
    """Return the multiple of the unit at or below the value."""
    return _rounded("round_down", value, unit)


def round_up(value: Term, unit: Plain) -> Term:
    """Return the multiple of the unit at or above the value."""
    return _rounded("round_up", value, unit)


def round_half_up(value: Term, unit: Plain) -> Term:
    """Return the nearest multiple of the unit; of two, the one away from zero."""
    return _rounded("round_half_up", value, unit)


def scale(value: Term, *bands: tuple[Term | Plain, Term | Plain]) -> Term:
    """Return the sum over bands: each slice of the value at the rate of its band.

    Parameters
    ----------
    bands
        Lower end and rate (a percentage), ascending. Below the first nothing
        counts.
    """
    insist(value, "is cut in no bands")
    inputs = [value]
    for start, share in bands:
        inputs.append(pair(value, start)[1])
        inputs.append(share if isinstance(share, Term) else literal(share, PERCENT))
        common([value.unit, inputs[-2].unit], "compared")
        if inputs[-1].unit != PERCENT:
            raise LawError(f"The rate of a band is a percentage, not {inputs[-1].unit}.")
    starts = [_known(start) for start in inputs[1::2]]
    for one, other in pairwise(starts):
        if one is not None and other is not None and one > other:
            raise LawError(f"The bands of a scale ascend, but {other} comes after {one}.")
    return node("scale", inputs, value.unit)


def steps(value: Term, rows: Mapping[Any, Any], otherwise: Plain, unit: Unit | None = None) -> Term:
    """Return the value of the last row that begins at or below `value`.

    Parameters
    ----------
    rows
        First value (of the unit of `value`) to result.
    otherwise
        Before the first row.
    unit
        Of the results; by default dates for dates, and numbers otherwise.
    """
    if not rows:
        raise LawError("A table has one row or more.")
    unit = unit or (DATE if isinstance(next(iter(rows.values())), str) else NUMBER)
    table = sorted((constant(at, value.unit), constant(gives, unit)) for at, gives in rows.items())
    return node("steps", [value], unit, (tuple(table), constant(otherwise, unit)))


def percent(value: Term) -> Term:
    """Return the percentage of a plain number: 20 becomes 20 %."""
    insist(value, "is no plain number")
    return node("relabel", [value / 100], PERCENT)


def years_between(start: Term, end: Term) -> Term:
    """Return the whole years of somebody born on `start`; 29 February counts on 1 March."""
    _dates(start, end)
    return node("years_between", [start, end], YEARS)


def days_between(start: Term, end: Term) -> Term:
    """Return the days from one date to another."""
    _dates(start, end)
    return node("sub", [end, start], DAYS)


def add_years(day: Term, years: Term | int) -> Term:
    """Return the same day so many years later; 29 February becomes 1 March."""
    _dates(day)
    return node("add_years", [day, _plain(years)], DATE)


def add_months(day: Term, months: Term | int) -> Term:
    """Return the same day so many months later, or the last one of a shorter month."""
    _dates(day)
    return node("add_months", [day, _plain(months)], DATE)


def mondays_between(start: Term, end: Term) -> Term:
    """Return how many Mondays lie between two dates, both included."""
    _dates(start, end)
    return node("mondays_between", [start, end], NUMBER)


def partner(value: Term) -> Term:
    """Return the value of the other adult of a couple; 0 or no where there is none."""
    own(value, "partner(…)")
    return add("partner", [value], Kind(PERSON, value.unit))


def position(value: Term, *, where: Term | bool = True, of: Entity = FAMILY) -> Term:
    """Return the place of a person among the members for whom a condition holds.

    1 is the least value (the earliest date); equal ones stand as they are
    listed. 0 where the condition does not hold for the person.
    """
    own(value, "position(…)")
    if not value.unit.is_ordered:
        raise LawError(f"Values of {value.unit} have no order.")
    return add("position", [value, condition(where)], Kind(PERSON, NUMBER), of.name)


def total(value: Term, *, where: Term | None = None, of: Entity | None = None) -> Term:
    """Return the sum over the members."""
    insist(value, "cannot be summed")
    if where is not None:
        value = when(where, value, literal(0, value.unit))
    return _over("sum", value, of, value.unit)


def count(value: Term, *, of: Entity | None = None) -> Term:
    """Return how many members fulfil the condition."""
    return _over("count", condition(value), of, NUMBER)


def highest(value: Term, *, where: Term | None = None, of: Entity | None = None) -> Term:
    """Return the greatest value of a member; 0 (a date: the far past) where there is none."""
    if where is not None:
        value = when(where, value, FAR_PAST if value.unit == DATE else Decimal(-(10**15)))
    return _emptied("max", value, where, of)


def lowest(value: Term, *, where: Term | None = None, of: Entity | None = None) -> Term:
    """Return the least value of a member; 0 (a date: the far future) where there is none."""
    if where is not None:
        value = when(where, value, FAR_FUTURE if value.unit == DATE else Decimal(10**15))
    return _emptied("min", value, where, of)


def any_of(value: Term, *, of: Entity | None = None) -> Term:
    """Return whether a member fulfils the condition."""
    return _over("any", condition(value), of, YES_NO)


def all_of(value: Term, *, of: Entity | None = None) -> Term:
    """Return whether every member fulfils the condition."""
    return _over("all", condition(value), of, YES_NO)


def _known(term: Term) -> Any:
    """Return the value of a written number or a rate; None if it is computed."""
    found = tracing().builder[term.number]
    if found.operation == "rate":
        return found.data.value
    return found.data if found.operation == "literal" else None


def _unit_of(value: Plain) -> Unit:
    """Return the unit of a plain value that stands alone: of a text, the rule's own."""
    if isinstance(value, bool):
        return YES_NO
    return tracing().unit if isinstance(value, str) else NUMBER


def _emptied(operation: str, value: Term, where: Term | None, of: Entity | None) -> Term:
    if not value.unit.is_ordered:
        raise LawError(f"Of values of {value.unit}, none is the greatest.")
    found = _over(operation, value, of, value.unit)
    if where is None or value.unit == DATE:
        return found
    return when(any_of(where, of=of), found, literal(0, value.unit))


def _over(operation: str, value: Term, of: Entity | None, unit: Unit) -> Term:
    target = of or tracing().entity
    if value.entity == target or not value.entity.inside(target) or target == WORLD:
        raise LawError(
            f"A {target} has no members with values of a {value.entity}: "
            "say over what with of=FAMILY or of=HOUSEHOLD."
        )
    return add(operation, [value], Kind(target, unit))


def _extreme(operation: str, values: tuple[Term | Plain, ...]) -> Term:
    lead = next((value for value in values if isinstance(value, Term)), None)
    if lead is None or len(values) < 2:
        raise LawError("Two values or more are compared, one of them of the law.")
    terms = [pair(lead, value)[1] if not isinstance(value, Term) else value for value in values]
    unit = common([term.unit for term in terms], "compared")
    if not unit.is_ordered:
        raise LawError(f"Of values of {unit}, none is the greatest.")
    return node(operation, terms, unit)


def _rounded(operation: str, value: Term, unit: Plain) -> Term:
    insist(value, "cannot be rounded")
    step = constant(unit, NUMBER)
    if step <= 0:
        raise LawError("What is rounded to is above zero.")
    return node(operation, [value], value.unit, step)


def _dates(*terms: Term) -> None:
    for term in terms:
        if term.unit != DATE:
            raise LawError(f"A date is needed here, not {term.unit}.")


def _plain(value: Term | int) -> Term:
    term = value if isinstance(value, Term) else literal(value, NUMBER)
    if not term.unit.is_plain:
        raise LawError(f"A whole number is needed here, not {term.unit}.")
    return term
