"""People of the tax tests: whoever they are, all that is not said of them is at its usual value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import Situation

YEAR_2024 = date(2024, 10, 6)
YEAR_2025 = date(2025, 10, 6)
YEAR_2026 = date(2026, 10, 6)
BORN = date(1980, 1, 1)
PENNY = Decimal("0.01")

Facts = Mapping[str, Any]


def pounds(amount: str | int | Decimal) -> Decimal:
    return Decimal(amount)


def alone(name: str, facts: Facts, *, day: date = YEAR_2026, home: Facts | None = None) -> Any:
    """What a rule gives for somebody who lives alone."""
    return people(name, [facts], day=day, home=home)[0]


def people(
    name: str,
    members: Sequence[Facts],
    *,
    day: date = YEAR_2026,
    adults: Sequence[int] = (0,),
    family: Facts | None = None,
    home: Facts | None = None,
) -> list[Any]:
    """What a rule gives for each member of one family (or for the family itself)."""
    law = UK.on(day)
    situation = Situation(
        persons=[{"date_of_birth": BORN, **facts} for facts in members],
        families=[{"adults": adults, "members": range(len(members)), "facts": dict(family or {})}],
        households=[{"families": [0], "facts": {"region": "london", **(home or {})}}],
    )
    found: list[Any] = law.decide([name], law.usual(situation), day=day)[name]
    return found


def couple(
    name: str, one: Facts, other: Facts, *children: Facts, day: date = YEAR_2026, **family: Any
) -> list[Any]:
    """What a rule gives for each of a married couple and their children."""
    return people(
        name,
        [one, other, *children],
        day=day,
        adults=(0, 1),
        family={"is_married": True, **family},
    )
