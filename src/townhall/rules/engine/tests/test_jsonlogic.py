"""What pages get, and what they must leave to the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from townhall.rules.engine import json_logic, parse

from .world import SCOPE


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "vehicle.keeper != person.id",
            {"!==": [{"var": "vehicle.keeper"}, {"var": "person.id"}]},
        ),
        ("fee > 200", {">": [{"var": "fee"}, 200]}),
        ("fee > 200.50", {">": [{"var": "fee"}, 200.5]}),
        ("tow == 'caravan'", {"===": [{"var": "tow"}, "caravan"]}),
        ("n == 3", {"==": [{"var": "n"}, 3]}),
        ("tow in ['caravan', 'trailer']", {"in": [{"var": "tow"}, ["caravan", "trailer"]]}),
        ("not resident", {"!": [{"var": "resident"}]}),
        ("present(lease)", {"!==": [{"var": "lease"}, None]}),
        ("today < date('2026-04-06')", {"<": [{"var": "today"}, "2026-04-06"]}),
        ("number(months) > 3", {">": [{"+": [{"var": "months"}]}, 3]}),
        ("min(n, 3) >= -n", {">=": [{"min": [{"var": "n"}, 3]}, {"-": [{"var": "n"}]}]}),
        (
            "any(children, age < 16)",
            {"some": [{"var": "children"}, {"<": [{"var": "age"}, 16]}]},
        ),
        (
            "any(extras, it == 'badge')",
            {"some": [{"var": "extras"}, {"===": [{"var": ""}, "badge"]}]},
        ),
        (
            "all(children, age < 16)",
            {
                "if": [
                    {"!": [{"var": "children"}]},
                    True,
                    {"all": [{"var": "children"}, {"<": [{"var": "age"}, 16]}]},
                ]
            },
        ),
    ],
)
def test_exports(text: str, rule: Any) -> None:
    assert json_logic(parse(text, SCOPE)) == rule
    json.dumps(rule)


@pytest.mark.parametrize(
    "text",
    [
        "rate('cb.eldest') > 3",
        "address.zone in zones",
        "tariff('permit', months) > 3",
        "years_between(person.born, today) > 17",
        "charge_percentage(income, 60000) > 3",
        "today + duration('1 week') < today",
        "round(fee) > 3",
        "any(children, age < n)",
        "any(children, any(pets, legs < age))",
        "min(children, age) > 3",
        "finding == 'x'",
        "'x' in finding",
        "matches_type(words, 'date')",
        "wait > duration('1 week')",
    ],
)
def test_what_means_something_else_there_is_left_to_the_server(text: str) -> None:
    assert json_logic(parse(text, SCOPE)) is None
