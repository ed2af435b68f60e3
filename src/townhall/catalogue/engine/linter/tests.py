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
BUILT_IN: Final = ("draft", "waiting_citizen", "withdrawn")
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
    _Check(material, test).run()


class _Check:
    """Looks at the names in one test."""

    def __init__(self, material: Material, test: TestCase) -> None:
        self.material = material
        self.test = test
        self.where = f'test "{test.name}"'
        data = material.definition.data.items()
        self.asked = [name for name, datum in data if datum.kind != "computed"]

    def run(self) -> None:
        test = self.test
        self._keys(test.given, GIVEN, "given")
        self._keys(test.expect, EXPECT, "expect")
        for step in test.steps:
            self._keys(step, STEPS, "steps")
        if not test.expect:
            self.material.error(
                test.line, f"{self.where} expects nothing.", "Add  expect: {state: granted}."
            )
        for name in _names(test.given.get("answers")):
            self._known("question", name, self.asked)
        self._registers()
        self._expected()

    def _registers(self) -> None:
        pack = self.material.definition.pack
        for name, value in _entries(self.test.given.get("registers")):
            self._known("register", name, pack.registers)
            if isinstance(value, str) and value not in OUTAGES and name in pack.registers:
                self._known("fixture", value, (*pack.fixtures.get(name, {}), *OUTAGES))

    def _expected(self) -> None:
        definition, expect = self.material.definition, self.test.expect
        for key in ("asked", "next"):
            for name in _names(expect.get(key)):
                self._known("question", name, self.asked)
        for name in _names(expect.get("results")):
            self._known("result", name, definition.results)
        if state := expect.get("state"):
            self._known("state", str(state), (*definition.flow, *BUILT_IN))
        if letter := expect.get("letter"):
            self._known("letter", str(letter), (*definition.letters, "none"))

    def _keys(self, given: Iterable[str], known: Iterable[str], part: str) -> None:
        for key in given:
            if key not in known:
                self.material.error(
                    self.test.line,
                    f'{self.where}: {part} has no "{key}".',
                    did_you_mean(key, known),
                )

    def _known(self, kind: str, name: str, known: Iterable[str]) -> None:
        if name not in known:
            self.material.error(
                self.test.line,
                f'{self.where} names the {kind} "{name}", which does not exist.',
                did_you_mean(name, known),
            )


def _names(given: Any) -> Iterable[str]:
    if isinstance(given, str):
        return (given,)
    if isinstance(given, dict | list):
        return tuple(str(each) for each in given)
    return ()


def _entries(given: Any) -> Iterable[tuple[str, Any]]:
    return tuple(given.items()) if isinstance(given, dict) else ()


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
            material.error(last, f'no test reaches the outcome "{name}".', "Add one under tests:.")
