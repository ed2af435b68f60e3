"""The law as SQL gives every household what the exact law gives it."""

from __future__ import annotations

import numpy as np
import pytest

from townhall.rules.engine.law.populations import columns, sql
from townhall.rules.engine.law.populations.households import from_situations
from townhall.rules.engine.law.populations.sql_dialects import DIALECTS, DUCKDB
from townhall.rules.engine.law.tests.small_book import DAY, GOALS, exact, households, lawbook
from townhall.rules.engine.law.tests.test_columns import differences

duckdb = pytest.importorskip("duckdb")
LAW = lawbook().on(DAY)


def loaded(population):
    database = duckdb.connect()
    for name, held in sql.tables(population).items():
        database.register("made", {key: np.ascontiguousarray(v) for key, v in held.items()})
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        database.unregister("made")
    return database


@pytest.mark.parametrize("seed", [31, 32])
def test_one_statement_in_duckdb(seed):
    situations = households(seed, 700)
    population = from_situations(LAW, situations)
    database = loaded(population)
    found = {}
    for entity, steps in sql.selections(LAW, GOALS, population, DAY, DUCKDB).items():
        text = f"{sql.query(steps, DUCKDB)}\nORDER BY {entity.name}_id"
        found |= database.execute(text).fetchnumpy()
    assert differences(found, exact(LAW, situations, GOALS)) == {}


def test_a_script_keeps_a_table_for_each_step():
    population = from_situations(LAW, households(33, 200))
    database = loaded(population)
    expected = columns.simulate(LAW, ["net_of_household"], population, day=DAY)
    [(_, steps)] = sql.selections(LAW, ["net_of_household"], population, DAY, DUCKDB).items()
    *before, last = sql.script(steps, DUCKDB)
    for statement in before:
        database.execute(statement)
    found = database.execute(f"{last}\nORDER BY household_id").fetchnumpy()
    apart = np.abs(found["net_of_household"] - expected["net_of_household"])
    assert apart.max() <= 0.005


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_every_constant_has_a_type_and_every_name_of_a_person_is_quoted(dialect):
    population = from_situations(LAW, households(34, 2))
    for steps in sql.selections(LAW, GOALS, population, DAY, dialect).values():
        text = sql.query(steps, dialect)
        assert dialect.quoted("born") in text or "born" not in text
        for number in ("12570", "26.05", "0.2", "1.25"):
            for before in text.split(number)[:-1]:
                assert before[-1] in "0123456789.(", (number, before[-30:])


def test_a_column_that_names_a_rule_is_taken_instead_of_it():
    population = from_situations(LAW, households(35, 20))
    incomes = np.full(population.size(next(iter(population.columns))), 50_000.0)
    entity = LAW.variables["income"].kind.entity
    given = population.with_columns(entity, {"income": incomes})
    [(_, steps)] = sql.selections(LAW, ["allowance"], given, DAY, DUCKDB).items()
    found = loaded(given).execute(sql.query(steps, DUCKDB)).fetchnumpy()["allowance"]
    assert set(found.tolist()) == {12_570.0}
