"""The engine as others see it."""

from __future__ import annotations

import ast
import doctest
from pathlib import Path

import townhall.rules.engine as engine

ENGINE = Path(str(engine.__file__)).parent
PURE = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "operator",
    "re",
    "types",
    "typing",
}


def test_the_example_in_the_docstring_is_true() -> None:
    result = doctest.testmod(engine)
    assert result.attempted >= 4
    assert result.failed == 0


def test_the_public_names_are_there() -> None:
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_nothing_impure_is_imported() -> None:
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots = {str(node.module).partition(".")[0]}
            else:
                continue
            assert roots <= PURE, f"{path.name} imports {roots - PURE}"
