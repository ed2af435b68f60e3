"""What a new version of a service that rests on the law says of its changes."""

from __future__ import annotations

import pytest

from townhall.catalogue.engine import diff
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.packs.uk.tests.test_pack import FILES, PACK

TEXT = FILES["self-assessment"].read_text(encoding="utf-8")


def compiled(text: str) -> Definition:
    found = compile_text(text, PACK, "self-assessment.yaml").definition
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("pension_payments * 100 / 80", "pension_payments", "tells the law other things of people"),
        ("day: year_end", "day: today", "tells the law other things of people"),
        ("add_months(due_day, 12)", "add_months(due_day, 6)", "can be amended until"),
        ("draw: to_pay", "draw: income_tax", "numbers that people may try out"),
        ("{goal: class_4,", "{goal: class_2,", "computes class_4 in another way"),
    ],
)
def test_each_change_is_said_and_nothing_else(before: str, after: str, said: str) -> None:
    assert TEXT.count(before) == 1
    changes = diff.compare(compiled(TEXT), compiled(TEXT.replace(before, after)))
    assert len(changes) == 1
    assert said in changes[0].words


def test_only_what_is_decided_can_be_amended() -> None:
    acts = "    can: [ask, accept]\n"
    written = TEXT.replace(acts, f'{acts}    amend: "due_day"\n')
    (problem,) = compile_text(written, PACK, "self-assessment.yaml").errors
    assert 'state "review" does not end the case, and has amend:' in problem.message
    text = compile_text(TEXT.replace("add_months(due_day, 12)", "12"), PACK, "self-assessment.yaml")
    assert any("flow.filed.amend" in each.message for each in text.errors)
