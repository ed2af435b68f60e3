"""A year of Child Benefit: which Mondays count, and what the week's rule makes of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.packs.uk.rules import UK
from townhall.packs.uk.rules import child_benefit_year as year
from townhall.packs.uk.rules.child_benefit_year import Claim
from townhall.rules.engine.law import Situation


def weekly(tax_year: int):
    """What so many children are worth a week, by the rule."""
    day = year.days_of(tax_year)[1]

    def amount(children: int) -> Decimal:
        family = {"adults": [0], "facts": {"child_benefit_children": children}}
        situation = Situation(persons=[{}], families=[family])
        found = UK.on(day).decide(["child_benefit_weekly"], situation, day=day)
        return found["child_benefit_weekly"][0]

    return amount


@pytest.mark.parametrize(
    ("tax_year", "weeks"),
    [(2012, 13), (2014, 52), (2015, 53), (2020, 53), (2024, 52), (2025, 52), (2026, 53)],
)
def test_a_year_has_a_payment_for_each_monday(tax_year: int, weeks: int) -> None:
    children = year.children_by_monday(tax_year, 1)
    assert len(children) == weeks
    assert {monday.weekday() for monday in children} == {0}


@pytest.mark.parametrize(
    ("start", "end", "weeks"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), 1),  # a Monday
        (date(2026, 6, 2), date(2026, 6, 7), 0),
        (date(2026, 6, 2), date(2026, 6, 8), 1),
        (date(2027, 4, 5), None, 1),  # the last day of the year is a Monday
        (date(2024, 2, 29), date(2024, 3, 4), 1),
    ],
)
def test_both_ends_of_a_claim_count(start: date, end: date | None, weeks: int) -> None:
    assert len(year.children_by_monday(2026, 0, (Claim(start, end),))) == weeks


def test_twins_are_an_eldest_and_another() -> None:
    born = Claim(date(2026, 6, 1))
    twins = year.total(year.children_by_monday(2026, 0, (born, born)), weekly(2026))
    weeks = len(list(year.mondays(date(2026, 6, 1), date(2027, 4, 5))))
    assert twins == weeks * (Decimal("27.05") + Decimal("17.90"))


days = st.dates(date(2026, 4, 6), date(2027, 4, 5))


@settings(deadline=None)  # the first decision of a day reads its law
@given(st.integers(0, 5), st.lists(st.tuples(days, days), max_size=5))
def test_the_sum_is_that_of_the_weeks(whole: int, pairs: list[tuple[date, date]]) -> None:
    claims = tuple(Claim(min(pair), max(pair)) for pair in pairs)
    children = year.children_by_monday(2026, whole, claims)
    expected = Decimal(0)
    for monday in year.mondays(*year.days_of(2026)):
        there = whole + sum(claim.start <= monday <= claim.end for claim in claims)
        assert children[monday] == there
        if there:
            expected += Decimal("27.05") + Decimal("17.90") * (there - 1)
    assert year.total(children, weekly(2026)) == expected


def test_what_is_entered_is_checked_at_its_edges() -> None:
    assert [year.children_fit(many) for many in (0, 1, 30, 31, 200)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert not Claim(date(2026, 4, 5)).starts_within(2026)
    assert Claim(date(2026, 4, 6)).starts_within(2026)
    assert Claim(date(2027, 4, 5)).starts_within(2026)
    assert not Claim(date(2027, 4, 6)).starts_within(2026)
    start = date(2026, 6, 1)
    assert not Claim(start, start).ends_after_it_starts
    assert Claim(start, start + timedelta(days=1)).ends_after_it_starts
