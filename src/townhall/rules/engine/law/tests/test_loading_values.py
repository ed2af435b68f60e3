"""Rates, floats, and whatever else goes wrong in a rule, with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    WEEK,
    YEAR,
    Lawbook,
    rate,
    round_down,
    scale,
    steps,
    today,
    when,
    years_between,
)

from .trying import (
    DAY,
    RULE,
    fresh,
    problem,
    problem_of,
)


def test_an_unknown_rate_is_told_with_the_nearest() -> None:
    def paid():
        return rate("child_benefit.oldest")

    words = problem_of(paid, unit=GBP / WEEK)
    assert words == 'There is no rate "child_benefit.oldest". Did you mean "child_benefit.eldest"?'


def test_a_rate_of_a_unit_that_cannot_be_calculated_with() -> None:
    book = fresh()

    @book.rule(PERSON, NUMBER, **RULE)
    def named():
        return rate("label")

    parameters = {"label": {"unit": "text", "cite": "An Act", "values": {"2020-01-01": "x"}}}
    words = problem(book, parameters=parameters)
    assert '"named": The rate "label": "text" is no unit that the law can calculate with.' in words


def tariff_without_by():
    return rate("heating.sum")


def by_a_number(pay):
    return rate("heating.sum", by=pay)


def by_other_options(home):
    return rate("heating.sum", by=home)


def by_for_one_rate(home):
    return rate("tax.allowance", by=home)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (tariff_without_by, "say which entry with by=, a choice"),
        (by_a_number, "say which entry with by=, a choice"),
        (by_other_options, "has no entry for owned, rented"),
        (by_for_one_rate, "is one rate, not a tariff: leave out by="),
    ],
)
def test_tariffs_are_looked_up_by_a_choice(function: Any, words: str) -> None:
    entity = FAMILY if function in (by_other_options, by_for_one_rate) else PERSON
    assert words in problem_of(function, entity, GBP / YEAR)


def float_added(pay):
    return pay + 0.1


def float_factor(pay):
    return pay * 0.2


def float_result():
    return 0.2


def float_step(pay):
    return round_down(pay, 0.01)


@pytest.mark.parametrize("function", [float_added, float_factor, float_result, float_step])
def test_a_float_is_written_in_quotes(function: Any) -> None:
    assert re.search(r'Write (0\.\d+) in quotes \("\1"\), to keep it exact', problem_of(function))


def test_numbers_in_quotes_and_decimals_are_exact() -> None:
    book = fresh()

    @book.rule(PERSON, GBP / YEAR, **RULE)
    def kept(pay):
        return (pay + "0.10") * Decimal("0.2")

    Lawbook([book], Parameters()).on(DAY)


def two_sums(pay):
    return pay * pay


def date_added(born):
    return born + 1


def number_rounded_to_nothing(pay):
    return round_down(pay, 0)


def bad_date(born):
    return when(born < "6 April 1950", 1, 0)


def years_of_pay(pay):
    return years_between(pay, today())


def python_error(pay):
    return pay.missing_word


def undefined_name(pay):
    return pay + undefined  # noqa: F821


def no_rows(pay):
    return steps(pay, {}, 0)


def nothing_given(pay):
    del pay


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (two_sums, "GBP a year and GBP a year cannot be multiplied."),
        (date_added, "1 is no date"),
        (number_rounded_to_nothing, "What is rounded to is above zero."),
        (bad_date, "'6 April 1950' is no date; write it as \"2026-04-06\"."),
        (years_of_pay, "A date is needed here, not GBP a year."),
        (python_error, "AttributeError: 'Term' object has no attribute 'missing_word'"),
        (undefined_name, "NameError: name 'undefined' is not defined"),
        (no_rows, "A table has one row or more."),
        (nothing_given, "It returns nothing: write return"),
    ],
)
def test_whatever_goes_wrong_in_a_rule_is_said_with_its_place(function: Any, words: str) -> None:
    assert words in problem_of(function)


def test_all_problems_are_told_at_once() -> None:
    book = fresh()
    for function in (two_sums, date_added, bad_date):
        book.rule(PERSON, NUMBER, **RULE)(function)
    assert len(problem(book).splitlines()) == 3


def bands_that_fall(pay):
    return scale(pay, (0, 20), (5000, 40), ("4999.99", 45))


def rates_that_fall(pay):
    return scale(pay, (rate("tax.additional_from"), 20), (rate("tax.higher_from"), 40))


def test_the_bands_of_a_scale_ascend() -> None:
    words = "The bands of a scale ascend, but {} comes after {}."
    falling = problem_of(bands_that_fall, unit=GBP / YEAR)
    assert falling == words.format("4999.99", "5000")
    assert problem_of(rates_that_fall, unit=GBP / YEAR) == words.format("37700", "125140")
