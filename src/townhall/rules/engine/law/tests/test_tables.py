"""A population is read from tables in any order, and told what is wrong with each row."""

from __future__ import annotations

import random

import numpy as np
import pytest

from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.engine.law.populations.columns import simulate
from townhall.rules.engine.law.populations.households import from_situations
from townhall.rules.engine.law.populations.tables import PopulationError, from_tables
from townhall.rules.engine.law.tests.small_book import DAY, GOALS, households, lawbook

LAW = lawbook().on(DAY)
PEOPLE = {
    "person_id": [1, 2, 3],
    "family_id": ["a", "a", "b"],
    "household_id": [7, 7, 7],
    "adult": ["yes", "no", "yes"],
    "pay": ["30000", "0", "12.5"],
    "born": ["1990-01-01", "2020-02-29", "1950-06-01"],
}


def problems(person=None, family=None, household=None):
    with pytest.raises(PopulationError) as error:
        from_tables(LAW, PEOPLE if person is None else {**PEOPLE, **person}, family, household)
    return [(each.table, each.row, each.column) for each in error.value.problems]


def test_texts_are_read_as_numbers_dates_and_yes_or_no():
    population = from_tables(LAW, PEOPLE)
    assert population.columns[PERSON]["pay"].tolist() == [30000.0, 0.0, 12.5]
    assert population.adult.tolist() == [True, False, True]
    assert (population.size(FAMILY), population.size(HOUSEHOLD)) == (2, 1)


def test_rows_in_any_order_give_everybody_the_same():
    population = from_situations(LAW, households(11, 60))
    draw = random.Random(1)
    tables, orders = {}, {}
    up = {"family_id": population.family_of, "household_id": population.household_of}
    for entity, of in ((PERSON, "family_id"), (FAMILY, "household_id"), (HOUSEHOLD, None)):
        order = list(range(population.size(entity)))
        draw.shuffle(order)
        orders[entity] = np.array(order)
        table = {f"{entity.name}_id": np.array([f"{entity.name}{row}" for row in order])}
        for name, values in population.columns[entity].items():
            table[name] = _as_in_a_file(name, values)[order]
        if of:
            table[of] = np.array([f"{of[:-3]}{up[of][row]}" for row in order])
        if entity == PERSON:
            table["adult"] = population.adult[order]
        tables[entity.name] = table
    shuffled = from_tables(LAW, **tables)
    expected = simulate(LAW, GOALS, population, day=DAY)
    found = simulate(LAW, GOALS, shuffled, day=DAY)
    for goal in GOALS:
        entity = LAW.variables[goal].kind.entity
        rows = [int(str(name).removeprefix(entity.name)) for name in shuffled.ids[entity]]
        if goal != "place_of_child":  # equal ones stand as they are listed
            assert np.allclose(found[goal], expected[goal][rows], atol=0.005), goal


def _as_in_a_file(name, values):
    unit = LAW.variables[name].kind.unit
    if unit.base == "percent":
        return values * 100
    if unit.base == "choice":
        return np.array(unit.options)[values]
    if unit.base == "date":
        return (values.astype(np.int64) - 719163).astype("datetime64[D]")
    return values


def test_text_in_a_number_column_names_the_row():
    assert problems({"pay": ["30000", "a lot", ""]}) == [
        ("person", 1, "pay"),
        ("person", 2, "pay"),
    ]


@pytest.mark.parametrize(
    ("column", "cells", "row"),
    [
        ("pay", [1.0, float("nan"), 2.0], 1),
        ("pay", [1.0, 2.0, -0.01], 2),
        ("pay", [None, 1, 2], 0),
        ("born", ["1990-01-01", "2020-02-30", "1950-06-01"], 1),
        ("adult", ["yes", "perhaps", "yes"], 1),
        ("adult", ["no", "no", "yes"], 0),
        ("studies", ["yes", "no", "2"], 2),
    ],
)
def test_each_wrong_cell_names_its_row_and_column(column, cells, row):
    assert problems({column: cells}) == [("person", row, column)]


def test_duplicate_ids_and_homes_that_do_not_exist():
    assert problems({"person_id": [1, 2, 1]}) == [("person", 2, "person_id")]
    homes = {"family_id": ["a", "b", "b"], "household_id": [7, 7, 7]}
    assert ("family", 2, "family_id") in problems(family=homes)
    assert ("person", 2, "family_id") in problems(family={"family_id": ["a"], "household_id": [7]})


def test_a_household_or_a_family_without_members():
    assert problems(household={"household_id": [7, 8]}) == [("household", 1, "household_id")]
    families = {"family_id": ["a", "b", "c"], "household_id": [7, 7, 7]}
    assert problems(family=families) == [("family", 2, "family_id")]


def test_a_family_is_not_in_two_households():
    assert problems({"household_id": [7, 8, 7]}) == [("person", 0, "household_id")]


def test_columns_that_are_missing_too_short_or_no_facts():
    assert problems({"adult": ["yes"]}) == [("person", None, "adult")]
    assert problems({"height": [1, 2, 3]}) == [("person", None, "height")]
    assert problems({"rent": [1, 2, 3]}) == [("person", None, "rent")]
    assert problems(household={"rent": [1]}) == [("household", None, "household_id")]


def test_nobody_is_no_population():
    assert problems({name: [] for name in PEOPLE}) == [("person", None, "family_id")]
