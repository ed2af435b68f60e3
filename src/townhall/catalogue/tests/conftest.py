"""A small town hall for the tests of the engine, and ways to write definitions shortly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from townhall.catalogue.engine.compiler import Compiled, compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import load_pack
from townhall.catalogue.engine.situation import Fact, Situation

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
PERMIT = (HERE / "pack" / "services" / "resident-permit.yaml").read_text(encoding="utf-8")
WHICH = (HERE / "pack" / "services" / "which-permit.yaml").read_text(encoding="utf-8")
APPEAL = (HERE / "pack" / "services" / "appeal-permit.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack(HERE / "pack")


@pytest.fixture(scope="session")
def plain_pack(pack: Pack) -> Pack:
    """The same town hall with one language, so that short definitions stay short."""
    return replace(pack, languages=("en",))


@pytest.fixture(scope="session")
def permit(pack: Pack) -> Definition:
    return good(compile_text(PERMIT, pack, "resident-permit.yaml"))


@pytest.fixture
def small(plain_pack: Pack) -> Callable[..., Definition]:
    """Compile a service from its `data:` (and more) alone; the rest is filled in."""

    def build(data: str, pages: str = "", more: str = "", *, guidance: bool = False) -> Definition:
        return good(compile_text(service(data, pages, more, guidance=guidance), plain_pack))

    return build


def service(data: str, pages: str = "", more: str = "", *, guidance: bool = False) -> str:
    """Return the text of a service with these data, one page for each unless said."""
    names = [line.split(":")[0].strip() for line in data.splitlines() if line[:2].strip() == ""]
    asked = [
        line.split(":")[0].strip()
        for line in data.splitlines()
        if line.startswith("  ") and line[2] != " " and "from:" not in line and "value:" not in line
    ]
    assert names
    pages = pages or "".join(f"  - {{ask: [{name}]}}\n" for name in asked)
    head = "service: small\nversion: 1\ntitle: Small\n"
    if guidance:
        return f"{head}guidance: yes\ndata:\n{data}pages:\n{pages}{more}"
    tail = "" if "flow:" in more else FLOW
    deadline = "" if "deadline:" in more else "deadline: {legal: 8 weeks}\n"
    tests = "" if "tests:" in more else TESTS
    return f"{head}agency: transport\ndata:\n{data}pages:\n{pages}{tail}{deadline}{tests}{more}"


FLOW = """flow:
  received:
    auto: [check_register, check_eligibility]
    to: {ok: granted, doubt: review, no: refused}
  review: {by: permits.officer, can: [ask, grant, refuse]}
  granted: {end: yes, letter: granted}
  refused: {end: yes, letter: refused}
keep: {granted: 1 year, refused: 1 year}
"""
TESTS = """tests:
  - {name: one, given: {answers: {}}, expect: {state: granted}}
  - {name: two, given: {answers: {}}, expect: {state: refused}}
"""


def good(compiled: Compiled) -> Definition:
    assert compiled.definition is not None, "\n".join(each.render() for each in compiled.problems)
    return compiled.definition


def at(**known: Any) -> Situation:
    """A situation today; `facts` as {datum: value} means found."""
    facts = {
        name: value if isinstance(value, Fact) else Fact("found", value)
        for name, value in known.pop("facts", {}).items()
    }
    person = known.pop("person", {"id": "p1", "name": "Ann Apple", "email": None})
    return Situation(today=known.pop("today", TODAY), facts=facts, person=person, **known)
