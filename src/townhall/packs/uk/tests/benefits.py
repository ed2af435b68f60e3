"""Families for the tests of benefits: what the facts of a case leave out is usual, openly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import Situation

DAY = date(2026, 6, 1)
BORN_1990 = date(1990, 1, 1)
Facts = Mapping[str, Any]


def adult(**facts: Any) -> dict[str, Any]:
    """An adult of 36 without income."""
    return {"date_of_birth": BORN_1990} | facts


def child(born: date, **facts: Any) -> dict[str, Any]:
    """A child."""
    return {"date_of_birth": born} | facts


def family(
    *adults: Facts, children: Sequence[Facts] = (), home: Facts | None = None, **facts: Any
) -> Situation:
    """One family in one home outside of London."""
    count = len(adults)
    return Situation(
        persons=[*adults, *children],
        families=[
            {
                "adults": range(count),
                "children": range(count, count + len(children)),
                "facts": facts,
            }
        ],
        households=[{"families": [0], "facts": {"region": "wales"} | dict(home or {})}],
    )


def decide(name: str, situation: Situation, day: date = DAY, member: int = 0) -> Any:
    """Value of a rule on a day, the usual taken for what is not said."""
    law = UK.on(day)
    return law.decide([name], law.usual(situation), day=day)[name][member]


def pounds(text: str) -> Decimal:
    return Decimal(text)
