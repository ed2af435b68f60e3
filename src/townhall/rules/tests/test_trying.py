"""Trying a rule: only what matters is asked, and what is empty is not known."""

from __future__ import annotations

from datetime import date

from townhall.rules import trying
from townhall.rules.tests.invented_law import LAW

DAY = date(2026, 6, 1)


def trial(goal: str) -> trying.Trial:
    return trying.trial(LAW.on(DAY), goal, DAY)


def test_of_children_only_their_ages_are_asked() -> None:
    found = trial("childrens_money")
    assert found.family and found.asked == ()
    tried = trying.attempt(found, {}, couple=False, ages=(3, 15, 16), day=DAY)
    assert tried.bounds[0][:2] == (50, 50), "of 3 and 15, not of 16"


def test_what_can_change_the_value_is_asked_and_has_a_first_value() -> None:
    found = trial("tax")
    assert [fact.name for fact in found.asked] == ["pay", "pays_late"]
    assert [fact.name for fact in found.others] == ["pays_by_bank"]
    assert not found.family
    facts = {"person.0.pay": "20000", "person.0.pays_late": found.default(found.asked[1], DAY)}
    tried = trying.attempt(found, facts, couple=False, ages=(), day=DAY)
    assert tried.bounds[0][:2] == (1000, 1000)


def test_what_is_empty_gives_bounds_and_is_named() -> None:
    found = trial("rent_help")
    assert {fact.name for fact in found.asked} >= {"rent", "pay"}
    tried = trying.attempt(found, {"household.0.rent": "100"}, couple=False, ages=(), day=DAY)
    low, high, _ = tried.bounds[0]
    assert (low, high) == (0, 450)
    assert {name for name, _ in tried.depends(0)} == {"pay", "pension"}


def test_a_couple_has_two_of_everything_that_belongs_to_a_person() -> None:
    found = trial("family_income")
    facts = {
        "person.0.pay": "10000",
        "person.1.pay": "5000",
        "person.0.pension": "0",
        "person.1.pension": "1",
    }
    together = trying.attempt(found, facts, couple=True, ages=(), day=DAY)
    assert together.bounds[0][0] == 15_001
    alone = trying.attempt(found, facts, couple=False, ages=(), day=DAY)
    assert alone.bounds[0][0] == 10_000


def test_the_days_to_choose_from_are_those_on_which_the_law_changes() -> None:
    days = trying.days(LAW.on(DAY), DAY)
    assert days[0] == DAY
    assert date(2025, 4, 6) in days
