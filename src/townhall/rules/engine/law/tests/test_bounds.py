"""Bounds hold whatever the facts turn out to be, and nothing is asked that cannot matter."""

# ruff: noqa: PLW0108 - a rule is a function of its own: its arguments are names of facts

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    NUMBER,
    PERSON,
    YES_NO,
    Book,
    Law,
    Lawbook,
    NoResult,
    NotInForce,
    OpenFact,
    Situation,
    add_months,
    add_years,
    any_of,
    at_least,
    at_most,
    choice,
    clip,
    count,
    highest,
    lowest,
    position,
    rate,
    round_down,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)
from townhall.rules.engine.law.exact.intervals import Bound

from .family_book import LAW, both
from .situations import Random, exact, hidden, in_force, planned, ranged

DAY = date(2025, 6, 1)
SITUATIONS = int(os.environ.get("TOWNHALL_LAW_SITUATIONS", "400"))
DAYS = (date(2024, 6, 1), date(2025, 8, 31), date(2025, 9, 1), date(2026, 6, 1))
GIVEN: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("children",),
    ("age", "charge_percentage"),
    ("is_child", "pension_date"),
    ("personal_allowance", "child_benefit_weekly"),
    ("place", "pays_charge", "household_income"),
)


def within(bound: Bound, value: Any) -> bool:
    """Whether a value lies within bounds; what has no result has none."""
    return value is None or bool(bound[0] <= value <= bound[1])


def faults_of_one(made: Random, goals: Sequence[str], given: Sequence[str]) -> list[str]:
    """What the bounds of one random partial situation get wrong."""
    law, day, source = made.law, made.day, made.source
    whole = made.situation(given)
    plan = planned(law, goals, whole)
    partial = made.partly(whole, source.choice((0.02, 0.1, 0.3, 0.6, 1.0)))
    for name in given:  # still supplied, if for nobody
        entity = law.variables[name].kind.entity
        partial = partial.with_facts(entity, 0, {name: whole.facts_of(entity)[0][name]})
    found = ranged(law, plan, partial, day)
    before = exact(law, plan, whole, day)
    wrong = [
        f"{name} of {member} is {value}, not within {bound}"
        for name in before
        for member, (value, bound) in enumerate(zip(before[name], found.values[name], strict=True))
        if not within(bound, value)
    ]
    open_ = hidden(law, plan, whole, partial)
    if not open_:
        return wrong
    changed = source.choice(open_)
    after = exact(law, plan, made.another(whole, *changed), day)
    for name in after:
        for member, (one, other) in enumerate(zip(before[name], after[name], strict=True)):
            differs = None not in (one, other) and one != other
            if differs and changed not in found.open_for(name, member):
                wrong.append(f"{changed} changes {name} of {member}, but is not listed")
    return wrong


def test_bounds_hold_for_random_partial_situations() -> None:
    """The number is raised by the variable TOWNHALL_LAW_SITUATIONS."""
    source = random.Random(3)
    made = [Random.of(LAW.on(day), day, source) for day in DAYS]
    goals = [list(in_force(each.law)) for each in made]
    for _ in range(SITUATIONS):
        number = source.randrange(len(DAYS))
        assert faults_of_one(made[number], goals[number], source.choice(GIVEN)) == []


# --- what is asked and what is not

WORDS: dict[str, Any] = {"title": both("A", "A"), "cite": "An Act", "because": both("So", "Felly")}


def small_law(entity: Any, unit: Any, function: Any) -> Law:
    book = Book("small")
    for name in ("a", "b", "c"):
        book.fact(name, PERSON, YES_NO, title=both(name, name))
    for name in ("x", "y", "z"):
        book.fact(name, PERSON, NUMBER, title=both(name, name))
    book.fact("few", PERSON, NUMBER, title=both("few", "few"), low=0, high=10)
    book.fact("some", PERSON, NUMBER, title=both("some", "some"), low=0)
    book.fact("day", PERSON, DATE, title=both("day", "day"))
    book.fact("past", PERSON, DATE, title=both("past", "past"), not_after="today")
    book.fact("home", PERSON, choice("owned", "rented", "none"), title=both("home", "home"))
    function.__name__ = "goal"
    book.rule(entity, unit, **WORDS)(function)
    parameters = {
        "rate.ended": {"unit": "number", "values": {"2020-01-01": 5}, "until": "2021-01-01"}
    }
    return Lawbook([book], Parameters.from_mapping(parameters)).on(DAY)


def bound(unit: Any, function: Any, *persons: dict[str, Any], entity: Any = PERSON) -> Any:
    """(least, greatest, names of open facts) of the goal of the first member."""
    law = small_law(entity, unit, function)
    situation = Situation(persons or [{}])
    plan = law.plan(["goal"], gaps=True)
    found = ranged(law, plan, situation, DAY)
    low, high, _ = found.values["goal"][0]
    return low, high, {name for name, _ in found.open_for("goal", 0)}


YES_OR_NO = (False, True)
INFINITE = Decimal("Infinity")


@pytest.mark.parametrize(
    ("function", "facts", "wanted"),
    [
        (lambda a, b: a & b, {"a": False}, (False, False, set())),
        (lambda a, b: a & b, {"a": True}, (False, True, {"b"})),
        (lambda a, b: a | b, {"b": True}, (True, True, set())),
        (lambda a, b: a | b, {}, (False, True, {"a", "b"})),
        (lambda a, b: ~a, {}, (False, True, {"a"})),
        (lambda a, x: a & (x > 5), {"x": 5}, (False, False, set())),
        (lambda few: few <= 10, {}, (True, True, set())),
        (lambda few: few > 10, {}, (False, False, set())),
        (lambda few: few == 11, {}, (False, False, set())),
        (lambda few: few != 11, {}, (True, True, set())),
        (lambda few: few != 10, {}, (False, True, {"few"})),
        (lambda home: home == "owned", {}, (False, True, {"home"})),
        (lambda home, a: (home == "owned") & a, {"a": False}, (False, False, set())),
        (lambda day: day > "2300-01-01", {}, (False, False, set())),
        (lambda a, b, c: when(a, b, c), {"b": True, "c": True}, (True, True, set())),
        (lambda a, b, c: when(a, b, c), {"a": True, "b": False}, (False, False, set())),
    ],
)
def test_conditions_that_do_not_depend(function: Any, facts: Any, wanted: Any) -> None:
    assert bound(YES_NO, function, facts) == wanted


@pytest.mark.parametrize(
    ("function", "facts", "wanted"),
    [
        (lambda x, y: at_least(x, y), {"x": 5}, (5, INFINITE, {"y"})),
        (lambda x, y: at_most(x, y), {"x": 5}, (-INFINITE, 5, {"y"})),
        (lambda x, few: at_least(x, few), {"x": 11}, (11, 11, set())),
        (lambda few, some: at_least(few, some, 11), {}, (11, INFINITE, {"some"})),
        (lambda few, some: at_most(few, some + 10), {}, (0, 10, {"few"})),
        (lambda x, y: clip(x, 0, 100), {}, (0, 100, {"x"})),
        (lambda x, y: x - x, {}, (-INFINITE, INFINITE, {"x"})),
        (lambda few: few - few, {}, (-10, 10, {"few"})),
        (lambda x, y: x * y, {"x": 0}, (0, 0, set())),
        (lambda x, y: x * y, {}, (-INFINITE, INFINITE, {"x", "y"})),
        (lambda x, few: x * few, {"x": -2}, (-20, 0, {"few"})),
        (lambda some, few: some * few, {}, (0, INFINITE, {"some", "few"})),
        (lambda some, few: some / (few + 1), {}, (0, INFINITE, {"some", "few"})),
        (lambda few, some: few / (some + 2), {}, (0, 5, {"some", "few"})),
        (lambda some: 3 / (some + 3), {}, (0, 1, {"some"})),
        (lambda few, x: few / x, {"x": 4}, (0, Decimal("2.5"), {"few"})),
        (lambda few, x: x / few, {"x": 4}, (-INFINITE, INFINITE, {"few"})),
        (lambda a, few: when(a, few, 20), {}, (0, 20, {"a", "few"})),
        (lambda a, x: when(a, x, 20), {"x": 20}, (20, 20, set())),
        (lambda few: round_down(few / 3, 1), {}, (0, 3, {"few"})),
        (lambda few: scale(few, (0, 20), (5, 40)), {}, (0, 3, {"few"})),
        (lambda some: scale(some, (0, 20), (5, 0)), {}, (0, 1, {"some"})),
        (lambda x: scale(x, (0, 20), (5, 40)), {}, (0, INFINITE, {"x"})),
        (lambda few: steps(few, {3: 7, 5: 6, 12: 99}, 5), {}, (5, 7, {"few"})),
        (lambda few: steps(few + 5, {3: 7, 5: 6, 16: 99}, 5), {}, (6, 6, set())),
        (lambda day: years_between(day, today()), {}, (-175, 175, {"day"})),
        (lambda past: years_between(past, today()), {}, (0, 175, {"past"})),
    ],
)
def test_bounds_of_numbers(function: Any, facts: Any, wanted: Any) -> None:
    assert bound(NUMBER, function, facts) == wanted


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: x * y - y * x,
        lambda x, y, some: (x + some) / (y - some),
        lambda x, some: at_least(x, some) * 0 * x,
        lambda x, y: scale(x - y, (0, 20), (5, 40)),
        lambda x, y: scale(x, (0, 20), (5 + at_least(y, 0), 40)),
        lambda x, y: round_down(x * y, "0.01") / at_least(x, 1),
        lambda x, day: years_between(add_years(day, x), add_months(day, x)),
    ],
)
def test_values_without_limits_never_make_what_is_no_number(function: Any) -> None:
    low, high, open_ = bound(NUMBER, function, {})
    assert not low.is_nan()
    assert not high.is_nan()
    assert low == high or open_


@pytest.mark.parametrize(
    ("entity", "unit", "function", "persons", "wanted"),
    [
        (FAMILY, NUMBER, lambda a: count(a), [{"a": True}, {}, {}], (1, 3, {"a"})),
        (FAMILY, YES_NO, lambda a: any_of(a), [{"a": True}, {}], (True, True, set())),
        (FAMILY, NUMBER, lambda few: total(few), [{"few": 3}, {}], (3, 13, {"few"})),
        (FAMILY, NUMBER, lambda few: highest(few), [{"few": 10}, {}], (10, 10, set())),
        (FAMILY, NUMBER, lambda few: lowest(few), [{"few": 0}, {}], (0, 0, set())),
        (FAMILY, NUMBER, lambda few: highest(few), [{"few": 9}, {}], (9, 10, {"few"})),
        (PERSON, NUMBER, lambda x: position(x), [{"x": 1}, {"x": 1}, {}], (1, 2, {"x"})),
        (PERSON, NUMBER, lambda x, a: position(x, where=a), [{"a": False}, {}], (0, 0, set())),
        (PERSON, NUMBER, lambda few: position(few), [{"few": 0}, {}], (1, 1, set())),
    ],
)
def test_bounds_over_members(
    entity: Any, unit: Any, function: Any, persons: Any, wanted: Any
) -> None:
    assert bound(unit, function, *persons, entity=entity) == wanted


def test_of_members_only_those_that_can_be_the_highest_are_asked() -> None:
    law = small_law(FAMILY, NUMBER, lambda few, x: highest(few + x))
    situation = Situation([{"x": 0}, {"x": 100}, {"x": 95}])
    found = ranged(law, law.plan(["goal"]), situation, DAY)
    assert found.open_for("goal", 0) == (("few", 1), ("few", 2))


# --- decisions


def decide(function: Any, **facts: Any) -> Any:
    law = small_law(PERSON, NUMBER, function)
    return law.decide(["goal"], Situation([facts]), day=DAY)["goal"][0]


def test_a_fact_that_does_not_matter_may_stay_open() -> None:
    assert decide(lambda a, x: when(a, x, 7), a=False) == 7
    assert decide(lambda x, y: at_least(at_most(x, 3), 3) + y * 0, y=None) == 3


def test_one_that_matters_is_named_and_no_other() -> None:
    with pytest.raises(OpenFact, match=r'"x" \(x\)') as found:
        decide(lambda a, x, y: when(a, x, y), a=True)
    assert found.value.facts == ("x",)


def test_a_supplied_rule_that_is_known_for_one_alone_is_open_for_the_other() -> None:
    law = LAW.on(DAY)
    situation = law.usual(Situation([{"charge": 5}, {}], [{"adults": [0, 1]}]))
    found = law.decide(["income_tax"], situation, day=DAY)
    assert found["income_tax"] == [0, 0]
    with pytest.raises(OpenFact, match="Charge on Child Benefit") as error:
        law.decide(["charge"], situation, day=DAY)
    assert error.value.facts == ("charge",)


def test_two_facts_that_cancel_out_are_asked_although_they_need_not_be() -> None:
    with pytest.raises(OpenFact):
        decide(lambda x: x - x)


def test_a_certain_division_by_zero_is_no_result_with_open_facts_as_well() -> None:
    for function in (
        lambda x, a, y: when(a, y, 1 / x),
        lambda x, a, y: when(a, y, x / x),
        lambda x, a, y: when(a, y, clip(1 / x, 0, 100)),
        lambda x, a, y: when(a, y, when(1 / x > 5, 1, 0)),
    ):
        with pytest.raises(NoResult, match="divided by zero"):
            decide(function, x=0, a=False)


def test_a_rate_that_has_ended_does_not_matter_in_a_branch_that_is_not_taken() -> None:
    def ended(a):
        return when(a, rate("rate.ended"), 3)

    assert decide(ended, a=False) == 3
    with pytest.raises(NotInForce, match=r'"rate.ended" has no value in force on 2025-06-01'):
        decide(ended, a=True)
    with pytest.raises(OpenFact) as found:
        decide(ended)
    assert found.value.facts == ("a",)


def test_the_bounds_of_the_notes() -> None:
    law = LAW.on(DAY)
    persons: list[dict[str, Any]] = [{}, {"date_of_birth": date(2018, 1, 1), "income": 0}]
    situation = Situation(
        [*persons, {**persons[1], "in_education": False}],
        [{"adults": [0], "children": [1, 2], "facts": {"lives_abroad": False}}],
    )
    plan = law.plan(["child_benefit_kept"])
    found = ranged(law, plan, situation, DAY)
    low, high, _ = found.values["child_benefit_kept"][0]
    assert (low, high) == (Decimal("0.60"), Decimal("2251.60"))
    assert found.open_facts(["child_benefit_kept"]) == ("income",)


def test_without_children_nothing_is_asked() -> None:
    law = LAW.on(DAY)
    found = law.decide(["child_benefit"], Situation([{}]), day=DAY)
    assert found["child_benefit"] == [0]
