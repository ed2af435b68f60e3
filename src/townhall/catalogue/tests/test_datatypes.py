"""Answers: accepted or refused the same way from a form and from a program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.datatypes import Invalid
from townhall.catalogue.engine.definition import Datum, Option, Repeat
from townhall.rules.engine import ABSENT, Money

FILE = {
    "file": "0198c0de-0000-7000-8000-000000000001",
    "name": "a.pdf",
    "media_type": "application/pdf",
    "size": 10,
}


def datum(kind: str, **more: Any) -> Datum:
    if kind == "choice":
        words = ("a", "b", "none")
        more.setdefault(
            "options", tuple(Option(each, {"en": each.upper()}, each == "none") for each in words)
        )
    return Datum("x", kind, currency="GBP", **more)


def form(kind: str, sent: dict[str, list[Any]], **more: Any) -> Any:
    return datatypes.parse(datum(kind, **more), sent)


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("text", {"x": ["  hello\r\nworld "]}, "hello world"),
        ("text", {"x": ["e\u0301"]}, "é"),
        ("text", {"x": ["\u202a0123\u202c"]}, "0123"),
        ("number", {"x": ["1,234.50"]}, "1234.5"),
        ("number", {"x": ["٣"]}, "3"),
        ("number", {"x": ["-0"]}, "0"),
        ("money", {"x": ["£1,234.5"]}, "1234.50"),
        ("money", {"x": [" 12 "]}, "12.00"),
        ("date", {"x.day": ["29"], "x.month": ["2"], "x.year": ["2024"]}, "2024-02-29"),
        ("date", {"x": ["2026-01-31"]}, "2026-01-31"),
        ("yes/no", {"x": ["no"]}, False),
        ("choice", {"x": ["b"]}, "b"),
        ("plate", {"x": ["ab12-cde"]}, "AB12CDE"),
        ("email", {"x": [" ann@example.org "]}, "ann@example.org"),
        ("phone", {"x": ["+44 (0)1632 960-001"]}, "+4401632960001"),
        (
            "place",
            {"x.words": ["By the bridge"]},
            {"lat": None, "lon": None, "words": "By the bridge"},
        ),
        ("place", {"x.lat": ["51.5"], "x.lon": ["-0.1"]}, {"lat": 51.5, "lon": -0.1, "words": ""}),
        (
            "address",
            {"x.line1": ["1 Row"], "x.town": ["T"], "x.postcode": ["ab1 2cd"]},
            {"line1": "1 Row", "line2": "", "town": "T", "postcode": "AB1 2CD"},
        ),
        ("file", {"x": [FILE]}, [FILE]),
    ],
)
def test_a_form_gives_the_canonical_answer(kind: str, sent: dict[str, Any], stored: Any) -> None:
    assert form(kind, sent) == stored
    # What is stored is itself an answer a program may send, and means the same.
    assert datatypes.from_json(datum(kind), stored) == stored


@pytest.mark.parametrize(
    ("kind", "given", "part", "words"),
    [
        ("text", "a\x00b", "", "cannot be stored"),
        ("text", "\ud800", "", "cannot be stored"),
        ("text", "x" * 501, "", "at most 500"),
        ("text", "x" * 10_000_000, "", "too long"),
        ("text", 7, "", "as text"),
        ("text", {"a": 1}, "", "as text"),
        ("number", "1e5", "", "a number"),
        ("number", "12abc", "", "a number"),
        ("number", True, "", "a number"),
        ("number", "9" * 400, "", "a number"),
        ("number", float("nan"), "", "a number"),
        ("number", float("inf"), "", "a number"),
        ("money", "12.345", "", "2 decimal"),
        ("money", "-1", "", "at least 0"),
        ("date", "2026-02-30", "", "no such day"),
        ("date", "30.2.2026", "", "year-month-day"),
        ("date", "0001-01-01", "", "Check the year"),
        ("date", "9999-12-31", "", "Check the year"),
        ("date", 20260101, "", "year-month-day"),
        ("date", {"day": "1", "month": "1", "year": "2026"}, "", "year-month-day"),
        ("yes/no", "maybe", "", "yes or no"),
        ("yes/no", 1, "", "yes or no"),
        ("choice", "c", "", "one of the answers"),
        ("choice", ["a"], "", "one of the answers"),
        ("email", "ann@", "", "email"),
        ("email", "a@b@c.de", "", "email"),
        ("phone", "call me", "", "telephone"),
        ("plate", "!!", "", "number plate"),
        ("place", {"lat": 91, "lon": 0}, "", "map"),
        ("place", {"lat": "abc", "lon": 0}, "", "map"),
        ("place", {"lat": 1}, "", "map"),
        ("place", {"x": 1}, "", "words or on the map"),
        ("place", "here", "", "words or on the map"),
        ("address", {"line1": "1 Row"}, "town", "town"),
        ("address", "1 Row", "", "address"),
        ("period", {"start": "2026-01-02", "end": "2026-01-01"}, "end", "before the first"),
        ("file", [{**FILE, "size": 0}], "", "empty"),
        ("file", [{**FILE, "size": True}], "", "Choose a file"),
        ("file", [{**FILE, "file": "../../etc/passwd"}], "", "Choose a file"),
        ("file", [FILE, FILE], "", "at most 1"),
        ("file", "a.pdf", "", "Choose a file"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_words(
    kind: str, given: Any, part: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        datatypes.from_json(datum(kind), given)
    assert words in refused.value.errors[part].english()


def test_a_date_in_fields_names_the_field_that_is_missing() -> None:
    with pytest.raises(Invalid) as refused:
        form("date", {"x.day": ["1"], "x.month": [""], "x.year": ["2026"]})
    assert set(refused.value.errors) == {"month"}


def test_a_tick_that_excludes_the_others() -> None:
    assert form("choice", {"x": ["b", "a", "a"]}, several=True) == ["a", "b"]
    assert form("choice", {"x": ["none"]}, several=True) == ["none"]
    with pytest.raises(Invalid, match="beside another"):
        form("choice", {"x": ["none", "a"]}, several=True)


def test_empty_is_nothing_if_optional_and_an_error_if_not() -> None:
    for kind in ("text", "number", "date", "choice", "file", "place", "address", "period"):
        assert form(kind, {}, required=False) is None
        assert form(kind, {"x": [""]}, required=False) is None
        assert datatypes.value_of(datum(kind), None) is ABSENT
        with pytest.raises(Invalid):
            form(kind, {})


def group(**more: Any) -> Datum:
    fields = {
        "name": Datum("name", "text"),
        "born": Datum("born", "date", required=False),
    }
    return Datum("x", "group", fields=fields, repeat=Repeat(1, 3), **more)


def test_a_group_keeps_its_rows_and_drops_empty_ones() -> None:
    sent = {
        "x.0.name": ["Ann"],
        "x.0.born.day": ["1"],
        "x.0.born.month": ["2"],
        "x.0.born.year": ["2020"],
        "x.1.name": [""],
        "x.7.name": ["Bo"],
    }
    rows = datatypes.parse(group(), sent)
    assert rows == [{"name": "Ann", "born": "2020-02-01"}, {"name": "Bo", "born": None}]
    values = datatypes.value_of(group(), rows)
    assert values == ({"name": "Ann", "born": date(2020, 2, 1)}, {"name": "Bo", "born": ABSENT})
    assert datatypes.parse(group(), {**sent, "x.remove": ["0"]}) == [{"name": "Bo", "born": None}]


def test_a_group_says_which_row_and_field_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        datatypes.from_json(group(), [{"name": "A"}, {"name": "", "born": "x"}, {"who": "C"}])
    assert set(refused.value.errors) == {"1.name", "1.born", "2.who", "2.name"}


@pytest.mark.parametrize("rows", [[], [{"name": "A"}] * 4, [{"name": "A"}] * 10_000, "A", {"0": 1}])
def test_a_group_of_the_wrong_size_or_kind_is_refused(rows: Any) -> None:
    with pytest.raises(Invalid):
        datatypes.from_json(group(), rows)


def test_ten_thousand_rows_in_a_form_are_refused_quickly() -> None:
    sent = {f"x.{number}.name": ["A"] for number in range(10_000)}
    with pytest.raises(Invalid, match="at most 3"):
        datatypes.parse(group(), sent)


def test_money_knows_currencies_without_hundredths() -> None:
    yen = Datum("x", "money", currency="JPY")
    assert datatypes.from_json(yen, "120") == "120"
    with pytest.raises(Invalid):
        datatypes.from_json(yen, "120.50")
    assert datatypes.value_of(yen, "120") == Money(Decimal(120), "JPY")


def test_answers_are_shown_as_people_write_them() -> None:
    assert datatypes.display(datum("money"), "1234.50", "en") == "£1,234.50"
    assert datatypes.display(datum("date"), "2026-03-01", "en") == "1 March 2026"
    assert datatypes.display(datum("date"), "2026-03-01", "cy") == "1 Mawrth 2026"
    assert datatypes.display(datum("yes/no"), True, "cy") == "Ie"
    assert datatypes.display(datum("choice"), "a", "cy") == "A"
    assert datatypes.display(datum("number", unit={"en": "days"}), "1234.5", "en") == "1,234.5 days"
    assert datatypes.display(group(), [{"name": "Ann", "born": "2020-02-01"}], "en") == [
        "Ann, 1 February 2020"
    ]
    assert datatypes.display(datum("text"), None, "en") == ""


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = [
    *("text", "number", "money", "date", "yes/no", "choice", "plate", "email", "phone"),
    *("place", "address", "period", "file"),
]


@given(st.sampled_from(KINDS), ANYTHING, st.booleans())
def test_whatever_a_program_sends_is_taken_or_refused(kind: str, sent: Any, several: bool) -> None:
    asked = datum(kind, several=several)
    try:
        stored = datatypes.from_json(asked, sent)
    except Invalid as refused:
        assert all(message.english() for message in refused.errors.values())
        return
    assert datatypes.from_json(asked, stored) == stored
    datatypes.value_of(asked, stored)
    datatypes.display(asked, stored, "en")


@given(ANYTHING)
def test_whatever_is_sent_as_a_group_is_taken_or_refused(sent: Any) -> None:
    try:
        stored = datatypes.from_json(group(), sent)
    except Invalid as refused:
        assert all(message.english() for message in refused.errors.values())
        return
    assert datatypes.from_json(group(), stored) == stored
    datatypes.value_of(group(), stored)


@given(
    st.sampled_from(KINDS),
    st.dictionaries(
        st.sampled_from(
            [
                "x",
                "x.day",
                "x.month",
                "x.year",
                "x.lat",
                "x.words",
                "x.line1",
                "x.start",
                "x.0.name",
            ]
        ),
        st.lists(st.text(max_size=12), max_size=3),
    ),
)
def test_whatever_a_form_sends_is_taken_or_refused(kind: str, sent: dict[str, list[str]]) -> None:
    try:
        form(kind, sent)
    except Invalid as refused:
        assert all(message.english() for message in refused.errors.values())
