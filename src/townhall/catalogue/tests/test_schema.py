"""The published schema and reference are those of the code; every definition fits them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml

import townhall
from townhall.catalogue.engine import datatypes, interview, schema, testing
from townhall.catalogue.engine.compiler import compile_text, content, data, flow, sections, types
from townhall.catalogue.engine.compiler import service as service_compiler
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.linter import tests as tests_linter
from townhall.catalogue.engine.schema import words
from townhall.catalogue.engine.schema.format import KINDS
from townhall.catalogue.engine.schema.reference import EXAMPLE
from townhall.catalogue.tests.conftest import APPEAL, PERMIT, WHICH, at, good

PACKAGE = Path(townhall.__file__).parent
ROOT = PACKAGE.parents[1]


def test_the_published_schema_is_the_present_one() -> None:
    kept = (PACKAGE / "catalogue" / "service-definition.schema.json").read_text(encoding="utf-8")
    assert kept == schema.as_text(), "run: townhall catalogue schema > (that file)"


def test_the_reference_page_is_the_present_one() -> None:
    page = ROOT / "docs" / "reference" / "definition.md"
    if not page.is_file():
        pytest.skip("an installed package has no docs")
    assert page.read_text(encoding="utf-8") == schema.reference(), (
        "run: townhall catalogue schema --reference > docs/reference/definition.md"
    )


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        (words.SERVICE, {*service_compiler.CASE_KEYS, *service_compiler.GUIDANCE_KEYS}),
        (words.GUIDE, content.GUIDE_KEYS),
        (words.WHO, service_compiler.WHO_KEYS),
        (words.ELIGIBLE, sections.ELIGIBLE_KEYS),
        (words.ASKED, types.ASKED_KEYS),
        (words.REGISTER, data.REGISTER_KEYS),
        (words.COMPUTED, data.COMPUTED_KEYS),
        (words.PAGE, sections.PAGE_KEYS),
        (words.RESULT, sections.RESULT_KEYS),
        (words.FEE, flow.FEE_KEYS),
        (words.STATE, flow.STATE_KEYS),
        (words.BRANCH, flow.BRANCH_KEYS),
        (words.STEP, flow.STEP_KEYS),
        (words.APPEAL, flow.APPEAL_KEYS),
        (words.LETTER, content.LETTER_KEYS),
        (words.DEADLINE, flow.DEADLINE_KEYS),
        (words.DUPLICATES, service_compiler.DUPLICATES_KEYS),
        (words.BOOK, service_compiler.BOOK_KEYS),
        (words.MIGRATE, service_compiler.MIGRATE_KEYS),
        (words.OUTCOME, content.OUTCOME_KEYS),
        (words.TEST, service_compiler.TEST_KEYS),
        (words.GIVEN, tests_linter.GIVEN),
        (words.EXPECT, tests_linter.EXPECT),
        (words.TEST_STEP, tests_linter.STEPS),
    ],
)
def test_each_key_that_is_read_is_described_and_no_other(lines: dict[str, Any], keys: Any) -> None:
    assert set(lines) == set(keys)
    assert {kind for kind, _ in lines.values()} <= set(KINDS)


def as_an_editor_sees_it(text: str) -> Any:
    """YAML with its usual types, but keys as text, as JSON needs them."""
    return json.loads(json.dumps(yaml.load(text, Loader=yaml.CSafeLoader), default=str))


def test_every_definition_fits_the_schema(pack: Pack) -> None:
    validator = jsonschema.Draft202012Validator(schema.definition_schema())
    jsonschema.Draft202012Validator.check_schema(schema.definition_schema())
    files = sorted((PACKAGE / "packs").glob("*/services/*.yaml"))
    assert files
    for text in (PERMIT, WHICH, APPEAL, *(path.read_text(encoding="utf-8") for path in files)):
        errors = [each.message[:300] for each in validator.iter_errors(as_an_editor_sees_it(text))]
        assert errors == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("agency: transport", "agancy: transport"),
        ("{type: plate}", "{type: plates}"),
        ("{type: plate}", "{type: plate, options: [a]}"),
        ("flow:", "flows:"),
        ("pay: before_decision", "pay: sometimes"),
        ("tests:", "examples_of_tests:"),
        ("from: registers.vehicles", "from: vehicles"),
    ],
)
def test_an_editor_is_told_of_mistakes(right: str, wrong: str) -> None:
    validator = jsonschema_rs.validator_for(schema.definition_schema())
    assert validator.is_valid(as_an_editor_sees_it(PERMIT))
    assert not validator.is_valid(as_an_editor_sees_it(PERMIT.replace(right, wrong, 1)))


EVERYTHING = """  t: {type: text, ask: T, max_length: 10}
  n: {type: number, ask: N, min: 1, max: 5}
  m: {type: money, ask: M}
  d: {type: date, ask: D}
  p: {type: period, ask: P}
  y: {type: yes/no, ask: Y}
  c: {type: choice, ask: C, options: {a: A, b: B}}
  s: {type: choice, ask: S, several: yes, options: {a: A, b: B}}
  pl: {type: plate, ask: Pl}
  e: {type: email, ask: E}
  ph: {type: phone, ask: Ph}
  a: {type: address, ask: Ad}
  w: {type: place, ask: W}
  f: {type: file, ask: F}
  o: {type: text, ask: O, required: no}
  g:
    type: group
    ask: G
    fields: {x: {type: text, ask: X}, z: {type: number, ask: Z, required: no}}
"""
ANSWERS: dict[str, Any] = {
    "t": "x",
    "n": "3",
    "m": "12.50",
    "d": "2026-01-31",
    "p": {"start": "2026-01-01", "end": "2026-01-02"},
    "y": True,
    "c": "a",
    "s": ["a", "b"],
    "pl": "AB12CDE",
    "e": "a@example.org",
    "ph": "01632960001",
    "a": {"line1": "1", "line2": "", "town": "T", "postcode": "X"},
    "w": {"lat": 51.5, "lon": -0.1, "words": ""},
    "f": [
        {
            "file": "0198c0de-0000-7000-8000-000000000001",
            "name": "a.pdf",
            "media_type": "application/pdf",
            "size": 3,
        }
    ],
    "o": None,
    "g": [{"x": "y", "z": None}],
}
WRONG: dict[str, Any] = {
    "t": "x" * 11,
    "n": 9,
    "m": "much",
    "d": "31.1.2026",
    "p": {"start": "2026-01-01"},
    "y": "yes",
    "c": "z",
    "s": ["z"],
    "a": {"line1": "1"},
    "w": {"lat": 99, "lon": 0},
    "f": "a.pdf",
    "g": [],
}


def test_the_schema_of_answers_takes_what_the_house_takes(small: Any) -> None:
    definition: Definition = small(EVERYTHING)
    accepted = interview.accept_json(definition, ANSWERS, at())
    assert accepted.errors == {}
    assert accepted.answers == ANSWERS
    validator = jsonschema.Draft202012Validator(
        schema.answers_schema(definition), format_checker=jsonschema.FormatChecker()
    )
    assert [each.message for each in validator.iter_errors(ANSWERS)] == []
    for name, wrong in WRONG.items():
        assert not validator.is_valid({**ANSWERS, name: wrong}), name
        with pytest.raises(datatypes.Invalid):
            datatypes.from_json(definition.data[name], wrong)
    assert not validator.is_valid({**ANSWERS, "strange": 1})
    assert not validator.is_valid({key: each for key, each in ANSWERS.items() if key != "t"})


def test_a_conditional_question_is_not_required_by_the_schema(pack: Pack) -> None:
    found = schema.answers_schema(good(compile_text(PERMIT, pack)), "cy")
    assert found["required"] == ["plate", "months"]
    assert found["properties"]["lease"]["x-townhall-when"] == "vehicle.keeper != person.id"
    assert found["properties"]["months"]["title"] == "Pa mor hir?"
    assert "address" not in found["properties"]


def test_the_example_of_the_reference_page_compiles_and_passes(plain_pack: Pack) -> None:
    assert EXAMPLE in schema.reference()
    compiled = compile_text(EXAMPLE, plain_pack)
    assert compiled.problems == ()
    assert testing.run_tests(good(compiled)).passed
