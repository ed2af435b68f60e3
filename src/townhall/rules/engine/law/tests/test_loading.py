"""Rules that do not fit together are not loaded: where is said, and what to write."""

from __future__ import annotations

from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    Book,
    Lawbook,
    at_least,
    count,
    scale,
    when,
)

from .family_book import RATES
from .trying import (
    DAY,
    RULE,
    fresh,
    narrower,
    narrower_exception,
    place_of,
    problem,
    problem_of,
)


def test_a_rule_that_rests_on_itself_through_three_modules_is_named_with_all_three() -> None:
    one, two, three = fresh(), Book("two"), Book("three")

    @one.rule(PERSON, NUMBER, **RULE)
    def first(second):
        return second + 1

    @two.rule(PERSON, NUMBER, **RULE)
    def second(third):
        return third + 1

    @three.rule(PERSON, NUMBER, **RULE)
    def third(first):
        return first + 1

    @three.rule(PERSON, NUMBER, **RULE)
    def beside(first):
        return first * 2

    words = problem(one, two, three)
    assert "first → second → third → first" in words
    for rule in (first, second, third):
        assert place_of(rule) in words
    assert len(words.splitlines()) == 1, "what rests on the circle is not told again"


def test_a_rule_that_uses_its_own_name_rests_on_itself() -> None:
    book = fresh()

    @book.rule(PERSON, NUMBER, **RULE)
    def again(again):
        return again

    assert "again → again" in problem(book)


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    def tax(pension_):
        return pension_

    words = problem_of(tax, unit=GBP / WEEK)
    assert words == '"pension_" is no fact and no rule. Did you mean "pension"?'


def test_a_name_like_none_gets_no_hint() -> None:
    def tax(zzzzzz):
        return zzzzzz

    assert problem_of(tax) == '"zzzzzz" is no fact and no rule.'


def mixed_periods(pay, pension):
    return pay + pension


def mixed_in_minimum(pay, pension):
    return at_least(pay, pension)


def mixed_in_branches(pay, pension, works):
    return when(works, pay, pension)


def mixed_comparison(pay, pension):
    return when(pay > pension, 1, 0)


@pytest.mark.parametrize(
    "function", [mixed_periods, mixed_in_minimum, mixed_in_branches, mixed_comparison]
)
def test_a_week_and_a_year_do_not_mix(function: Any) -> None:
    words = problem_of(function, unit=GBP / YEAR)
    assert "GBP a year and GBP a week" in words
    assert ".per(…)" in words


def test_weeks_become_a_year_where_the_rule_says_so() -> None:
    book = fresh()

    @book.rule(PERSON, GBP / YEAR, **RULE)
    def income(pay, pension):
        return pay + pension.per(YEAR)

    Lawbook([book], Parameters.from_mapping(RATES)).on(DAY)


def wrong_option(home):
    return when(home == "rentd", 1, 0)


def two_choices(home, works):
    return when(home == works, 1, 0)


def order_of_choices(home):
    return when(home < "rented", 1, 0)


def no_number(home):
    return home + 1


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (wrong_option, "'rentd' is none of the choices: owned, rented."),
        (two_choices, "choice and yes/no cannot be compared."),
        (order_of_choices, "Of two values of choice, none is the greater."),
        (no_number, "1 is none of the choices: owned, rented."),
    ],
)
def test_choices_are_compared_with_their_own_options(function: Any, words: str) -> None:
    assert problem_of(function, FAMILY) == words


def part_of_number(pay):
    return pay / 100


def number_for_part(pay):
    return (pay / pay) * 20


def test_a_percentage_is_made_on_purpose() -> None:
    words = problem_of(number_for_part, unit=PERCENT)
    assert "percent and number cannot be the same." in words
    assert "percent(…)" in words
    assert "GBP a year" in problem_of(part_of_number, unit=PERCENT)


def rate_of_band_is_number(pay, works):
    return scale(pay, (0, when(works, 1, 2)))


def test_the_rates_of_a_scale_are_percentages() -> None:
    assert "a percentage, not number" in problem_of(rate_of_band_is_number, unit=GBP / YEAR)


def test_a_value_of_a_person_is_none_of_the_family() -> None:
    words = problem_of(narrower, FAMILY, GBP / YEAR)
    assert words.startswith("The rule is of a family, but gives a value of a person: use total")


def test_nor_is_it_by_the_condition_of_an_exception() -> None:
    book = fresh()

    @book.rule(FAMILY, NUMBER, **RULE)
    def members():
        return 1

    book.exception(to="members", priority=1, **RULE)(narrower_exception)
    words = problem(book)
    assert '"narrower_exception": The rule is of a family, but gives a value of a person' in words


def test_members_of_a_person_are_none() -> None:
    def counted(works):
        return count(works)

    assert "A person has no members" in problem_of(counted)


def if_on_a_term(pay):
    return 1 if pay > 10 else 0


def and_on_terms(works, pay):
    return works and pay > 10


def chained(pay):
    return when(10 < pay < 20, 1, 0)


def builtin_max(pay):
    return max(pay, 10)


def membership(home):
    return when(home in ("owned", "rented"), 1, 0)


@pytest.mark.parametrize("function", [if_on_a_term, and_on_terms, chained, builtin_max, membership])
def test_if_on_a_value_says_to_write_when(function: Any) -> None:
    assert "Use when(…), and &, |, ~" in problem_of(function, unit=GBP / YEAR)


def loop(pay):
    return sum(each for each in pay)


def test_a_loop_over_members_says_what_to_use() -> None:
    assert "use total, count, highest, any_of" in problem_of(loop)
