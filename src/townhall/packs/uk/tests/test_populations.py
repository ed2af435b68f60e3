"""The whole law of the country gives a population what it gives each family."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import Situation
from townhall.rules.engine.law.populations import columns, fused, sql
from townhall.rules.engine.law.populations.households import exactly, from_situations
from townhall.rules.engine.law.populations.sql_dialects import DUCKDB

DAY = date(2026, 6, 1)
LAW = UK.on(DAY)
GOALS = tuple(
    programme.goal
    for programme in UK.programmes.values()
    if LAW.variables[programme.goal].kind.entity.name != "company"
)
EARNINGS = ("0", "12570", "50270", "60000", "65800", "71400", "100000.01", "125140")


def family(draw):
    adults, children = draw.choice((1, 2)), draw.choice((0, 0, 1, 2, 3, 4))
    persons = []
    for number in range(adults + children):
        first = date(1930, 1, 1) if number < adults else date(2007, 1, 1)
        last = date(2007, 1, 1) if number < adults else DAY
        born = first + timedelta(days=draw.randrange((last - first).days))
        persons.append({"date_of_birth": born})
    for adult in persons[:adults]:
        earned = draw.choice((*EARNINGS, draw.randrange(15_000_000) / Decimal(100)))
        adult["employment_income"] = Decimal(earned)
    members = list(range(adults + children))
    facts = {"local_housing_allowance": Decimal(draw.randrange(300, 1500))}
    families = [{"members": members, "adults": members[:adults], "facts": facts}]
    return LAW.usual(Situation(persons, families))


@pytest.fixture(scope="module")
def population():
    draw = random.Random(2026)
    return from_situations(LAW, [family(draw) for _ in range(150)])


@pytest.fixture(scope="module")
def expected(population):
    found = {goal: [] for goal in GOALS}
    for _, values in exactly(LAW, GOALS, population, day=DAY):
        for goal in GOALS:
            found[goal] += values[goal]
    return {goal: np.array(values, float) for goal, values in found.items()}


def apart(found, expected):
    worst = {
        goal: float(np.abs(np.asarray(values, float) - expected[goal]).max())
        for goal, values in found.items()
        if goal in expected
    }
    return {goal: by for goal, by in worst.items() if not by <= 0.005}


def test_as_columns(population, expected):
    assert apart(columns.simulate(LAW, GOALS, population, day=DAY), expected) == {}


@pytest.mark.slow
def test_as_machine_code(population, expected):
    pytest.importorskip("llvmlite")
    assert apart(fused.simulate(LAW, GOALS, population, day=DAY), expected) == {}


@pytest.mark.slow
def test_as_sql(population, expected):
    database = pytest.importorskip("duckdb").connect()
    for name, held in sql.tables(population).items():
        database.register("made", {key: np.ascontiguousarray(v) for key, v in held.items()})
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        database.unregister("made")
    for entity, steps in sql.selections(LAW, GOALS, population, DAY, DUCKDB).items():
        text = f"{sql.query(steps, DUCKDB)}\nORDER BY {entity.name}_id"
        assert apart(database.execute(text).fetchnumpy(), expected) == {}
