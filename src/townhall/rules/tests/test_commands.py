"""`townhall rules verify`: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from townhall import cli

PACK = '''
"""Figures of an invented pack."""

from types import SimpleNamespace as Outcome

SUITES = ("good", "theirs", "ours", "elsewhere", "broken")


class Absent(Exception):
    pass


class Sources:
    def __init__(self, figures=None, policyengine=None):
        self.figures = figures


def verify(suite, sources):
    if suite == "elsewhere":
        raise Absent(f"There is no table in {sources.figures}.")
    if suite == "broken":
        from townhall.rules.engine.law import LawError
        raise LawError('toll.py:3: "height" is no fact and no rule.')
    missed = {"ours": 0, "theirs": 0, "convention": 0, "out_of_scope": 0}
    misses = []
    if suite in missed:
        missed[suite] = 1
        misses.append(Outcome(case="t-1", kind=suite, figure="toll", expected="2.00", got="2.50",
                              reason="Toll Act s.1: the higher rate holds at night."))
    return Outcome(suite=suite, passed=3 - len(misses), of=3, missed=missed, misses=misses)
'''


@pytest.fixture
def pack(tmp_path: Path) -> list[str]:
    (tmp_path / "toll" / "verification").mkdir(parents=True)
    (tmp_path / "toll" / "verification" / "__init__.py").write_text(PACK, encoding="utf-8")
    return ["--pack", str(tmp_path / "toll")]


def run(*arguments: str) -> int:
    return cli.main(["rules", "verify", *arguments])


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_suite_is_one_line_of_json(pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("good", *pack) == 0
    assert capsys.readouterr().out == (
        '{"suite": "good", "passed": 3, "of": 3, "missed": '
        '{"ours": 0, "theirs": 0, "convention": 0, "out_of_scope": 0}}\n'
    )


def test_only_a_miss_of_ours_is_a_failure(
    pack: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("good", "theirs", *pack) == 0
    assert run("good", "ours", "theirs", *pack) == 1
    assert [line["suite"] for line in lines(capsys)][-3:] == ["good", "ours", "theirs"]


def test_the_misses_come_with_the_law_that_decides(
    pack: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("theirs", "--misses", *pack) == 0
    _, row = capsys.readouterr().out.splitlines()
    for words in ("t-1", "theirs", "toll", "expected 2.00, ours 2.50", "Toll Act s.1"):
        assert words in row


def test_figures_that_are_not_here_are_said(
    pack: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("elsewhere", "--figures", str(tmp_path), *pack) == 1
    assert lines(capsys) == [{"suite": "elsewhere", "absent": f"There is no table in {tmp_path}."}]


def test_figures_that_nobody_named_may_be_elsewhere(
    pack: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "toll" / "verification" / "__init__.py"
    only = PACK.replace(
        '("good", "theirs", "ours", "elsewhere", "broken")', '("elsewhere", "good")'
    )
    module.write_text(only, encoding="utf-8")
    assert run(*pack) == 0
    first, second = lines(capsys)
    assert set(first) == {"suite", "absent"}
    assert second["passed"] == 3


def test_law_that_cannot_be_read_is_no_row_that_differs(
    pack: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("broken", *pack) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert 'toll.py:3: "height" is no fact' in said.err


def test_an_unknown_suite_and_a_pack_without_figures_are_misuse(
    pack: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("bad", *pack) == 2
    assert "There are: good, theirs, ours, elsewhere, broken." in capsys.readouterr().err
    assert run("--pack", str(tmp_path)) == 2
    assert "has no figures to compare with" in capsys.readouterr().err


def test_the_pack_of_the_settings_agrees_with_the_official_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("govuk_working_days", "govuk_married_allowance") == 0
    found = {str(line["suite"]): line for line in lines(capsys)}
    assert found["govuk_working_days"]["passed"] == 16
    assert found["govuk_married_allowance"] == {
        "suite": "govuk_married_allowance",
        "passed": 16,
        "of": 17,
        "missed": {"ours": 0, "theirs": 1, "convention": 0, "out_of_scope": 0},
    }
