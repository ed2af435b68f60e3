"""A rule in words: what it says with the names of what it uses, its versions, its rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import lawfields
from townhall.portal.rulepictures import Entry, Step
from townhall.rules.engine.law import Law, Lawbook, units, wording
from townhall.rules.engine.law.book import Fact, Source, Version
from townhall.rules.engine.law.entities import STRUCTURE
from townhall.rules.engine.law.law import Variable
from townhall.rules.engine.law.rates import held
from townhall.rules.engine.law.units import DATE, DAYS, NUMBER, PERCENT, YEARS, YES_NO, Unit
from townhall.rules.engine.parameters import Parameter, Row

Piece = dict[str, str]


def title_of(book: Lawbook, name: str) -> str:
    """Return what a rule, fact or rate is called."""
    if name in book.versions:
        return pick(book.versions[name][-1].source.title)
    if name in book.facts:
        return pick(book.facts[name].title)
    if name in book.parameters:
        return book.parameters[name].title or name
    return pick(STRUCTURE[name]) if name in STRUCTURE else name


def entry(book: Lawbook, name: str) -> Entry:
    """Return a rule, fact or rate with its address."""
    if name in book.parameters and name not in book.versions and name not in book.facts:
        return Entry(title_of(book, name), f"/rules/rates/{name}", "rate")
    kind = "rule" if name in book.versions else "fact"
    return Entry(title_of(book, name), f"/rules/{name}", kind)


def kind_words(entity: str, unit: Unit) -> str:
    """Return whom a value belongs to and what it counts: "of a family, an amount a week"."""
    whose = {
        "person": gettext("For each person"),
        "family": gettext("For a family"),
        "household": gettext("For a household"),
        "company": gettext("For a company"),
    }.get(entity, "")
    return f"{whose}: {unit_words(unit)}"


def unit_words(unit: Unit) -> str:
    """Return what a value counts."""
    if unit.is_money:
        if unit.period is None:
            return gettext("an amount of money")
        return {
            "hour": gettext("an amount an hour"),
            "day": gettext("an amount a day"),
            "week": gettext("an amount a week"),
            "month": gettext("an amount a month"),
            "year": gettext("an amount a year"),
        }[unit.period.name]
    if unit.base == "choice":
        return gettext("one of several")
    return {
        YES_NO: gettext("yes or no"),
        DATE: gettext("a date"),
        PERCENT: gettext("a percentage"),
        YEARS: gettext("years"),
        DAYS: gettext("days"),
        NUMBER: gettext("a number"),
    }[unit]


def pieces(law: Law, variable: Variable, template: str) -> list[Piece]:
    """Return a reason with the names of what stands in its gaps, as words and links."""
    found: list[Piece] = []
    for part in wording.parsed(template):
        if isinstance(part, str):
            found.append({"text": part, "href": ""})
            continue
        gap = _gap(law, variable, part.name)
        if "#" in part.several:
            before, _, after = part.several.partition("#")
            found += [{"text": before, "href": ""}, gap, {"text": after, "href": ""}]
        elif part.several:
            found += [gap, {"text": f" {part.several}", "href": ""}]
        else:
            found.append(gap)
    return found


def _gap(law: Law, variable: Variable, name: str) -> Piece:
    if name == "value":
        return {"text": gettext("[the result]"), "href": ""}
    if name in variable.rates:
        node = law.graph[variable.rates[name]]
        unit = node.type.unit  # type: ignore[attr-defined]
        value = node.data.value if node.operation == "rate" else None
        words = wording.written(value, unit, current_language()) if value is not None else ""
        return {"text": words or f"[{title_of(law.book, name)}]", "href": f"/rules/rates/{name}"}
    return {"text": f"[{title_of(law.book, name)}]", "href": f"/rules/{name}"}


# --- versions and exceptions


def span_words(start: date | None, until: date | None) -> str:
    """Return the days [start, until) in words."""
    if start and until:
        told = gettext("from %(start)s until %(end)s")
        return told % {"start": formats.date(start), "end": formats.date(until)}
    if start:
        return gettext("from %(start)s") % {"start": formats.date(start)}
    if until:
        return gettext("until %(end)s") % {"end": formats.date(until)}
    return gettext("at all times that are covered")


def version_rows(law: Law, variable: Variable, versions: Iterable[Version]) -> list[dict[str, Any]]:
    """Return the versions of a rule, the newest first."""
    return [
        {
            **_said(law, variable, version.source, here=version is variable.spec),
            "otherwise": pieces(law, variable, pick(version.otherwise))
            if version.otherwise
            else [],
        }
        for version in reversed(list(versions))
    ]


def exception_rows(law: Law, variable: Variable) -> list[dict[str, Any]]:
    """Return the exceptions to a rule, the one that goes before all others first."""
    several = law.book.exceptions.get(variable.name, ())
    return [
        _said(law, variable, each.source, here=each in variable.exceptions)
        for each in reversed(list(several))
    ]


def _said(law: Law, variable: Variable, source: Source, *, here: bool) -> dict[str, Any]:
    return {
        "title": pick(source.title),
        "cite": source.cite,
        "because": pieces(law, variable, pick(source.because)),
        "span": span_words(source.since, source.until),
        "dated": bool(source.since or source.until),
        "here": here,
        "source": source.text,
    }


# --- rates


def rate_unit(parameter: Parameter) -> Unit | None:
    """Return what a rate counts; None if the law cannot calculate with it."""
    try:
        return units.parse(parameter.unit)
    except ValueError:
        return None


def rate_words(parameter: Parameter, row: Row) -> str:
    """Return the value of a row in words; a tariff is told by its entries."""
    return "; ".join(
        f"{option}: {words}" if option else words for option, words in _entries(parameter, row)
    )


def _entries(parameter: Parameter, row: Row) -> list[tuple[str, str]]:
    unit = rate_unit(parameter)

    def words(value: Any) -> str:
        if unit is None:
            return ", ".join(value) if isinstance(value, tuple) else str(value)
        return wording.written(held(value, unit), unit, current_language())

    def walk(value: Any, path: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        if isinstance(value, Mapping):
            for option, part in value.items():
                yield from walk(part, (*path, lawfields.option_words(option)))
        else:
            yield ", ".join(path), words(value)

    return list(walk(row.value, ()))


def rate_rows(parameter: Parameter, today: date) -> list[dict[str, Any]]:
    """Return every row of a rate, the newest first."""
    rows = []
    for row in reversed(parameter.rows):
        here = row.start <= today and (row.until is None or today < row.until)
        rows.append(
            {
                "start": formats.date(row.start),
                "until": formats.date(row.until) if row.until else "",
                "entries": _entries(parameter, row),
                "cite": row.cite,
                "source": row.source,
                "announced": row.status == "announced",
                "here": here,
                "ahead": row.start > today,
            }
        )
    return rows


def rate_steps(parameter: Parameter) -> list[Step]:
    """Return a rate as steps for its plot; none where it is a tariff or no number."""
    unit = rate_unit(parameter)
    if unit is None or parameter.levels or not unit.is_numeric:
        return []
    return [
        Step(
            row.start,
            Decimal(held(row.value, unit)),
            rate_words(parameter, row),
            row.status == "announced",
        )
        for row in parameter.rows
    ]


# --- facts


def fact_rows(fact: Fact) -> list[tuple[str, str]]:
    """Return what is known of a fact: its question, its limits, its usual value."""
    rows = [(gettext("What it counts"), kind_words(fact.entity.name, fact.unit))]
    if fact.ask:
        rows.append((gettext("The question"), pick(fact.ask)))
    if fact.unit.base == "choice":
        options = ", ".join(lawfields.option_words(each, fact.unit) for each in fact.unit.options)
        rows.append((gettext("One of"), options))
    limits = _limits(fact)
    if limits:
        rows.append((gettext("Limits"), limits))
    return rows


def _limits(fact: Fact) -> str:
    language = current_language()
    low = wording.written(fact.low, fact.unit, language) if fact.low is not None else ""
    high = wording.written(fact.high, fact.unit, language) if fact.high is not None else ""
    if low and high:
        return gettext("between %(least)s and %(most)s") % {"least": low, "most": high}
    if low:
        return gettext("at least %(least)s") % {"least": low}
    return gettext("at most %(most)s") % {"most": high} if high else ""
