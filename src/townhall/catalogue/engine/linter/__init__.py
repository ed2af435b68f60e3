"""What is well-formed and still wrong: dead ends, silent gaps, broken promises.

Each module looks at one side of the service; all findings come in one run.
The checks are those that service owners of other products miss most (see
`docs/reference/definition.md` for the list in words).
"""

from __future__ import annotations

from townhall.catalogue.engine.linter import absence, flow, pages, promises, tests, texts
from townhall.catalogue.engine.linter.material import Material

__all__ = ["Material", "lint"]


def lint(material: Material) -> None:
    """Note everything that is wrong with a definition that could be read."""
    pages.check(material)
    if not material.definition.guidance:
        flow.check(material)
        promises.check(material)
    absence.check(material)
    texts.check(material)
    tests.check(material)
