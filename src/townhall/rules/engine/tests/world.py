"""One scope and one situation that the tests share: a parking permit and its people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from townhall.rules.engine import (
    ABSENT,
    ANY,
    BUILTINS,
    DATE,
    DURATION,
    FILE,
    NUMBER,
    PLACE,
    TEXT,
    YES_NO,
    Calendar,
    ChoiceType,
    Function,
    ListType,
    Money,
    MoneyType,
    Parameters,
    RecordType,
    Scope,
    parse,
)

PARAMETERS = Parameters.from_mapping(
    {
        "cb.eldest": {
            "unit": "GBP/week",
            "cite": "SI 2006/965 reg. 2(1)(a)",
            "yearly": True,
            "values": {"2024-04-06": "25.60", "2025-04-06": "26.05", "2026-04-06": "27.05"},
        },
        "zones": {"unit": "list", "values": {"2020-01-01": ["A", "B"]}},
        "age.pension": {"unit": "years", "values": {"2020-10-06": 66, "2028-03-06": 67}},
    },
    tariffs={
        "permit": {
            "unit": "GBP",
            "cite": "Parking order 2025",
            "values": {
                "2025-01-01": {"3": "40", "6": "75", "12": "120"},
                "2026-01-01": {"3": "42", "6": "78", "12": "126"},
            },
        },
        "permit_by_size": {
            "unit": "GBP",
            "values": {"2025-01-01": {"small": {"3": 30, "6": 50}, "large": {"3": 60, "6": 90}}},
        },
    },
)


def charge_percentage(income: Money, threshold: Money) -> Decimal:
    steps = (income.amount - threshold.amount) // 200
    return min(max(steps, Decimal(0)), Decimal(100))


SCOPE = Scope(
    {
        "vehicle": RecordType("vehicle", {"keeper": TEXT, "make": TEXT, "zone_class": TEXT}),
        "person": RecordType("person", {"id": TEXT, "born": DATE}),
        "address": RecordType("address", {"zone": TEXT}),
        "months": ChoiceType(["3", "6", "12"]),
        "size": ChoiceType(["small", "large"]),
        "tow": ChoiceType(["caravan", "trailer", "nothing"]),
        "extras": ListType(ChoiceType(["badge", "visitor"])),
        "fee": MoneyType("GBP"),
        "euros": MoneyType("EUR"),
        "income": MoneyType("GBP"),
        "n": NUMBER,
        "resident": YES_NO,
        "lease": RecordType("lease", {"rent": MoneyType("GBP"), "ends": DATE}),
        "proof": FILE,
        "here": PLACE,
        "there": PLACE,
        "wait": DURATION,
        "words": TEXT,
        "finding": ANY,
        "children": ListType(
            RecordType(
                "child",
                {
                    "age": NUMBER,
                    "income": MoneyType("GBP"),
                    "school": RecordType("school", {"name": TEXT}),
                    "pets": ListType(RecordType("pet", {"legs": NUMBER})),
                },
            )
        ),
    },
    functions=(
        *BUILTINS,
        Function(
            "charge_percentage",
            (MoneyType("GBP"), MoneyType("GBP")),
            NUMBER,
            charge_percentage,
            "1 % for each full 200 of income above the threshold.",
        ),
    ),
    parameters=PARAMETERS,
    calendar=Calendar(
        [date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)], until=date(2027, 1, 1)
    ),
)

PERMIT: dict[str, Any] = {
    "vehicle": {"keeper": "p1", "make": "Volvo", "zone_class": "low"},
    "person": {"id": "p1", "born": date(1990, 6, 15)},
    "address": {"zone": "A"},
    "months": "12",
    "size": "small",
    "tow": "caravan",
    "extras": ["badge"],
    "fee": Money(Decimal(250), "GBP"),
    "income": Money(Decimal(70_123), "GBP"),
    "n": Decimal(5),
    "resident": True,
    "lease": ABSENT,
    "today": date(2025, 6, 2),
    "children": [{"age": Decimal(3)}, {"age": Decimal(17)}],
}


def value(text: str, **changes: Any) -> Any:
    """Evaluate a text in the situation, with changes to it."""
    return parse(text, SCOPE).evaluate({**PERMIT, **changes}).value
