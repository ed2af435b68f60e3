"""The strict loader: what it reads, what it refuses, and that it always says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.catalogue.engine import source
from townhall.catalogue.engine.problems import Findings


def read(text: str) -> tuple[source.Node | None, str]:
    findings = Findings("x.yaml")
    node = source.load(text, findings)
    return node, "\n".join(each.render() for each in findings.ordered())


def test_every_scalar_stays_as_it_is_written() -> None:
    node, said = read("a: no\nb: 120.00\nc: 2026-11-01\nd: ~\ne: 0x1f\nf: 'yes'\ng: 12:30\n")
    assert node is not None
    assert node.plain() == {
        "a": "no",
        "b": "120.00",
        "c": "2026-11-01",
        "d": "~",
        "e": "0x1f",
        "f": "yes",
        "g": "12:30",
    }
    assert said == ""


def test_lines_are_those_of_the_file() -> None:
    node, _ = read("a: 1\nb:\n  - x\n  - {c: d,\n     e: f}\n")
    assert node is not None
    assert node.key_lines == {"a": 1, "b": 2}
    assert [each.line for each in node.value["b"].value] == [3, 4]
    assert node.value["b"].value[1].key_lines == {"c": 4, "e": 5}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\na: 2\n", 2, '"a" is given twice here; the first one is in line 1.'),
        ("a: {b: 1, c: 2, b: 3}\n", 1, '"b" is given twice'),
        ("a: &x 1\nb: 2\n", 1, "an anchor"),
        ("a: 1\nb: *a\n", 2, "by alias"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "YAML tag"),
        ("a: !!binary aGk=\n", 1, "YAML tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("", 1, "empty"),
        ("- [a\n- b\n", 3, "not readable"),
        ("a: b: c\n", 1, "not readable"),
        ("a: 'unclosed\n", 2, "not readable"),
        ("? [a, b]\n: c\n", 1, "a key must be a plain word"),
        ("{name}: x\n", 1, "a key must be a plain word"),
        ("a: x\nb: \u202etxt\n", 2, "U+202E"),
        ("a: 1\nb: \x07\n", 2, "U+0007"),
        ("a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\nb: \ud800\n", 2, "lone surrogate"),
        ("a: " + "[" * 40 + "]" * 40, 1, "levels deep"),
    ],
)
def test_what_is_refused_is_said_with_its_line(text: str, line: int, words: str) -> None:
    _, said = read(text)
    assert words in said
    assert said.startswith(f"x.yaml:{line} ")


def test_a_bomb_of_anchors_is_refused_at_its_first_line() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}, *{before}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    node, said = read(bomb)
    assert node is None
    assert said.startswith("x.yaml:1 ")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_beyond_all_measure_is_an_error_and_no_crash(opening: str) -> None:
    node, said = read(opening * 50_000)
    assert node is None
    assert said


def test_a_file_too_large_is_not_read() -> None:
    node, said = read("a: " + "x" * (source.MAX_BYTES + 1))
    assert node is None
    assert "at most 262,144" in said


@given(st.text(max_size=300))
def test_nothing_that_is_written_makes_it_crash(text: str) -> None:
    node, said = read(text)
    assert node is not None or said


@given(
    st.recursive(
        st.text(st.characters(exclude_categories=["C"]), max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_what_a_yaml_writer_writes_is_read_back(tree: object) -> None:
    import yaml

    written = yaml.safe_dump({"root": tree}, allow_unicode=True)
    node, said = read(written)
    if source.DIRECTION_CONTROLS[0] not in written and node is not None and not said:
        assert node.plain() == {"root": tree}
