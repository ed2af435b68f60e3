"""What a period of an award is worth: the definition's result, by the law of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from townhall.awards.engine.timeline import Timeline
from townhall.cases.operations.basis import Basis
from townhall.catalogue.engine import assessment, results
from townhall.catalogue.engine.casework import Award as Declared
from townhall.rules.engine import Money

_PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Worth:
    """The worth of one period; `amount` is None where a machine cannot settle it."""

    amount: Decimal | None
    trace: dict[str, Any] | None = None
    problem: str = ""


def declared(basis: Basis) -> Declared:
    """Return the `award:` section of the definition that decided."""
    found = basis.definition.award
    assert found is not None, "only services with an award begin one"
    return found


def of_day(
    basis: Basis, timeline: Timeline, day: date, *, known: int | None = None, trace: bool = False
) -> Worth:
    """Return what the period that begins on a day is worth.

    Parameters
    ----------
    known
        How many things were known; None: all.
    trace
        Whether to keep why.
    """
    situation = basis.on(day, timeline.at(day, known))
    amount = declared(basis).amount
    found = assessment.assess(
        basis.definition, situation, trace=trace, only=results.deciding(basis.definition, amount)
    )
    result = found.results[amount]
    step = result.step.to_data() if result.step is not None else None
    if found.eligibility == "no":
        return Worth(Decimal(0), step)
    if found.eligibility != "yes" or not isinstance(result.value, Money):
        return Worth(None, step, result.problem or found.eligibility)
    return Worth(result.value.amount.quantize(_PENNY, rounding=ROUND_HALF_UP), step)


def of_days(
    basis: Basis, timeline: Timeline, days: Iterable[date], *, known: int | None = None
) -> dict[date, Worth]:
    """Return what each of some periods is worth."""
    return {day: of_day(basis, timeline, day, known=known) for day in days}
