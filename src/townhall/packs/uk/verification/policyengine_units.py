"""Values of the second source in our units, and back.

Its money is for a year, its shares are of one, its dates are numbers (20170406), its options are in
capitals. A year has 52 weeks or 12 months.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit


def inward(value: Any, unit: Unit, choices: Mapping[str, str]) -> Any:
    """Return a value of theirs in our unit."""
    if unit == YES_NO:
        return bool(value)
    if unit.base == "choice":
        return choices.get(value, str(value).lower())
    if unit == DATE:
        return date.fromisoformat(str(int(value)))
    number = Decimal(int(value)) if isinstance(value, bool) else Decimal(value)
    if unit == PERCENT:
        return number * 100
    if unit.is_money and unit.period is not None:
        return number / unit.period.in_year
    return number


def outward(value: Any, unit: Unit, choices: Mapping[str, str]) -> Any:
    """Return a value of ours as theirs."""
    if unit.base == "choice":
        back = {ours: theirs for theirs, ours in choices.items()}
        return back.get(value, str(value).upper())
    if unit == DATE:
        return Decimal(value.strftime("%Y%m%d"))
    if unit == PERCENT:
        return value / 100
    if unit.is_money and unit.period is not None and isinstance(value, Decimal):
        return value * unit.period.in_year
    return value
