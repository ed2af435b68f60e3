"""Citations and reasons that are not as they must be are refused at the load."""

from __future__ import annotations

import pytest

from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    YEAR,
    LawError,
    applies,
    total,
)

from .family_book import both
from .trying import (
    HERE,
    RULE,
    TITLE,
    fresh,
    narrower,
    problem,
)


def test_a_rule_without_citation_is_refused_where_it_is_written() -> None:
    book = fresh()
    with pytest.raises(LawError, match=rf'{HERE}/\w+\.py:\d+: the rule "uncited" has no citation'):

        @book.rule(PERSON, NUMBER, title=TITLE, cite=" ", because=TITLE)
        def uncited():
            return 1


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_reason_that_names_what_the_rule_does_not_have(language: str) -> None:
    book = fresh()
    because = both("Pay of {pay}", "Cyflog o {pay}")
    because[language] = "Pay of {wages}"

    @book.rule(PERSON, GBP / YEAR, title=TITLE, cite="An Act", because=because)
    def kept(pay):
        return pay

    words = problem(book)
    assert f'the reason of "kept" ({language}) names "wages"' in words
    assert "which is no argument and no rate of it" in words


def test_a_welsh_reason_with_a_missing_gap() -> None:
    book = fresh()

    @book.rule(
        PERSON, GBP / YEAR, title=TITLE, cite="An Act", because=both("Pay of {pay}", "Cyflog")
    )
    def kept(pay):
        return pay

    assert 'the reason of "kept" (cy) leaves out "pay"' in problem(book)


@pytest.mark.parametrize("words", ["Pay of {pay", "Pay of pay}", "{pay:pound}", "{{pay}}"])
def test_a_reason_with_a_brace_that_is_no_gap(words: str) -> None:
    book = fresh()

    @book.rule(PERSON, GBP / YEAR, title=TITLE, cite="An Act", because={"en": words})
    def kept(pay):
        return pay

    assert "brace that is no gap" in problem(book)


def test_a_reason_that_names_a_value_of_which_there_are_several() -> None:
    book = fresh()

    @book.rule(FAMILY, GBP / YEAR, title=TITLE, cite="An Act", because={"en": "Pay of {pay}"})
    def kept(pay):
        return total(pay)

    assert 'names "pay", of which a family has several' in problem(book)


def test_a_reason_of_an_exception_is_checked_as_well() -> None:
    book = fresh()
    book.rule(PERSON, GBP / YEAR, **RULE)(narrower)

    @book.exception(
        to="narrower", priority=1, title=TITLE, cite="An Act", because={"en": "{wages}"}
    )
    def nothing(works):
        return applies(works, 0)

    assert 'names "wages"' in problem(book)
