"""Kleene's laws, over all combinations of yes, no and unknown."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from townhall.rules.engine import UNKNOWN, YES_NO, Scope, parse

SCOPE = Scope({"a": YES_NO, "b": YES_NO, "c": YES_NO})
VALUES = (True, False, UNKNOWN)

LAWS = [
    ("a and b", "b and a"),
    ("a or b", "b or a"),
    ("a and (b and c)", "(a and b) and c"),
    ("a or (b or c)", "(a or b) or c"),
    ("a and (b or c)", "a and b or a and c"),
    ("a or b and c", "(a or b) and (a or c)"),
    ("not (a and b)", "not a or not b"),
    ("not (a or b)", "not a and not b"),
    ("not not a", "a"),
    ("a and a", "a"),
    ("a or a", "a"),
    ("a and (a or b)", "a"),
    ("a or (a and b)", "a"),
    ("a and yes", "a"),
    ("a or no", "a"),
    ("a and no", "no"),
    ("a or yes", "yes"),
    ("if a then b else b", "b"),
    ("if a then yes else no", "a"),
    ("if a then no else yes", "not a"),
    ("if not a then b else c", "if a then c else b"),
    ("any([a, b, c], it)", "a or b or c"),
    ("all([a, b, c], it)", "a and b and c"),
]


def table(text: str) -> list[Any]:
    rule = parse(text, SCOPE)
    return [
        rule.evaluate(dict(zip("abc", values, strict=True))).value
        for values in product(VALUES, repeat=3)
    ]


@pytest.mark.parametrize(("left", "right"), LAWS)
def test_laws(left: str, right: str) -> None:
    assert table(left) == table(right)


def test_the_excluded_middle_does_not_hold_of_the_unknown() -> None:
    assert table("a or not a") != table("yes")
    assert parse("a or not a", SCOPE).evaluate({}).value is UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a and b", [True, False, UNKNOWN, False, False, False, UNKNOWN, False, UNKNOWN]),
        ("a or b", [True, True, True, True, False, UNKNOWN, True, UNKNOWN, UNKNOWN]),
        ("a == b", [True, False, UNKNOWN, False, True, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]),
    ],
)
def test_truth_tables(text: str, expected: list[Any]) -> None:
    rule = parse(text, SCOPE)
    found = [rule.evaluate({"a": a, "b": b}).value for a, b in product(VALUES, repeat=2)]
    assert found == expected
