"""Exact results, worked out by hand."""

# ruff: noqa: PLW0108 - a rule is a function of its own: its arguments are names of facts

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    COMPANY,
    DATE,
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
    YES_NO,
    Book,
    Decision,
    Lawbook,
    NoResult,
    NotInForce,
    Situation,
    add_months,
    add_years,
    all_of,
    any_of,
    applies,
    at_least,
    at_most,
    clip,
    count,
    days_between,
    highest,
    lowest,
    mondays_between,
    partner,
    percent,
    position,
    round_down,
    round_half_up,
    round_up,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)

from .family_book import LAW, both

DAY = date(2025, 6, 1)
GROWN = date(1985, 3, 2)
CHILD = date(2018, 5, 5)
PENNY = Decimal("0.01")
WORDS: dict[str, Any] = {"title": both("A", "A"), "cite": "An Act", "because": both("So", "Felly")}


def family(children: int, *incomes: Any, **facts: Any) -> Situation:
    """A family of so many children, and an adult for each income."""
    adults = [{"date_of_birth": GROWN, "income": income} for income in incomes]
    young = [{"date_of_birth": CHILD, "income": 0} for _ in range(children)]
    members = range(len(adults) + children)
    return Situation(
        [*adults, *young],
        [{"adults": list(range(len(adults))), "members": list(members), "facts": facts}],
    )


def decided(goal: str, situation: Situation, day: date = DAY) -> list[Any]:
    """The values of a goal, all facts that are missing being usual."""
    law = LAW.on(day)
    return law.decide([goal], law.usual(situation), day=day)[goal]


def one(book: Book, goal: str, on: date = DAY, /, **facts: Any) -> Any:
    """The value of a goal of a book for a person alone."""
    law = Lawbook([book], Parameters()).on(on)
    return law.decide([goal], Situation([facts]), day=on)[goal][0]


def alone(function: Any, unit: Any, **facts: Any) -> Any:
    """The value of one rule of a person whose facts are dates and numbers."""
    book = Book("alone")
    for name, value in facts.items():
        book.fact(name, PERSON, DATE if isinstance(value, date) else NUMBER, title=both("A", "A"))
    book.rule(PERSON, unit, **WORDS)(function)
    return one(book, function.__name__, **facts)


# --- Child Benefit and its charge


@pytest.mark.parametrize(
    ("children", "weekly"),
    [
        (0, "0"),
        (1, "26.05"),
        (2, "43.30"),
        (3, "60.55"),
        (30, "526.30"),
        (31, "543.55"),
        (200, "3458.80"),
    ],
)
def test_child_benefit_of_any_number_of_children(children: int, weekly: str) -> None:
    assert decided("child_benefit_weekly", family(children, 0)) == [Decimal(weekly)]


@pytest.mark.parametrize(
    ("day", "weeks", "year"),
    [
        (date(2024, 6, 1), 52, "2212.60"),
        (date(2025, 6, 1), 52, "2251.60"),
        (date(2026, 6, 1), 53, "2382.35"),
    ],
)
def test_child_benefit_of_years_with_52_and_53_mondays(day: date, weeks: int, year: str) -> None:
    assert decided("weeks", family(2, 0), day) == [weeks]
    assert decided("child_benefit", family(2, 0), day) == [Decimal(year)]


@pytest.mark.parametrize(
    ("income", "percentage"),
    [
        ("0", 0),
        ("60000", 0),
        ("60199.99", 0),
        ("60200", 1),
        ("60200.01", 1),
        ("70123", 50),
        ("79799.99", 98),
        ("79800", 99),
        ("79999.99", 99),
        ("80000", 100),
        ("80000.01", 100),
        ("1000000", 100),
        # Floats give one percent less at these.
        ("65799.99", 28),
        ("65800", 29),
        ("65800.01", 29),
        ("71399.99", 56),
        ("71400", 57),
        ("71400.01", 57),
        ("71599.99", 57),
        ("71600", 58),
        ("71600.01", 58),
    ],
)
def test_the_percentage_of_the_charge_is_whole_and_exact(income: str, percentage: int) -> None:
    assert decided("charge_percentage", family(1, Decimal(income))) == [percentage, 0]


@pytest.mark.parametrize(
    ("income", "percentage"),
    [
        ("52899.99", 28),
        ("52900", 29),
        ("52900.01", 29),
        ("55699.99", 56),
        ("55700", 57),
        ("55700.01", 57),
        ("55799.99", 57),
        ("55800", 58),
        ("55800.01", 58),
        ("60000", 100),
    ],
)
def test_and_with_the_thresholds_of_earlier_years(income: str, percentage: int) -> None:
    day = date(2024, 4, 5)
    assert decided("charge_percentage", family(1, Decimal(income)), day) == [percentage, 0]


def test_the_worked_example_of_the_notes() -> None:
    law = LAW.on(DAY)
    goals = ["child_benefit", "charge", "child_benefit_kept"]
    found = law.decide(goals, law.usual(family(2, 70123)), day=DAY)
    assert found["child_benefit"] == [Decimal("2251.60")]
    assert found["charge"] == [1125, 0, 0]
    assert found["child_benefit_kept"] == [Decimal("1126.60")]


def test_the_charge_at_a_penny_below_the_top_keeps_a_percent() -> None:
    assert decided("charge", family(1, Decimal("79999.99"))) == [1341, 0]
    assert decided("charge", family(1, 80000)) == [1354, 0]


def test_the_partner_with_the_higher_income_pays() -> None:
    assert decided("charge", family(1, 60000, 70000))[:2] == [0, 677]
    assert decided("charge", family(1, 70000, 60000))[:2] == [677, 0]


def test_of_two_equal_incomes_one_pays() -> None:
    assert decided("charge", family(1, 70000, 70000))[:2] == [677, 0]


def test_nobody_is_charged_for_no_child() -> None:
    assert decided("charge", family(0, 90000, 70000)) == [0, 0]


# --- scale and roundings


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        ("0", "0"),
        ("12570", "0"),
        ("12570.01", "0.002"),
        ("12571", "0.2"),
        ("50269.99", "7539.998"),
        ("50270", "7540"),
        ("50270.01", "7540.004"),
        ("100000", "27432"),
        ("100000.01", "27432.006"),
        ("100002", "27433.2"),
        ("125139.99", "42515.994"),
        ("125140", "42516"),
        ("125140.01", "42516.0045"),
        ("200000", "76203"),
    ],
)
def test_income_tax_at_the_edges_of_its_bands(income: str, tax: str) -> None:
    assert decided("income_tax", family(0, Decimal(income))) == [Decimal(tax)]


@pytest.mark.parametrize(
    ("profit", "tax"),
    [
        ("-5", "0"),
        ("0", "0"),
        ("0.01", "0"),
        ("50000", "9500"),
        ("50000.10", "9500.02"),
        ("250000", "62500"),
        ("300000", "75000"),
    ],
)
def test_companies_stand_alone_and_bands_may_fall(profit: str, tax: str) -> None:
    law = LAW.on(DAY)
    found = law.decide(
        ["corporation_tax"], Situation([], companies=[{"profit": Decimal(profit)}]), day=DAY
    )
    assert found["corporation_tax"] == [Decimal(tax)]


def test_several_companies_and_none() -> None:
    law = LAW.on(DAY)
    several = Situation([], companies=[{"profit": 100}, {"profit": 200}])
    assert law.decide(["corporation_tax"], several, day=DAY)["corporation_tax"] == [19, 38]
    assert law.decide(["corporation_tax"], Situation([]), day=DAY)["corporation_tax"] == []


@pytest.mark.parametrize(
    ("value", "unit", "down", "up", "half"),
    [
        ("1.005", "0.01", "1.00", "1.01", "1.01"),
        ("-1.005", "0.01", "-1.01", "-1.00", "-1.01"),
        ("1.0049", "0.01", "1.00", "1.01", "1.00"),
        ("2.5", "1", "2", "3", "3"),
        ("-2.5", "1", "-3", "-2", "-3"),
        ("-0.4", "1", "-1", "0", "0"),
        ("1251", "10", "1250", "1260", "1250"),
        ("1255", "10", "1250", "1260", "1260"),
        ("1250", "10", "1250", "1250", "1250"),
        ("-1255", "10", "-1260", "-1250", "-1260"),
        ("7", "2.5", "5.0", "7.5", "7.5"),
        ("0", "0.01", "0", "0", "0"),
    ],
)
def test_roundings(value: str, unit: str, down: str, up: str, half: str) -> None:
    assert _rounded(round_down, value, unit) == Decimal(down)
    assert _rounded(round_up, value, unit) == Decimal(up)
    assert _rounded(round_half_up, value, unit) == Decimal(half)


def _rounded(function: Any, value: str, unit: str) -> Any:
    return alone(_named(lambda x: function(x, unit), "rounded"), NUMBER, x=Decimal(value))


def _named(function: Any, name: str) -> Any:
    function.__name__ = name
    return function


def test_limits() -> None:
    def limited(x):
        return clip(x, 0, 100) + at_least(x, 1, 2) * 1000 + at_most(x, 5, 6) * 10**6

    for value, wanted in ((-5, -5 * 10**6 + 2000), (50, 5 * 10**6 + 50050), (101, 5101100)):
        assert alone(limited, NUMBER, x=value) == wanted


# --- dates


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2004, 2, 29), date(2005, 2, 28), 0),
        (date(2004, 2, 29), date(2005, 3, 1), 1),
        (date(2004, 2, 29), date(2008, 2, 28), 3),
        (date(2004, 2, 29), date(2008, 2, 29), 4),
        (date(2004, 2, 28), date(2008, 2, 28), 4),
        (date(1990, 6, 2), date(2025, 6, 1), 34),
        (date(1990, 6, 1), date(2025, 6, 1), 35),
        (date(2025, 6, 1), date(2025, 6, 1), 0),
    ],
)
def test_age_of_somebody_born_on_29_february_counts_on_1_march(
    born: date, day: date, years: int
) -> None:
    def old(born, day):
        return years_between(born, day)

    assert alone(old, YEARS, born=born, day=day) == years


@pytest.mark.parametrize(
    ("day", "years", "months", "by_years", "by_months"),
    [
        (date(2004, 2, 29), 1, 12, date(2005, 3, 1), date(2005, 2, 28)),
        (date(2004, 2, 29), 4, 48, date(2008, 2, 29), date(2008, 2, 29)),
        (date(2004, 2, 29), -1, -12, date(2003, 3, 1), date(2003, 2, 28)),
        (date(2025, 1, 31), 0, 1, date(2025, 1, 31), date(2025, 2, 28)),
        (date(2023, 12, 31), 0, 2, date(2023, 12, 31), date(2024, 2, 29)),
        (date(2025, 3, 31), 0, -1, date(2025, 3, 31), date(2025, 2, 28)),
    ],
)
def test_years_and_months_later(
    day: date, years: int, months: int, by_years: date, by_months: date
) -> None:
    def later(day, years):
        return add_years(day, years)

    def months_later(day, months):
        return add_months(day, months)

    assert alone(later, DATE, day=day, years=years) == by_years
    assert alone(months_later, DATE, day=day, months=months) == by_months


def test_the_calendar_ends_and_no_date_lies_beyond() -> None:
    def later(day, years):
        return add_years(day, years)

    assert alone(later, DATE, day=date(2020, 2, 29), years=10**9) == date.max
    assert alone(later, DATE, day=date(2020, 2, 29), years=-(10**9)) == date.min


days = st.dates(date(1990, 1, 1), date(2040, 1, 1))


@settings(max_examples=60, deadline=None)
@given(days, days)
def test_mondays_are_those_of_a_calendar(start: date, end: date) -> None:
    def mondays(start, end):
        return mondays_between(start, end)

    def apart(start, end):
        return days_between(start, end)

    counted = sum(
        (start + timedelta(days=each)).weekday() == 0 for each in range((end - start).days + 1)
    )
    assert alone(mondays, NUMBER, start=start, end=end) == counted
    assert alone(apart, NUMBER, start=start, end=end) == (end - start).days


@pytest.mark.parametrize(
    ("born", "sex", "pension"),
    [
        (date(1950, 4, 5), "female", date(2010, 4, 5)),
        (date(1950, 4, 6), "female", date(2015, 4, 6)),
        (date(1950, 4, 5), "male", date(2015, 4, 5)),
        (date(1954, 10, 5), "male", date(2019, 10, 5)),
        (date(1954, 10, 6), "male", date(2020, 10, 6)),
        (date(1960, 4, 5), "male", date(2026, 4, 5)),
        (date(1960, 4, 6), "male", date(2026, 5, 6)),
        (date(1960, 5, 31), "female", date(2026, 7, 31)),
        (date(1961, 3, 6), "male", date(2028, 3, 6)),
        (date(1964, 2, 29), "male", date(2031, 3, 1)),
    ],
)
def test_pension_dates_at_the_seams_of_the_table(born: date, sex: str, pension: date) -> None:
    assert decided("pension_date", Situation([{"date_of_birth": born, "sex": sex}])) == [pension]


@pytest.mark.parametrize(
    ("x", "wanted"), [(-1, -9), (0, 1), (Decimal("9.99"), 1), (10, 2), (10**9, 2)]
)
def test_steps_take_the_last_row_that_begins(x: Any, wanted: int) -> None:
    def stepped(x):
        return steps(x, {10: 2, 0: 1}, -9)

    assert alone(stepped, NUMBER, x=x) == wanted


# --- members


def test_places_of_children_by_birth_with_twins_as_they_are_listed() -> None:
    born = [GROWN, date(2020, 1, 1), date(2018, 1, 1), date(2020, 1, 1), date(1999, 1, 1)]
    situation = Situation([{"date_of_birth": day} for day in born])
    assert decided("place", situation) == [0, 2, 1, 3, 0]


def test_places_are_counted_in_each_family() -> None:
    people = [GROWN, CHILD, GROWN, date(2015, 1, 1), date(2016, 1, 1)]
    situation = Situation(
        [{"date_of_birth": day} for day in people],
        [{"adults": [0], "members": [1]}, {"adults": [2], "children": [3, 4]}],
    )
    assert decided("place", situation) == [0, 1, 0, 1, 2]


def test_families_of_a_household_have_each_their_own_and_share_what_is_the_households() -> None:
    people = [
        {"date_of_birth": GROWN, "income": 10000},
        {"date_of_birth": CHILD},
        {"date_of_birth": date(1950, 1, 1), "income": 30000},
    ]
    situation = Situation(
        people,
        [{"adults": [0], "children": [1]}, {"adults": [2]}],
        [{"families": [0, 1], "facts": {"nation": "wales"}}],
    )
    assert decided("children", situation) == [1, 0]
    assert decided("household_income", situation) == [40000]
    assert decided("bill", situation) == [300, 0, 900]
    assert decided("heating_grant", situation) == [0, 300]


def test_households_do_not_mix() -> None:
    situation = Situation(
        [{"date_of_birth": GROWN, "income": income} for income in (100, 20, 3)],
        [{"adults": [0]}, {"adults": [1]}, {"adults": [2]}],
        [{"families": [0, 2]}, {"families": [1]}],
    )
    assert decided("household_income", situation) == [103, 20]


def members_law() -> Lawbook:
    book = Book("members")
    book.fact("x", PERSON, NUMBER, title=both("A", "A"))
    book.fact("yes", PERSON, YES_NO, title=both("A", "A"))
    book.fact("day", PERSON, DATE, title=both("A", "A"))
    rules: list[tuple[Any, Any, Any]] = [
        (FAMILY, NUMBER, _named(lambda x, yes: total(x, where=yes), "all_x")),
        (FAMILY, NUMBER, _named(lambda yes: count(yes), "how_many")),
        (FAMILY, NUMBER, _named(lambda x, yes: highest(x, where=yes), "most")),
        (FAMILY, NUMBER, _named(lambda x, yes: lowest(x, where=yes), "least")),
        (FAMILY, DATE, _named(lambda day, yes: lowest(day, where=yes), "first")),
        (FAMILY, DATE, _named(lambda day, yes: highest(day, where=yes), "last")),
        (FAMILY, YES_NO, _named(lambda yes: any_of(yes), "one_is")),
        (FAMILY, YES_NO, _named(lambda yes: all_of(yes), "each_is")),
        (PERSON, NUMBER, _named(lambda x: partner(x), "others_x")),
        (PERSON, YES_NO, _named(lambda yes: partner(yes), "other_is")),
        (PERSON, DATE, _named(lambda day: partner(day), "others_day")),
        (PERSON, NUMBER, _named(lambda x: position(-x), "from_the_top")),
        (PERSON, NUMBER, _named(lambda x: total(x, of=FAMILY) - x, "of_the_others")),
    ]
    for entity, unit, function in rules:
        book.rule(entity, unit, **WORDS)(function)
    return Lawbook([book], Parameters())


def of_members(goal: str, rows: list[tuple[int, bool, date]], adults: int) -> list[Any]:
    law = members_law().on(DAY)
    people = [{"x": x, "yes": yes, "day": day} for x, yes, day in rows]
    situation = Situation(
        people, [{"adults": list(range(adults)), "members": list(range(len(rows)))}]
    )
    return law.decide([goal], situation, day=DAY)[goal]


ROWS = [(-5, True, date(1990, 1, 1)), (3, True, date(1980, 1, 1)), (9, False, date(2010, 1, 1))]


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("all_x", [-2]),
        ("how_many", [2]),
        ("most", [3]),
        ("least", [-5]),
        ("first", [date(1980, 1, 1)]),
        ("last", [date(1990, 1, 1)]),
        ("one_is", [True]),
        ("each_is", [False]),
        ("others_x", [3, -5, 0]),
        ("other_is", [True, True, False]),
        ("others_day", [date(1980, 1, 1), date(1990, 1, 1), date.min]),
        ("from_the_top", [3, 2, 1]),
        ("of_the_others", [12, 4, -2]),
    ],
)
def test_over_members(goal: str, wanted: list[Any]) -> None:
    assert of_members(goal, ROWS, 2) == wanted


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("all_x", [0]),
        ("how_many", [0]),
        ("most", [0]),
        ("least", [0]),
        ("first", [date.max]),
        ("last", [date.min]),
        ("one_is", [False]),
    ],
)
def test_over_no_member_for_whom_it_holds(goal: str, wanted: list[Any]) -> None:
    assert of_members(goal, [(x, False, day) for x, _, day in ROWS], 1) == wanted


# --- no result


def test_a_division_by_zero_in_a_branch_that_is_not_taken_does_no_harm() -> None:
    assert decided("bill", family(0, 0, 0)) == [0, 0]


def test_a_goal_that_is_divided_by_zero_has_no_result() -> None:
    with pytest.raises(NoResult, match='"income_for_each_child" has no result'):
        decided("income_for_each_child", family(0, 100))
    assert decided("income_for_each_child", family(2, 100)) == [50]


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: clip(x / y, 0, 100),
        lambda x, y: at_least(x / y, 1),
        lambda x, y: at_most(x / y, 1, 2),
        lambda x, y: when(x / y > 5, 1, 0),
        lambda x, y: when((x / y == 5) | (x < 0), 1, 0),
        lambda x, y: round_down(x / y, 1) * 0,
        lambda x, y: scale(x / y, (0, 20)),
        lambda x, y: steps(x / y, {0: 1}, 0),
        lambda x, y: total(x / y, of=FAMILY),
        lambda x, y: position(x / y),
        lambda x, y: years_between(add_years(today(), x / y), today()),
    ],
)
@pytest.mark.parametrize("x", [0, 7])
def test_no_limit_and_no_comparison_hides_a_division_by_zero(function: Any, x: int) -> None:
    with pytest.raises(NoResult, match='"hidden" has no result'):
        alone(_named(function, "hidden"), NUMBER, x=x, y=0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: when(y == 0, 3, x / y),
        lambda x, y: when((y == 0) | (x / y > 5), 3, 0),
        lambda x, y: when((x / y > 5) & (y != 0), 0, 3),
        lambda x, y: 3 + position(x / y, where=y != 0),
        lambda x, y: 3 + count((y != 0) & (x / y > 2), of=FAMILY),
        lambda x, y: when(any_of((y == 0) | (x / y > 2), of=FAMILY), 3, 0),
    ],
)
def test_a_condition_passes_a_division_by_zero_by(function: Any) -> None:
    assert alone(_named(function, "guarded"), NUMBER, x=7, y=0) == 3


def test_the_rule_in_which_it_went_wrong_is_named() -> None:
    book = Book("named")
    book.fact("x", PERSON, NUMBER, title=both("A", "A"))
    book.rule(PERSON, NUMBER, **WORDS)(_named(lambda x: 1 / x, "inverse"))
    book.rule(PERSON, NUMBER, **WORDS)(_named(lambda inverse: inverse + 1, "above"))
    with pytest.raises(NoResult, match=r'"above" has no result: .* in "inverse"'):
        one(book, "above", x=0)


def test_a_number_that_grows_too_large_is_no_result() -> None:
    def grown(x):
        y = x
        for _ in range(14):
            y = y * y
        return at_most(y, 5)

    with pytest.raises(NoResult):
        alone(grown, NUMBER, x=10**14)


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


def test_units_of_time_are_converted_as_the_rule_says() -> None:
    book = Book("periods")
    book.fact("weekly", PERSON, GBP / WEEK, title=both("A", "A"))
    book.rule(PERSON, GBP / YEAR, **WORDS)(_named(lambda weekly: weekly.per(YEAR), "yearly"))
    book.rule(PERSON, GBP / WEEK, **WORDS)(_named(lambda yearly: yearly.per(WEEK), "back"))
    book.fact("profit", COMPANY, GBP / YEAR, title=both("A", "A"))
    assert one(book, "yearly", weekly=Decimal("10.01")) == Decimal("520.52")
    assert one(book, "back", weekly=Decimal("10.01")) == Decimal("10.01")


def test_percent_is_a_share_inside_and_a_percentage_outside() -> None:
    assert alone(_named(lambda x: percent(x), "part"), PERCENT, x=29) == 29
    assert alone(_named(lambda x: percent(x) * x, "share"), NUMBER, x=50) == 25
