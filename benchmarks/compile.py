"""How long a definition of 100 fields takes to compile and lint, and to be used.

CPU time of this process, median of several runs; the pack is loaded once, as in
the web process. The definition has every type, two languages, a page for five
questions, conditions that build on each other, results, a fee, a flow, letters
and tests, and is free of findings.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from townhall.catalogue.engine import assessment, flow, interview, testing
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import load_pack
from townhall.catalogue.engine.situation import Situation

FIELDS = 100
RUNS = 15
PACK = Path(__file__).resolve().parents[1] / "src" / "townhall" / "packs" / "uk"
_TYPES = (
    "type: text, max_length: 80",
    "type: number, min: 0, max: 500, decimals: 0",
    "type: money, max: 100000",
    "type: date, not_after: today",
    "type: yes/no",
    "type: choice, options: {a: {en: First, cy: Cyntaf}, b: {en: Second, cy: Ail}}",
    "type: email",
    "type: address",
)
_ANSWERS: tuple[Any, ...] = (
    "text",
    "3",
    "12.50",
    "2020-02-29",
    True,
    "a",
    "a@example.com",
    {"line1": "1 Row", "line2": "", "town": "Wrenford", "postcode": "WX1 1AA"},
)
_HEAD = """service: hundred-fields
version: 1
title: {en: A long form, cy: Ffurflen hir}
summary: {en: Every type, cy: Pob math}
agency: borough
eligible:
  - {if: "f1 < 400", else: no, say: {en: Too many, cy: Gormod}}
  - {if: "f4", else: review, say: {en: Not confirmed, cy: Heb ei gadarnhau}}
"""
_TAIL = """results:
  total: {value: "f2 * f1", because: {en: "{f1} times {f2}", cy: "{f1} gwaith {f2}"}}
fee: {amount: "if total > 1000 then 10 else 5", pay: after}
flow:
  received: {auto: [check_eligibility], to: {ok: granted, doubt: review, no: refused}}
  review:
    {by: permits.officer, within: 10 working days, can: [ask, grant, refuse], four_eyes: "fee > 5"}
  granted: {end: yes, letter: granted}
  refused: {end: yes, letter: refused}
deadline: {legal: 8 weeks}
keep: {granted: 5 years, refused: 1 year}
letters:
  granted:
    title: {en: Granted, cy: Rhoddwyd}
    text: [{en: "You get {total}.", cy: "Cewch {total}."}]
  refused:
    title: {en: Refused, cy: Gwrthodwyd}
    text: [{en: "{case.reason}", cy: "{case.reason}"}]
tests:
  - {name: granted, given: {answers: {f1: 3}}, expect: {state: granted}}
  - {name: refused, given: {answers: {f1: 450}}, expect: {state: refused}}
"""


def source() -> str:
    """Return the definition of 100 fields."""
    lines = [_HEAD, "data:\n"]
    for number in range(FIELDS):
        kind = _TYPES[number % len(_TYPES)]
        more = (
            "" if number < len(_TYPES) else f", when: \"f4 and f5 == 'a' and f1 < {400 - number}\""
        )
        more += ', valid: [{if: "f1 >= 0", say: {en: No, cy: Na}}]' if number % 10 == 1 else ""
        ask = f"ask: {{en: Question {number}, cy: Cwestiwn {number}}}"
        lines.append(f"  f{number}: {{{kind}, {ask}{more}}}\n")
    lines.append("pages:\n")
    for first in range(0, FIELDS, 5):
        names = ", ".join(f"f{number}" for number in range(first, min(first + 5, FIELDS)))
        lines.append(f"  - {{ask: [{names}]}}\n")
    return "".join([*lines, _TAIL])


def compiled(pack: Pack) -> Definition:
    """Return the definition, or stop: a figure for a broken file would mean nothing."""
    found = compile_text(source(), pack, "hundred-fields.yaml")
    if found.definition is None:
        raise SystemExit("\n".join(each.render() for each in found.problems))
    return found.definition


def answered() -> Situation:
    """Return a situation in which everything is answered."""
    answers = {f"f{number}": _ANSWERS[number % len(_ANSWERS)] for number in range(FIELDS)}
    person = {"id": "p", "name": "P", "email": None}
    return Situation(today=date(2026, 11, 22), answers=answers, person=person)


def run() -> Iterable[dict[str, Any]]:
    """Yield `compile_100_fields_ms`, and what one step of the form and of a case costs."""
    pack = load_pack(PACK)
    definition = compiled(pack)
    situation = answered()
    assessed = assessment.assess(definition, situation)
    if assessed.eligibility != "yes" or interview.next_page(definition, situation):
        raise SystemExit("the situation of the benchmark is not complete")
    yield _figure(
        "compile_100_fields_ms",
        _median(lambda: compile_text(source(), pack, "hundred-fields.yaml")),
        50,
        "read, compile and lint 100 fields in two languages; peer: the limit",
    )
    yield _figure(
        "reevaluate_100_fields_ms",
        _median(lambda: interview.page_list(definition, situation)),
        1,
        "which of 100 conditional questions are asked, everything answered; peer: the limit",
    )
    yield _figure(
        "transition_ms",
        _median(lambda: flow.enter(definition, situation, assessed)),
        0.1,
        "a case's automatic states, engine only; peer: the limit",
    )
    pack_tests = compile_text(_service("resident-permit"), pack, "resident-permit.yaml").definition
    if pack_tests is not None:
        yield _figure(
            "definition_tests_ms",
            _median(lambda: testing.run_tests(pack_tests)),
            1000,
            f"the {len(pack_tests.tests)} tests of the resident permit; peer: a second",
        )


def _service(name: str) -> str:
    return (PACK / "services" / f"{name}.yaml").read_text(encoding="utf-8")


def _median(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(RUNS):
        begin = time.process_time_ns()
        work()
        times.append((time.process_time_ns() - begin) / 1e6)
    return statistics.median(times)


def _figure(name: str, value: float, peer: float, how: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "peer": peer,
        "ratio": round(value / peer, 3),
        "how": f"{how}; CPU time, median of {RUNS} runs",
    }
