"""What if one number were another: the results then, beside those now, and the curve between.

Nothing is stored and nothing is decided by it: the same rules are asked about a
situation that differs in one answer. Expressions may make anything of the answer
before the law sees it (a turnover less expenses is a profit), so each place of a
curve is computed from the answer onwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from townhall.catalogue.engine import interview, results
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.situation import Situation, evaluated
from townhall.rules.engine import Money

POINTS: Final = 33
_FIRST: Final = Decimal(10_000)
_STEPS: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Range:
    """A number that may be changed: as it is now, and between what it can be tried."""

    datum: Datum
    now: Decimal
    low: Decimal
    high: Decimal
    step: Decimal

    def within(self, at: Decimal) -> Decimal:
        """Return the nearest number that can be tried, to the penny."""
        return min(max(at, self.low), self.high).quantize(Decimal("0.01"))


def ranges(definition: Definition, situation: Situation) -> tuple[Range, ...]:
    """Return the numbers that can be changed here: those that are asked and answered."""
    if definition.what_if is None:
        return ()
    asked = {datum.name for datum in interview.visible(definition, situation)}
    return tuple(
        _range(definition.data[name], situation.answers[name])
        for name in definition.what_if.change
        if name in asked and situation.answers.get(name) is not None
    )


def _range(datum: Datum, answer: Any) -> Range:
    now = Decimal(str(answer))
    low = datum.min if datum.min is not None else Decimal(0)
    high = _round(max(2 * now, low + _FIRST if datum.type == "money" else low + 20))
    if datum.max is not None:
        high = min(high, Decimal(datum.max))
    high = max(high, now)
    return Range(datum, now, min(low, now), high, _round((high - low) / 250) or Decimal(1))


def _round(least: Decimal) -> Decimal:
    """Return the next of 1, 2, 5, 10, 20, 50 … that is at least so much."""
    if least <= 0:
        return Decimal(0)
    unit = Decimal(1).scaleb(least.adjusted())
    found = next(step * unit for step in _STEPS if step * unit >= least)
    return Decimal(f"{found:f}")  # 10000, not 1E+4


def changed(situation: Situation, name: str, at: Decimal) -> Situation:
    """Return the situation with one answer changed."""
    return situation.with_answers({**situation.answers, name: str(at)})


def then(
    definition: Definition, situation: Situation, name: str, at: Decimal
) -> Mapping[str, results.ResultValue]:
    """Return the results if the answer were so much."""
    values = changed(situation, name, at).values(definition)
    return results.compute(definition, values, trace=False)


def curve(
    definition: Definition, situation: Situation, tried: Range, points: int = POINTS
) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return (the answer, the drawn result) at even distances; nothing where it is not certain."""
    assert definition.what_if is not None
    drawn = definition.what_if.draw
    distance = (tried.high - tried.low) / max(1, points - 1)
    places = [(tried.low + distance * number).quantize(Decimal("0.01")) for number in range(points)]
    found = []
    for at in places:
        values = changed(situation, tried.datum.name, at).values(definition)
        value = _number(_result(definition, drawn, values))
        if value is not None:
            found.append((at, value))
    return tuple(found)


def _result(definition: Definition, name: str, values: dict[str, Any]) -> Any:
    """Compute one result, and of the others only what it needs."""
    value = definition.results[name].value
    for root in value.roots & definition.results.keys():
        values[root] = _result(definition, root, values)
    return evaluated(value, values)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else None
