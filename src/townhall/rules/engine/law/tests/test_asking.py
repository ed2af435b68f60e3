"""What to ask first, the question turned round, and what-if."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    Lawbook,
    LawError,
    Situation,
    at_least,
    count,
    rate,
    total,
    when,
)
from townhall.rules.engine.law.answers.asking import Probe, Question, questions
from townhall.rules.engine.law.answers.reverse import Query, Span
from townhall.rules.engine.law.exact.bounds import Ranged
from townhall.rules.engine.law.reforms import Reform, reformed

from .family_book import LAW, both
from .situations import ranged

DAY = date(2025, 6, 1)
WORDS: dict[str, Any] = {"title": both("A", "A"), "cite": "An Act", "because": both("So", "Felly")}


# --- asking


def asked(goals: list[str], situation: Situation) -> tuple[Probe, tuple[Question, ...], Ranged]:
    law = LAW.on(DAY)
    found = law.admit(situation)
    plan = law.plan(goals, found.given(law))
    known = ranged(law, plan, situation, DAY)
    return Probe(law, plan, found, DAY), questions(law, known, goals), known


def test_what_is_cheap_comes_before_what_is_dear() -> None:
    _, found, _ = asked(["savings_income", "household_income", "age"], Situation([{}]))
    assert [each.fact for each in found] == ["date_of_birth", "income", "savings"]
    assert [each.goals for each in found] == [("age",), ("household_income",), ("savings_income",)]
    assert [round(each.worth, 3) for each in found] == [1, 0.5, 0.333]


def test_a_goal_that_waits_for_one_fact_alone_counts_fully_for_it() -> None:
    _, found, _ = asked(["household_income"], Situation([{}, {"income": 5}]))
    assert [(each.fact, each.member) for each in found] == [("income", 0)]


def test_a_fact_that_holds_up_many_goals_comes_first() -> None:
    goals = ["income_tax", "charge_percentage", "savings_income"]
    _, found, _ = asked(goals, Situation([{}]))
    assert [each.fact for each in found] == ["income", "savings"]
    assert found[0].goals == ("income_tax", "charge_percentage")


def test_nothing_is_asked_where_all_is_certain() -> None:
    _, found, _ = asked(["child_benefit"], Situation([{}]))
    assert found == ()


def gate() -> Lawbook:
    book = Book("gate")
    for name in "xyz":
        book.fact(name, PERSON, NUMBER, title=both(name, name), low=0, high=10, cost=2)
    book.fact("lives_here", PERSON, YES_NO, title=both("here", "yma"), cost=2)
    book.fact("loss", PERSON, NUMBER, title=both("loss", "colled"), low=3)

    @book.rule(PERSON, NUMBER, **WORDS)
    def grant(x, y, z, lives_here):
        return when(lives_here, x + y + z, 0)

    @book.rule(PERSON, NUMBER, **WORDS)
    def rest(loss, x):
        return at_least(x - loss, 0)

    return Lawbook([book], Parameters())


def test_a_fact_that_alone_decides_comes_first_when_it_is_tried() -> None:
    law = gate().on(DAY)
    situation = Situation([{}])
    found = law.admit(situation)
    plan = law.plan(["grant"])
    known = ranged(law, plan, situation, DAY)
    probe = Probe(law, plan, found, DAY)
    plain = questions(law, known, ["grant"])
    assert [each.fact for each in plain] == ["x", "y", "z", "lives_here"]
    ranked = probe.ranked(plain, known, ["grant"])
    assert [each.fact for each in ranked] == ["lives_here", "x", "y", "z"]
    assert [each.fact for each in probe.ranked(plain, known, ["grant"], first=2)] == [
        "x",
        "y",
        "z",
        "lives_here",
    ]
    assert probe.narrowing(ranked[0], known, ["grant"]) == pytest.approx(0.5)
    assert probe.narrowing(ranked[1], known, ["grant"]) == pytest.approx(1 / 6)


def test_narrowing_is_a_share_and_tries_no_value_that_the_fact_cannot_have() -> None:
    law = gate().on(DAY)
    situation = Situation([{}])
    plan = law.plan(["rest"])
    known = ranged(law, plan, situation, DAY)
    probe = Probe(law, plan, law.admit(situation), DAY)
    for each in questions(law, known, ["rest"]):
        assert 0 <= probe.narrowing(each, known, ["rest"]) <= 1


def test_narrowing_of_every_question_of_the_family_lies_between_nothing_and_all() -> None:
    goals = ["child_benefit_kept", "heating_grant", "income_tax", "bill"]
    probe, found, known = asked(
        goals, Situation([{}, {}, {}], [{"adults": [0, 1], "children": [2]}])
    )
    shares = [probe.narrowing(each, known, goals) for each in found]
    assert len(shares) > 10
    assert all(0 <= share <= 1 for share in shares)
    assert any(shares)


# --- the question turned round


def query(goal: str, *persons: Any, day: date = DAY) -> Query:
    law = LAW.on(day)
    situation = law.usual(Situation(list(persons)))
    return Query(law, situation, day, PERSON, 0, "income", goal, 0)


PARENT = {"date_of_birth": date(1985, 3, 2)}
CHILD = {"date_of_birth": date(2018, 5, 5)}


def test_up_to_which_income_more_than_a_pound_is_kept() -> None:
    spans = query("child_benefit_kept", PARENT, CHILD, CHILD).where(
        lambda kept: kept > 1, Decimal(0), Decimal(200_000)
    )
    assert spans == (Span(Decimal(0), Decimal("79999.99")),)


def test_a_span_may_begin_and_end_within_the_range() -> None:
    tax = query("income_tax", PARENT)
    spans = tax.where(lambda due: 0 < due < 7540, Decimal(0), Decimal(200_000))
    assert spans == (Span(Decimal("12570.01"), Decimal("50269.99")),)
    assert tax.where(lambda due: due < 0, Decimal(0), Decimal(1000)) == ()
    assert tax.where(lambda due: due >= 0, Decimal(0), Decimal(1000)) == (
        Span(Decimal(0), Decimal(1000)),
    )


def test_several_spans_of_whole_percents() -> None:
    spans = query("charge_percentage", PARENT).where(
        lambda percentage: percentage in (10, 20), Decimal(60_000), Decimal(70_000)
    )
    assert spans == (
        Span(Decimal("62000.00"), Decimal("62199.99")),
        Span(Decimal("64000.00"), Decimal("64199.99")),
    )


def test_a_range_of_one_penny_and_of_nothing() -> None:
    tax = query("income_tax", PARENT)
    edge = Decimal("12570")
    assert tax.where(lambda due: due > 0, edge, edge + Decimal("0.01")) == (
        Span(Decimal("12570.01"), Decimal("12570.01")),
    )
    assert tax.where(lambda due: due == 0, edge, edge) == (Span(edge, edge),)


def test_a_curve_goes_from_one_end_to_the_other() -> None:
    curve = query("income_tax", PARENT).curve(Decimal(0), Decimal(100_000), 5)
    assert curve[0] == (0, 0)
    assert curve[-1] == (100_000, 27432)
    assert [place for place, _ in curve] == [0, 25000, 50000, 75000, 100_000]
    assert [value for _, value in curve] == sorted(value for _, value in curve)


# --- what if


def value(law: Lawbook, goal: str, *persons: Any, day: date = DAY) -> Any:
    now = law.on(day)
    return now.decide([goal], now.usual(Situation(list(persons))), day=day)[goal][0]


def test_another_rate_holds_from_its_day_and_the_law_is_untouched() -> None:
    digest = LAW.digest
    reform = Reform("More", date(2025, 5, 1), rates={"child_benefit.eldest": Decimal("30.50")})
    made = reformed(LAW, reform)
    weekly = "child_benefit_weekly"
    assert value(made, weekly, PARENT, CHILD) == Decimal("30.50")
    assert value(made, weekly, PARENT, CHILD, day=date(2025, 4, 30)) == Decimal("26.05")
    assert value(made, weekly, PARENT, CHILD, day=date(2026, 6, 1)) == Decimal("30.50")
    assert value(LAW, weekly, PARENT, CHILD) == Decimal("26.05")
    assert LAW.digest == digest
    assert made.digest != digest


def test_a_rate_for_a_while() -> None:
    reform = Reform(
        "A while",
        date(2025, 5, 1),
        date(2026, 5, 1),
        rates={"child_benefit.eldest": 30},
    )
    made = reformed(LAW, reform)
    for day, weekly in (
        (date(2025, 4, 30), "26.05"),
        (date(2025, 5, 1), "30"),
        (date(2026, 4, 30), "30"),
        (date(2026, 5, 1), "27.05"),
    ):
        assert value(made, "child_benefit_weekly", PARENT, CHILD, day=day) == Decimal(weekly)


def test_rates_of_every_kind_can_be_replaced() -> None:
    tariff = {"england": 1, "scotland": 2, "wales": Decimal("3.50")}
    reform = Reform(
        "All kinds",
        date(2025, 5, 1),
        rates={"tax.basic": 25, "heating.sum": tariff, "tax_year.start": date(2025, 4, 6)},
    )
    made = reformed(LAW, reform)
    assert value(made, "income_tax", {"income": 12670}) == 25
    old = {"date_of_birth": date(1940, 1, 1)}
    assert value(made, "heating_grant", old) == 1


def test_a_yes_or_no_rate_can_be_replaced() -> None:
    book = Book("switch")

    @book.rule(PERSON, NUMBER, **WORDS)
    def on():
        return when(rate("switch.on"), 1, 0)

    rates = {"switch.on": {"unit": "yes/no", "cite": "Act", "values": {"2020-01-01": "no"}}}
    law = Lawbook([book], Parameters.from_mapping(rates))
    made = reformed(law, Reform("On", date(2025, 1, 1), rates={"switch.on": True}))
    assert value(law, "on", {}) == 0
    assert value(made, "on", {}) == 1


def another_rule() -> Book:
    book = Book("reform")

    @book.rule(FAMILY, GBP / YEAR, **WORDS)
    def child_benefit(children):
        return children.as_unit(GBP / YEAR) * 1000

    return book


def test_another_rule_takes_the_place_of_one_and_keeps_its_programme() -> None:
    made = reformed(LAW, Reform("Flat", DAY, books=[another_rule()]))
    assert value(made, "child_benefit", PARENT, CHILD, CHILD) == 2000
    assert "child_benefit" in made.programmes
    assert value(LAW, "child_benefit", PARENT, CHILD) == Decimal("1354.60")


@pytest.mark.parametrize(
    ("reform", "words"),
    [
        (
            Reform("Cut", DAY, rates={"charge.step": None}),
            '"charge_percentage": There is no rate "charge.step"',
        ),
        (
            Reform("Cut", DAY, without=frozenset({"children"})),
            '"children" is no fact and no rule',
        ),
        (Reform("Typo", DAY, rates={"charge.stepp": 5}), 'changes "charge.stepp", which is no'),
        (Reform("Typo", DAY, without=frozenset({"childre"})), 'changes "childre", which is no'),
        (Reform("Odd", DAY, rates={"charge.step": "much"}), "no number"),
        (Reform("Odd", DAY, rates={"charge.step": 0.5}), "in quotes"),
        (
            Reform("Later", DAY, rates={"heating.limit": None}),
            '"heating_grant": There is no rate "heating.limit"',
        ),
    ],
)
def test_a_reform_that_leaves_a_hole_does_not_load(reform: Reform, words: str) -> None:
    with pytest.raises(LawError, match=words):
        reformed(LAW, reform)
    LAW.check()


def test_an_abolished_rule_that_nobody_uses_takes_its_programme_along() -> None:
    made = reformed(LAW, Reform("End", DAY, without=frozenset({"heating_grant"})))
    assert "heating_grant" not in made.versions
    assert list(made.programmes) == ["child_benefit"]


def test_a_new_rule_may_use_the_law() -> None:
    book = Book("reform")

    @book.rule(FAMILY, GBP / YEAR, **WORDS)
    def basic_income(is_child):
        return count(~is_child).as_unit(GBP / YEAR) * 5000

    @book.rule(FAMILY, GBP / YEAR, **WORDS)
    def after_tax(basic_income, income, income_tax):
        return basic_income + total(income - income_tax)

    made = reformed(LAW, Reform("Basic income", DAY, books=[book]))
    assert value(made, "after_tax", {**PARENT, "income": 22570}, CHILD) == 25570
    assert GBP
