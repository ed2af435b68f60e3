"""What expressions give, in one situation: a resident asks for a parking permit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import (
    ABSENT,
    BUILTINS,
    NUMBER,
    UNKNOWN,
    AbsentUsed,
    Duration,
    EvaluationError,
    Function,
    ListType,
    MissingParameter,
    Money,
    Scope,
    WrongValue,
    parse,
)
from townhall.rules.engine.frame import MAX_ITEMS

from .world import PERMIT, SCOPE, value


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("vehicle.keeper == person.id", True),
        ("address.zone in zones", True),
        ("address.zone not in ['A', 'C']", False),
        ("'badge' in extras and 'visitor' not in extras", True),
        ("fee > 200", True),
        ("fee in [100, 250]", True),
        ("fee - 50 == 200", True),
        ("fee * 2 / 4", pounds("125")),
        ("2 * fee", pounds("500")),
        ("fee / fee", Decimal(1)),
        ("-fee + 1", pounds("-249")),
        ("n + 2 * 3 - 10 / 4", Decimal("8.5")),
        ("0.1 + 0.2 == 0.3", True),
        ("1 / 3 < 0.3334 and 1 / 3 > 0.3333", True),
        ("months == 12 and months != 3", True),
        ("number(months) / 6", Decimal(2)),
        ("tariff('permit', months)", pounds("120")),
        ("tariff('permit', months, date('2026-05-01'))", pounds("126")),
        ("tariff('permit', 6)", pounds("75")),
        ("tariff('permit_by_size', size, 6)", pounds("50")),
        ("rate('cb.eldest') * 52", pounds("1354.60")),
        ("rate('cb.eldest', date('2024-04-06'))", pounds("25.60")),
        ("cb.eldest", pounds("26.05")),
        ("count(children)", Decimal(2)),
        ("count(children, age < 16)", Decimal(1)),
        ("sum(children, age)", Decimal(20)),
        ("min(children, age)", Decimal(3)),
        ("max(children, age) + max(1, n, 3)", Decimal(22)),
        ("any(children, age < 4) and all(children, age < 18)", True),
        ("any(children, it.age == n)", False),
        ("count(children, age > n)", Decimal(1)),
        ("any([1, 2, n], it > 4)", True),
        ("if resident then fee else 0", pounds("250")),
        ("if resident and n > 9 then 'a' else if n > 4 then 'b' else 'c'", "b"),
        ("round(2.5)", Decimal(3)),
        ("round(-2.5)", Decimal(-3)),
        ("round(fee * 1.17555, 2)", pounds("293.89")),
        ("floor(n / 2)", Decimal(2)),
        ("ceiling(n / 2)", Decimal(3)),
        ("floor(1234.5678, 2)", Decimal("1234.56")),
        ("round(1250, -2)", Decimal(1300)),
        ("floor(-0.1)", Decimal(-1)),
        ("charge_percentage(income, 60000)", Decimal(50)),
        ("years_between(person.born, today)", Decimal(34)),
        ("months_between(person.born, today)", Decimal(419)),
        ("days_between(today, date('2025-12-25'))", Decimal(206)),
        ("add_days(today, 30)", date(2025, 7, 2)),
        ("add_months(date('2025-01-31'), 1)", date(2025, 2, 28)),
        ("add_years(date('2024-02-29'), 1)", date(2025, 2, 28)),
        ("today + duration('8 weeks')", date(2025, 7, 28)),
        ("today - duration('P1M')", date(2025, 5, 2)),
        ("today - date('2025-05-26')", Duration(days=7)),
        ("today - date('2025-05-26') >= duration('1 week')", True),
        ("date('2025-12-23') + duration('3 working days')", date(2025, 12, 30)),
        ("add_working_days(date('2025-12-24'), 1)", date(2025, 12, 29)),
        ("working_days_between(date('2025-12-24'), date('2025-12-29'))", Decimal(1)),
        ("weekday(today)", "monday"),
        ("lower('ÅB') == 'åb' and length('abc') == 3", True),
        ("contains(vehicle.make, 'olv') and starts_with(vehicle.make, 'Vo')", True),
        ("matches_type('2026-02-30', 'date')", False),
        ("matches_type('0123', 'digits')", True),
        ("present(vehicle) and not present(lease)", True),
        ("yes and true and not no and not false", True),
    ],
)
def test_results(text: str, result: Any) -> None:
    found = value(text)
    assert found == result
    assert type(found) is type(result)


def test_distance_along_the_earth() -> None:
    # Cardiff Castle to the Senedd: 2.3 km on the Ordnance Survey map.
    castle = {"lat": Decimal("51.4824"), "lon": Decimal("-3.1811"), "words": ""}
    senedd = {"lat": Decimal("51.4639"), "lon": Decimal("-3.1621"), "words": ""}
    assert 2_300 < value("distance_m(here, there)", here=castle, there=senedd) < 2_500
    assert value("distance_m(here, there)", here=castle, there=castle) == 0
    with pytest.raises(EvaluationError, match="in words only"):
        value("distance_m(here, there)", here=castle, there={"words": "by the bridge"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("n / 0", "divided by zero"),
        ("fee / (n - 5)", "divided by zero"),
        ("fee / (fee - fee)", "divided by zero"),
        ("min(children, age) / 0", "divided by zero"),
        ("add_years(today, 9000)", "outside the years"),
        ("add_days(today, 9999999)", "sensible size"),
        ("add_days(today, 0.5)", "whole number"),
        ("add_working_days(today, 1000)", "calendar of holidays ends"),
        ("add_working_days(today, 100000)", "too many"),
        ("add_months(today, -40000)", "outside the years"),
        ("min(children, if no then age else age) / sum(children, 0)", "divided by zero"),
        ("min([n], it / 0)", "divided by zero"),
    ],
)
def test_what_has_no_result_is_an_error(text: str, says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        value(text)


def test_sums_and_counts_of_nothing() -> None:
    with pytest.raises(EvaluationError, match="no min of an empty list"):
        value("min(children, age)", children=[])
    assert value("sum(children, income)", children=[]) == pounds("0")
    assert value("sum(children, age)", children=[]) == Decimal(0)
    assert value("all(children, age > 99)", children=[]) is True
    assert value("any(children, yes)", children=[]) is False


@pytest.mark.parametrize(
    "text",
    ["n * n * n * n * n * n * n * n > 1", "n * n * n * n * n * n * n * n * fee > 1"],
)
def test_numbers_cannot_fill_the_memory(text: str) -> None:
    with pytest.raises(EvaluationError, match="too large"):
        value(text, n=Decimal("1e999"))


@pytest.mark.parametrize("number", ["1e6000", "-1e6000", "1e-6000"])
@pytest.mark.parametrize(
    "text", ["round(n)", "floor(n, 2)", "add_days(today, n)", "tariff('permit', n)", "n + 1"]
)
def test_absurd_numbers_end_in_a_result_or_an_error(text: str, number: str) -> None:
    with contextlib.suppress(EvaluationError):
        assert value(text, n=Decimal(number)) is not UNKNOWN


def test_the_work_over_lists_is_bounded() -> None:
    family = [{"age": Decimal(1), "pets": [{"legs": Decimal(4)}] * 1_000}] * 1_000
    with pytest.raises(EvaluationError, match=f"More than {MAX_ITEMS} items"):
        value("any(children, any(pets, legs > 4))", children=family)


# --- absent and unknown


def test_an_unguarded_absent_datum_is_an_error_that_names_it() -> None:
    with pytest.raises(AbsentUsed, match=r'"lease.rent" is absent here') as caught:
        value("lease.rent > 3")
    assert caught.value.path == "lease.rent"
    with pytest.raises(AbsentUsed):
        value("lease")
    with pytest.raises(AbsentUsed):
        value("resident and lease.rent > 3")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("present(lease) and lease.rent > 3", False),
        ("lease.rent > 3 and present(lease)", False),
        ("not present(lease) or lease.rent > 3", True),
        ("if present(lease) then lease.rent else 0", pounds("0")),
        ("if n / 0 > 1 and no then lease.rent else 7", pounds("7")),
        ("count(children, present(income) and income > 3)", Decimal(0)),
    ],
)
def test_a_guard_works_in_any_order(text: str, result: Any) -> None:
    children = [{"age": Decimal(3), "income": None}]
    assert value(text, children=children) == result


def test_none_means_absent() -> None:
    assert value("present(lease.ends)", lease={"rent": pounds("3"), "ends": None}) is False
    assert value("present(n)", n=None) is False


def test_branches_that_agree_are_the_result_whatever_the_condition() -> None:
    assert value("if lease.rent > 3 then resident else resident") is True
    with pytest.raises(AbsentUsed):
        value("if lease.rent > 3 then resident else not resident")


def test_a_branch_not_taken_needs_nothing() -> None:
    assert value("if n > 3 then 1 else 1 / 0") == 1
    assert value("n > 3 or fee / 0 > 1") is True


@pytest.mark.parametrize(
    ("text", "changes", "waits_for"),
    [
        ("resident and n > 3", {"resident": UNKNOWN}, {"resident"}),
        ("resident and n > 3", {"resident": UNKNOWN, "n": UNKNOWN}, {"resident", "n"}),
        ("no and resident", {"resident": UNKNOWN}, set()),
        ("n > 3 or resident", {"resident": UNKNOWN}, set()),
        ("if n > 3 then fee else income", {"fee": UNKNOWN, "income": UNKNOWN}, {"fee"}),
        ("if resident then fee else income", {"resident": UNKNOWN}, {"resident"}),
        (
            "if resident then fee else income",
            {"resident": UNKNOWN, "income": UNKNOWN},
            {"resident", "income"},
        ),
        ("if resident then 3 else 3", {"resident": UNKNOWN}, set()),
        ("vehicle.keeper == person.id", {"vehicle": UNKNOWN}, {"vehicle.keeper"}),
        ("vehicle.keeper == person.id", {"vehicle": {"make": "x"}}, {"vehicle.keeper"}),
        ("present(vehicle)", {"vehicle": UNKNOWN}, {"vehicle"}),
        ("present(vehicle)", {"vehicle": {}}, set()),
        ("max(n, fee / cb.eldest, 3)", {"n": UNKNOWN}, {"n"}),
        ("count(children)", {"children": UNKNOWN}, {"children"}),
        ("count(children)", {"children": [UNKNOWN, UNKNOWN]}, set()),
        ("any(children, age < 16)", {"children": UNKNOWN}, {"children"}),
        ("any(children, age < n)", {"children": UNKNOWN, "n": UNKNOWN}, {"children", "n"}),
        ("any(children, age < 16)", {"children": [{}, {"age": Decimal(3)}]}, set()),
        ("any(children, age < 16)", {"children": [{}, {"age": Decimal(30)}]}, {"children.age"}),
        ("all(children, age < 16)", {"children": [{}, {"age": Decimal(30)}]}, set()),
        ("sum(children, age)", {"children": [{}, {"age": Decimal(30)}]}, {"children.age"}),
        ("any([n, 3], it > 2)", {"n": UNKNOWN}, set()),
        ("any([n, 3], it > 4)", {"n": UNKNOWN}, {"n"}),
        ("n in [n, 1]", {"n": UNKNOWN}, {"n"}),
        ("5 in [n, 5]", {"n": UNKNOWN}, set()),
        ("6 in [n, 5]", {"n": UNKNOWN}, {"n"}),
        ("rate('cb.eldest') > 3", {"today": UNKNOWN}, {"today"}),
        ("not (resident or n > 9)", {"resident": UNKNOWN}, {"resident"}),
        ("fee > 3 and finding == 'x'", {"finding": UNKNOWN}, {"finding"}),
        # An error is not raised as long as an unknown fact may still make it idle.
        ("lease.rent > 3 and resident", {"resident": UNKNOWN}, {"resident"}),
        ("resident and lease.rent > 3", {"resident": UNKNOWN}, {"resident"}),
        ("lease.rent > 3 or resident or n > 9", {"resident": UNKNOWN}, {"resident"}),
        ("n in [lease.rent / fee, 1, income / fee]", {"income": UNKNOWN}, {"income"}),
        ("if lease.rent > 3 then resident else resident", {"resident": UNKNOWN}, {"resident"}),
    ],
)
def test_an_unknown_result_names_what_still_matters(
    text: str, changes: dict[str, Any], waits_for: set[str]
) -> None:
    outcome = parse(text, SCOPE).evaluate({**PERMIT, **changes})
    assert outcome.unknown == waits_for
    assert outcome.known is not bool(waits_for)


def test_a_name_left_out_is_unknown_and_never_a_zero() -> None:
    outcome = parse("n + 1", SCOPE).evaluate({})
    assert outcome.value is UNKNOWN
    assert outcome.unknown == {"n"}
    with pytest.raises(TypeError, match="neither yes nor no"):
        bool(outcome.value)


def test_a_list_with_a_gap_is_no_known_result() -> None:
    outcome = parse("extras", SCOPE).evaluate({"extras": ["badge", UNKNOWN]})
    assert outcome.value is UNKNOWN
    assert outcome.unknown == {"extras"}


def test_a_pack_function_never_sees_a_gap() -> None:
    assert value("charge_percentage(income, 60000)", income=UNKNOWN) is UNKNOWN
    with pytest.raises(AbsentUsed):
        value("charge_percentage(income, 60000)", income=ABSENT)
    longest = Function("longest", (ListType(NUMBER),), NUMBER, max)
    scope = Scope({"n": NUMBER, "nums": ListType(NUMBER)}, functions=(*BUILTINS, longest))
    outcome = parse("longest(nums)", scope).evaluate({"nums": [Decimal(1), UNKNOWN]})
    assert outcome.unknown == {"nums"}
    assert parse("longest([n, 3])", scope).evaluate({"n": Decimal(4)}).value == 4
    with pytest.raises(AbsentUsed):
        parse("longest([n, 3])", scope).evaluate({"n": ABSENT})


# --- what comes in


@pytest.mark.parametrize(
    ("text", "changes", "says"),
    [
        ("n > 3", {"n": "5"}, '"n" must be number, but str was given'),
        ("n > 3", {"n": 5.0}, "float was given"),
        ("n > 3", {"n": True}, "bool was given"),
        ("n > 3", {"n": Decimal("NaN")}, "must be number"),
        ("n > 3", {"n": Decimal("Infinity")}, "must be number"),
        ("fee > 3", {"fee": Decimal(3)}, "must be money"),
        ("fee > 3", {"fee": Money(Decimal(3), "EUR")}, "must be money"),
        ("today > date('2020-01-01')", {"today": datetime(2020, 1, 1)}, "must be date"),
        ("today > date('2020-01-01')", {"today": "2020-01-01"}, "must be date"),
        ("resident", {"resident": "yes"}, "must be yes/no"),
        ("vehicle.make == 'x'", {"vehicle": "Volvo"}, '"vehicle.make" has a part "make" taken'),
        ("any(children, age > 3)", {"children": "abc"}, "must be list"),
        ("any(children, age > 3)", {"children": ["abc"]}, "children.age"),
        ("'badge' in extras", {"extras": {"badge": 1}}, "must be list"),
        ("finding and resident", {"finding": "yes"}, '"finding" must be yes/no'),
        ("finding < 3", {"finding": "x"}, "do not fit"),
        ("length(finding) > 3", {"finding": Decimal(5)}, '"finding" must be text'),
    ],
)
def test_a_value_of_the_wrong_type_is_named(text: str, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        value(text, **changes)
    assert issubclass(WrongValue, EvaluationError)


def test_whole_numbers_are_taken_as_numbers() -> None:
    assert value("n + 1", n=5) == Decimal(6)


def test_a_value_of_any_type_can_be_compared() -> None:
    assert value("finding == 'x'", finding="x") is True
    assert value("finding == 'x'", finding=Decimal(3)) is False
    assert value("finding.a.b == 'x'", finding={"a": {"b": "x"}}) is True


class Lazy(Mapping[str, Any]):
    """Values that are fetched when they are asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values_by_name = values
        self.asked: list[str] = []

    def __getitem__(self, key: str) -> Any:
        self.asked.append(key)
        return self.values_by_name[key]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("only single names may be asked for")

    def __len__(self) -> int:
        raise AssertionError("only single names may be asked for")


def test_only_the_roots_are_asked_for_and_each_once() -> None:
    values = Lazy(PERMIT)
    rule = parse("vehicle.keeper == person.id and vehicle.make == 'Volvo' or n > 3", SCOPE)
    assert rule.evaluate(values).value is True
    assert sorted(values.asked) == ["n", "person", "vehicle"]
    assert parse("n > 3", SCOPE).evaluate(Lazy({})).value is UNKNOWN


def test_an_error_of_the_source_of_values_is_not_swallowed() -> None:
    class Broken(Lazy):
        def __getitem__(self, key: str) -> Any:
            raise ConnectionError("register down")

    with pytest.raises(ConnectionError):
        parse("no and n > 3", SCOPE).evaluate(Broken({}))


def test_rates_of_the_day_before_of_and_after() -> None:
    before, on, after = (date(2025, 4, day) for day in (5, 6, 7))
    assert value("rate('cb.eldest')", today=before) == pounds("25.60")
    assert value("rate('cb.eldest')", today=on) == pounds("26.05")
    assert value("rate('cb.eldest')", today=after) == pounds("26.05")
    with pytest.raises(MissingParameter, match=r'"cb\.eldest" has no value in force on 2027-04-06'):
        value("rate('cb.eldest')", today=date(2027, 4, 6))
    with pytest.raises(MissingParameter, match="2024-04-05"):
        value("rate('cb.eldest')", today=date(2024, 4, 5))
    assert value("if yes then fee else rate('cb.eldest')", today=date(1999, 1, 1)) == pounds("250")


def test_a_broken_pack_function_is_reported_by_name() -> None:
    with pytest.raises(EvaluationError, match=r"charge_percentage\(\.\.\.\) failed") as caught:
        value("charge_percentage(income / 0.0000001 * 1000000, 60000)", income=pounds("1e24"))
    assert caught.value.__cause__ is not None
