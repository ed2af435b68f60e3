"""Any text, any values: a result, or an error of ours; never a crash."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine import (
    ABSENT,
    UNKNOWN,
    Duration,
    EvaluationError,
    ExpressionError,
    Money,
    json_logic,
    parse,
    uses,
)

from . import expressions, world

junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.decimals(allow_nan=True),
        st.sampled_from(
            [
                UNKNOWN,
                ABSENT,
                Decimal("1e6000"),
                Decimal("-1e-6000"),
                date.min,
                date.max,
                datetime(2020, 1, 1),
                Money(Decimal("1e6000"), "GBP"),
                Money(1, "EUR"),
                Duration(days=10**9),
                Duration(months=1),
                b"bytes",
                object(),
                "\ud800\x00",
            ]
        ),
    ),
    lambda part: st.one_of(
        st.lists(part, max_size=3),
        st.dictionaries(st.sampled_from(["age", "ok", "marks", "mark", "n", "f"]), part),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(expressions.conditions(), expressions.numbers()),
    st.dictionaries(st.sampled_from(sorted(expressions.SCOPE.names)), junk),
)
def test_no_value_crashes_an_expression(text: str, values: dict[str, Any]) -> None:
    with contextlib.suppress(EvaluationError):
        outcome = parse(text, expressions.SCOPE).evaluate(values, trace=True)
        assert outcome.step is not None
        outcome.step.render()
        outcome.step.to_data()


SIGNS = "and or not in if then else ( ) [ ] , + - * / == != < <= > >="
NAMES = (
    "today fee euros n months tow size extras resident lease.rent lease vehicle.keeper finding "
    "finding.x wait words here children it age income school.name pets legs proof cb.eldest zones"
)
WRITTEN = "yes no 0 1 2.5 12 'x' 'caravan' date('2026-04-06') rate('cb.eldest')"
CALLS = (
    "any( all( count( sum( min( max( present( round( floor( number( tariff('permit', "
    "years_between( add_days( add_working_days( weekday( lower( length( contains( distance_m( "
    "charge_percentage( matches_type("
)
WORDS = f"{SIGNS} {NAMES} {WRITTEN} {CALLS}".split()


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_no_words_crash_the_checker(text: str) -> None:
    try:
        rule = parse(text, world.SCOPE)
    except ExpressionError as error:
        assert error.message
        return
    uses(rule)
    json_logic(rule)
    with contextlib.suppress(EvaluationError):
        rule.evaluate(world.PERMIT)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(CALLS.split()),
    st.lists(st.sampled_from([*NAMES.split(), *WRITTEN.split(), "it > 2"]), max_size=3),
)
def test_no_call_crashes_the_checker(call: str, arguments: list[str]) -> None:
    with contextlib.suppress(ExpressionError, EvaluationError):
        parse(f"{call}{', '.join(arguments)})", world.SCOPE).evaluate(world.PERMIT, trace=True)


@pytest.mark.parametrize("depth", [98, 60])
def test_the_deepest_expression_goes_all_the_way(depth: int) -> None:
    for text in (
        "(" * depth + "n" + ")" * depth + " > 3",
        "not " * depth + "resident",
        "if n > 3 then " * (depth // 2) + "1" + " else 0" * (depth // 2),
        " + ".join(["n"] * depth),
    ):
        rule = parse(text, world.SCOPE)
        outcome = rule.evaluate(world.PERMIT, trace=True)
        assert outcome.step is not None
        assert outcome.step.render("cy")
        assert json_logic(rule) is not None
        type(outcome.step).from_data(outcome.step.to_data())
        assert uses(rule)
