"""Definitions that mean harm, or are merely absurd: an error with a line, never a crash."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.catalogue.engine import interview, letters, testing
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import PERMIT, WHICH, at, good, service


def errors(text: str, pack: Pack) -> list[str]:
    return [each.message for each in compile_text(text, pack, "x.yaml").errors]


def test_a_cycle_of_three(plain_pack: Pack) -> None:
    text = service(
        "  a: {type: yes/no, ask: A, when: c}\n"
        "  b: {type: yes/no, ask: B, when: a}\n"
        "  c: {type: yes/no, ask: C, when: b}\n"
    )
    assert any("depends on itself" in each for each in errors(text, plain_pack))


def test_a_cycle_of_computed_data_and_one_of_results(plain_pack: Pack) -> None:
    text = service(
        '  a: {value: "b + 1"}\n  b: {value: "a + 1"}\n  x: {type: text, ask: X}\n',
        more='results: {r: "s + 1", s: "r + 1"}\n',
    )
    found = errors(text, plain_pack)
    assert any("a depends on itself: a → b → a" in each for each in found)
    assert any("results.r depends on itself" in each for each in found)


def test_a_register_read_by_what_it_says(plain_pack: Pack) -> None:
    text = service(
        "  vehicle: {from: registers.vehicles, by: copy}\n"
        '  copy: {value: "vehicle.make"}\n  x: {type: text, ask: X}\n'
    )
    assert any("depends on itself" in each for each in errors(text, plain_pack))


def test_a_thousand_fields(plain_pack: Pack) -> None:
    data = "  f0: {type: number, ask: Q}\n" + "".join(
        f'  f{n}: {{type: number, ask: Q, when: "f{n - 1} > 0"}}\n' for n in range(1, 1000)
    )
    names = ", ".join(f"f{n}" for n in range(1000))
    begin = time.process_time()
    definition = good(
        compile_text(service(data, f"  - {{ask: [{names}], key: all}}\n"), plain_pack)
    )
    assert len(definition.order) == 1000
    asked = interview.visible(definition, at(answers={"f0": "1", "f1": "1", "f2": "0"}))
    assert [datum.name for datum in asked] == ["f0", "f1", "f2"]
    # Not a measurement: a square of a thousand would be minutes.
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(
    "deep",
    [
        "(" * 1000 + "own" + ")" * 1000,
        "not " * 1000 + "own",
        "own and (" * 1000 + "own" + ")" * 1000,
        "if own then own else " * 1000 + "own",
    ],
)
def test_a_condition_nested_a_thousand_deep(plain_pack: Pack, deep: str) -> None:
    text = service(
        f'  own: {{type: yes/no, ask: O}}\n  x: {{type: text, ask: X, when: "{deep}"}}\n'
    )
    assert any(
        "data.x.when is nested more than" in each or "characters" in each
        for each in errors(text, plain_pack)
    )


def test_a_long_chain_of_computed_data_is_no_problem(plain_pack: Pack) -> None:
    data = "  a0: {type: number, ask: A}\n" + "".join(
        f'  a{n}: {{value: "a{n - 1} + 1"}}\n' for n in range(1, 600)
    )
    definition = good(compile_text(service(data), plain_pack))
    assert at(answers={"a0": "1"}).values(definition)["a599"] == 600


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("call: os.system", ""),
        ("__import__('os')", "__import__"),
        ("os.system('id')", "os.system"),
        ("a.__class__", "__class__"),
        ("eval('1')", "eval"),
        ("(lambda: 1)()", ""),
        ("[x for x in zones]", ""),
        ("twice.__globals__", "twice"),
        ("open('/etc/passwd')", "open"),
    ],
)
def test_nothing_outside_the_pack_can_be_called(plain_pack: Pack, value: str, said: str) -> None:
    text = service("  a: {type: number, ask: A}\n", more=f'results: {{r: {{value: "{value}"}}}}\n')
    found = errors(text, plain_pack)
    assert found
    assert any(said in each for each in found)


@pytest.mark.parametrize(
    "title",
    [
        "{{ 7 * 7 }}",
        "{% include '/etc/passwd' %}",
        "${7*7}",
        "{fee}",
        "{person.id}",
        "<script>",
        "'; DROP TABLE x; --",
        "%(msgid)s %s %d",
        "\\u0000",
        "{0.__class__}",
    ],
)
def test_a_title_is_only_ever_text(pack: Pack, title: str) -> None:
    written = "'" + title.replace("'", "''") + "'"
    text = PERMIT.replace("{en: Resident parking permit,", f"{{en: {written},")
    definition = good(compile_text(text, pack))
    assert definition.title["en"] == title
    # Shown inside a letter it stays what it is: blanks are filled once.
    assert letters.fill({"en": "{service}"}, {}, "en", definition) == title


def test_right_to_left_overrides_are_refused_and_arabic_is_not(pack: Pack) -> None:
    tricky = PERMIT.replace("en: Park in your", "en: \u202ePark in your")
    assert any("invisible direction characters" in each for each in errors(tricky, pack))
    arabic = replace(pack, languages=("ar",))
    text = re.sub(r"\ben: ([^{}]*?), cy: [^{}]*(?=\})", r"ar: \1", WHICH)
    text = text.replace("A permit", "تصريح وقوف")
    definition = good(compile_text(text, arabic))
    assert definition.texts["resident_permit"].title["ar"] == "تصريح وقوف"


def test_yaml_written_in_another_style_is_the_same_version(pack: Pack) -> None:
    quoted = PERMIT.replace("version: 4", 'version: "4"').replace("else: no", "'else': 'no'")
    assert good(compile_text(quoted, pack)).hash == good(compile_text(PERMIT, pack)).hash


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "- a",
        "a: b",
        "service: x",
        "service: [x]\nflow: y",
        "data: {a: b}",
        "pages: x\ndata: [a]",
        "tests: {a: b}",
        "flow: {a: [b]}",
        "eligible: {if: x}",
        "letters: {a: b}",
        "guidance: maybe",
        "guidance: yes\noutcomes: x",
    ],
)
def test_the_wrong_kind_of_thing_everywhere(pack: Pack, text: str) -> None:
    assert errors(text, pack)


LINES = PERMIT.splitlines(keepends=True)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_mangled_at_random_gives_findings_or_a_definition(
    pack: Pack, data: st.DataObject
) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at_line = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(["drop", "double", "cut", "swap", "word"]))
        line = lines[at_line]
        if act == "drop":
            lines[at_line] = ""
        elif act == "double":
            lines[at_line] = line * 2
        elif act == "cut":
            lines[at_line] = line[: data.draw(st.integers(0, len(line)))] + "\n"
        elif act == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at_line], lines[other] = lines[other], line
        else:
            words = line.split(" ")
            place = data.draw(st.integers(0, len(words) - 1))
            words[place] = data.draw(
                st.sampled_from(
                    ["[]", "{}", "no", "-1", "''", "{a: b}", "[a, b]", "x", "{if: x}", '"1 +"']
                )
            )
            lines[at_line] = " ".join(words)
    compiled = compile_text("".join(lines), pack)
    if compiled.definition is None:
        assert compiled.errors
        assert all(each.message and "Traceback" not in each.message for each in compiled.errors)
    else:
        testing.run_tests(compiled.definition)


def test_a_definition_in_error_names_the_file_and_a_line(small: Callable, plain_pack: Pack) -> None:
    small("  a: {type: text, ask: A}\n")
    compiled = compile_text("service: x\n", plain_pack, "broken.yaml")
    assert compiled.definition is None
    assert {each.file for each in compiled.problems} == {"broken.yaml"}
