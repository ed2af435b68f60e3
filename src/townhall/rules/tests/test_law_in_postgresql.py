"""The law as SQL in the database of the house: right, for a population that fits there."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from townhall.rules.engine.law.populations import columns, sql
from townhall.rules.engine.law.populations.households import from_situations
from townhall.rules.engine.law.populations.sql_dialects import POSTGRESQL
from townhall.rules.engine.law.tests.small_book import DAY, GOALS, households, lawbook

LAW = lawbook().on(DAY)
TYPES = {"b": "boolean", "i": "integer", "f": "double precision"}


def load(cursor, population):
    for name, held in sql.tables(population).items():
        types = [f'"{column}" {TYPES[values.dtype.kind]}' for column, values in held.items()]
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({', '.join(types)}) ON COMMIT DROP")
        rows = zip(*(values.tolist() for values in held.values()), strict=True)
        marks = ", ".join(["%s"] * len(held))
        cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))


@pytest.mark.django_db
def test_every_member_gets_what_the_columns_give():
    population = from_situations(LAW, households(41, 300))
    expected = columns.simulate(LAW, GOALS, population, day=DAY)
    with connection.cursor() as cursor:
        load(cursor, population)
        for entity, steps in sql.selections(LAW, GOALS, population, DAY, POSTGRESQL).items():
            cursor.execute(f"{sql.query(steps, POSTGRESQL)}\nORDER BY {entity.name}_id")
            names = [each.name for each in cursor.description]
            found = dict(zip(names, zip(*cursor.fetchall(), strict=True), strict=True))
            for goal in names[1:]:
                apart = np.abs(np.array(found[goal], float) - expected[goal].astype(float))
                assert apart.max() <= 0.005, goal
