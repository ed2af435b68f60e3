"""Dated parameters: rates and tariffs, each row with its law.

A row is in force from its first day until the next row begins. The last row
stays in force until it is replaced, unless the parameter says where it ends:
by `until`, or by `yearly: yes` for rates that the law sets anew each year. A
day without a row is an error, never the nearest row: an up-rated guess must not
pass for an enacted amount.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from .calendar import add_months
from .errors import MissingParameter, ParameterError
from .types import DATE, NUMBER, TEXT, YES_NO, ListType, MoneyType, Type
from .values import Money, Value, parse_date

_CURRENCY: Final = re.compile(r"([A-Z]{3})(?:/.*)?")
_SIMPLE: Final[Mapping[str, Type]] = {
    "text": TEXT,
    "date": DATE,
    "yes/no": YES_NO,
    "list": ListType(TEXT),
}
_KNOWN: Final = frozenset(
    {"unit", "cite", "title", "values", "until", "yearly", "source", "status"}
)
_ROW_KEYS: Final = frozenset({"from", "value", "until", "cite", "source", "status", "announced_on"})


@dataclass(frozen=True, slots=True)
class Row:
    """One value and the days [start, until) on which it is in force."""

    start: date
    until: date | None
    value: Value
    cite: str = ""
    source: str = ""
    status: str = "in_force"


@dataclass(frozen=True, slots=True)
class Parameter:
    """All rows of one rate or tariff.

    Attributes
    ----------
    levels
        How many keys lead to a value: 0 for a rate, 1 or more for a tariff.
    """

    key: str
    type: Type
    unit: str
    rows: tuple[Row, ...]
    levels: int
    title: str = ""

    def row(self, day: date) -> Row:
        """Return the row in force on the day.

        Raises
        ------
        MissingParameter
            If none is.
        """
        position = bisect_right(self.rows, day, key=lambda row: row.start)
        row = self.rows[position - 1] if position else None
        if row is None or (row.until is not None and day >= row.until):
            spans = ", ".join(
                f"{row.start.isoformat()} to {row.until.isoformat() if row.until else 'now'}"
                for row in (self.rows[0], self.rows[-1])
            )
            raise MissingParameter(
                f'"{self.key}" has no value in force on {day.isoformat()} (it has {spans}). '
                "Add the enacted row."
            )
        return row

    def gaps(self, start: date, until: date) -> tuple[tuple[date, date], ...]:
        """Return the parts of [start, until) on which no row is in force."""
        found = []
        for row in self.rows:
            if row.start > start:
                found.append((start, min(row.start, until)))
            if row.until is None:
                return tuple(gap for gap in found if gap[0] < gap[1])
            start = max(start, row.until)
            if start >= until:
                break
        found.append((start, until))
        return tuple(gap for gap in found if gap[0] < gap[1])


class Parameters:
    """The dated parameters of a jurisdiction; immutable.

    Use `from_mapping` to make one.
    """

    def __init__(self, parameters: Iterable[Parameter] = ()) -> None:
        self._by_key: dict[str, Parameter] = {}
        for parameter in parameters:
            if parameter.key in self._by_key:
                raise ParameterError(f'"{parameter.key}" is given twice.')
            self._by_key[parameter.key] = parameter

    @classmethod
    def from_mapping(
        cls, rates: Mapping[str, Any], tariffs: Mapping[str, Any] | None = None
    ) -> Parameters:
        """Read parameters as a pack writes them.

        Parameters
        ----------
        rates, tariffs
            Key to `{unit, cite, title, until, yearly, values}`. `values` is
            `{first day: value}`, a list of `[first day, value]`, or a list of
            `{from, value, until, cite, source, status}`. A value that is itself
            a mapping (of mappings) makes a tariff. Dates and numbers may be
            texts. The unit is `GBP`, `GBP/week`, `%`, `years`, `text`, `date`,
            `yes/no`, `list` ...

        Raises
        ------
        ParameterError
            If something is missing or unreadable, or two rows overlap.
        """
        both = [*rates.items(), *(tariffs or {}).items()]
        return cls(_parameter(str(key), entry) for key, entry in both)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def __getitem__(self, key: str) -> Parameter:
        return self._by_key[key]

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all rates and tariffs."""
        return tuple(self._by_key)

    def rate(self, key: str, day: date) -> Value:
        """Return the value in force on the day; raises `MissingParameter`."""
        return self._by_key[key].row(day).value

    def tariff(self, key: str, day: date, steps: Iterable[str]) -> Value:
        """Return the entry of a tariff under its keys on the day.

        Raises
        ------
        MissingParameter
            If no row is in force, or it has no such entry.
        """
        value = self._by_key[key].row(day).value
        for step in steps:
            if step not in value:
                raise MissingParameter(
                    f'tariff "{key}" has no entry for "{step}" on {day.isoformat()}; '
                    f"it has: {', '.join(value)}."
                )
            value = value[step]
        return value

    @property
    def digest(self) -> str:
        """SHA-256 of all rows: a decision stores it to name the rates it used."""
        lines = sorted(repr(parameter) for parameter in self._by_key.values())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _parameter(key: str, entry: Any) -> Parameter:
    if not isinstance(entry, Mapping) or "values" not in entry:
        raise ParameterError(f'"{key}" needs a unit and values.')
    unknown = set(entry) - _KNOWN
    if unknown:
        raise ParameterError(
            f'"{key}" has the unknown key "{min(map(str, unknown))}". '
            f"Known keys: {', '.join(sorted(_KNOWN))}."
        )
    unit = str(entry.get("unit", "number"))
    kind = type_of_unit(unit)
    rows = sorted((_row(key, kind, raw, entry) for raw in _raw_rows(key, entry)), key=_start)
    if not rows:
        raise ParameterError(f'"{key}" has no values.')
    closed = _close(key, rows, entry)
    levels = {_levels(row.value) for row in rows}
    if len(levels) > 1:
        raise ParameterError(f'"{key}" mixes rows of {min(levels)} and {max(levels)} keys.')
    return Parameter(key, kind, unit, closed, levels.pop(), str(entry.get("title", "")))


def type_of_unit(unit: str) -> Type:
    """Return the type of a value with this unit: `GBP/week` is money in GBP."""
    currency = _CURRENCY.fullmatch(unit)
    if currency:
        return MoneyType(currency[1])
    return _SIMPLE.get(unit, NUMBER)


def _raw_rows(key: str, entry: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    values = entry["values"]
    if isinstance(values, Mapping):
        return [{"from": start, "value": value} for start, value in values.items()]
    rows: list[Mapping[str, Any]] = []
    for row in values:
        if isinstance(row, Mapping):
            unknown = set(row) - _ROW_KEYS
            if unknown:
                raise ParameterError(
                    f'a row of "{key}" has the unknown key "{min(map(str, unknown))}". '
                    f"Known keys: {', '.join(sorted(_ROW_KEYS))}."
                )
            rows.append(row)
        elif isinstance(row, (list, tuple)) and len(row) == 2:
            rows.append({"from": row[0], "value": row[1]})
        else:
            raise ParameterError(f'a row of "{key}" must be [first day, value].')
    return rows


def _row(key: str, kind: Type, raw: Mapping[str, Any], entry: Mapping[str, Any]) -> Row:
    if "from" not in raw or "value" not in raw:
        raise ParameterError(f'a row of "{key}" needs "from" and "value".')
    return Row(
        start=_day(key, raw["from"]),
        until=_day(key, raw["until"]) if raw.get("until") else None,
        value=_read(key, kind, raw["value"]),
        cite=str(raw.get("cite", entry.get("cite", ""))),
        source=str(raw.get("source", entry.get("source", ""))),
        status=str(raw.get("status", entry.get("status", "in_force"))),
    )


def _close(key: str, rows: list[Row], entry: Mapping[str, Any]) -> tuple[Row, ...]:
    """Give every row its end, and refuse rows that overlap."""
    last = _day(key, entry["until"]) if entry.get("until") else None
    yearly = entry.get("yearly") in (True, "yes", "true")
    closed = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        bound = after.start if after else last
        if after and after.start == row.start:
            raise ParameterError(f'"{key}" has two rows from {row.start.isoformat()}.')
        if after and row.until and row.until > after.start:
            raise ParameterError(
                f'"{key}" has overlapping rows: the one from {row.start.isoformat()} ends on '
                f"{row.until.isoformat()}, the next begins on {after.start.isoformat()}."
            )
        ends = [day for day in (row.until, bound) if day]
        if yearly:
            ends.append(add_months(row.start, 12))
        until = min(ends, default=None)
        if until is not None and until <= row.start:
            raise ParameterError(f'"{key}" has a row that ends before it begins.')
        closed.append(Row(row.start, until, row.value, row.cite, row.source, row.status))
    return tuple(closed)


def _start(row: Row) -> date:
    return row.start


def _day(key: str, raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return parse_date(str(raw))
    except ValueError as error:
        raise ParameterError(f'"{key}": {error}') from None


def _levels(value: Value) -> int:
    if not isinstance(value, dict):
        return 0
    below = {_levels(part) for part in value.values()}
    return 1 + max(below, default=0)


def _read(key: str, kind: Type, raw: Any) -> Value:
    if isinstance(raw, Mapping):
        return {str(step): _read(key, kind, value) for step, value in raw.items()}
    if kind == TEXT:
        return str(raw)
    if kind == DATE:
        return _day(key, raw)
    if isinstance(kind, ListType):
        if not isinstance(raw, (list, tuple)):
            raise ParameterError(f'"{key}" needs a list.')
        return tuple(str(item) for item in raw)
    if kind == YES_NO:
        if raw in (True, "yes", "true"):
            return True
        if raw in (False, "no", "false"):
            return False
        raise ParameterError(f'"{key}" needs yes or no, not {raw!r}.')
    if isinstance(raw, float):
        raise ParameterError(f'"{key}": put the number {raw!r} in quotes, to keep it exact.')
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise ParameterError(f'"{key}" has a value that is no number: {raw!r}.') from None
    if not number.is_finite() or number.adjusted() > 30:
        raise ParameterError(f'"{key}" has a value out of range: {raw!r}.')
    return Money(number, kind.currency) if isinstance(kind, MoneyType) else number
