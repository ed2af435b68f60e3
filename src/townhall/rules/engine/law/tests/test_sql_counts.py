"""Counts that stand side by side in one sum come out as a count each would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine.law.populations import sql_counts
from townhall.rules.engine.law.populations.sql_dialects import DUCKDB
from townhall.rules.engine.law.populations.sql_words import Words

duckdb = pytest.importorskip("duckdb")
WORDS = Words(DUCKDB)
SIX = [sql_counts.Count(f"n{number}", f"t{number}") for number in range(6)]


def counted(rows, *, nulls):
    """Count six tests in a group of members, packed."""
    database = duckdb.connect()
    columns = ", ".join(f"t{number} BOOLEAN" for number in range(6))
    database.execute(f"CREATE TABLE member ({columns})")
    if rows:
        database.executemany("INSERT INTO member VALUES (?, ?, ?, ?, ?, ?)", rows)
    inner = ", ".join(sql_counts.sums(SIX, WORDS, nulls=nulls))
    outer = ", ".join(sql_counts.taken_apart(SIX, WORDS))
    return database.execute(f"SELECT {outer} FROM (SELECT {inner} FROM member)").fetchone()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.booleans()] * 6), min_size=1, max_size=30))
def test_each_count_is_what_counting_one_by_one_gives(rows):
    assert counted(rows, nulls=False) == tuple(
        float(sum(column)) for column in zip(*rows, strict=True)
    )


def test_the_largest_group_fills_its_place_and_no_other():
    database = duckdb.connect()
    flags = ", ".join(f"i % {number + 2} < 9 AS t{number}" for number in range(6))
    database.execute(f"CREATE TABLE member AS SELECT {flags} FROM range({sql_counts.MOST}) r(i)")
    inner = ", ".join(sql_counts.sums(SIX, WORDS, nulls=False))
    outer = ", ".join(sql_counts.taken_apart(SIX, WORDS))
    found = database.execute(f"SELECT {outer} FROM (SELECT {inner} FROM member)").fetchone()
    assert found == (float(sql_counts.MOST),) * 6


def test_a_test_without_a_value_counts_as_false_and_spoils_no_other():
    assert counted([(None, True, True, None, True, False)] * 3, nulls=True) == (0, 3, 3, 0, 3, 0)
