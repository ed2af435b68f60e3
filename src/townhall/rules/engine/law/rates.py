"""Dated parameters as terms of the law."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from townhall.rules.engine.errors import MissingParameter
from townhall.rules.engine.law import units
from townhall.rules.engine.law.entities import WORLD
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.terms import Kind, Term, add, constant, node
from townhall.rules.engine.law.units import PERCENT, YES_NO, Unit
from townhall.rules.engine.parameters import Parameters
from townhall.rules.engine.values import Money


class RateRef(NamedTuple):
    """Data of a `rate` node: the parameter, the entry of a tariff, and its value."""

    key: str
    option: str
    value: Any


class Rates:
    """The rates in force on one day; what has no row is noted in `missing`."""

    def __init__(self, parameters: Parameters, day: date) -> None:
        self.parameters = parameters
        self.day = day
        self.missing: dict[str, None] = {}

    def term(self, key: str, by: Term | None) -> Term:
        """Return the value of a rate, or of the entry of a tariff that `by` picks."""
        if key not in self.parameters:
            near = difflib.get_close_matches(key, self.parameters.keys(), 1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise LawError(f'There is no rate "{key}".{hint}')
        parameter = self.parameters[key]
        try:
            unit = units.parse(parameter.unit)
        except ValueError as error:
            raise LawError(f'The rate "{key}": {error}.') from None
        try:
            value = parameter.row(self.day).value
        except MissingParameter as error:
            self.missing[str(error)] = None
            return add("missing", [], Kind(WORLD, unit), str(error))
        if parameter.levels == 0:
            if by is not None:
                raise LawError(f'"{key}" is one rate, not a tariff: leave out by=.')
            return self._rate(key, "", value, unit)
        return self._tariff(key, by, value, unit)

    def _rate(self, key: str, option: str, value: Any, unit: Unit) -> Term:
        return add("rate", [], Kind(WORLD, unit), RateRef(key, option, held(value, unit)))

    def _tariff(self, key: str, by: Term | None, value: Mapping[str, Any], unit: Unit) -> Term:
        if by is None or by.unit.base not in ("choice", "yes/no"):
            raise LawError(f'"{key}" is a tariff: say which entry with by=, a choice.')
        if self.parameters[key].levels > 1:
            raise LawError(f'The tariff "{key}" is looked up by two keys or more; a rule has one.')
        options = by.unit.options if by.unit != YES_NO else ("yes", "no")
        lacking = [option for option in options if option not in value]
        if lacking:
            raise LawError(f'The tariff "{key}" has no entry for {", ".join(lacking)}.')
        entries = [self._rate(key, option, value[option], unit) for option in options]
        result = entries[-1]
        for option, entry in reversed(list(zip(options[:-1], entries[:-1], strict=True))):
            test = by if by.unit == YES_NO else by == option
            result = node("if", [test, entry, result], unit)
        return result


def held(value: Any, unit: Unit) -> Any:
    """Return the value of a parameter as the graph holds it."""
    if isinstance(value, Money):
        value = value.amount
    if unit == PERCENT:
        return Decimal(value) / 100
    return constant(value, unit)


def problems_of_rates(parameters: Parameters) -> Iterable[str]:
    """Yield what is wrong with a rate that is no unit's business."""
    for key in parameters:
        for row in parameters[key].rows:
            if row.status not in ("in_force", "announced"):
                yield (
                    f'"{key}": the row from {row.start.isoformat()} has the status '
                    f'"{row.status}"; it is in_force or announced.'
                )
