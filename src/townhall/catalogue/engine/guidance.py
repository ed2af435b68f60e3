"""Find out what applies: the first outcome whose condition holds.

Nothing is stored and nobody signs in. A question is needed only as long as it
can change which outcome is shown, or a value that the outcome tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from townhall.catalogue.engine import results
from townhall.catalogue.engine.definition import Definition, GuidanceOutcome, Law
from townhall.catalogue.engine.goals import Goal
from townhall.catalogue.engine.letters import fill, placeholders
from townhall.catalogue.engine.situation import Situation, evaluated
from townhall.rules.engine import UNKNOWN, EvaluationError, Expression


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome in one language, values filled in."""

    key: str
    title: str
    body: tuple[str, ...]
    apply: str = ""
    law: Law | None = None


def outcome(definition: Definition, situation: Situation) -> GuidanceOutcome | None:
    """Return the outcome that applies; None while it still depends on an answer."""
    values = results.with_results(definition, situation.values(definition))
    certain, possible, _ = _settle(definition, values)
    return certain or _only(possible)


def render(
    definition: Definition, found: GuidanceOutcome, situation: Situation, language: str
) -> Shown:
    """Return the outcome in the words of a language."""
    values = results.with_results(definition, situation.values(definition))
    return Shown(
        found.key,
        fill(found.text.title, values, language, definition),
        tuple(fill(text, values, language, definition) for text in found.text.body),
        found.apply,
        found.law,
    )


def still_needed(definition: Definition, values: Mapping[str, Any]) -> frozenset[str]:
    """Return the data that can still change the outcome or what it tells."""
    known = results.with_results(definition, values)
    certain, possible, waiting = _settle(definition, known)
    found = certain or _only(possible)
    if found is not None:
        names = {
            path.split(".")[0]
            for text in (found.text.title, *found.text.body)
            for words in text.values()
            for path in placeholders(words)
        }
        waiting = {name for name in names if known.get(name, UNKNOWN) is UNKNOWN}
    return _behind(definition, known, waiting)


def _only(possible: list[GuidanceOutcome]) -> GuidanceOutcome | None:
    """Several lines that show the same need not be told apart."""
    return possible[0] if possible and len({each.show for each in possible}) == 1 else None


def _settle(
    definition: Definition, values: Mapping[str, Any]
) -> tuple[GuidanceOutcome | None, list[GuidanceOutcome], set[str]]:
    """Return the certain outcome, else the possible ones and what they wait for."""
    possible: list[GuidanceOutcome] = []
    waiting: set[str] = set()
    for line in definition.outcomes:
        holds: Any = True
        if line.condition is not None:
            holds, unknown = _holds(line.condition, values)
            waiting |= unknown
        if holds is False:
            continue
        if holds is True and not possible:
            return line, [], set()
        possible.append(line)
        if holds is True:
            break
    return None, possible, waiting


def _holds(condition: Expression | Goal, values: Mapping[str, Any]) -> tuple[Any, set[str]]:
    try:
        found = condition.evaluate(values)
    except EvaluationError:
        return False, set()
    return found.value, {name.split(".")[0] for name in found.unknown}


def _behind(
    definition: Definition, values: Mapping[str, Any], waiting: Iterable[str]
) -> frozenset[str]:
    """Replace computed names by the questions they wait for, as far down as needed."""
    found: set[str] = set()
    todo = list(waiting)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        datum = definition.data.get(name)
        expressions: list[Expression | Goal] = []
        if datum is not None:
            expressions = [each for each in (datum.when, datum.value) if each is not None]
        elif name in definition.results:
            expressions = [definition.results[name].value]
        for expression in expressions:
            if evaluated(expression, values) is UNKNOWN:
                todo.extend(_holds(expression, values)[1])
    return frozenset(found & set(definition.data))
