"""Questions, pages, eligibility and outcomes: can each of them be reached?"""

from __future__ import annotations

from collections import Counter

from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.linter.material import Material, constant


def check(material: Material) -> None:
    """Look for questions nobody is asked and lines that never count."""
    _questions(material)
    _order(material)
    _eligibility(material)
    _outcomes(material)


def _questions(material: Material) -> None:
    definition = material.definition
    asked = {name for page in definition.pages for name in page.ask}
    for datum in definition.data.values():
        if datum.kind == "asked" and datum.name not in asked:
            material.error(
                datum.line,
                f"{datum.name} is asked on no page, and no register answers it.",
                f"Add it to a page:  - {{ask: [{datum.name}]}},  or give it  from:  or  value:.",
            )
        if datum.name in asked and not datum.ask:
            material.error(
                datum.line,
                f"{datum.name} is asked of people, but there is no question text.",
                "Add  ask: <the question>.",
            )
        for name, inner in datum.fields.items():
            if not inner.ask:
                material.error(
                    inner.line,
                    f"{datum.name}.{name} is asked of people, but there is no question text.",
                    "Add  ask: <the question>.",
                )
        _existence(material, datum)
    used = _used_names(material)
    for datum in definition.data.values():
        if datum.kind == "computed" and datum.name not in used:
            material.advise(datum.line, f"{datum.name} is computed, but nothing uses it.")


def _existence(material: Material, datum: Datum) -> None:
    always = constant(datum.when)
    if always is False:
        material.error(
            datum.line,
            f"{datum.name} can never exist: its when: is always no.",
            "Change the condition, or remove the datum.",
        )
    if always is True:
        material.advise(datum.line, f"{datum.name}: its when: is always yes.", "Leave it out.")


def _used_names(material: Material) -> set[str]:
    used: set[str] = set()
    for use in material.uses:
        used |= use.expression.roots
    for written in material.reader.written:
        for text in written.text.values():
            if "{" in text:
                used |= {part.split(".")[0].split("}")[0] for part in text.split("{")[1:]}
    for page in material.definition.pages:
        used |= set(page.show)
    return used


def _order(material: Material) -> None:
    """A question must not stand before the one that decides whether it is asked."""
    definition = material.definition
    place = {name: number for number, page in enumerate(definition.pages) for name in page.ask}
    deciding: Counter[str] = Counter()
    for name, datum in definition.data.items():
        if datum.when is None or name not in place:
            continue
        for need in datum.when.roots:
            if need in place:
                deciding[need] += 1
            if place.get(need, -1) > place[name]:
                material.error(
                    datum.line,
                    f"{name} is asked before {need}, which decides whether it is asked.",
                    f"Move {need} to an earlier page.",
                )
    _routing(material, place, deciding)


def _routing(material: Material, place: dict[str, int], deciding: Counter[str]) -> None:
    if not deciding:
        return
    # Of several that decide about as many, the first to be asked is the route.
    route, count = max(deciding.items(), key=lambda each: (each[1], -place[each[0]], each[0]))
    datum = material.definition.data[route]
    if datum.when is not None or count * 2 < len(place) - 1 or count < 3:
        return
    early = [
        name
        for name, number in place.items()
        if number < place[route] and material.definition.data[name].when is None
    ]
    if early:
        material.error(
            datum.line,
            f"{route} decides about {count} other questions, but {early[0]} is asked before it.",
            "Ask the routing question first: nobody should answer in vain.",
        )


def _eligibility(material: Material) -> None:
    seen: dict[str, int] = {}
    ended = 0
    for number, line in enumerate(material.definition.eligible, start=1):
        text = line.condition.canonical
        if ended:
            material.error(
                line.line,
                f"eligible line {number} can never be reached: "
                f"line {ended} already ends every case.",
                "Change or remove one of them.",
            )
        elif text in seen:
            material.error(
                line.line,
                f"eligible line {number} repeats the condition of line {seen[text]}.",
                "Remove one of them.",
            )
        always = constant(line.condition)
        if always is True:
            material.error(
                line.line,
                f"eligible line {number} can never fail.",
                "Change the condition, or remove the line.",
            )
        if always is False and line.verdict == "no":
            ended = ended or number
            if number == len(material.definition.eligible):
                material.error(
                    line.line, f"eligible line {number} ends every case: nobody can apply."
                )
        seen.setdefault(text, number)


def _outcomes(material: Material) -> None:
    outcomes = material.definition.outcomes
    if not outcomes:
        return
    if outcomes[-1].condition is not None:
        material.error(
            outcomes[-1].line,
            "outcomes: not every path ends, because the last line has a condition.",
            "Add a last line without  if:.",
        )
    for number, outcome in enumerate(outcomes[:-1], start=1):
        if outcome.condition is None or constant(outcome.condition) is True:
            material.error(
                outcomes[number].line,
                f"outcomes line {number + 1} can never be reached: line {number} always holds.",
                "Move the line without a condition to the end.",
            )
            break
    for outcome in outcomes:
        if constant(outcome.condition) is False:
            material.error(outcome.line, f'the outcome "{outcome.key}" can never be reached.')
        if outcome.apply and outcome.apply not in material.services:
            material.reader.known(
                outcome.apply, outcome.line, "outcomes.apply", "service", material.services
            )
