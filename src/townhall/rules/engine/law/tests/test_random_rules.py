"""Rules that nobody would write: random nests of all words, against what is promised."""

from __future__ import annotations

import decimal
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    YES_NO,
    Book,
    Law,
    Lawbook,
    NoResult,
    Term,
    add_months,
    add_years,
    all_of,
    any_of,
    at_least,
    at_most,
    choice,
    choose,
    clip,
    count,
    days_between,
    highest,
    lowest,
    mondays_between,
    partner,
    percent,
    position,
    round_down,
    round_half_up,
    round_up,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)
from townhall.rules.engine.law.answers.explaining import explain
from townhall.rules.engine.law.answers.inside import Inside
from townhall.rules.engine.law.exact.decimals import CONTEXT

from .family_rates import both
from .situations import Random
from .test_bounds import faults_of_one

DAY = date(2025, 6, 1)
WORDS: dict[str, Any] = {"title": both("A", "A"), "cite": "An Act", "because": both("So", "Felly")}
Made = Callable[[int], Term]


class Nest:
    """Makes random terms of a person's facts."""

    def __init__(self, source: random.Random, facts: dict[str, Term]) -> None:
        self.source = source
        self.facts = facts

    def constant(self) -> Any:
        return self.source.choice((0, 1, 2, -1, 5, 10, "0.5", "-3.25", 100))

    def own(self, term: Term) -> Term:
        """Return a term of a person, made of one that may be the family's."""
        if term.entity == PERSON:
            return term
        if term.unit == YES_NO:
            return term & self.facts["a"]
        return when(self.facts["b"], term, self.facts["born" if term.unit == DATE else "x"])

    def number(self, depth: int) -> Term:
        if depth <= 0:
            return self.facts[self.source.choice(("x", "y", "low", "limited"))]
        n, c, d, own = self.number, self.condition, self.day, self.own
        less = depth - 1
        made: tuple[Callable[[], Term], ...] = (
            lambda: n(less) + n(less),
            lambda: n(less) - n(less),
            lambda: n(less) * n(less),
            lambda: n(less) * self.constant(),
            lambda: n(less) / n(less),
            lambda: self.constant() / at_least(n(less), 1),
            lambda: -n(less),
            lambda: at_least(n(less), n(less)),
            lambda: at_most(n(less), self.constant(), n(less)),
            lambda: clip(n(less), 0, 100),
            lambda: when(c(less), n(less), n(less)),
            lambda: choose((c(less), n(less)), (c(less), 3), otherwise=n(less)),
            lambda: round_down(n(less), "0.01"),
            lambda: round_up(n(less), 10),
            lambda: round_half_up(n(less), "2.5"),
            lambda: scale(n(less), (0, 20), (10, 40), (50, 45)),
            lambda: scale(n(less), (5, percent(clip(n(less), 0, 100))), (10, 5)),
            lambda: self._moving_scale(less),
            lambda: steps(n(less), {0: 5, 10: 3, 50: 9}, -1),
            lambda: years_between(d(less), today()),
            lambda: mondays_between(d(less), d(less)),
            lambda: days_between(d(less), d(less)),
            lambda: partner(n(less)),
            lambda: total(own(n(less)), of=FAMILY),
            lambda: total(own(n(less)), where=c(less), of=HOUSEHOLD),
            lambda: count(own(c(less)), of=FAMILY),
            lambda: highest(own(n(less)), of=FAMILY),
            lambda: lowest(own(n(less)), where=own(c(less)), of=HOUSEHOLD),
            lambda: position(n(less), where=c(less)),
            lambda: position(d(less), of=HOUSEHOLD),
        )
        return self.source.choice(made)()

    def _moving_scale(self, less: int) -> Term:
        first = self.number(less)
        width = at_least(self.number(less), 0)
        return scale(self.number(less), (first, 10), (first + width, 30))

    def condition(self, depth: int) -> Term:
        if depth <= 0:
            return self.facts[self.source.choice("ab")]
        n, c, d = self.number, self.condition, self.day
        less = depth - 1
        made: tuple[Callable[[], Term], ...] = (
            lambda: n(less) > n(less),
            lambda: n(less) >= self.constant(),
            lambda: n(less) < n(less),
            lambda: n(less) == self.constant(),
            lambda: n(less) != n(less),
            lambda: d(less) <= d(less),
            lambda: self.facts["home"] == self.source.choice(("owned", "rented")),
            lambda: c(less) & c(less),
            lambda: c(less) | c(less),
            lambda: ~c(less),
            lambda: when(c(less), c(less), c(less)),
            lambda: partner(c(less)),
            lambda: any_of(self.own(c(less)), of=FAMILY),
            lambda: all_of(self.own(c(less)), of=HOUSEHOLD),
        )
        return self.source.choice(made)()

    def day(self, depth: int) -> Term:
        if depth <= 0:
            return self.facts["born"]
        less = depth - 1
        made: tuple[Callable[[], Term], ...] = (
            lambda: add_years(self.day(less), self.source.choice((1, 18, -4))),
            lambda: add_months(self.day(less), self.source.choice((1, -13, 25))),
            lambda: add_months(self.day(less), round_down(clip(self.number(less), -30, 30), 1)),
            lambda: when(self.condition(less), self.day(less), "2020-02-29"),
            lambda: lowest(
                self.own(self.day(less)), where=self.own(self.condition(less)), of=FAMILY
            ),
            lambda: highest(self.own(self.day(less)), of=FAMILY),
            lambda: steps(self.day(less), {"1950-04-06": "2010-05-06"}, "2009-01-01"),
        )
        return self.source.choice(made)()


def random_law(seed: int) -> Law:
    """A law of three rules, each a random nest over the facts and the rules before it."""
    source = random.Random(seed)
    book = Book("random")
    for name in "ab":
        book.fact(name, PERSON, YES_NO, title=both(name, name))
    for name, limits in (
        ("x", {}),
        ("y", {}),
        ("low", {"low": 0}),
        ("limited", {"low": 1, "high": 9}),
    ):
        book.fact(name, PERSON, NUMBER, title=both(name, name), **limits)
    book.fact("born", PERSON, DATE, title=both("born", "born"))
    book.fact("home", PERSON, choice("owned", "rented", "none"), title=both("home", "home"))

    def amount(a, b, x, y, low, limited, born, home):
        return Nest(source, _terms(locals())).number(4)

    def holds(a, b, x, y, low, limited, born, home, amount):
        return Nest(source, _terms(locals()) | {"x": amount}).condition(4)

    def due(a, b, x, y, low, limited, born, home, amount, holds):
        return Nest(source, _terms(locals()) | {"y": amount, "a": holds}).number(3)

    book.rule(PERSON, NUMBER, **WORDS)(amount)
    book.rule(PERSON, YES_NO, **WORDS)(holds)
    book.rule(PERSON, NUMBER, **WORDS)(due)
    return Lawbook([book], Parameters()).on(DAY)


def _terms(names: dict[str, Any]) -> dict[str, Term]:
    return {name: term for name, term in names.items() if isinstance(term, Term)}


GOALS = ("amount", "holds", "due")


@pytest.mark.parametrize("seed", range(60))
def test_bounds_hold_in_random_rules(seed: int) -> None:
    made = Random.of(random_law(seed), DAY, random.Random(seed))
    for _ in range(12):
        assert faults_of_one(made, GOALS, ()) == []


@pytest.mark.parametrize("seed", range(60))
def test_what_is_computed_again_to_explain_is_what_was_decided(seed: int) -> None:
    law = random_law(seed)
    made = Random.of(law, DAY, random.Random(seed))
    situation = made.situation(())
    try:
        decision = law.decide(GOALS, situation, day=DAY)
    except NoResult:
        return
    inside = Inside(decision)
    with decimal.localcontext(CONTEXT):
        for name in GOALS:
            root = law.graph[law.variables[name].number].inputs[0]
            for member, value in enumerate(decision.values[name]):
                again = inside.at(root, PERSON, member)
                assert again == value
    for name in GOALS:
        assert list(explain(decision, name).lines())


@pytest.mark.parametrize("seed", range(60))
def test_a_result_that_is_given_rests_on_no_division_by_zero(seed: int) -> None:
    """It is a number, and the same whether it is asked for alone or together with others."""
    law = random_law(seed)
    made = Random.of(law, DAY, random.Random(seed))
    for _ in range(4):
        situation = made.situation(())
        for goal in GOALS:
            try:
                alone = law.decide([goal], situation, day=DAY)
                together = law.decide(GOALS, situation, day=DAY)
            except NoResult:
                continue
            assert alone[goal] == together[goal]
            assert all(
                value.is_finite() for value in alone.values[goal] if isinstance(value, Decimal)
            )
