"""The results of a reform as a page shows them: sums in words, bars, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from babel import numbers

from townhall.foundation.text import current_language, gettext, pick
from townhall.foundation.text.languages import locale
from townhall.portal import reforms, rulewords
from townhall.rules.engine.law import Lawbook
from townhall.rules.simulation.changes import Rate
from townhall.rules.simulation.definitions import DEFINITIONS, TYPES

WIDTH: Final = 1_000
"""Of a picture of one bar; the page stretches it."""
MINUS: Final = "\u2212"
Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar. kind: "win", "same", "lose"."""

    kind: str
    x: float
    width: float


def shown(results: Results, book: Lawbook, known: Mapping[str, Rate]) -> dict[str, Any]:
    """Return everything that the page of a finished run says."""
    return {
        "invented": results["source"]["kind"] == "invented",
        "people": _people(results["population"]),
        "rates": [_rate(each, known) for each in results["reform"]["rates"]],
        "tiles": _tiles(results),
        "costs": [_cost(each, book) for each in results["costs"]],
        "purse": _purse(results["public_purse"]),
        "deciles": _deciles(results["deciles"]),
        "everybody": _group(results["income"], gettext("Everybody")),
        "types": _types(results["types"]),
        "poverty": _poverty(results["poverty"]),
        "facts": _facts(results["facts"], book),
        "law": results["law"],
        "definitions": {name: pick(words) for name, words in DEFINITIONS.items()},
    }


# --- numbers


def pounds(amount: float, *, places: int = 0, sign: bool = False) -> str:
    """Return an amount in pounds; with `sign` also a plus."""
    rounded = round(Decimal(repr(float(amount))), places)
    text = numbers.format_currency(
        abs(rounded),
        "GBP",
        format="¤#,##0" + ("." + "0" * places if places else ""),
        locale=locale(current_language()),
        currency_digits=False,
    )
    return _signed(rounded, text, sign)


def large(amount: float, *, sign: bool = False) -> str:
    """Return a large amount of pounds in millions or billions."""
    size = abs(amount)
    for least, words in ((1e9, gettext("£%(num)s bn")), (1e6, gettext("£%(num)s m"))):
        if size >= least:
            figure = numbers.format_decimal(
                round(Decimal(repr(size / least)), 2),
                format="#,##0.00",
                locale=locale(current_language()),
            )
            return _signed(Decimal(repr(float(amount))), words % {"num": figure}, sign)
    return pounds(amount, sign=sign)


def _signed(amount: Decimal, text: str, sign: bool) -> str:
    if amount < 0:
        return MINUS + text
    return "+" + text if sign and amount > 0 else text


def percent(share: float, places: int = 0) -> str:
    """Return a share as a percentage."""
    pattern = "#,##0" + ("." + "0" * places if places else "") + " %"
    return numbers.format_percent(
        Decimal(repr(float(share))), format=pattern, locale=locale(current_language())
    )


def count(number: float) -> str:
    """Return a number of people or households."""
    return numbers.format_decimal(round(number), locale=locale(current_language()))


# --- parts


def _people(population: Mapping[str, Any]) -> str:
    words = gettext("%(households)s households with %(persons)s people") % {
        "households": count(population["households"]),
        "persons": count(population["persons"]),
    }
    if not population["weighted"]:
        return words
    stand = gettext("which stand for %(households)s households and %(persons)s people") % {
        "households": count(population["households_stood_for"]),
        "persons": count(population["persons_stood_for"]),
    }
    return f"{words}, {stand}"


def _rate(told: Mapping[str, str], known: Mapping[str, Rate]) -> dict[str, str]:
    rate = known.get(told["rate"])
    if rate is None:  # a rate that the law no longer has
        return {"title": told["rate"], "href": "", "now": told["before"], "then": told["after"]}
    return {
        "title": reforms.title(rate),
        "href": f"/rules/rates/{rate.key}",
        "now": reforms.written(rate, Decimal(told["before"])),
        "then": reforms.written(rate, Decimal(told["after"])),
    }


def _tiles(results: Results) -> list[dict[str, str]]:
    purse, income, poverty = results["public_purse"], results["income"], results["poverty"]
    change = 100 * (poverty["rate_after"] - poverty["rate_before"])
    points = numbers.format_decimal(
        round(Decimal(repr(abs(change))), 2), locale=locale(current_language())
    )
    sign = MINUS if change < -0.005 else "+" if change > 0.005 else "±"
    return [
        {
            "label": gettext("The public purse in a year"),
            "value": large(purse, sign=True),
            "note": _purse(purse),
        },
        {
            "label": gettext("People who gain"),
            "value": percent(income["win"]),
            "note": gettext("more than £1 a week"),
        },
        {
            "label": gettext("People who lose"),
            "value": percent(income["lose"]),
            "note": gettext("more than £1 a week"),
        },
        {
            "label": gettext("People in poverty"),
            "value": percent(poverty["rate_after"], 1),
            "note": gettext("%(sign)s%(num)s percentage points") % {"sign": sign, "num": points},
        },
    ]


def _purse(amount: float) -> str:
    if abs(amount) < 0.5:
        return gettext("It neither pays nor saves anything.")
    told = gettext("It saves %(sum)s.") if amount > 0 else gettext("It pays %(sum)s more.")
    return told % {"sum": large(abs(amount))}


def _cost(cost: Mapping[str, Any], book: Lawbook) -> dict[str, Any]:
    before, after = cost["number_before"], cost["number_after"]
    programme = book.programmes.get(cost["programme"])
    return {
        "title": pick(programme.title) if programme else rulewords.title_of(book, cost["rule"]),
        "href": f"/rules/{cost['rule']}",
        "within": bool(cost["within"]),
        "kind": gettext("people get it") if cost["gives"] else gettext("people pay it"),
        "before": large(cost["before"]),
        "after": large(cost["after"]),
        "difference": large(cost["difference"], sign=True),
        "number": count(after),
        "number_change": _count_change(after - before),
    }


def _count_change(change: float) -> str:
    if abs(change) < 0.5:
        return ""
    return ("+" if change > 0 else MINUS) + count(abs(change))


def _group(group: Mapping[str, Any], title: str) -> dict[str, Any]:
    win, lose = group["win"], group["lose"]
    same = max(0.0, 1 - win - lose)
    return {
        "title": title,
        "households": count(group["households"]),
        "people": count(group["persons"]),
        "before": pounds(group["mean_before"]),
        "after": pounds(group["mean_after"]),
        "change": pounds(group["mean_change_a_week"], places=2, sign=True),
        "win": percent(win),
        "same": percent(same),
        "lose": percent(lose),
        "pieces": stacked((("lose", lose), ("same", same), ("win", win))),
    }


def stacked(shares: Sequence[tuple[str, float]]) -> tuple[Piece, ...]:
    """Return the parts of a bar that is full, in order."""
    found, at = [], 0.0
    for kind, share in shares:
        width = round(share * WIDTH, 1)
        if width > 0:
            found.append(Piece(kind, round(at, 1), width))
        at += width
    return tuple(found)


def _deciles(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ends = {1: gettext("1 (least)"), len(groups): gettext("%(num)s (most)") % {"num": len(groups)}}
    rows = [_group(each, ends.get(each["decile"], str(each["decile"]))) for each in groups]
    return _with_bars(rows, groups)


def _types(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return _with_bars([_group(each, pick(TYPES[each["type"]])) for each in groups], groups)


def _with_bars(
    rows: list[dict[str, Any]], groups: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Add to each row a bar to the left or right of the middle, the longest of all full."""
    changes = [each["mean_change_a_week"] for each in groups]
    longest = max((abs(change) for change in changes), default=0.0)
    for row, change in zip(rows, changes, strict=True):
        length = round(abs(change) / longest * WIDTH / 2, 1) if longest > 0.005 else 0.0
        start = WIDTH / 2 - (length if change < 0 else 0)
        row["bar"] = Piece("lose" if change < 0 else "win", round(start, 1), length)
    return rows


def _poverty(poverty: Mapping[str, Any]) -> list[dict[str, str]]:
    def row(title: str, before: str, after: str, definition: str) -> dict[str, str]:
        return {
            "title": title,
            "before": before,
            "after": after,
            "definition": pick(DEFINITIONS[definition]),
        }

    rate = percent(poverty["rate_before"], 1)
    return [
        row(gettext("People in poverty"), rate, percent(poverty["rate_after"], 1), "poverty"),
        row(
            gettext("How many people"),
            count(poverty["persons_before"]),
            count(poverty["persons_after"]),
            "poverty",
        ),
        row(
            gettext("People below the line from before"),
            rate,
            percent(poverty["rate_after_fixed"], 1),
            "poverty_fixed",
        ),
        row(
            gettext("Children in poverty"),
            percent(poverty["children_before"], 1),
            percent(poverty["children_after"], 1),
            "poverty_children",
        ),
        row(
            gettext("The line, a year for one adult"),
            pounds(poverty["line_before"]),
            pounds(poverty["line_after"]),
            "poverty",
        ),
    ]


def _facts(facts: Mapping[str, Any], book: Lawbook) -> dict[str, Any]:
    def named(names: Sequence[str]) -> list[tuple[str, str]]:
        return [(rulewords.title_of(book, name), f"/rules/{name}") for name in names]

    return {
        "given": named(facts["given"]),
        "usual": named(facts["usual"]),
        "same": [(rulewords.title_of(book, name), value) for name, value in facts["same"].items()],
        "unused": list(facts["unused_columns"]),
    }
