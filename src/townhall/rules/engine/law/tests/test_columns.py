"""The law of a whole population is the law of each household, to the half penny."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON, FactError, NoResult, OpenFact
from townhall.rules.engine.law.populations.columns import simulate
from townhall.rules.engine.law.populations.households import exactly, from_situations, situation
from townhall.rules.engine.law.populations.population import Population
from townhall.rules.engine.law.tests.small_book import (
    DAY,
    GOALS,
    exact,
    households,
    lawbook,
)

LAW = lawbook().on(DAY)


def differences(found, expected):
    """Return the greatest difference of each goal that is above half a penny."""
    by_goal = {
        goal: float(np.abs(found[goal].astype(float) - np.array(values, float)).max())
        for goal, values in expected.items()
    }
    return {goal: by for goal, by in by_goal.items() if by > 0.005}


def test_every_household_of_a_population_gets_what_the_exact_law_gives_it():
    situations = households(1, 500)
    found = simulate(LAW, GOALS, from_situations(LAW, situations), day=DAY)
    assert differences(found, exact(LAW, situations, GOALS)) == {}


@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_whoever_they_are_and_however_they_are_cut_into_blocks(seed, number, block):
    situations = households(seed, number)
    found = simulate(LAW, GOALS, from_situations(LAW, situations), day=DAY, block=block)
    assert differences(found, exact(LAW, situations, GOALS)) == {}


def test_blocks_of_any_size_give_the_same_to_the_last_bit():
    population = from_situations(LAW, households(2, 300))
    whole = simulate(LAW, GOALS, population, day=DAY)
    for block in (1, 2, 7, 299, 300):
        parts = simulate(LAW, GOALS, population, day=DAY, block=block)
        for goal in GOALS:
            assert np.array_equal(whole[goal], parts[goal]), (goal, block)


def test_progress_is_told_household_by_household():
    told = []
    population = from_situations(LAW, households(3, 10))
    simulate(LAW, GOALS, population, day=DAY, block=4, progress=lambda *at: told.append(at))
    assert told == [(4, 10), (8, 10), (10, 10)]


@pytest.mark.parametrize(
    ("income", "percent"),
    [("65800", 29), ("71400", 57), ("71600", 58), ("65799.99", 28), ("60000", 0), ("80000", 100)],
)
def test_incomes_at_which_binary_floats_fall_a_percent_short(income, percent):
    [one] = households(4, 1)
    person = {**one.persons[0], "pay": Decimal(income), "relief": Decimal(0), "share": Decimal(0)}
    alone = type(one)([person])
    alone = alone.with_facts(FAMILY, 0, {"savings": 0, "claim_from": DAY})
    population = from_situations(LAW, [alone])
    assert simulate(LAW, ["charge_rate"], population, day=DAY)["charge_rate"] == percent / 100


def test_a_household_of_a_population_is_the_situation_that_it_was():
    situations = households(5, 40)
    population = from_situations(LAW, situations)
    for row, before in enumerate(situations):
        after = situation(LAW, population, row)
        assert exact(LAW, [after], GOALS) == exact(LAW, [before], GOALS)


def test_the_exact_law_of_a_population_is_that_of_each_situation():
    situations = households(12, 60)
    population = from_situations(LAW, situations)
    expected = exact(LAW, situations, GOALS)
    found = {goal: [] for goal in GOALS}
    for _, values in exactly(LAW, GOALS, population, day=DAY, block=7):
        for goal in GOALS:
            found[goal] += values[goal]
    assert found == expected


def test_a_part_of_a_population_is_one_of_its_own():
    population = from_situations(LAW, households(6, 20))
    whole = simulate(LAW, ["net_of_household"], population, day=DAY)["net_of_household"]
    part = simulate(LAW, ["net_of_household"], population.part(5, 9), day=DAY)
    assert np.array_equal(part["net_of_household"], whole[5:9])


def test_a_column_that_names_a_rule_is_taken_instead_of_it():
    population = from_situations(LAW, households(7, 30))
    incomes = np.full(population.size(PERSON), 50_000.0)
    given_ = population.with_columns(PERSON, {"income": incomes})
    assert set(simulate(LAW, ["allowance"], given_, day=DAY)["allowance"]) == {12_570.0}


def test_a_missing_column_is_named_and_never_taken_as_zero():
    population = from_situations(LAW, households(8, 3))
    persons = {k: v for k, v in population.columns[PERSON].items() if k != "pay"}
    lacking = Population.of(
        population.family_of,
        population.household_of,
        population.adult,
        {**population.columns, PERSON: persons},
    )
    with pytest.raises(OpenFact, match='"pay"'):
        simulate(LAW, ["tax"], lacking, day=DAY)
    usual = lacking.with_usual(LAW)
    zero = lacking.with_columns(PERSON, {"pay": np.zeros(lacking.size(PERSON))})
    assert np.array_equal(
        simulate(LAW, ["tax"], usual, day=DAY)["tax"], simulate(LAW, ["tax"], zero, day=DAY)["tax"]
    )


def test_a_goal_without_a_result_names_the_row():
    population = from_situations(LAW, households(9, 3))
    pay = np.zeros(population.size(PERSON))
    pay[2] = np.inf
    with pytest.raises(NoResult, match='"tax" has no result in row 2'):
        simulate(LAW, ["tax"], population.with_columns(PERSON, {"pay": pay}), day=DAY, block=1)


def test_what_is_known_of_some_situations_and_not_of_others_is_refused():
    one, other = households(10, 2)
    facts = {key: value for key, value in one.persons[0].items() if key != "pay"}
    lacking = type(one)([facts, *one.persons[1:]], one.families, one.households)
    with pytest.raises(FactError, match='"pay" is known of some'):
        from_situations(LAW, [other, lacking])


def test_rows_out_of_order_and_groups_without_members_are_refused():
    with pytest.raises(ValueError, match="The family 1 has no members"):
        Population.of(np.array([0, 2]), np.array([0, 1, 2]), np.array([True, True]), {})
    with pytest.raises(ValueError, match="The household 0 has no members"):
        Population.of(np.array([0]), np.array([1]), np.array([True]), {})
    with pytest.raises(ValueError, match="in the order of their family"):
        Population.of(np.array([1, 0]), np.array([0, 0]), np.array([True, True]), {})
    with pytest.raises(ValueError, match="one adult or two"):
        Population.of(np.array([0, 0, 0]), np.array([0]), np.array([True] * 3), {})
    with pytest.raises(ValueError, match='"rent" has'):
        columns = {HOUSEHOLD: {"rent": np.zeros(2)}}
        Population.of(np.array([0]), np.array([0]), np.array([True]), columns)
