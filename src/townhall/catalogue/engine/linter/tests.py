"""The `tests:` of the file: are they there, do they name what exists, what is missing?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from townhall.catalogue.engine.definition import TestCase
from townhall.catalogue.engine.linter import promises
from townhall.catalogue.engine.linter.material import Material
from townhall.catalogue.engine.problems import did_you_mean

GIVEN: Final = ("registers", "answers", "today", "channel", "person", "as", "language")
EXPECT: Final = (
    "state",
    "outcome",
    "fee",
    "asked",
    "letter",
    "eligible",
    "because",
    "results",
    "deadline",
    "errors",
    "next",
    "visited",
)
STEPS: Final = ("officer", "resident", "reason", "as", "fields", "today")
OUTAGES: Final = ("down", "none", "refused")


def check(material: Material) -> None:
    """Look at each test, then at the outcomes that none of them reaches."""
    definition = material.definition
    if not definition.tests:
        material.error(
            1,
            "the service has no tests.",
            "Add  tests:  with at least one case for each outcome.",
        )
        return
    for test in definition.tests:
        _test(material, test)
    _reached(material)


def _test(material: Material, test: TestCase) -> None:
    definition, pack = material.definition, material.definition.pack
    where = f'test "{test.name}"'
    _keys(material, test, where, test.given, GIVEN, "given")
    _keys(material, test, where, test.expect, EXPECT, "expect")
    if not test.expect:
        material.error(test.line, f"{where} expects nothing.", "Add  expect: {state: granted}.")
    for step in test.steps:
        _keys(material, test, where, step, STEPS, "steps")
    asked = [name for name, datum in definition.data.items() if datum.kind != "computed"]
    for name in _names(test.given.get("answers")):
        if name not in asked:
            _unknown(material, test, f"{where} answers", "question", name, asked)
    for name, value in _entries(test.given.get("registers")):
        if name not in pack.registers:
            _unknown(material, test, where, "register", name, pack.registers)
        elif isinstance(value, str) and value not in OUTAGES:
            fixtures = pack.fixtures.get(name, {})
            if value not in fixtures:
                _unknown(material, test, where, "fixture", value, (*fixtures, *OUTAGES))
    for key in ("asked", "next"):
        for name in _names(test.expect.get(key)):
            if name not in definition.data:
                _unknown(material, test, f"{where} expects", "question", name, asked)
    for name in _names(test.expect.get("results")):
        if name not in definition.results:
            _unknown(material, test, f"{where} expects", "result", name, definition.results)
    state = test.expect.get("state")
    if state and state not in (*definition.flow, "waiting_citizen", "withdrawn"):
        _unknown(material, test, f"{where} expects", "state", str(state), definition.flow)
    letter = test.expect.get("letter")
    if letter and letter not in (*definition.letters, "none"):
        _unknown(material, test, f"{where} expects", "letter", str(letter), definition.letters)


def _names(given: Any) -> Iterable[str]:
    if isinstance(given, str):
        return (given,)
    if isinstance(given, dict | list):
        return tuple(str(each) for each in given)
    return ()


def _entries(given: Any) -> Iterable[tuple[str, Any]]:
    return tuple(given.items()) if isinstance(given, dict) else ()


def _keys(
    material: Material, test: TestCase, where: str, given: Any, known: Iterable[str], part: str
) -> None:
    for key in given:
        if key not in known:
            material.error(
                test.line, f'{where}: {part} has no "{key}".', did_you_mean(key, known)
            )


def _unknown(
    material: Material, test: TestCase, where: str, kind: str, name: str, known: Iterable[str]
) -> None:
    material.error(
        test.line,
        f'{where} names the {kind} "{name}", which does not exist.',
        did_you_mean(name, known),
    )


def _reached(material: Material) -> None:
    definition = material.definition
    reached = {
        str(test.expect[key])
        for test in definition.tests
        for key in ("state", "outcome")
        if key in test.expect
    }
    for state in definition.flow.values():
        if state.name in reached:
            reached.add(state.outcome)
    if definition.guidance:
        wanted = {outcome.key: outcome.line for outcome in definition.outcomes}
    else:
        wanted = promises.outcomes(material)
    last = definition.tests[-1].line
    for name in wanted:
        if name not in reached:
            material.error(
                last, f'no test reaches the outcome "{name}".', "Add one under tests:."
            )
