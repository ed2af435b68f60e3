"""What is wrong with a book as a whole: names, facts, programmes."""

from __future__ import annotations

from typing import Any

import pytest

from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    WORLD,
    YEAR,
    YES_NO,
    Book,
    LawError,
    highest,
    today,
)

from .trying import (
    HERE,
    RULE,
    TITLE,
    fresh,
    narrower,
    problem,
    problem_of,
    version,
)


def test_arguments_are_names_alone() -> None:
    for function in (lambda *pay: 1, lambda pay=1: 1, lambda **pay: 1):
        with pytest.raises(LawError, match="are names of facts or rules"):
            fresh().rule(PERSON, NUMBER, **RULE)(function)


def test_a_name_has_one_meaning() -> None:
    twice = fresh()
    twice.fact("pay", PERSON, NUMBER, title=TITLE)
    assert 'the fact "pay" is named twice' in problem(twice)

    both_kinds = fresh()

    @both_kinds.rule(PERSON, NUMBER, **RULE)
    def works():
        return 1

    assert '"works" is a fact (named in ' in problem(both_kinds)

    engine = fresh()

    @engine.rule(PERSON, YES_NO, **RULE)
    def has_partner():
        return True

    assert '"has_partner" is a name of the engine' in problem(engine)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"usual": "much"}, "usual value that it cannot have"),
        ({"usual": -1, "low": 0}, "usual value outside of its limits"),
        ({"low": 5, "high": 4}, "that leaves nothing"),
        ({"cost": 9}, "costs 9 to answer"),
        ({"title": {"cy": "Rheol"}}, "lacks its English words"),
        ({"ask": {"cy": "Faint?"}}, "lacks its English words"),
    ],
)
def test_a_fact_that_cannot_be(entry: dict[str, Any], words: str) -> None:
    book = Book("facts")
    book.fact("pay", PERSON, GBP / YEAR, **{"title": TITLE, **entry})
    assert words in problem(book)


def test_programmes_name_a_rule_and_are_named_once() -> None:
    book = fresh()
    version(book, 1)
    book.programme("grant", goal="allowance", title=TITLE)
    book.programme("grant", goal="alowance", title=TITLE)
    words = problem(book)
    assert '"alowance", the goal of a programme, is no rule' in words
    assert 'the programme "grant" is named twice' in words


def test_words_of_the_language_stand_in_rules_only() -> None:
    with pytest.raises(LawError, match="only be used inside of a rule"):
        today()


def test_highest_of_yes_and_no_is_asked_as_any() -> None:
    def most(works):
        return highest(works)

    assert "none is the greatest" in problem_of(most, FAMILY, YES_NO)


def test_no_place_is_absolute() -> None:
    book = fresh()
    book.rule(PERSON, NUMBER, **RULE)(narrower)
    for place in (book.facts[0].at, book.versions[0].source.at):
        assert place.startswith(f"{HERE}/")


def test_what_is_the_same_for_everybody_is_a_rate() -> None:
    book = Book("facts")
    book.fact("index", WORLD, NUMBER, title=TITLE)
    assert "what is the same for everybody is a rate" in problem(book)


@pytest.mark.parametrize("limits", [{"low": 0.5}, {"high": 1.5}, {"low": False}])
def test_a_limit_is_no_float(limits: dict[str, Any]) -> None:
    with pytest.raises(LawError, match=r'"pay": write the limit .* in quotes'):
        Book("facts").fact("pay", PERSON, NUMBER, title=TITLE, **limits)
