"""Two versions on one day, exceptions that compete, rates that are missing on a covered day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    YEAR,
    YEARS,
    Book,
    Lawbook,
    LawError,
    rate,
)

from .trying import (
    HERE,
    RULE,
    exception,
    fresh,
    narrower,
    problem,
    version,
)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([{}, {}], "is there twice"),
        (
            [{"until": "2026-04-07"}, {"from_": "2026-04-06"}],
            "two versions of .allowance. are in force on 2026-04-06",
        ),
        (
            [{"from_": "2026-04-06"}, {"from_": "2026-04-06"}],
            "two versions of .allowance. are in force on 2026-04-06",
        ),
    ],
)
def test_two_versions_of_a_rule_on_one_day(days: list[dict[str, str]], words: str) -> None:
    book = fresh()
    for number, span in enumerate(days):
        version(book, number, **span)
    assert re.search(words, problem(book))


def test_versions_that_follow_each_other_load() -> None:
    book = fresh()
    version(book, 1, until="2025-04-06")
    version(book, 2, from_="2025-04-06", until="2026-04-06")
    version(book, 3, from_="2026-04-06")
    law = Lawbook([book], Parameters())
    law.check()


def test_a_version_of_another_unit_is_refused() -> None:
    book = fresh()
    version(book, 1)

    @book.rule(PERSON, YEARS, from_="2026-01-01", **RULE)
    def allowance():
        return 1

    assert "changes whom it belongs to, or its unit" in problem(book)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"from_": "2026-04-06", "until": "2026-04-06"}, "ends before it begins"),
        ({"from_": "6 April 2026"}, "Invalid isoformat string"),
    ],
)
def test_days_that_are_none(span: dict[str, str], words: str) -> None:
    with pytest.raises(LawError, match=words):
        version(fresh(), 1, **span)


def test_an_exception_to_no_rule() -> None:
    book = fresh()
    exception(book, "alowance", 1)
    assert 'an exception to "alowance", which is no rule' in problem(book)


def test_two_exceptions_of_one_priority() -> None:
    book = fresh()
    version(book, 1)
    exception(book, "allowance", 1)
    exception(book, "allowance", 1)
    words = problem(book)
    assert 'two exceptions to "allowance" have the priority 1' in words
    assert len(re.findall(rf"{HERE}/\w+\.py:\d+", words)) == 2


def test_exceptions_of_one_priority_may_follow_each_other() -> None:
    book = fresh()
    version(book, 1)
    exception(book, "allowance", 1, until="2025-01-01")
    exception(book, "allowance", 1, from_="2025-01-01")
    Lawbook([book], Parameters()).check()


def test_an_exception_that_returns_a_value_alone() -> None:
    book = fresh()
    version(book, 1)

    @book.exception(to="allowance", priority=1, **RULE)
    def special(works):
        return works

    assert '"special": An exception returns applies(condition, value).' in problem(book)


def covered(book: Book, **entry: Any) -> Lawbook:
    parameters = Parameters.from_mapping({"sum": {"unit": "GBP", "cite": "An Act", **entry}})
    return Lawbook([book], parameters, (date(2024, 4, 6), date(2027, 4, 6)))


def using_a_sum() -> Book:
    book = fresh()

    @book.rule(PERSON, GBP, **RULE)
    def grant():
        return rate("sum")

    return book


@pytest.mark.parametrize(
    ("entry", "day"),
    [
        ({"values": {"2024-04-06": 5}, "until": "2027-04-05"}, "2027-04-05"),
        ({"values": {"2024-04-07": 5}}, "2024-04-06"),
        ({"values": {"2024-04-06": 5, "2026-04-06": 6}, "yearly": "yes"}, "2025-04-06"),
    ],
)
def test_a_rate_that_is_missing_on_a_covered_day(entry: dict[str, Any], day: str) -> None:
    with pytest.raises(LawError, match=f'"sum" has no value in force on {day}'):
        covered(using_a_sum(), **entry).check()


def test_rates_of_all_covered_days() -> None:
    covered(using_a_sum(), values={"2024-04-06": 5}, until="2027-04-06").check()


def test_a_rule_that_has_ended_is_not_used_on_a_covered_day() -> None:
    book = using_a_sum()
    version(book, 1, until="2026-04-06")

    @book.rule(PERSON, NUMBER, **RULE)
    def after(allowance):
        return allowance

    words = '"after" uses "allowance", which is not in force on 2026-04-06'
    with pytest.raises(LawError, match=words):
        covered(book, values={"2024-04-06": 5}).check()


def test_a_law_in_which_nothing_changes_is_checked_too() -> None:
    book = fresh()
    book.rule(FAMILY, GBP / YEAR, **RULE)(narrower)
    with pytest.raises(LawError, match="The rule is of a family"):
        Lawbook([book], Parameters()).check()
