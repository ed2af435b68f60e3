"""What if: the law with other rates and other rules, laid over the law as it is.

The law itself is not touched. A reform that leaves a rule without the rate that
it uses does not load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.rules.engine.errors import ParameterError
from townhall.rules.engine.law.book import Book
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.lawbook import Lawbook
from townhall.rules.engine.parameters import Parameter, Parameters, Row
from townhall.rules.engine.values import Money


@dataclass(frozen=True, slots=True)
class Reform:
    """Changes that are laid over a law.

    Attributes
    ----------
    rates
        Key to new value, from `since` on; None takes the rate away from all days.
    since, until
        The days [since, until) on which the new rates hold.
    books
        Rules that take the place of those of the same name, with their exceptions,
        on all days; and new ones.
    without
        Names of rules that are abolished; a rule that still uses one does not load.
    """

    name: str
    since: date
    until: date | None = None
    rates: Mapping[str, Any] = field(default_factory=dict)
    books: Sequence[Book] = ()
    without: frozenset[str] = frozenset()


def reformed(law: Lawbook, reform: Reform) -> Lawbook:
    """Return the law with a reform laid over it.

    Raises
    ------
    LawError
        If the reform names a rate or a rule that is not there, or what is left
        does not fit together.
    """
    unknown = [key for key in reform.rates if key not in law.parameters]
    unknown += [name for name in reform.without if name not in law.versions]
    if unknown:
        raise LawError(
            f'The reform "{reform.name}" changes "{unknown[0]}", which is no rate and no rule.'
        )
    try:
        kept = [
            _changed(law.parameters[key], reform) if key in reform.rates else law.parameters[key]
            for key in law.parameters
            if key not in reform.rates or reform.rates[key] is not None
        ]
    except ParameterError as error:
        raise LawError(f'The reform "{reform.name}": {error}') from None
    replaced = frozenset(version.name for book in reform.books for version in book.versions)
    books = [_without(book, replaced, reform.without) for book in law.books]
    made = Lawbook([*books, *reform.books], Parameters(kept), law.covers)
    end = min(day for day in (reform.until, law.covers and law.covers[1], date.max) if day)
    for day in (reform.since, *(change for change in made.changes if reform.since < change < end)):
        made.on(day)
    return made


def _changed(parameter: Parameter, reform: Reform) -> Parameter:
    entry = {
        "unit": parameter.unit,
        "values": {reform.since.isoformat(): _plain(reform.rates[parameter.key])},
    }
    new = Parameters.from_mapping({parameter.key: entry})[parameter.key].rows[0]
    new = replace(new, until=reform.until, cite=reform.name, source=reform.name)
    rows: list[Row] = []
    for row in parameter.rows:
        end = row.until or date.max
        if row.start < new.start:
            rows.append(replace(row, until=min(end, new.start)))
        if new.until is not None and end > new.until:
            rows.append(replace(row, start=max(row.start, new.until)))
    rows.append(new)
    rows.sort(key=lambda row: row.start)
    return replace(parameter, rows=tuple(rows))


def _plain(value: Any) -> Any:
    """Return a value as a pack writes it: numbers as texts."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Money):
        value = value.amount
    return (
        str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
    )


def _without(book: Book, replaced: frozenset[str], ended: frozenset[str]) -> Book:
    """Return a book without some rules and their exceptions, and programmes that have ended."""
    gone = replaced | ended
    left = Book(book.name)
    left.facts = book.facts
    left.versions = [version for version in book.versions if version.name not in gone]
    left.exceptions = [each for each in book.exceptions if each.to not in gone]
    left.programmes = [each for each in book.programmes if each.goal not in ended]
    return left
