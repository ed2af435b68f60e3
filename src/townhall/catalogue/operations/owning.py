"""What a service owner looks at: versions, health, differences, a dry run."""

from __future__ import annotations

from dataclasses import dataclass

from townhall.catalogue import models
from townhall.catalogue.engine import compiler, diff, replay, testing
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.diff import Change
from townhall.catalogue.engine.problems import Problem
from townhall.catalogue.engine.replay import Replayed
from townhall.catalogue.engine.testing import TestReport
from townhall.catalogue.operations import library


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the live version keeps its promises with the pack as it is today."""

    problems: tuple[Problem, ...]
    report: TestReport

    @property
    def good(self) -> bool:
        """Say whether there is no error and every test passes."""
        return self.report.passed and not any(each.severity == "error" for each in self.problems)


@dataclass(frozen=True, slots=True)
class Checked:
    """A dry run of a file: what publishing it would say and change.

    `replayed` are the sample applications of the live version, played with this
    one: what they would be asked again, and which answers lead nowhere.
    """

    definition: Definition | None
    problems: tuple[Problem, ...]
    report: TestReport | None
    changes: tuple[Change, ...]
    replayed: tuple[Replayed, ...] = ()


def versions(*, key: str) -> tuple[models.Line, ...]:
    """Return the versions of a service, newest first; raises `ServiceNotFound`."""
    found = models.lines(key)
    if not found:
        raise library.ServiceNotFound(key)
    return found


def source_of(digest: str) -> str:
    """Return the file of a version as it was published; raises `VersionNotFound`."""
    return library.by_hash(digest).source


def health(*, key: str) -> Health:
    """Lint the live version again and run its tests; raises `ServiceNotFound`."""
    definition = library.live(key)
    compiled = compiler.compile_text(
        definition.source,
        library.pack(),
        definition.filename,
        services=library.pack().services | frozenset(library.pointers()),
    )
    return Health(compiled.problems, testing.run_tests(definition))


def difference(*, old: str, new: str) -> tuple[Change, ...]:
    """Return what one version changes against another, by their hashes, in words."""
    return diff.compare(library.by_hash(old), library.by_hash(new))


def check(*, text: str, filename: str) -> Checked:
    """Compile, lint, test and compare a file without publishing it."""
    known = library.pointers()
    compiled = compiler.compile_text(
        text, library.pack(), filename, services=library.pack().services | frozenset(known)
    )
    definition = compiled.definition
    if definition is None:
        return Checked(None, compiled.problems, None, ())
    report = testing.run_tests(definition)
    pointer = known.get(definition.service)
    if pointer is None:
        return Checked(definition, compiled.problems, report, ())
    before = library.by_hash(pointer.live)
    return Checked(
        definition,
        compiled.problems,
        report,
        diff.compare(before, definition),
        replay.replay(before, definition),
    )
