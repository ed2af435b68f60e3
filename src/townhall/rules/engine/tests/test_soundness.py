"""What is known stays true: partial values against every way to complete them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine import UNKNOWN, EvaluationError, Expression, parse
from townhall.rules.engine.parser import parse_tree
from townhall.rules.engine.syntax import canonical

from .expressions import SCOPE, complete_values, conditions, hidden, numbers, revealed

expressions = st.one_of(conditions(), numbers()).map(lambda text: parse(text, SCOPE))


def result(expression: Expression, values: Any) -> Any:
    """The value, UNKNOWN, or the class of the error."""
    try:
        return expression.evaluate(values).value
    except EvaluationError as error:
        return type(error)


@settings(max_examples=250, deadline=None)
@given(expressions, complete_values, st.data())
def test_what_is_known_with_gaps_is_the_same_once_they_are_filled(
    expression: Expression, complete: dict[str, Any], data: st.DataObject
) -> None:
    partial = data.draw(hidden(complete))
    partial = {} if partial is UNKNOWN else partial
    early = result(expression, partial)
    late = result(expression, complete)
    if early is not UNKNOWN:
        if isinstance(early, type):
            assert isinstance(late, type), "an error with gaps must remain an error"
        else:
            assert early == late
    assert late is not UNKNOWN


@settings(max_examples=250, deadline=None)
@given(expressions, complete_values, st.data())
def test_the_names_waited_for_suffice(
    expression: Expression, complete: dict[str, Any], data: st.DataObject
) -> None:
    partial = data.draw(hidden(complete))
    partial = {} if partial is UNKNOWN else partial
    try:
        outcome = expression.evaluate(partial)
    except EvaluationError:
        return
    assert (outcome.value is UNKNOWN) == bool(outcome.unknown)
    assert outcome.unknown <= expression.names
    filled = revealed(partial, complete, "", outcome.unknown)
    assert result(expression, filled) is not UNKNOWN


@settings(max_examples=100, deadline=None)
@given(expressions, complete_values, st.data())
def test_a_trace_changes_nothing_and_can_always_be_told(
    expression: Expression, complete: dict[str, Any], data: st.DataObject
) -> None:
    partial = data.draw(hidden(complete))
    partial = {} if partial is UNKNOWN else partial
    plain = result(expression, partial)
    if isinstance(plain, type):
        return
    step = expression.evaluate(partial, trace=True).step
    assert step is not None
    assert step.value is plain or step.value == plain
    for language in ("en", "cy"):
        assert step.render(language).strip()
    again = type(step).from_data(step.to_data())
    assert again.render() == step.render()


@settings(max_examples=150, deadline=None)
@given(st.one_of(conditions(), numbers()))
def test_canonical_text_means_the_same(text: str) -> None:
    tree = parse_tree(text)
    assert parse_tree(canonical(tree)) == tree
