"""A few households worked out by hand, and what must hold for any."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.engine.law.populations.population import Population
from townhall.rules.engine.law.reforms import Reform
from townhall.rules.simulation import changes
from townhall.rules.simulation.comparing import compare
from townhall.rules.simulation.figures import deciles, figures, median
from townhall.rules.simulation.loading import Loaded
from townhall.rules.simulation.mapping import ColumnMapping
from townhall.rules.simulation.simulating import Request, simulate
from townhall.rules.simulation.tests.small_law import DAY, LAW, STATISTICS, written

USUAL = ColumnMapping(usual=None)


@pytest.fixture
def results(tmp_path: Path):
    """The population of `small_law` with 15 a week for a child instead of 10, and 25 % tax."""
    request = Request(
        day=DAY,
        file=written(tmp_path),
        mapping=USUAL,
        new={"child": Decimal(15), "tax.rate": Decimal(25)},
    )
    return simulate(LAW, STATISTICS, request)


def test_the_cost_of_each_programme_counts_weights(results) -> None:
    tax, child, rent = results["costs"]
    # 20 % of 20,000 and of 2,000, and twice that of 10,000 and of 50,000.
    assert tax["before"] == pytest.approx(0.2 * (20_000 + 2_000 + 2 * (10_000 + 50_000)))
    assert tax["after"] == pytest.approx(0.25 * (20_000 + 2_000 + 2 * (10_000 + 50_000)))
    assert (tax["number_before"], tax["number_after"]) == (6, 6)
    assert child["before"] == pytest.approx(3 * 10 * 52)
    assert child["difference"] == pytest.approx(3 * 5 * 52)
    assert rent["before"] == rent["after"] == pytest.approx(2 * 100 * 12)
    assert rent["difference"] == 0


def test_what_households_gain_is_what_the_purse_pays(results) -> None:
    more_tax = 0.05 * (20_000 + 2_000 + 2 * (10_000 + 50_000))
    assert results["public_purse"] == pytest.approx(more_tax - 3 * 5 * 52)
    assert results["income"]["difference"] == pytest.approx(-results["public_purse"])


def test_kinds_of_households_and_who_of_them_wins(results) -> None:
    found = {each["type"]: each for each in results["types"]}
    assert set(found) == {
        "couple_with_children",
        "single_pensioner",
        "several_families",
        "lone_parent",
    }
    # The couple: 26,000 + 10,000 + 2 children * 520 + 1,200; then 1,000 tax more, 520 more.
    couple = found["couple_with_children"]
    assert couple["mean_before"] == pytest.approx(30_000 - 4_000 + 10_000 + 1_040 + 1_200)
    assert couple["mean_change_a_week"] == pytest.approx((-1_000 + 520) / 52)
    assert (couple["win"], couple["lose"]) == (0, 1)
    assert found["lone_parent"]["mean_change_a_week"] == pytest.approx(5)
    assert (found["lone_parent"]["win"], found["lone_parent"]["lose"]) == (1, 0)
    assert found["single_pensioner"]["lose"] == 1  # 100 a year is nearly 2 a week
    assert found["several_families"]["households"] == 2
    assert found["several_families"]["persons"] == 4


def test_poverty_is_held_against_the_median_of_people(results) -> None:
    # Equivalised before: couple 38,240/2.3 (1 + 0.5 + 0.5 for the child of 15 + 0.3), pensioner
    # 11,600, two who share 68,000/1.5 (four people), lone parent 1,720/1.3 (two people).
    poverty = results["poverty"]
    couple = 38_240 / 2.3
    assert poverty["median_before"] == pytest.approx(couple)
    assert poverty["line_before"] == pytest.approx(0.6 * couple)
    assert poverty["rate_before"] == pytest.approx(2 / 11)  # the lone parent and the child
    assert poverty["children_before"] == pytest.approx(1 / 3)


def test_the_first_adult_counts_whole_even_where_nobody_is_fourteen(tmp_path: Path) -> None:
    path = written(tmp_path, "1,a,A,yes,2015-01-01,20000,0,1")
    found = simulate(LAW, STATISTICS, Request(day=DAY, file=path, mapping=USUAL))
    assert found["poverty"]["median_before"] == pytest.approx(18_000)


def test_a_reform_that_changes_nothing_changes_nothing(tmp_path: Path) -> None:
    same = {"child": Decimal(10), "help/north": Decimal(100), "tax.rate": Decimal("20.0")}
    request = Request(day=DAY, file=written(tmp_path), mapping=USUAL, new=same)
    found = simulate(LAW, STATISTICS, request)
    assert found["public_purse"] == 0
    assert all(cost["difference"] == 0 for cost in found["costs"])
    for group in (found["income"], *found["deciles"], *found["types"]):
        assert (group["difference"], group["win"], group["lose"]) == (0, 0, 0)
    assert found["poverty"]["rate_before"] == found["poverty"]["rate_after"]


def test_exactly_a_pound_a_week_is_neither_won_nor_lost(tmp_path: Path) -> None:
    rows = ("1,a,A,yes,1990-01-01,0,0,1", "2,a,A,no,2020-01-01,0,0,1")
    for more, share in (("11", 0.0), ("11.01", 1.0)):
        request = Request(
            day=DAY,
            file=written(tmp_path, *rows),
            mapping=USUAL,
            new={"child": Decimal(more)},
        )
        assert simulate(LAW, STATISTICS, request)["income"]["win"] == share


@st.composite
def populations(draw: st.DrawFn) -> Loaded:
    """Draw some households, some with weights."""
    random = np.random.Generator(np.random.PCG64(draw(st.integers(0, 2**32))))
    number = draw(st.integers(1, 40))
    families = random.integers(1, 3, number)
    household_of = np.repeat(np.arange(number), families)
    persons = random.integers(1, 6, len(household_of))
    family_of = np.repeat(np.arange(len(household_of)), persons)
    place = np.arange(len(family_of)) - np.repeat(np.cumsum(persons) - persons, persons)
    size = len(family_of)
    columns = {
        PERSON: {
            "date_of_birth": DAY.toordinal() - random.integers(0, 33_000, size).astype(np.int32),
            "pay": random.integers(0, 8, size) * 7_500.0,
            "gift": random.normal(0, 5_000, size),
        },
        FAMILY: {"rent": random.integers(0, 2, len(household_of)) * 300.0},
        HOUSEHOLD: {"region": random.integers(0, 2, number).astype(np.int8)},
    }
    population = Population.of(
        family_of, household_of, place < random.integers(1, 3, len(persons))[family_of], columns
    )
    weights = random.random(number) + 0.01 if draw(st.booleans()) else None
    return Loaded(population, weights, ())


@given(
    populations(),
    st.decimals("0", "40", places=2),
    st.decimals("0", "100", places=1),
    st.decimals("0", "300", places=0),
)
@settings(max_examples=80, deadline=None)
def test_groups_add_up_to_everybody(loaded, child, tax, south) -> None:
    known = changes.rates(LAW.on(DAY), STATISTICS, DAY)
    new = {"child": child, "tax.rate": tax, "help/south": south}
    reform = changes.reform_of(LAW, known, new, DAY, "any")
    found = figures(compare(LAW.on(DAY), reform, loaded, USUAL, STATISTICS, day=DAY))
    whole = found["income"]
    for groups in (found["deciles"], found["types"]):
        for name in ("households", "persons", "before", "after", "difference"):
            together = sum(group[name] for group in groups)
            assert together == pytest.approx(whole[name], rel=1e-9, abs=1e-5)
        won = sum(group["win"] * group["persons"] for group in groups)
        assert won == pytest.approx(whole["win"] * whole["persons"], abs=1e-6)
    tax_, child_, rent_ = (cost["difference"] for cost in found["costs"])
    assert found["public_purse"] == pytest.approx(tax_ - child_ - rent_, abs=1e-4)


@given(populations())
@settings(max_examples=30, deadline=None)
def test_without_a_change_there_is_no_difference(loaded) -> None:
    known = changes.rates(LAW.on(DAY), STATISTICS, DAY)
    same = {name: rate.value for name, rate in known.items()}
    for new in ({}, same):
        reform = (
            changes.reform_of(LAW, known, new, DAY, "none")
            if len(new) <= changes.MOST
            else Reform("none", since=DAY)
        )
        found = figures(compare(LAW.on(DAY), reform, loaded, USUAL, STATISTICS, day=DAY))
        groups = (found["income"], *found["deciles"], *found["types"])
        assert {group["difference"] for group in groups} == {0.0}
        assert found["public_purse"] == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=60))
@settings(deadline=None)
def test_tenths_are_of_one_size_and_in_order(homes) -> None:
    income = np.array([float(each) for each, _ in homes])
    people = np.array([float(each) for _, each in homes])
    group = deciles(income, people)
    for lower in range(9):
        below, above = income[group <= lower], income[group > lower]
        assert not len(below) or not len(above) or below.max() <= above.min()
    most = people.max()
    for tenth in range(10):
        assert abs(people[group == tenth].sum() - people.sum() / 10) <= most


def test_the_median_is_an_income_that_somebody_has() -> None:
    assert median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])) == 2
    assert median(np.array([1.0, 9.0]), np.array([1.0, 3.0])) == 9
    assert median(np.array([1.0, 9.0]), np.array([2.0, 2.0])) == 1
