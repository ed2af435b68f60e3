"""The named results of a service, computed in order of need."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from townhall.catalogue.engine.definition import Definition, Law, Text
from townhall.catalogue.engine.goals import Goal
from townhall.catalogue.engine.situation import evaluated
from townhall.rules.engine import ABSENT, UNKNOWN, AbsentUsed, EvaluationError, Step


@dataclass(frozen=True, slots=True)
class ResultValue:
    """One result: its value, why, by which law, and the steps that led to it.

    `value` is UNKNOWN while something is missing, ABSENT if it rests on a datum
    that does not exist here; `problem` says in English why a known datum gave no
    value, such as a rate that is not enacted.
    """

    name: str
    value: Any
    because: Text
    title: Text
    law: Law | None = None
    step: Step | None = None
    problem: str = ""


def with_results(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with every result added; `definition.results` is in order."""
    found = dict(values)
    for result in definition.results.values():
        found[result.name] = evaluated(result.value, found)
    return found


def _cited(definition: Definition, step: Step | None) -> Law | None:
    """Return the law that a rule cites."""
    if step is None or step.kind != "law" or not step.note:
        return None
    return Law(dict.fromkeys(definition.languages, step.note))


def deciding(definition: Definition, name: str) -> frozenset[str]:
    """Return the results that one of them, and eligibility, rest on; itself included."""
    found: set[str] = set()
    waiting = {name}
    for line in definition.eligible:
        waiting |= line.condition.roots & definition.results.keys()
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting |= definition.results[each].value.roots & definition.results.keys()
    return frozenset(found)


def compute(
    definition: Definition,
    values: dict[str, Any],
    *,
    trace: bool,
    only: Container[str] | None = None,
) -> dict[str, ResultValue]:
    """Compute every result with its steps, and add the values to `values`.

    Parameters
    ----------
    only
        Names of the results to be computed; the others stay unknown.
    """
    found = {}
    told: frozenset[tuple[str, int]] = frozenset()
    if trace and only is None:
        # Each rule that is a result is explained once: on its own line.
        goals = (each.value for each in definition.results.values())
        told = frozenset((each.name, each.member) for each in goals if isinstance(each, Goal))
    for result in definition.results.values():
        if only is not None and result.name not in only:
            continue
        step, problem = None, ""
        value: Any
        try:
            if isinstance(result.value, Goal):
                outcome = result.value.evaluate(values, trace, told)
            else:
                outcome = result.value.evaluate(values, trace=trace)
            value, step = outcome.value, outcome.step
        except AbsentUsed:
            value = ABSENT
        except EvaluationError as error:
            value, problem = UNKNOWN, str(error)
        values[result.name] = value
        found[result.name] = ResultValue(
            result.name,
            value,
            result.because or (dict(step.why) if step is not None else {}),
            result.title,
            result.law or _cited(definition, step),
            step,
            problem,
        )
    return found
