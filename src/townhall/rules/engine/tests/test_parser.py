"""Whatever is typed: an expression, or a message that says where and what instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules.engine import ExpressionError
from townhall.rules.engine.parser import MAX_DEPTH, MAX_LENGTH, parse_tree
from townhall.rules.engine.syntax import canonical


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("not a and b", "(not a) and b"),
        ("not a == b", "not (a == b)"),
        ("a + b * c - d", "(a + (b * c)) - d"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("-a * b", "(-a) * b"),
        ("a not in b and c", "(not (a in b)) and c"),
        ("if a then b else c or d", "if a then b else (c or d)"),
        ("if a then 1 else if b then 2 else 3", "if a then 1 else (if b then 2 else 3)"),
        ("a and b and c", "a and b\n  and c"),
        ("true", "yes"),
        ('"a"', "'a'"),
        ("count(a,b)", "count( a , b )"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    if "not in" in text:
        assert canonical(parse_tree(text)) == "a not in b and c"
    else:
        assert parse_tree(text) == parse_tree(same)


@pytest.mark.parametrize(
    "text",
    [
        "(a < b) == c",
        "a == (b < c)",
        "(a in b) == (c not in d)",
        "(if a then b else c) + 1",
        "a - (b - c) / (d / e)",
        "not (a and b) or (c or d) and e",
        "-(a + b) * --c",
        "count([a, 'b'], it == (not c))",
    ],
)
def test_parentheses_are_kept_where_they_matter(text: str) -> None:
    assert parse_tree(canonical(parse_tree(text))) == parse_tree(text)


def test_a_quote_within_a_text_is_doubled() -> None:
    assert canonical(parse_tree("name == 'O''Neill'")) == "name == 'O''Neill'"
    assert canonical(parse_tree('name == "O\'Neill"')) == "name == 'O''Neill'"


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "is empty"),
        ("   \n", 1, "is empty"),
        ("a = 3", 3, "Write == to compare"),
        ("a && b", 3, "Write  and"),
        ("a || b", 3, "Write  or"),
        ("!a", 1, "Write  not"),
        ("a ≥ 3", 3, "Write >="),
        ("a ? b : c", 3, "if a then b else c"),
        ("1 < a < 3", 7, "Join two comparisons with  and"),
        ("a AND b", 3, "small letters: and"),
        ("a is null", 3, "Write == to compare"),
        ("1,000", 2, "thousands comma"),
        ("12abc", 1, "cannot be read"),
        ("born < 2026-04-06", 8, "Write date('2026-04-06')"),
        ("'open", 1, "Close the text"),
        ("name == ‘x’", 9, "straight quotes"),
        ("fee > £5", 7, "beside money"),
        (".5", 1, "Write 0.5"),
        ("(a", 3, "')' is missing"),
        ("if a then b", 12, "'else' is missing"),
        ("if a", 5, "'then' is missing"),
        ("a not b", 7, "'in' is missing"),
        ("count(a", 8, "',' is missing"),
        ("a b", 3, "operator"),
        ("a +", 4, "stops too early"),
        ("and", 1, "value"),
        ("{a}", 1, "square brackets"),
        ("a\x00b", 2, "U+0000"),
        ("'a\x00b'", 3, "U+0000"),
        ("'a\ud800b'", 3, "U+D800"),
        ("\ud800", 1, "U+D800"),
        ("1" * 40, 1, "30 digits"),
    ],
)
def test_mistakes_are_named_with_their_place(text: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_tree(text)
    assert caught.value.column == column
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 4_000 + "a" + ")" * 4_000,
        "not " * 2_400 + "a",
        "-" * 9_000 + "1",
        "[" * 9_000,
        "f(" * 4_000,
        "1" + " + 1" * 2_400,
        "if a then " * 900,
        "a in " * 1_500 + "a",
        "'" * 9_999,
        "a." * 4_999,
        "((((a))))" * 1_000,
        "a" * (MAX_LENGTH + 1),
        "a and " * 200_000 + "a",
        "'" + "x" * 1_000_000 + "'",
    ],
)
def test_absurd_sizes_end_in_a_message(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_tree(text)


def test_sensible_sizes_are_read() -> None:
    parse_tree(" and ".join(["a"] * 1_000))
    parse_tree("(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1))
    parse_tree(" + ".join(["1"] * (MAX_DEPTH - 1)))
    parse_tree("if a then 1 else " * (MAX_DEPTH - 2) + "2")


_WORDS = "and or not in if then else yes no a b.c count( any( ( ) [ ] , + - * / == != <= < ' "
_WORDS += "'x' 1 2.5 . date('2026-02-30') \x00 \ud800 é 💡 = & today 2026-04-06"
_FRAGMENTS = st.sampled_from([*_WORDS.split(), '"'])


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(), st.lists(_FRAGMENTS, max_size=12).map(" ".join)))
def test_no_text_crashes_the_parser(text: str) -> None:
    try:
        tree = parse_tree(text)
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.message
    else:
        assert parse_tree(canonical(tree)) == tree
