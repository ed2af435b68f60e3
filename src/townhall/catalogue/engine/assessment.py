"""What follows from a situation: eligibility with reasons, results, the fee.

Eligibility is three-valued: `no` beats everything; otherwise something unknown
that matters makes it `depends`; otherwise a doubtful line makes it `review`.
A doubt about a register fact never becomes a yes by itself.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from townhall.catalogue.engine import results
from townhall.catalogue.engine.datatypes.scalars import MINOR_UNITS
from townhall.catalogue.engine.definition import Definition, EligibleLine, Law, Text
from townhall.catalogue.engine.results import ResultValue
from townhall.catalogue.engine.situation import Situation
from townhall.rules.engine import UNKNOWN, EvaluationError, Money, Step

Eligibility = Literal["yes", "no", "review", "depends"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of eligibility: its words, its law, and whether it holds.

    `holds` is None while it depends on something unknown. `verdict` is what it
    means if it does not hold.
    """

    text: Text
    law: Law | None
    holds: bool | None
    verdict: Literal["no", "review"]
    key: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A register fact that is not there, and what stands in for it."""

    datum: str
    outcome: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The conclusion, with everything needed to explain it.

    `values` holds every name for letters and flow conditions, results, fee and
    eligibility included. `problems` are computations that gave no value.
    """

    eligibility: Eligibility
    reasons: tuple[Reason, ...]
    unknown: frozenset[str]
    results: Mapping[str, ResultValue]
    fee: Money | None
    fee_step: Step | None
    doubts: tuple[Doubt, ...]
    values: dict[str, Any] = field(repr=False, default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """Return the lines that made eligibility what it is; none for a yes."""
        if self.eligibility == "no":
            return tuple(each for each in self.against if each.verdict == "no")
        if self.eligibility == "depends":
            return tuple(each for each in self.reasons if each.holds is None)
        return self.against

    @property
    def against(self) -> tuple[Reason, ...]:
        """Return the lines that do not hold, those that end it first."""
        failed = [each for each in self.reasons if each.holds is False]
        return tuple(sorted(failed, key=lambda each: each.verdict != "no"))


def assess(
    definition: Definition,
    situation: Situation,
    *,
    trace: bool = True,
    only: Container[str] | None = None,
) -> Assessment:
    """Assess a situation.

    Parameters
    ----------
    definition
        The version the application is pinned to.
    situation
        What is known.
    trace
        Whether to keep the steps of each conclusion; lists and pages that only
        need the conclusion leave them out.
    only
        Names of the results to be computed, where not all are needed
        (`results.deciding`).
    """
    known = situation.known(definition)
    values = known.values
    found = results.compute(definition, values, trace=trace, only=only)
    problems = [f"{each.name}: {each.problem}" for each in found.values() if each.problem]
    fee, fee_step, fee_problem = _fee(definition, values, trace=trace)
    if fee_problem:
        problems.append(f"fee: {fee_problem}")
    values["fee"] = UNKNOWN if fee is None else fee
    reasons: list[Reason] = []
    unknown: set[str] = set()
    for line in definition.eligible:
        reason, waits_for, problem = _reason(line, values, trace=trace)
        reasons.append(reason)
        unknown |= waits_for
        if problem:
            problems.append(f"eligible: {problem}")
    eligibility = _together(reasons, doubtful=bool(problems))
    values["eligibility"] = eligibility
    values["checks"] = "ok"
    return Assessment(
        eligibility=eligibility,
        reasons=tuple(reasons),
        unknown=frozenset(unknown),
        results=found,
        fee=fee,
        fee_step=fee_step,
        doubts=_doubts(definition, situation, known.exists),
        values=values,
        problems=tuple(problems),
    )


def _together(reasons: list[Reason], *, doubtful: bool) -> Eligibility:
    if any(each.holds is False and each.verdict == "no" for each in reasons):
        return "no"
    if any(each.holds is None for each in reasons):
        return "depends"
    if doubtful or any(each.holds is False for each in reasons):
        return "review"
    return "yes"


def _reason(
    line: EligibleLine, values: Mapping[str, Any], *, trace: bool
) -> tuple[Reason, frozenset[str], str]:
    try:
        outcome = line.condition.evaluate(values, trace=trace)
    except EvaluationError as error:
        # Not to be settled by machine: an officer looks.
        return Reason(line.say, line.law, False, "review", line.say_key), frozenset(), str(error)
    holds = None if outcome.value is UNKNOWN else bool(outcome.value)
    reason = Reason(line.say, line.law, holds, line.verdict, line.say_key, outcome.step)
    return reason, outcome.unknown, ""


def _fee(
    definition: Definition, values: Mapping[str, Any], *, trace: bool
) -> tuple[Money | None, Step | None, str]:
    currency = definition.pack.currency
    if definition.fee is None:
        return Money(Decimal(0), currency), None, ""
    try:
        outcome = definition.fee.amount.evaluate(values, trace=trace)
    except EvaluationError as error:
        return None, None, str(error)
    if outcome.value is UNKNOWN:
        return None, outcome.step, ""
    step = Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2))
    amount = outcome.value.amount.quantize(step, rounding=ROUND_HALF_UP)
    return Money(amount, currency), outcome.step, ""


def _doubts(
    definition: Definition, situation: Situation, exists: Mapping[str, bool | None]
) -> tuple[Doubt, ...]:
    """Return the register facts that are missing where the service needs them."""
    found = []
    for datum in definition.register_data:
        fact = situation.facts.get(datum.name)
        if fact is None or fact.outcome == "found" or exists[datum.name] is False:
            continue
        fallback = situation.fallback_of(datum)
        if fallback != "accept":
            found.append(Doubt(datum.name, fact.outcome, fallback))
    return tuple(found)
