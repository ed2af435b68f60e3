"""`townhall rules simulate`: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from townhall import cli

DAY = ("--day", "2026-06-01")
HEADING = (
    "person_id,family_id,household_id,adult,date_of_birth,employment_income,tenure,"
    "local_housing_allowance"
)
SMALL = f"""{HEADING}
1,1,1,yes,1990-01-01,30000,owned,0
2,1,1,no,2018-05-05,0,owned,0
3,2,2,yes,1985-02-03,12000,owned,0
"""


def simulate(*arguments: object) -> int:
    return cli.main(["rules", "simulate", *(str(each) for each in arguments)])


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_an_invented_population_and_a_reform(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text("name: More\nrates: {child_benefit.eldest: 40}\n", encoding="utf-8")
    assert simulate("--synthetic", 1000, "--reform", reform, *DAY) == 0
    said = capsys.readouterr()
    for words in (
        "1,000 households",
        "The population is invented",
        "child_benefit.eldest: 27.05 -> 40",
        "facts are taken at their usual values: adopted_within_year",
        "of which: High Income Child Benefit Charge",
        "The public purse pays",
        "In poverty:",
    ):
        assert words in said.out
    assert [line.split("  ")[0] for line in said.err.splitlines() if "100%" in line] == [
        "Inventing",
        "The law as it is",
        "The law with the reform",
    ]


def test_a_file_is_taken_once_it_is_agreed_what_is_usual(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(people, *DAY) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert 'column "is_married": The column is missing. Add it, or agree' in said.err
    out = tmp_path / "results.json"
    assert simulate(people, "--usual", *DAY, "--out", out) == 0
    results = json.loads(out.read_text(encoding="utf-8"))
    assert results["population"]["persons"] == 3
    assert results["population"]["weighted"] is False
    assert "is_married" in results["facts"]["usual"]
    assert "60 %" in results["definitions"]["poverty"]["en"]
    table = tmp_path / "results.csv"
    assert simulate(people, "--usual", *DAY, "--out", table) == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = {(row["table"], row["group"], row["figure"]): row for row in csv.DictReader(file)}
    benefit = rows["costs", "", "child_benefit_paid"]
    assert (benefit["before"], benefit["difference"]) == ("1433.65", "0")  # 53 Mondays
    assert ("deciles", "10", "people who win") in rows


def test_a_mapping_gives_other_names(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people.write_text(SMALL.replace("employment_income", "wage"), encoding="utf-8")
    how = tmp_path / "map.yaml"
    how.write_text("columns: {employment_income: wage}\nusual: all\n", encoding="utf-8")
    assert simulate(people, "--map", how, *DAY) == 0
    assert "3 persons" in capsys.readouterr().out
    how.write_text("columns: {employment_incme: wage}\n", encoding="utf-8")
    assert simulate(people, "--map", how, *DAY) == 2
    assert 'Did you mean "employment_income"?' in capsys.readouterr().err


def test_misuse_and_data_that_do_not_do(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate() == 2
    assert simulate(people, "--synthetic", 1000) == 2
    assert simulate(tmp_path / "nowhere.csv") == 2
    assert simulate(people, "--out", "results.xlsx") == 2
    assert simulate("--synthetic", 10, *DAY) == 1
    assert "1,000 to 1,000,000" in capsys.readouterr().err
    assert simulate("--synthetic", 1000, "--day", "1999-01-01") == 1
    assert "The law is known from 2024-04-06 to 2027-03-31" in capsys.readouterr().err
    people.write_text(SMALL.replace("12000", "a lot"), encoding="utf-8")
    assert simulate(people, "--usual", *DAY) == 1
    assert 'row 4, column "employment_income": “a lot” cannot be used' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        simulate(people, "--day", "yesterday")


def test_a_web_process_starts_without_numpy() -> None:
    started = "import sys, townhall.wsgi; print({'numpy', 'duckdb', 'numba'} & set(sys.modules))"
    environment = {**os.environ, "TOWNHALL_PROFILE": "test"}
    done = subprocess.run(
        [sys.executable, "-c", started], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"
