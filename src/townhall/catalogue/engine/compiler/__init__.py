"""From a YAML file to an immutable definition, with every problem in one run.

`compile_text` reads (`service`, `data`, `flow`, `content`), then lints. A file
with an error gives no definition: it can never go live.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from townhall.catalogue.engine import linter, source
from townhall.catalogue.engine.compiler.service import ServiceReader
from townhall.catalogue.engine.compiler.stored import CannotRebuild, rebuild
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.problems import Findings, Problem

__all__ = ["CannotRebuild", "Compiled", "compile_file", "compile_text", "rebuild"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The outcome of compiling: a definition if there is no error, and the problems."""

    definition: Definition | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what stops publication; the rest is advice."""
        return tuple(each for each in self.problems if each.severity == "error")


def compile_text(
    text: str,
    pack: Pack,
    filename: str = "definition.yaml",
    *,
    services: Collection[str] | None = None,
) -> Compiled:
    """Compile and lint one definition.

    Parameters
    ----------
    text
        The file.
    pack
        What definitions may refer to.
    filename
        Named in problems.
    services
        Keys of the services that exist, for appeals and `apply:`; by default
        those of the pack.
    """
    findings = Findings(filename)
    root = source.load(text, findings)
    if root is None:
        return Compiled(None, findings.ordered())
    reader = ServiceReader(root, pack, findings, text)
    definition = reader.read()
    known = pack.services if services is None else services
    linter.lint(linter.Material(definition, reader.reader, reader.names, frozenset(known)))
    problems = findings.ordered()
    return Compiled(None if findings.has_errors else definition, problems)


def compile_file(path: Path, pack: Pack) -> Compiled:
    """Compile and lint a file; one that cannot be read is a problem, not a crash."""
    findings = Findings(path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        findings.error(0, f"the file cannot be read: {error}.")
        return Compiled(None, findings.ordered())
    return compile_text(text, pack, path.name)
