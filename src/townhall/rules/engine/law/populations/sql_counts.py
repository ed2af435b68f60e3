"""Counts of members, several in one sum.

A database adds up one column much faster than it counts in four: what is counted is a
yes or no of each member, so that as many counts as fit stand side by side in the 53 bits
of a float64, each in `WIDTH` of them, and are taken apart again afterwards. Every step is
exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from townhall.rules.engine.law.populations.sql_words import Words

WIDTH: Final = 13
MOST: Final = (1 << WIDTH) - 1
"""The most members that a family or household may have for its counts to stand in one sum."""
_IN_ONE: Final = 53 // WIDTH


@dataclass(frozen=True, slots=True)
class Count:
    """How many members a test is true of.

    Attributes
    ----------
    name
        The column that holds it.
    test
        A condition on the row of a member.
    compared
        What is asked of the number: "" (the number itself), `> 0`, or `= 0`.
    """

    name: str
    test: str
    compared: str = ""


def sums(counts: Sequence[Count], words: Words, *, nulls: bool) -> list[str]:
    """Return the aggregates that hold all counts.

    Parameters
    ----------
    nulls
        Whether a test may be neither true nor false, which counts as false.
    """
    return [
        f"SUM({' + '.join(_term(count, place, words, nulls) for place, count in enumerate(group))})"
        f" AS packed{number}"
        for number, group in enumerate(_groups(counts))
    ]


def taken_apart(counts: Sequence[Count], words: Words) -> list[str]:
    """Return a column for each count, on the aggregates of `sums`."""
    columns = []
    for number, group in enumerate(_groups(counts)):
        for place, count in enumerate(group):
            whole = _shifted(f"packed{number}", place, words)
            if place < len(group) - 1:
                above = _shifted(f"packed{number}", place + 1, words)
                whole = f"({whole} - {above} * {words.literal(1 << WIDTH, 'f')})"
            if count.compared:
                whole = f"({whole} {count.compared})"
            columns.append(f"{whole} AS {count.name}")
    return columns


def _groups(counts: Sequence[Count]) -> list[Sequence[Count]]:
    return [counts[start : start + _IN_ONE] for start in range(0, len(counts), _IN_ONE)]


def _term(count: Count, place: int, words: Words, nulls: bool) -> str:
    worth = words.literal(1 << (WIDTH * place), "f")
    if nulls:
        return f"CASE WHEN {count.test} THEN {worth} ELSE {words.literal(0, 'f')} END"
    one = words.cast(words.cast(count.test, "i"), "f")  # much the faster in DuckDB
    return f"{one} * {worth}" if place else one


def _shifted(name: str, place: int, words: Words) -> str:
    if not place:
        return name
    return words.cast(f"FLOOR({name} / {words.literal(1 << (WIDTH * place), 'f')})", "f")
