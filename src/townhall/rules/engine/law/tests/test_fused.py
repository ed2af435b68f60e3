"""Compiled law gives what columns give, and machine code is found again."""

from __future__ import annotations

import sys
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    Book,
    Lawbook,
    LawError,
    NoResult,
    count,
    position,
)
from townhall.rules.engine.law.populations import columns, fused
from townhall.rules.engine.law.populations.columns import plan_for
from townhall.rules.engine.law.populations.households import from_situations
from townhall.rules.engine.law.tests.small_book import DAY, GOALS, exact, households, lawbook
from townhall.rules.engine.law.tests.test_columns import differences

pytest.importorskip("llvmlite")
LAW = lawbook().on(DAY)


@pytest.fixture(scope="module")
def program():
    population = from_situations(LAW, households(1, 1))
    return fused.FusedProgram(plan_for(LAW, GOALS, population), DAY, population)


def test_every_household_gets_what_the_exact_law_gives_it(program):
    situations = households(21, 500)
    found = program.run(from_situations(LAW, situations))
    assert differences(found, exact(LAW, situations, GOALS)) == {}


@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_whoever_they_are_and_however_they_are_cut_into_blocks(program, seed, number, block):
    situations = households(seed, number)
    found = program.run(from_situations(LAW, situations), block=block)
    assert differences(found, exact(LAW, situations, GOALS)) == {}


def test_machine_code_is_kept_for_every_law_of_the_same_shape(tmp_path, monkeypatch):
    population = from_situations(LAW, households(22, 50))
    folder = tmp_path / "code"
    first = fused.simulate(LAW, GOALS, population, day=DAY, folder=folder)
    kept = {path.name for path in folder.iterdir()}
    assert len(kept) == 1

    def refuse(*_):
        raise AssertionError("compiled again")

    monkeypatch.setattr(fused, "_machine_code", refuse)
    again = fused.simulate(LAW, GOALS, population, day=DAY, folder=folder)
    assert all(np.array_equal(first[goal], again[goal]) for goal in GOALS)
    later = DAY.replace(year=2027)
    moved = fused.simulate(LAW, GOALS, population, day=later, folder=folder)
    expected = columns.simulate(LAW, GOALS, population, day=later)
    for goal in GOALS:
        assert np.allclose(moved[goal], expected[goal], atol=0.005, rtol=0), goal


@pytest.mark.parametrize("dtype", ["f4", "i4", "i2", "u1", "i8", "f8"])
def test_columns_may_be_narrower_than_float64(dtype):
    population = from_situations(LAW, households(23, 40))
    pay = np.arange(population.size(PERSON)).astype(dtype)
    narrow = population.with_columns(PERSON, {"pay": pay})
    wide = population.with_columns(PERSON, {"pay": pay.astype("f8")})
    goals = ("tax", "charge")
    found = fused.simulate(LAW, goals, narrow, day=DAY)
    expected = columns.simulate(LAW, goals, wide, day=DAY)
    for goal in goals:
        assert np.allclose(found[goal], expected[goal], atol=0.005, rtol=0), goal


def test_a_column_of_another_type_than_was_compiled_is_refused(program):
    population = from_situations(LAW, households(24, 4))
    pay = np.zeros(population.size(PERSON), "f4")
    with pytest.raises(LawError, match='"pay" was compiled as f8, not float32'):
        program.run(population.with_columns(PERSON, {"pay": pay}))


def test_a_goal_without_a_result_names_the_row(program):
    population = from_situations(LAW, households(9, 3))
    pay = np.zeros(population.size(PERSON))
    pay[2] = np.inf
    with pytest.raises(NoResult, match="has no result in row"):
        program.run(population.with_columns(PERSON, {"pay": pay}))


def test_places_in_a_household_and_goals_that_are_facts_or_constants():
    words = {"en": "w"}
    book = Book("places")
    book.fact("born", PERSON, DATE, title=words)
    book.fact("one", FAMILY, NUMBER, title=words)

    @book.rule(PERSON, NUMBER, title=words, cite="s.1", because=words)
    def place(born):
        return position(born, of=HOUSEHOLD)

    @book.rule(HOUSEHOLD, NUMBER, title=words, cite="s.1", because=words)
    def people(place):
        return count(place >= 1)

    @book.rule(PERSON, NUMBER, title=words, cite="s.1", because=words)
    def seven():
        return 7

    @book.rule(PERSON, NUMBER, title=words, cite="s.1", because=words)
    def of_family(one):
        return one

    law = Lawbook([book], Parameters.from_mapping({})).on(DAY)
    situations = [
        type(each)(
            [{"born": person["born"]} for person in each.persons],
            [
                {"members": f.members, "adults": f.adults, "facts": {"one": Decimal(number)}}
                for number, f in enumerate(each.families)
            ],
        )
        for each in households(25, 200)
    ]
    goals = ("place", "people", "seven", "of_family", "one")
    population = from_situations(law, situations)
    expected = exact(law, situations, goals)
    for simulate in (columns.simulate, fused.simulate):
        found = simulate(law, goals, population, day=DAY)
        for goal in goals:
            assert found[goal].astype(float).tolist() == [float(v) for v in expected[goal]], goal


def test_without_the_compiler_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    population = from_situations(LAW, households(26, 2))
    with pytest.raises(fused.NotInstalled, match=r"townhall\[fused\]"):
        fused.simulate(LAW, ["tax"], population, day=DAY)
