"""Supplied rules, versions and exceptions, on the day before, of and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    NUMBER,
    PERSON,
    Book,
    Decision,
    Lawbook,
    NotInForce,
    Situation,
    applies,
)

from .deciding import DAY, GROWN, WORDS, decided, family, one
from .family_book import LAW

# --- supplied rules


def with_given(goal: str, person: dict[str, Any], **facts: Any) -> Decision:
    law = LAW.on(DAY)
    situation = Situation([person], [{"adults": [0], "facts": facts}])
    return law.decide([goal], law.usual(situation), day=DAY)


def test_any_rule_may_be_supplied_instead_of_being_computed() -> None:
    person = {"income": 70123}
    assert with_given("charge", person, child_benefit=Decimal("2251.60"))["charge"] == [1125]
    assert with_given("charge", {"charge": 7})["charge"] == [7]
    assert with_given("child_benefit_weekly", {}, children=3)["child_benefit_weekly"] == [
        Decimal("60.55")
    ]


def test_a_supplied_percentage_and_date_are_as_people_write_them() -> None:
    given = {"charge_percentage": 29, "income": 1, "date_of_birth": GROWN}
    assert with_given("charge", given, child_benefit=1000)["charge"] == [290]
    reached = with_given("is_pensioner", {"pension_date": date(2025, 6, 1)})
    assert reached["is_pensioner"] == [True]
    assert reached["pension_date"] == [date(2025, 6, 1)]


def test_what_is_supplied_needs_none_of_what_it_rests_on() -> None:
    law = LAW.on(DAY)
    situation = Situation([{}], [{"adults": [0], "facts": {"child_benefit": 100, "charge": 0}}])
    with pytest.raises(ValueError, match='"charge" belongs to a person'):
        law.decide(["child_benefit_kept"], situation, day=DAY)
    situation = Situation([{"charge": 1}], [{"adults": [0], "facts": {"child_benefit": 100}}])
    assert law.decide(["child_benefit_kept"], situation, day=DAY)["child_benefit_kept"] == [99]


# --- versions and exceptions


PENSIONER = {"date_of_birth": date(1950, 1, 1), "income": 40000}


@pytest.mark.parametrize(
    ("day", "grant"),
    [
        (date(2025, 8, 31), 200),
        (date(2025, 9, 1), 0),
        (date(2025, 9, 2), 0),
    ],
)
def test_a_version_holds_from_its_day(day: date, grant: int) -> None:
    assert decided("heating_grant", Situation([PENSIONER]), day) == [grant]


@pytest.mark.parametrize(
    ("day", "grant"),
    [(date(2025, 12, 31), 200), (date(2026, 1, 1), 210), (date(2026, 1, 2), 210)],
)
def test_a_rate_holds_from_its_day(day: date, grant: int) -> None:
    assert decided("heating_grant", Situation([{**PENSIONER, "income": 0}]), day) == [grant]


def test_the_exception_of_the_highest_priority_wins() -> None:
    for facts, weekly in (
        ({}, "43.30"),
        ({"lives_abroad": True}, "0"),
        ({"lives_abroad": True, "serves_the_crown": True}, "52.10"),
        ({"serves_the_crown": True}, "43.30"),
    ):
        assert decided("child_benefit_weekly", family(2, 0, **facts)) == [Decimal(weekly)]


def test_an_exception_holds_on_its_days_alone() -> None:
    book = Book("days")

    @book.rule(PERSON, NUMBER, **WORDS)
    def sum_due():
        return 1

    @book.exception(to="sum_due", priority=1, from_="2025-03-01", until="2025-04-01", **WORDS)
    def in_march():
        return applies(True, 2)

    @book.exception(to="sum_due", priority=1, from_="2025-04-01", until="2025-04-02", **WORDS)
    def in_april():
        return applies(True, 3)

    law = Lawbook([book], Parameters())
    for day, wanted in (
        (date(2025, 2, 28), 1),
        (date(2025, 3, 1), 2),
        (date(2025, 3, 31), 2),
        (date(2025, 4, 1), 3),
        (date(2025, 4, 2), 1),
    ):
        found = law.on(day).decide(["sum_due"], Situation([{}]), day=day)
        assert found["sum_due"] == [wanted]


def test_a_rule_that_has_ended_gives_no_result_and_says_so() -> None:
    book = Book("ended")

    @book.rule(PERSON, NUMBER, until="2025-01-01", **WORDS)
    def old_grant():
        return 1

    law = Lawbook([book], Parameters())
    assert one(book, "old_grant", date(2024, 12, 31)) == 1
    with pytest.raises(NotInForce, match='"old_grant" has no version in force'):
        law.on(DAY).decide(["old_grant"], Situation([{}]), day=DAY)


def test_a_rate_without_a_row_gives_no_result_and_says_so() -> None:
    day = date(2027, 4, 6)
    with pytest.raises(NotInForce, match=r'"child_benefit\.\w+" has no value in force on 2027'):
        decided("child_benefit_weekly", family(1, 0), day)
    assert decided("charge_percentage", family(0, 70000), day) == [50]


def test_the_law_of_one_day_is_not_applied_to_another() -> None:
    law = LAW.on(date(2025, 6, 1))
    law.decide(["age"], Situation([{"date_of_birth": GROWN}]), day=date(2025, 8, 31))
    for day in (date(2025, 4, 5), date(2025, 9, 1)):
        with pytest.raises(
            NotInForce, match=r"another law is in force .* 2025-04-06 until 2025-09-01"
        ):
            law.decide(["age"], Situation([{"date_of_birth": GROWN}]), day=day)


def test_one_law_for_all_days_between_two_changes() -> None:
    assert LAW.on(date(2025, 4, 6)) is LAW.on(date(2025, 8, 31))
    assert LAW.on(date(2025, 8, 31)) is not LAW.on(date(2025, 9, 1))
