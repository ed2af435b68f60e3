"""Running every test of a definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from townhall.catalogue.engine import interview, letters
from townhall.catalogue.engine.definition import Definition, TestCase
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.shapes import WrongShape
from townhall.catalogue.engine.testing import expect
from townhall.catalogue.engine.testing.given import (
    ANYBODY,
    BadTest,
    Registers,
    person_of,
    situation_of,
)
from townhall.catalogue.engine.testing.play import Played, Player
from townhall.catalogue.engine.testing.report import Failure, TestReport, TestResult


def run_tests(definition: Definition, pack: Pack | None = None) -> TestReport:
    """Play every test of the definition.

    Parameters
    ----------
    pack
        Gives the fixtures; by default the pack the definition was compiled with.
    """
    pack = pack or definition.pack
    return TestReport(
        definition.service,
        tuple(
            TestResult(test.name, test.line, tuple(_failures(definition, pack, test)))
            for test in definition.tests
        ),
    )


def _failures(definition: Definition, pack: Pack, test: TestCase) -> list[Failure]:
    """Return what fails, with the steps that led to it: only then are they worked out."""
    failed = list(_played(definition, pack, test, trace=False))
    return failed and list(_played(definition, pack, test, trace=True))


def _played(
    definition: Definition, pack: Pack, test: TestCase, *, trace: bool
) -> Iterator[Failure]:
    try:
        player, played = play(definition, pack, test, trace=trace)
    except (BadTest, WrongShape) as error:
        yield Failure("the test", "can be played", str(error))
        return
    yield from expect.failures(definition, played, test.expect)
    if not played.errors and not test.steps:
        yield from _same_by_program(player, played, situation_of(definition, pack, test))
    yield from _letters(definition, played)


def play(
    definition: Definition, pack: Pack, test: TestCase, *, trace: bool = False
) -> tuple[Player, Played]:
    """Play one test and return how far it came.

    Raises
    ------
    BadTest
        If the test itself makes no sense.
    """
    registers = test.given.get("registers")
    answers = test.given.get("answers")
    player = Player(
        definition,
        Registers(
            definition,
            pack,
            registers if isinstance(registers, Mapping) else {},
            person_of(definition, pack, test) or ANYBODY,
        ),
        answers if isinstance(answers, Mapping) else {},
        trace,
    )
    played = player.fill_in(situation_of(definition, pack, test))
    player.conclude(played, test.steps)
    return player, played


def _same_by_program(player: Player, played: Played, start: Any) -> Iterator[Failure]:
    """The form and the API must come to the same answers."""
    definition = player.definition
    by_form = interview.drop_hidden(definition, played.situation)
    accepted = player.send_as_program(start)
    by_program = {
        name: each for name, each in accepted.answers.items() if each is not None and each != []
    }
    wanted = {
        name: each
        for name, each in by_form.items()
        if name in player.answers and each is not None and each != []
    }
    if by_program != wanted:
        yield Failure("sent as JSON", str(wanted), str(by_program))


def _letters(definition: Definition, played: Played) -> Iterator[Failure]:
    """The letter of the state reached must come out in every language."""
    row = definition.flow.get(played.state)
    if row is None or played.assessment is None:
        return
    for name in (row.letter, row.issue):
        letter = definition.letters.get(name)
        if letter is None:
            continue
        for language in definition.languages:
            shown = letters.render(letter, played.assessment.values, language, definition)
            if not shown.paragraphs or not all(shown.paragraphs):
                yield Failure(f"letter {name} in {language}", "no empty paragraph", str(shown))
