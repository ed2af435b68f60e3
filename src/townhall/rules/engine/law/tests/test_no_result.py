"""A division by zero is no result, unless its branch is not taken."""

from __future__ import annotations

from typing import Any

import pytest

from townhall.rules.engine.law import (
    FAMILY,
    NUMBER,
    PERSON,
    Book,
    NoResult,
    add_years,
    any_of,
    at_least,
    at_most,
    clip,
    count,
    position,
    round_down,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)

from .deciding import WORDS, alone, decided, family, named, one
from .family_book import both


def test_a_division_by_zero_in_a_branch_that_is_not_taken_does_no_harm() -> None:
    assert decided("bill", family(0, 0, 0)) == [0, 0]


def test_a_goal_that_is_divided_by_zero_has_no_result() -> None:
    with pytest.raises(NoResult, match='"income_for_each_child" has no result'):
        decided("income_for_each_child", family(0, 100))
    assert decided("income_for_each_child", family(2, 100)) == [50]


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: clip(x / y, 0, 100),
        lambda x, y: at_least(x / y, 1),
        lambda x, y: at_most(x / y, 1, 2),
        lambda x, y: when(x / y > 5, 1, 0),
        lambda x, y: when((x / y == 5) | (x < 0), 1, 0),
        lambda x, y: round_down(x / y, 1) * 0,
        lambda x, y: scale(x / y, (0, 20)),
        lambda x, y: steps(x / y, {0: 1}, 0),
        lambda x, y: total(x / y, of=FAMILY),
        lambda x, y: position(x / y),
        lambda x, y: years_between(add_years(today(), x / y), today()),
    ],
)
@pytest.mark.parametrize("x", [0, 7])
def test_no_limit_and_no_comparison_hides_a_division_by_zero(function: Any, x: int) -> None:
    with pytest.raises(NoResult, match='"hidden" has no result'):
        alone(named(function, "hidden"), NUMBER, x=x, y=0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: when(y == 0, 3, x / y),
        lambda x, y: when((y == 0) | (x / y > 5), 3, 0),
        lambda x, y: when((x / y > 5) & (y != 0), 0, 3),
        lambda x, y: 3 + position(x / y, where=y != 0),
        lambda x, y: 3 + count((y != 0) & (x / y > 2), of=FAMILY),
        lambda x, y: when(any_of((y == 0) | (x / y > 2), of=FAMILY), 3, 0),
    ],
)
def test_a_condition_passes_a_division_by_zero_by(function: Any) -> None:
    assert alone(named(function, "guarded"), NUMBER, x=7, y=0) == 3


def test_the_rule_in_which_it_went_wrong_isnamed() -> None:
    book = Book("named")
    book.fact("x", PERSON, NUMBER, title=both("A", "A"))
    book.rule(PERSON, NUMBER, **WORDS)(named(lambda x: 1 / x, "inverse"))
    book.rule(PERSON, NUMBER, **WORDS)(named(lambda inverse: inverse + 1, "above"))
    with pytest.raises(NoResult, match=r'"above" has no result: .* in "inverse"'):
        one(book, "above", x=0)


def test_a_number_that_grows_too_large_is_no_result() -> None:
    def grown(x):
        y = x
        for _ in range(14):
            y = y * y
        return at_most(y, 5)

    with pytest.raises(NoResult):
        alone(grown, NUMBER, x=10**14)
