"""Dated rates: the row in force, never the nearest one; contradictions are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.rules.engine import MissingParameter, Money, ParameterError, Parameters


def rate(**entry: Any) -> Parameters:
    return Parameters.from_mapping({"r": {"unit": "GBP/week", **entry}})


def at(parameters: Parameters, day: str) -> Any:
    return parameters.rate("r", date.fromisoformat(day))


def test_a_row_is_in_force_from_its_first_day_until_the_next_begins() -> None:
    rows = rate(values={"2025-04-06": "26.05", "2024-04-06": "25.60"})
    assert at(rows, "2024-04-06") == at(rows, "2025-04-05") == Money("25.60", "GBP")
    assert at(rows, "2025-04-06") == at(rows, "2090-01-01") == Money("26.05", "GBP")
    with pytest.raises(MissingParameter, match="2024-04-05"):
        at(rows, "2024-04-05")


def test_a_yearly_rate_is_missing_when_the_law_has_not_set_it_anew() -> None:
    rows = rate(yearly="yes", values={"2024-04-06": 1, "2026-04-06": 2})
    assert at(rows, "2025-04-05") == Money(1, "GBP")
    for missing in ("2025-04-06", "2026-04-05", "2027-04-06"):
        with pytest.raises(MissingParameter, match=r"has no value in force .* Add the enacted row"):
            at(rows, missing)


def test_an_end_ends_the_last_row() -> None:
    rows = rate(until="2026-01-01", values={"2025-01-01": 1})
    assert at(rows, "2025-12-31") == Money(1, "GBP")
    with pytest.raises(MissingParameter):
        at(rows, "2026-01-01")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        # The official sick-pay file has two rows from one day (smart-answers).
        (
            {"values": [["2014-04-06", "87.55"], ["2014-04-06", "88.45"]]},
            "two rows from 2014-04-06",
        ),
        (
            {
                "values": [
                    {"from": "2014-04-06", "until": "2015-04-06", "value": 1},
                    {"from": "2015-01-01", "value": 2},
                ]
            },
            "overlapping rows: the one from 2014-04-06 ends on 2015-04-06, the next begins on",
        ),
        (
            {"values": [{"from": "2014-04-06", "until": "2014-04-06", "value": 1}]},
            "before it begins",
        ),
        ({"values": {}}, "has no values"),
        ({}, "needs a unit and values"),
        ({"values": {"2014-04-31": 1}}, "day is out of range"),
        ({"values": {"april": 1}}, "write it like 2026-04-06"),
        ({"values": {"2014-04-06": 87.55}}, "in quotes, to keep it exact"),
        ({"values": {"2014-04-06": "a lot"}}, "no number"),
        ({"values": {"2014-04-06": "NaN"}}, "out of range"),
        ({"values": {"2014-04-06": "1e999"}}, "out of range"),
        ({"values": [["2014-04-06"]]}, "must be \\[first day, value\\]"),
        ({"values": [{"from": "2014-04-06"}]}, 'needs "from" and "value"'),
        ({"values": [{"from": "2014-04-06", "value": 1, "util": 2}]}, 'unknown key "util"'),
        ({"vales": {}, "values": {}}, 'unknown key "vales"'),
        ({"values": {"2014-04-06": 1, "2015-04-06": {"a": 1}}}, "mixes rows of 0 and 1 keys"),
        ({"unit": "list", "values": {"2014-04-06": "A"}}, "needs a list"),
        ({"unit": "yes/no", "values": {"2014-04-06": "maybe"}}, "needs yes or no"),
    ],
)
def test_what_contradicts_itself_is_refused(entry: dict[str, Any], says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        rate(**entry)


def test_a_key_is_given_once() -> None:
    rows = {"unit": "GBP", "values": {"2025-01-01": 1}}
    with pytest.raises(ParameterError, match='"r" is given twice'):
        Parameters.from_mapping({"r": rows}, {"r": rows})


def test_units_give_types() -> None:
    made = Parameters.from_mapping(
        {
            "text": {"unit": "text", "values": {"2025-01-01": "x"}},
            "day": {"unit": "date", "values": {"2025-01-01": "2025-04-05"}},
            "flag": {"unit": "yes/no", "values": {"2025-01-01": "no"}},
            "zones": {"unit": "list", "values": {"2025-01-01": ["A", "B"]}},
            "share": {"unit": "%", "values": {"2025-01-01": "55"}},
        }
    )
    day = date(2025, 6, 1)
    assert [made.rate(key, day) for key in made] == [
        "x",
        date(2025, 4, 5),
        False,
        ("A", "B"),
        Decimal(55),
    ]


def test_a_tariff_reads_its_entry_on_the_day() -> None:
    made = Parameters.from_mapping(
        {},
        {
            "permit": {
                "unit": "GBP",
                "values": {"2025-01-01": {3: 40}, "2026-01-01": {3: 42, 6: 78}},
            }
        },
    )
    assert made.tariff("permit", date(2025, 12, 31), ["3"]) == Money(40, "GBP")
    assert made.tariff("permit", date(2026, 1, 1), ["3"]) == Money(42, "GBP")
    with pytest.raises(MissingParameter, match='has no entry for "6" on 2025-12-31; it has: 3'):
        made.tariff("permit", date(2025, 12, 31), ["6"])


def test_gaps_in_a_period_are_found() -> None:
    rows = rate(yearly=True, values={"2024-04-06": 1, "2026-04-06": 2})["r"]
    assert rows.gaps(date(2024, 1, 1), date(2027, 7, 1)) == (
        (date(2024, 1, 1), date(2024, 4, 6)),
        (date(2025, 4, 6), date(2026, 4, 6)),
        (date(2027, 4, 6), date(2027, 7, 1)),
    )
    assert rows.gaps(date(2024, 5, 1), date(2025, 4, 6)) == ()


days = st.dates(date(2000, 1, 1), date(2012, 1, 1))


@given(st.sets(days, min_size=1, max_size=6), st.booleans(), days, days)
def test_gaps_are_exactly_the_days_without_a_row(
    starts: set[date], yearly: bool, first: date, last: date
) -> None:
    rows = rate(yearly=yearly, values=[[start, 1] for start in starts])["r"]
    gaps = rows.gaps(first, last)
    for day in (first, last, *starts, date(2005, 5, 5)):
        if not first <= day < last:
            continue
        try:
            rows.row(day)
            missing = False
        except MissingParameter:
            missing = True
        assert missing == any(start <= day < until for start, until in gaps)


def test_the_digest_changes_with_any_value_and_not_with_the_order() -> None:
    one = {"unit": "GBP", "values": {"2025-01-01": 1}}
    other = {"unit": "GBP", "values": {"2025-01-01": 2}}
    first = Parameters.from_mapping({"a": one, "b": other}).digest
    assert Parameters.from_mapping({"b": other, "a": one}).digest == first
    assert Parameters.from_mapping({"a": other, "b": other}).digest != first
    assert len(first) == 64
