"""The invented population, and what is counted in one, under the law of the United Kingdom."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from townhall.packs.uk.population import STATISTICS
from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.engine.law.populations.columns import simulate
from townhall.rules.engine.law.populations.households import outward, situation
from townhall.rules.simulation.mapping import ColumnMapping
from townhall.rules.simulation.simulating import Request
from townhall.rules.simulation.simulating import simulate as run

DAY = date(2026, 6, 1)
LAW = UK.on(DAY)


def invented(number: int = 2_000, seed: int = 1):
    assert STATISTICS.invent is not None
    return STATISTICS.invent(LAW, DAY, number, seed, lambda phase, done: None)


def test_the_same_seed_gives_the_same_people() -> None:
    one, again, other = invented(), invented(), invented(seed=2)
    for name in one.given:
        assert np.array_equal(one.population.column(name), again.population.column(name)), name
    pay = [each.population.column("employment_income") for each in (one, other)]
    assert len(pay[0]) != len(pay[1]) or not np.array_equal(*pay)


def test_every_value_is_one_that_a_file_could_give() -> None:
    population = invented().population
    for entity, columns in population.columns.items():
        for name, values in columns.items():
            fact = UK.facts[name]
            assert fact.entity == entity
            assert np.isfinite(values).all(), name
            assert fact.low is None or values.min() >= float(fact.low), name
            assert fact.high is None or values.max() <= float(fact.high), name
    assert population.column("date_of_birth").max() <= DAY.toordinal()


def test_its_shape_is_about_that_of_the_country() -> None:
    loaded = invented(20_000)
    found = run(UK, STATISTICS, Request(day=DAY, households=20_000))
    homes = found["population"]
    assert homes["households_stood_for"] == pytest.approx(28.6e6)
    assert 62e6 < homes["persons_stood_for"] < 70e6
    kinds = {each["type"]: each["households"] / 28.6e6 for each in found["types"]}
    assert 0.25 < kinds["single"] + kinds["single_pensioner"] < 0.36
    assert 0.16 < kinds["couple_with_children"] < 0.25
    adults = loaded.population.adult
    works = loaded.population.column("hours_worked_a_week")[adults] > 0
    assert 0.5 < works.mean() < 0.68
    costs = {each["rule"]: each["before"] / 1e9 for each in found["costs"]}
    assert 10 < costs["child_benefit_paid"] < 25
    assert 40 < costs["universal_credit_payment"] < 110
    assert 100 < costs["income_tax"] < 400
    assert 0.08 < found["poverty"]["rate_before"] < 0.25
    assert "tenure" not in found["facts"]["usual"]
    assert "gift_aid" in found["facts"]["usual"]


def test_a_household_has_what_the_exact_law_gives_it() -> None:
    loaded = invented(1_000)
    population = loaded.population.with_usual(LAW)
    goals = STATISTICS.goals()
    found = simulate(LAW, goals, population, day=DAY)
    starts = dict.fromkeys((PERSON, FAMILY, HOUSEHOLD), 0)
    for row in range(0, 60):
        decision = LAW.decide(goals, situation(LAW, population, row), day=DAY)
        for goal in goals:
            entity = LAW.variables[goal].kind.entity
            exact = [float(value) for value in decision.values[goal]]
            part = found[goal][starts[entity] : starts[entity] + len(exact)]
            assert np.abs(part - exact).max() < 0.005, (row, goal)
        starts[PERSON] += len(decision.values["age"])
        starts[FAMILY] += len(decision.values["child_benefit_paid"])
        starts[HOUSEHOLD] += 1


def test_what_the_purse_pays_is_what_programmes_cost_more() -> None:
    new = {"universal_credit.taper": Decimal(50), "high_income_charge.threshold": Decimal(70_000)}
    found = run(UK, STATISTICS, Request(day=DAY, households=1_000, new=new))
    more = sum(
        cost["difference"] * (1 if cost["gives"] else -1)
        for cost in found["costs"]
        if not cost["within"]
    )
    assert more > 0
    assert found["public_purse"] == pytest.approx(-more, rel=1e-9)


def test_the_same_people_in_a_file_give_the_same_figures(tmp_path: Path) -> None:
    new = {"child_benefit.eldest": Decimal(40)}
    found = run(UK, STATISTICS, Request(day=DAY, households=1_000, seed=7, new=new))
    path = written(invented(1_000, seed=7), tmp_path / "people.csv")
    usual = ColumnMapping(usual=None)
    read = run(UK, STATISTICS, Request(day=DAY, file=path, mapping=usual, new=new))
    for part in ("population", "costs", "income", "deciles", "types", "poverty", "public_purse"):
        assert read[part] == found[part], part
    assert read["facts"]["usual"] == found["facts"]["usual"]


def written(loaded, path: Path) -> Path:
    """Write a population as a file, one row a person."""
    population = loaded.population
    home = population.household_of[population.family_of]
    rows_of = {PERSON: slice(None), FAMILY: population.family_of, HOUSEHOLD: home}
    columns = {
        "family_id": population.family_of.tolist(),
        "household_id": home.tolist(),
        "adult": ["yes" if each else "no" for each in population.adult],
        "weight": loaded.weights[home].tolist(),
    }
    for entity, facts in population.columns.items():
        for name, values in facts.items():
            unit = LAW.variables[name].kind.unit
            columns[name] = [outward(each, unit) for each in values[rows_of[entity]]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path
