"""A law that does not fit together is not loaded: where it is wrong is said, and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
    YES_NO,
    Book,
    Lawbook,
    LawError,
    applies,
    at_least,
    choice,
    count,
    highest,
    rate,
    round_down,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)

from .family_book import RATES, both

DAY = date(2025, 6, 1)
TITLE = both("A rule", "Rheol")
RULE: dict[str, Any] = {"title": TITLE, "cite": "An Act s.1", "because": both("So it is", "Felly")}
HERE = "townhall/rules/engine/law/tests/test_loading.py"


def fresh(name: str = "trial") -> Book:
    """A book with a few facts."""
    book = Book(name)
    book.fact("born", PERSON, DATE, title=TITLE)
    book.fact("pay", PERSON, GBP / YEAR, title=TITLE, low=0)
    book.fact("pension", PERSON, GBP / WEEK, title=TITLE)
    book.fact("works", PERSON, YES_NO, title=TITLE)
    book.fact("home", FAMILY, choice("owned", "rented"), title=TITLE)
    book.fact("part", PERSON, PERCENT, title=TITLE)
    return book


def problem(*books: Book, parameters: Any = None) -> str:
    """The error of the load."""
    with pytest.raises(LawError) as found:
        Lawbook(books, Parameters.from_mapping(parameters or RATES)).on(DAY)
    return str(found.value)


def problem_of(function: Callable[..., Any], entity: Any = PERSON, unit: Any = NUMBER) -> str:
    """The error of one rule, which must name file, line and rule."""
    book = fresh()
    book.rule(entity, unit, **RULE)(function)
    words = problem(book)
    place = f'{HERE}:{function.__code__.co_firstlineno}: "{function.__name__}": '
    assert words.startswith(place), words
    return words.removeprefix(place)


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
        assert f"{HERE}:{rule.__code__.co_firstlineno}" in words
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


def narrower(pay):
    return pay


def narrower_exception(works):
    return applies(works, 0)


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


def test_a_rule_without_citation_is_refused_where_it_is_written() -> None:
    book = fresh()
    with pytest.raises(LawError, match=rf'{HERE}:\d+: the rule "uncited" has no citation'):

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


def version(book: Book, value: int, **days: str) -> None:
    def rule():
        return value

    rule.__name__ = "allowance"
    book.rule(PERSON, NUMBER, **RULE, **days)(rule)


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


def exception(book: Book, to: str, priority: int, **days: str) -> None:
    def special(works):
        return applies(works, 0)

    book.exception(to=to, priority=priority, **RULE, **days)(special)


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
    assert len(re.findall(rf"{HERE}:\d+", words)) == 2


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
    book.rule(PERSON, NUMBER, **RULE)(two_sums)
    for place in (book.facts[0].at, book.versions[0].source.at):
        assert place.startswith(f"{HERE}:")
