"""Every row of the official figures: all agree, but the one known difference of the source."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from townhall.packs.uk import verification
from townhall.packs.uk.verification import Absent, Sources, rows
from townhall.packs.uk.verification.rows import Row

KNOWN = {"mca-008"}
ROWS = {
    "govuk_child_benefit": 98,
    "govuk_married_allowance": 17,
    "govuk_state_pension_age": 37 + 560,
    "govuk_sick_pay": 167,
    "govuk_minimum_wage": 121,
    "govuk_working_days": 16,
}
COPY = rows.folder(Sources())
GIVEN = Path(__file__).resolve().parents[6] / "shared" / "data" / "govuk-figures"


@pytest.mark.parametrize("suite", ROWS)
def test_every_row_of_the_suite_agrees(suite: str) -> None:
    outcome = verification.verify(suite, Sources())
    assert outcome.of == ROWS[suite]
    unexpected = [miss for miss in outcome.misses if miss.case not in KNOWN]
    assert unexpected == []
    assert outcome.missed["ours"] == 0
    assert outcome.passed == outcome.of - len(outcome.misses)


def test_the_known_difference_is_theirs_and_says_which_law_decides() -> None:
    (miss,) = verification.verify("govuk_married_allowance", Sources()).misses
    assert (miss.case, miss.kind) == ("mca-008", "theirs")
    assert (miss.expected, miss.got) == ("802", "801.95")
    assert "ITA 2007 s.45(4)" in miss.reason


def test_a_table_that_is_not_there_is_said_not_passed(tmp_path: Path) -> None:
    with pytest.raises(Absent, match=r"minimum_wage\.csv"):
        verification.verify("govuk_minimum_wage", Sources(figures=tmp_path))


def test_a_changed_expectation_is_found(tmp_path: Path) -> None:
    for table in COPY.glob("*.csv"):
        shutil.copy(table, tmp_path)
    table = tmp_path / "minimum_wage.csv"
    said = table.read_text(encoding="utf-8")
    changed = said.replace("mw-024,minimum_hourly_rate,12.21", "mw-024,minimum_hourly_rate,12.22")
    assert changed != said
    table.write_text(changed, encoding="utf-8")
    outcome = verification.verify("govuk_minimum_wage", Sources(figures=tmp_path))
    assert [(miss.case, miss.kind, miss.got) for miss in outcome.misses] == [
        ("mw-024", "ours", "12.21")
    ]


@pytest.mark.parametrize(
    ("expected", "got", "agrees"),
    [
        ("12.5", "12.50", False),  # a text is compared as a text
        ("true", True, True),
        ("true", 1, False),
        ("1", True, False),
        ("12.5", Decimal("12.50"), True),
        ("2026-04-06", "2026-04-06", True),
    ],
)
def test_values_are_compared_by_their_kind(expected: str, got: object, agrees: bool) -> None:
    assert rows.agrees(Row({"expected": expected}), got) is agrees


def test_a_figure_that_no_rule_answers_is_our_miss() -> None:
    row = Row({"case_id": "x-1", "figure": "height", "expected": "1"})
    outcome = rows.compare("suite", [row], {})
    assert outcome.missed["ours"] == 1
    assert outcome.misses[0].reason == "no rule of ours answers this figure"


@pytest.mark.skipif(not GIVEN.is_dir(), reason="the figures as given lie beside a checkout only")
@pytest.mark.parametrize("name", sorted(path.name for path in COPY.glob("*.[cj]s*")))
def test_the_copy_in_the_pack_is_the_table_as_given(name: str) -> None:
    assert (COPY / name).read_bytes() == (GIVEN / name).read_bytes()
