"""Towing rules and sick pay against every published row (data/govuk-flows, MIT)."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from townhall.catalogue.engine import flow_checks, guidance, interview
from townhall.catalogue.engine.compiler import compile_file
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.pack import load_pack
from townhall.catalogue.engine.situation import Situation

PACK = load_pack(Path(__file__).parents[1])
CHECKS = {check.service: check for check in flow_checks.load(PACK.folder)}
ROWS = [(check, row) for check in CHECKS.values() for row in check.rows]


def definition(service: str) -> Definition:
    path = next(each for each in PACK.service_files if each.stem == service)
    compiled = compile_file(path, PACK)
    assert compiled.definition is not None, compiled.problems
    return compiled.definition


@pytest.fixture(scope="module")
def definitions() -> dict[str, Definition]:
    return {service: definition(service) for service in CHECKS}


def one(check: flow_checks.FlowCheck, row: flow_checks.Row) -> flow_checks.FlowCheck:
    return dataclasses.replace(check, rows=(row,))


def test_no_row_is_missing() -> None:
    assert {service: len(check.rows) for service, check in CHECKS.items()} == {
        "towing-rules": 55,
        "statutory-sick-pay": 71,
    }


@pytest.mark.parametrize(
    ("check", "row"), ROWS, ids=[f"{check.service}-{row.case}" for check, row in ROWS]
)
def test_our_flow_does_what_the_row_says(
    definitions: dict[str, Definition], check: flow_checks.FlowCheck, row: flow_checks.Row
) -> None:
    (result,) = flow_checks.run(one(check, row), definitions[check.service])
    assert result.agrees, result.problem


def test_every_way_through_the_towing_rules_ends_where_theirs_does(
    definitions: dict[str, Definition],
) -> None:
    towing, check = definitions["towing-rules"], CHECKS["towing-rules"]
    table = PACK.folder / "data" / "govuk-flows" / "towing-rules" / "complete-paths.csv"
    reached = []
    with table.open(encoding="utf-8", newline="") as lines:
        for cells in csv.DictReader(lines):
            steps = [step.split("=") for step in cells["path"].split(" > ")]
            answers = {}
            for question, answer in steps:
                name = check.questions[question]
                ours = check.answers.get(name, {}).get(answer, answer)
                situation = Situation(today=ROWS[0][1].as_of, answers=answers)
                assert interview.next_page(towing, situation) == name
                yes_no = towing.data[name].type == "yes/no"
                answers[name] = ours == "yes" if yes_no else ours
            situation = Situation(today=ROWS[0][1].as_of, answers=answers)
            assert interview.next_page(towing, situation) is None
            found = guidance.outcome(towing, situation)
            assert found is not None
            assert found.key == check.outcomes[cells["outcome"]]
            reached.append(found.key)
    assert len(set(reached)) == len(reached) == 22 == len(towing.outcomes)


def test_a_wrong_row_is_noticed(definitions: dict[str, Definition]) -> None:
    """Turn each kind of assertion round: the runner must say that it does not hold."""
    check = CHECKS["statutory-sick-pay"]
    for row in check.rows:
        turned = dataclasses.replace(row, expected="employee_work_different_days?")
        if row.expected == turned.expected:
            turned = dataclasses.replace(row, expected="has_linked_sickness?")
        (result,) = flow_checks.run(one(check, turned), definitions[check.service])
        assert not result.agrees, row
        if row.check == "answer_refused":
            accepted = dataclasses.replace(row, check="next")
            (result,) = flow_checks.run(one(check, accepted), definitions[check.service])
            assert not result.agrees, row


def test_every_translation_of_a_name_is_used() -> None:
    """A name that stands in the mapping but not in the rows would hide a mistake in typing."""
    for check in CHECKS.values():
        said = {each.expected for each in check.rows} | {
            question for each in check.rows for question, _ in each.path
        }
        assert set(check.questions) <= said
        assert set(check.outcomes) <= said


@pytest.mark.parametrize("days", ["4 weeks", "ham", "", "0", "4.5", "1e9"])
def test_days_covered_must_be_a_sensible_whole_number(
    definitions: dict[str, Definition], days: str
) -> None:
    sick_pay = definitions["statutory-sick-pay"]
    before = {
        "other_pay": ["none"],
        "told_in_time": True,
        "irregular_days": False,
        "first_day": "2015-01-01",
        "last_day": "2015-01-09",
        "linked": False,
        "paid_for": "nothing_yet",
        "pay_pattern": "weekly",
        "would_have_earned": "300.00",
    }
    situation = Situation(today=ROWS[0][1].as_of, answers=before)
    page = sick_pay.page_of("would_have_days")
    assert page is not None
    refused = interview.accept(sick_pay, page.key, {"would_have_days": [days]}, situation)
    assert "would_have_days" in refused.errors
    accepted = interview.accept(sick_pay, page.key, {"would_have_days": ["4"]}, situation)
    assert not accepted.errors
