"""Results as a file: JSON with everything, or one table for a spreadsheet; and as text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from townhall.rules.engine.law import Lawbook
from townhall.rules.simulation.definitions import DEFINITIONS, TYPES

HEADING: Final = ("table", "group", "figure", "unit", "before", "after", "difference")
Row = tuple[str, str, str, str, Any, Any, Any]

_POVERTY: Final = (
    ("median", "GBP/year", "median of equivalised net income"),
    ("line", "GBP/year", "poverty line"),
    ("rate", "share", "people in poverty"),
    ("children", "share", "children in poverty"),
    ("persons", "people", "people in poverty"),
)


def as_json(results: Mapping[str, Any]) -> str:
    """Return all results with what each figure is, in both languages."""
    return json.dumps(
        {**results, "definitions": DEFINITIONS}, ensure_ascii=False, indent=1, sort_keys=False
    )


def as_csv(results: Mapping[str, Any]) -> str:
    """Return the figures as one table in RFC 4180, a figure a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADING)
    for row in rows(results):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def rows(results: Mapping[str, Any]) -> Iterable[Row]:
    """Yield every figure: table, group, figure, unit, before, after, difference."""
    for rate in results["reform"]["rates"]:
        yield "rates", "", rate["rate"], "", rate["before"], rate["after"], None
    for name, value in results["population"].items():
        yield "population", "", name, "", value, value, None
    for cost in results["costs"]:
        before, after = cost["before"], cost["after"]
        yield "costs", "", cost["rule"], "GBP/year", before, after, cost["difference"]
        number = cost["number_before"], cost["number_after"]
        yield "costs", "", f"{cost['rule']} (number)", cost["of"], *number, number[1] - number[0]
    yield "public_purse", "", "balance", "GBP/year", None, None, results["public_purse"]
    yield from _group("all", "", results["income"])
    for group in results["deciles"]:
        yield from _group("deciles", str(group["decile"]), group)
    for group in results["types"]:
        yield from _group("types", group["type"], group)
    poverty = results["poverty"]
    for name, unit, words in _POVERTY:
        before, after = poverty[f"{name}_before"], poverty[f"{name}_after"]
        yield "poverty", "", words, unit, before, after, after - before
    fixed, before = poverty["rate_after_fixed"], poverty["rate_before"]
    yield "poverty", "", "people below the line from before", "share", before, fixed, fixed - before


def _group(table: str, group: str, figures: Mapping[str, Any]) -> Iterable[Row]:
    for name in ("households", "persons"):
        yield table, group, name, "", figures[name], figures[name], None
    before, after = figures["before"], figures["after"]
    yield table, group, "net income", "GBP/year", before, after, figures["difference"]
    means = figures["mean_before"], figures["mean_after"]
    yield table, group, "mean net income", "GBP/year", *means, means[1] - means[0]
    yield table, group, "mean change", "GBP/week", None, None, figures["mean_change_a_week"]
    yield table, group, "people who win", "share", None, None, figures["win"]
    yield table, group, "people who lose", "share", None, None, figures["lose"]


# --- as text


def as_text(results: Mapping[str, Any], book: Lawbook) -> str:
    """Return the main results in English, for a terminal."""
    lines = [*_what(results), "", "Cost in a year, million pounds"]
    titles = {cost["rule"]: _title(book, cost) for cost in results["costs"]}
    width = max(map(len, titles.values()))
    for cost in results["costs"]:
        amounts = (cost["before"], cost["after"], cost["difference"])
        numbers = "".join(f"{amount / 1e6:>14,.1f}" for amount in amounts)
        lines.append(f"  {titles[cost['rule']]:<{width}}{numbers}")
    purse = results["public_purse"]
    lines.append(f"  The public purse {'saves' if purse >= 0 else 'pays'} {abs(purse) / 1e6:,.1f}")
    lines += ["", "Decile    mean net income   change a week    win   lose"]
    lines += [_line(str(each["decile"]), each) for each in results["deciles"]]
    lines += [_line("all", results["income"]), ""]
    width = max(len(TYPES[each["type"]]["en"]) for each in results["types"])
    lines += [_line(TYPES[each["type"]]["en"], each, width) for each in results["types"]]
    poverty = results["poverty"]
    lines += [
        "",
        f"In poverty: {poverty['rate_before']:.2%} of people before, "
        f"{poverty['rate_after']:.2%} after; {poverty['children_before']:.2%} and "
        f"{poverty['children_after']:.2%} of children.",
    ]
    return "\n".join(lines)


def _what(results: Mapping[str, Any]) -> list[str]:
    people, facts = results["population"], results["facts"]
    lines = [
        f"{people['households']:,} households, {people['persons']:,} persons, "
        f"law of {results['day']}."
    ]
    if results["source"]["kind"] == "invented":
        lines.append("The population is invented: no estimate follows from it.")
    lines += [
        f"  {rate['rate']}: {rate['before']} -> {rate['after']}"
        for rate in results["reform"]["rates"]
    ]
    if facts["usual"]:
        lines.append(
            f"{len(facts['usual'])} facts are taken at their usual values: "
            f"{', '.join(facts['usual'])}."
        )
    if facts["unused_columns"]:
        lines.append(f"Columns that were not used: {', '.join(facts['unused_columns'])}.")
    return lines


def _title(book: Lawbook, cost: Mapping[str, Any]) -> str:
    programme = book.programmes.get(cost["programme"])
    title = (programme or book.versions[cost["rule"]][-1].source).title["en"]
    return f"of which: {title}" if cost["within"] else title


def _line(name: str, group: Mapping[str, Any], width: int = 6) -> str:
    return (
        f"{name:<{width}}{group['mean_before']:>19,.0f}{group['mean_change_a_week']:>16,.2f}"
        f"{group['win']:>7.0%}{group['lose']:>7.0%}"
    )
