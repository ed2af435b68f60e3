"""Child Benefit as the definition decides it, against the official figures (MIT)."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from townhall.catalogue.engine import assessment
from townhall.catalogue.engine.compiler import compile_file
from townhall.catalogue.engine.pack import load_pack
from townhall.catalogue.engine.situation import Fact, Situation

PACK = load_pack(Path(__file__).parents[1])
DEFINITION = compile_file(PACK.folder / "services" / "child-benefit.yaml", PACK).definition
FIGURES = PACK.folder / "data" / "govuk-figures" / "child_benefit_and_high_income_charge.csv"

with FIGURES.open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))
PERCENT = [row for row in ROWS if row["figure"] == "high_income_charge_percent"]
FULL_YEAR = [
    row
    for row in ROWS
    if row["figure"] == "child_benefit_for_tax_year"
    and row["children_part_year"] == "0"
    # In 2012-13 the charge began on 7 January: no whole year.
    and not row["part_year_claims"]
    and row["tax_year"] != "2012-13"
]


def results(children: int, income: str, today: date) -> dict[str, Any]:
    """What the definition decides for a parent of so many children of five."""
    born = today - timedelta(days=5 * 366)
    facts = {
        "date_of_birth": Fact("found", "1980-01-01"),
        "children": Fact(
            "found",
            [
                {
                    "person": str(number),
                    "name": f"Child {number}",
                    "date_of_birth": born.isoformat(),
                    "lives_with": True,
                }
                for number in range(children)
            ],
        ),
        "income": Fact("found", income),
    }
    assert DEFINITION is not None
    found = assessment.assess(
        DEFINITION,
        Situation(today=today, answers={"same_children": "yes"}, facts=facts, person={"id": "p"}),
    )
    assert found.eligibility == "yes"
    return {name: each.value for name, each in found.results.items()}


def middle(tax_year: str) -> date:
    return date(int(tax_year[:4]) + 1, 2, 1)


def mondays(tax_year: str) -> int:
    start = date(int(tax_year[:4]), 4, 6)
    days = (date(start.year + 1, 4, 6) - start).days
    return sum((start + timedelta(days=offset)).weekday() == 0 for offset in range(days))


@pytest.mark.parametrize("row", PERCENT, ids=[row["case_id"] for row in PERCENT])
def test_the_share_taken_back_agrees(row: dict[str, str]) -> None:
    found = results(int(row["children"]), f"{row['income']}.00", middle(row["tax_year"]))
    assert found["charge_percent"] == Decimal(row["expected"])


@pytest.mark.parametrize("row", FULL_YEAR, ids=[row["case_id"] for row in FULL_YEAR])
def test_the_weekly_amount_makes_the_amount_of_the_year(row: dict[str, str]) -> None:
    found = results(int(row["children"]), "20000.00", middle(row["tax_year"]))
    year = found["weekly"].amount * mondays(row["tax_year"])
    assert year == Decimal(row["expected"])


def test_enough_rows_were_looked_at() -> None:
    assert len(PERCENT) == 16
    assert len(FULL_YEAR) >= 20
    assert {mondays(row["tax_year"]) for row in FULL_YEAR} == {52, 53}


@pytest.mark.parametrize(
    ("day", "income", "percent"),
    [
        (date(2026, 11, 22), 65_800, 29),
        (date(2026, 11, 22), 71_400, 57),
        (date(2026, 11, 22), 71_600, 58),
        (date(2023, 11, 22), 52_900, 29),
        (date(2023, 11, 22), 55_700, 57),
        (date(2023, 11, 22), 55_800, 58),
    ],
)
def test_incomes_at_which_floating_point_loses_a_percent(
    day: date, income: int, percent: int
) -> None:
    assert results(1, f"{income}.00", day)["charge_percent"] == percent
    assert results(1, f"{income - 1}.99", day)["charge_percent"] == percent - 1
