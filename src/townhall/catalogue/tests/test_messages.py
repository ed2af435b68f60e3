"""Whatever is said about an answer is said in Welsh, too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from townhall.catalogue import engine
from townhall.foundation import text


def said() -> set[str]:
    found = set()
    for path in Path(engine.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_there_is_something_to_say() -> None:
    assert len(said()) > 40


@pytest.mark.parametrize("msgid", sorted(said()))
def test_it_is_said_in_welsh(msgid: str) -> None:
    assert text.gettext(msgid, "cy") != msgid
