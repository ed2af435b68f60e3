"""Rates that a reform may change, and the reform that changes them.

A rate is named by its key; an entry of a tariff by the key and the way to it,
with strokes: `universal_credit.standard_allowance/single_under_25`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import yaml

from townhall.rules import browsing
from townhall.rules.engine.errors import MissingParameter
from townhall.rules.engine.law import PERCENT, Law, Lawbook, units
from townhall.rules.engine.law.reforms import Reform
from townhall.rules.engine.law.units import Unit
from townhall.rules.engine.values import Money
from townhall.rules.simulation.statistics import Statistics

MOST: Final = 10
STROKE: Final = "/"
GREATEST: Final = Decimal(1_000_000_000)


class ReformRefused(ValueError):
    """A reform cannot be laid over the law.

    Attributes
    ----------
    rate
        Which rate is meant; empty where the whole reform is.
    reason
        Why, for a page that has words of its own: `unknown`, `empty`, `number`,
        `low`, `high`, `many` or `form`.
    """

    def __init__(self, rate: str, reason: str, message: str) -> None:
        self.rate = rate
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Rate:
    """A number that a reform may change.

    Attributes
    ----------
    name
        Key, and the way to an entry of a tariff.
    options
        The way to the entry.
    value
        What is in force on the day; of a hundred, where it is a percentage.
    """

    name: str
    key: str
    options: tuple[str, ...]
    title: str
    unit: Unit
    value: Decimal
    cite: str


def rates(law: Law, statistics: Statistics, day: date) -> Mapping[str, Rate]:
    """Return the rates on which what is counted rests, by name, in the order of the law."""
    return _rates(law, statistics.goals(), day)


@lru_cache(maxsize=8)
def _rates(law: Law, goals: tuple[str, ...], day: date) -> Mapping[str, Rate]:
    used: set[str] = set()
    for goal in goals:
        for name in browsing.everything_below(law, goal):
            used.update(law.variables[name].rates)
    found: dict[str, Rate] = {}
    for key in law.book.parameters:
        if key not in used:
            continue
        parameter = law.book.parameters[key]
        unit = units.parse(parameter.unit)
        try:
            row = parameter.row(day)
        except MissingParameter:
            continue
        if unit.is_numeric:
            for path, value in _entries(row.value, ()):
                name = STROKE.join((key, *path))
                found[name] = Rate(
                    name, key, path, parameter.title or key, unit, _plain(value), row.cite
                )
    return found


def _entries(value: Any, path: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for option, part in value.items():
            yield from _entries(part, (*path, str(option)))
    else:
        yield path, value


def _plain(value: Any) -> Decimal:
    return Decimal(value.amount if isinstance(value, Money) else value)


def number(rate: Rate, text: str) -> Decimal:
    """Return the new value of a rate as somebody wrote it.

    Raises
    ------
    ReformRefused
        If it is no number, or none that this rate can have.
    """
    plain = text.strip().replace(",", "").removeprefix("£").removesuffix("%").strip()
    if not plain:
        raise ReformRefused(rate.name, "empty", f'"{rate.name}" has no new value.')
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ReformRefused(rate.name, "number", f'"{rate.name}" is a number, not "{text}".')
    if value < 0:
        raise ReformRefused(rate.name, "low", f'"{rate.name}" is at least 0, not {value}.')
    most = Decimal(100) if rate.unit == PERCENT else GREATEST
    if value > most:
        raise ReformRefused(rate.name, "high", f'"{rate.name}" is at most {most}, not {value}.')
    return value


def reform_of(
    book: Lawbook, known: Mapping[str, Rate], new: Mapping[str, Decimal], day: date, name: str
) -> Reform:
    """Return the reform that gives rates new values from a day on.

    Parameters
    ----------
    known
        All rates that can be changed.
    new
        Name of a rate to its value, of a hundred where it is a percentage.

    Raises
    ------
    ReformRefused
        If there are too many, or one is not known.
    """
    if len(new) > MOST:
        raise ReformRefused("", "many", f"A reform changes at most {MOST} rates, not {len(new)}.")
    values: dict[str, Any] = {}
    for each, value in new.items():
        if each not in known:
            raise ReformRefused(each, "unknown", _unknown(each, known))
        rate = known[each]
        if not rate.options:
            values[rate.key] = value
            continue
        if rate.key not in values:
            values[rate.key] = _copied(book.parameters[rate.key].row(day).value)
        entry = values[rate.key]
        for option in rate.options[:-1]:
            entry = entry[option]
        entry[rate.options[-1]] = value
    return Reform(name, since=day, rates=values)


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(option): _copied(part) for option, part in value.items()}
    return _plain(value)


def _unknown(name: str, known: Mapping[str, Rate]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    entries = [each for each in known if each.startswith(name + STROKE)]
    if entries:
        return f'"{name}" is a tariff; change one of its entries: {", ".join(entries[:8])}.'
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f'"{name}" is no rate on which what is counted rests.{hint}'


def read(text: str, known: Mapping[str, Rate]) -> tuple[str, dict[str, Decimal]]:
    """Return the name of a reform that is written in YAML, and its new values.

    Written as `name: …` and `rates: {key: value}`; an entry of a tariff by its
    way, or as `key: {option: value}`.

    Raises
    ------
    ReformRefused
        Saying what is wrong.
    """
    try:
        given = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - nothing but texts
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise ReformRefused("", "form", f"The reform is no YAML: {told}") from None
    fits = isinstance(given, dict) and set(given) <= {"name", "rates"}
    if not fits or not isinstance(given.get("rates"), dict):
        raise ReformRefused(
            "", "form", 'A reform has "rates" (key: new value) and may have "name".'
        )
    new = {}
    for path, value in _entries(given["rates"], ()):
        name = STROKE.join(path)
        if name not in known:
            raise ReformRefused(name, "unknown", _unknown(name, known))
        new[name] = number(known[name], str(value))
    return str(given.get("name", "") or "reform"), new
