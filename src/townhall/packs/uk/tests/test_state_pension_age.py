"""State Pension age at the seams of its tables, and what must not be asked for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.packs.uk.rules.ages import Age, age_on
from townhall.rules.engine.law import OpenFact, Situation

TODAY = date(2026, 11, 22)
SAME_FOR_ALL = date(1953, 12, 6)


def decided(name: str, born: date, day: date = TODAY, country: str = "", **facts: Any) -> Any:
    households = [{"families": [0], "facts": {"country": country}}] if country else []
    situation = Situation(persons=[{"date_of_birth": born, **facts}], households=households)
    return UK.on(day).decide([name], situation, day=day)[name][0]


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        # Pensions Act 1995 Sch. 4 para. 1: the last day before each table, and its first and last.
        ("1950-04-05", "female", "2010-04-05"),
        ("1950-04-06", "female", "2010-05-06"),
        ("1953-04-05", "female", "2016-03-06"),
        ("1953-04-06", "female", "2016-07-06"),
        ("1953-12-05", "female", "2018-11-06"),
        ("1953-12-05", "male", "2018-12-05"),
        ("1953-12-06", "male", "2019-03-06"),
        ("1954-10-05", "female", "2020-09-06"),
        ("1954-10-06", "female", "2020-10-06"),
        ("1960-04-05", "male", "2026-04-05"),
        ("1960-04-06", "male", "2026-05-06"),
        ("1961-03-05", "female", "2028-02-05"),
        ("1961-03-06", "female", "2028-03-06"),
        ("1977-04-05", "male", "2044-04-05"),
        ("1977-04-06", "male", "2044-05-06"),
        ("1978-04-05", "female", "2046-03-06"),
        ("1978-04-06", "female", "2046-04-06"),
        # Para. 1(7A): the month lacks the day.
        ("1960-07-31", "male", "2026-11-30"),
        ("1960-12-31", "male", "2027-09-30"),
        ("1961-01-31", "male", "2027-11-30"),
        # Born on 29 February: 1 March of a common year, 29 February of a leap year.
        ("1948-02-29", "female", "2008-02-29"),
        ("1948-02-29", "male", "2013-03-01"),
        ("1956-02-29", "female", "2022-03-01"),
        ("1960-02-29", "male", "2026-03-01"),
        ("1968-02-29", "female", "2035-03-01"),
        ("1980-02-29", "male", "2048-02-29"),
    ],
)
def test_the_date_at_the_seams_of_the_tables(born: str, sex: str, expected: str) -> None:
    found = decided("state_pension_date", date.fromisoformat(born), sex=sex)
    assert found == date.fromisoformat(expected)


def test_the_sex_is_needed_only_where_it_changes_the_date() -> None:
    assert decided("state_pension_date", SAME_FOR_ALL) == date(2019, 3, 6)
    with pytest.raises(OpenFact, match="sex"):
        decided("state_pension_date", SAME_FOR_ALL - timedelta(days=1))


def test_whoever_does_not_say_the_sex_can_be_shown_both_dates() -> None:
    born = date(1952, 8, 15)
    assert decided("womans_state_pension_date", born) == date(2014, 11, 6) + timedelta(days=61)
    assert decided("mans_state_pension_date", born) == date(2017, 8, 15)


births = st.dates(date(1900, 1, 1), date(2026, 1, 1))


@settings(deadline=None)  # the first decision of a day reads its law
@given(births, st.sampled_from(["female", "male"]))
def test_whoever_is_born_later_never_gets_the_pension_earlier(born: date, sex: str) -> None:
    today, tomorrow = (
        decided("state_pension_date", day, sex=sex) for day in (born, born + timedelta(days=1))
    )
    assert today <= tomorrow


@settings(deadline=None)  # the first decision of a day reads its law
@given(births)
def test_pension_credit_never_begins_after_the_state_pension(born: date) -> None:
    credit = decided("pension_credit_date", born)
    assert credit == decided("state_pension_date", born, sex="female")
    assert credit <= decided("state_pension_date", born, sex="male")


def test_the_age_is_reached_on_the_day_itself() -> None:
    born = date(1960, 5, 20)
    for day, reached in ((date(2026, 7, 19), False), (date(2026, 7, 20), True)):
        assert decided("state_pension_age_reached", born, day) is reached
        assert decided("pension_credit_age_reached", born, day) is reached


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("england", date(2033, 5, 20)),
        ("wales", date(2026, 5, 20)),
        ("scotland", date(2026, 5, 20)),
        ("northern_ireland", date(2026, 5, 20)),
    ],
)
def test_the_bus_pass_waits_for_the_pension_age_in_england_only(
    country: str, expected: date
) -> None:
    assert decided("bus_pass_date", date(1966, 5, 20), country=country) == expected


def test_a_claim_may_be_made_four_months_before_and_online_two() -> None:
    born = date(1961, 6, 30)
    assert decided("state_pension_date", born) == date(2028, 6, 30)
    assert decided("state_pension_claim_from", born) == date(2028, 2, 29)
    assert decided("state_pension_online_claim_from", born) == date(2028, 4, 30)


def test_the_new_state_pension_begins_on_6_april_2016() -> None:
    assert decided("new_state_pension_applies", date(1951, 4, 6), sex="male") is True
    assert decided("new_state_pension_applies", date(1951, 4, 5), sex="male") is False


@pytest.mark.parametrize(
    ("born", "day", "expected"),
    [
        (date(1961, 2, 28), date(2022, 3, 30), Age(61, 1, 2)),
        (date(1980, 2, 29), date(2048, 2, 29), Age(68, 0, 0)),
        (date(1980, 2, 29), date(2041, 3, 1), Age(61, 0, 0)),
        (date(1980, 2, 29), date(2041, 2, 28), Age(60, 11, 27)),
        (date(1980, 2, 29), date(1980, 2, 29), Age(0, 0, 0)),
        (date(1980, 1, 31), date(1980, 3, 1), Age(0, 1, 1)),
    ],
)
def test_an_age_to_the_day(born: date, day: date, expected: Age) -> None:
    assert age_on(born, day) == expected


def test_an_age_before_the_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2000, 1, 2), date(2000, 1, 1))
