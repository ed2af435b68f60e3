"""Over the members of families and households, and what a partner has."""

# ruff: noqa: PLW0108 - a rule is a function of its own: its arguments are names of facts

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    WORLD,
    YES_NO,
    Book,
    Lawbook,
    Situation,
    all_of,
    any_of,
    count,
    highest,
    lowest,
    partner,
    position,
    rate,
    total,
)
from townhall.rules.engine.law.answers.explaining import explain

from .deciding import CHILD, DAY, GROWN, WORDS, decided, named
from .family_book import both
from .situations import ranged


def test_places_of_children_by_birth_with_twins_as_they_are_listed() -> None:
    born = [GROWN, date(2020, 1, 1), date(2018, 1, 1), date(2020, 1, 1), date(1999, 1, 1)]
    situation = Situation([{"date_of_birth": day} for day in born])
    assert decided("place", situation) == [0, 2, 1, 3, 0]


def test_places_are_counted_in_each_family() -> None:
    people = [GROWN, CHILD, GROWN, date(2015, 1, 1), date(2016, 1, 1)]
    situation = Situation(
        [{"date_of_birth": day} for day in people],
        [{"adults": [0], "members": [1]}, {"adults": [2], "children": [3, 4]}],
    )
    assert decided("place", situation) == [0, 1, 0, 1, 2]


def test_families_of_a_household_have_each_their_own_and_share_what_is_the_households() -> None:
    people = [
        {"date_of_birth": GROWN, "income": 10000},
        {"date_of_birth": CHILD},
        {"date_of_birth": date(1950, 1, 1), "income": 30000},
    ]
    situation = Situation(
        people,
        [{"adults": [0], "children": [1]}, {"adults": [2]}],
        [{"families": [0, 1], "facts": {"nation": "wales"}}],
    )
    assert decided("children", situation) == [1, 0]
    assert decided("household_income", situation) == [40000]
    assert decided("bill", situation) == [300, 0, 900]
    assert decided("heating_grant", situation) == [0, 300]


def test_households_do_not_mix() -> None:
    situation = Situation(
        [{"date_of_birth": GROWN, "income": income} for income in (100, 20, 3)],
        [{"adults": [0]}, {"adults": [1]}, {"adults": [2]}],
        [{"families": [0, 2]}, {"families": [1]}],
    )
    assert decided("household_income", situation) == [103, 20]


def members_law() -> Lawbook:
    book = Book("members")
    book.fact("x", PERSON, NUMBER, title=both("A", "A"))
    book.fact("yes", PERSON, YES_NO, title=both("A", "A"))
    book.fact("day", PERSON, DATE, title=both("A", "A"))
    rules: list[tuple[Any, Any, Any]] = [
        (FAMILY, NUMBER, named(lambda x, yes: total(x, where=yes), "all_x")),
        (FAMILY, NUMBER, named(lambda yes: count(yes), "how_many")),
        (FAMILY, NUMBER, named(lambda x, yes: highest(x, where=yes), "most")),
        (FAMILY, NUMBER, named(lambda x, yes: lowest(x, where=yes), "least")),
        (FAMILY, DATE, named(lambda day, yes: lowest(day, where=yes), "first")),
        (FAMILY, DATE, named(lambda day, yes: highest(day, where=yes), "last")),
        (FAMILY, YES_NO, named(lambda yes: any_of(yes), "one_is")),
        (FAMILY, YES_NO, named(lambda yes: all_of(yes), "each_is")),
        (PERSON, NUMBER, named(lambda x: partner(x), "others_x")),
        (PERSON, YES_NO, named(lambda yes: partner(yes), "other_is")),
        (PERSON, DATE, named(lambda day: partner(day), "others_day")),
        (PERSON, NUMBER, named(lambda x: position(-x), "from_the_top")),
        (PERSON, NUMBER, named(lambda x: total(x, of=FAMILY) - x, "of_the_others")),
    ]
    for entity, unit, function in rules:
        book.rule(entity, unit, **WORDS)(function)
    return Lawbook([book], Parameters())


def of_members(goal: str, rows: list[tuple[int, bool, date]], adults: int) -> list[Any]:
    law = members_law().on(DAY)
    people = [{"x": x, "yes": yes, "day": day} for x, yes, day in rows]
    situation = Situation(
        people, [{"adults": list(range(adults)), "members": list(range(len(rows)))}]
    )
    return law.decide([goal], situation, day=DAY)[goal]


ROWS = [(-5, True, date(1990, 1, 1)), (3, True, date(1980, 1, 1)), (9, False, date(2010, 1, 1))]


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("all_x", [-2]),
        ("how_many", [2]),
        ("most", [3]),
        ("least", [-5]),
        ("first", [date(1980, 1, 1)]),
        ("last", [date(1990, 1, 1)]),
        ("one_is", [True]),
        ("each_is", [False]),
        ("others_x", [3, -5, 0]),
        ("other_is", [True, True, False]),
        ("others_day", [date(1980, 1, 1), date(1990, 1, 1), date.min]),
        ("from_the_top", [3, 2, 1]),
        ("of_the_others", [12, 4, -2]),
    ],
)
def test_over_members(goal: str, wanted: list[Any]) -> None:
    assert of_members(goal, ROWS, 2) == wanted


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("all_x", [0]),
        ("how_many", [0]),
        ("most", [0]),
        ("least", [0]),
        ("first", [date.max]),
        ("last", [date.min]),
        ("one_is", [False]),
    ],
)
def test_over_no_member_for_whom_it_holds(goal: str, wanted: list[Any]) -> None:
    assert of_members(goal, [(x, False, day) for x, _, day in ROWS], 1) == wanted


def world_law() -> Lawbook:
    book = Book("world")
    book.fact("x", PERSON, NUMBER, title=both("x", "x"))
    book.fact("sum", FAMILY, NUMBER, title=both("sum", "sum"))
    book.fact("home", HOUSEHOLD, NUMBER, title=both("home", "home"))
    rules: list[tuple[Any, Any, Any]] = [
        (WORLD, NUMBER, named(lambda: rate("number"), "everywhere")),
        (PERSON, NUMBER, named(lambda everywhere, x: everywhere + x, "with_x")),
        (HOUSEHOLD, NUMBER, named(lambda sum: total(sum), "of_families")),
        (FAMILY, NUMBER, named(lambda x: total(x, of=HOUSEHOLD), "of_all_persons")),
        (PERSON, NUMBER, named(lambda x: position(x, of=HOUSEHOLD), "place_at_home")),
        (PERSON, NUMBER, named(lambda everywhere: partner(everywhere), "partners_world")),
        (PERSON, NUMBER, named(lambda home, sum, x: home + sum * x, "of_three_kinds")),
        (PERSON, NUMBER, named(lambda sum: position(sum), "place_by_what_all_share")),
    ]
    for entity, unit, function in rules:
        book.rule(entity, unit, **WORDS)(function)
    rates = {"number": {"unit": "number", "cite": "An Act", "values": {"2020-01-01": 7}}}
    return Lawbook([book], Parameters.from_mapping(rates))


TWO_FAMILIES = Situation(
    [{"x": 3}, {"x": 1}, {"x": 2}],
    [{"adults": [2], "facts": {"sum": 10}}, {"adults": [0, 1], "facts": {"sum": 20}}],
    [{"families": [0, 1], "facts": {"home": 100}}],
)


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("everywhere", [7]),
        ("with_x", [10, 8, 9]),
        ("of_families", [30]),
        ("of_all_persons", [6, 6]),
        ("place_at_home", [3, 1, 2]),
        ("partners_world", [7, 7, 0]),
        ("of_three_kinds", [160, 120, 120]),
        ("place_by_what_all_share", [1, 2, 1]),
    ],
)
def test_values_of_the_world_the_home_and_the_family_meet(goal: str, wanted: list[Any]) -> None:
    law = world_law().on(DAY)
    decision = law.decide([goal], TWO_FAMILIES, day=DAY)
    assert decision[goal] == wanted
    found = ranged(law, law.plan([goal]), TWO_FAMILIES, DAY)
    assert [low for low, high, open_ in found.values[goal]] == wanted
    for member in range(len(wanted)):
        assert list(explain(decision, goal, member).lines())
