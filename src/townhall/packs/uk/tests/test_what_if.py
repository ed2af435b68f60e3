"""Trying other numbers: what may be tried, what comes of it, and what an author may write."""

from __future__ import annotations

from decimal import Decimal

import pytest

from townhall.catalogue.engine import whatif
from townhall.catalogue.engine.compiler import compile_file, compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.catalogue.engine.testing.runner import play
from townhall.packs.uk.tests.test_pack import FILES, PACK

FILE = FILES["self-assessment"]


@pytest.fixture(scope="module")
def tax_return() -> Definition:
    found = compile_file(FILE, PACK).definition
    assert found is not None
    return found


def played(definition: Definition, name: str) -> Situation:
    test = next(each for each in definition.tests if each.name == name)
    return play(definition, PACK, test)[1].situation


def test_only_numbers_that_were_answered_can_be_tried(tax_return: Definition) -> None:
    trader = whatif.ranges(tax_return, played(tax_return, "a trader's return"))
    assert [each.datum.name for each in trader] == [
        "turnover",
        "expenses",
        "pension_payments",
        "gift_aid",
    ]
    turnover = trader[0]
    assert [turnover.now, turnover.low, turnover.high] == [
        Decimal(each) for each in (52_000, 0, 200_000)
    ]
    assert turnover.within(Decimal("1e9")) == 200_000
    nobody = whatif.ranges(tax_return, Situation(today=PACK.today))  # type: ignore[arg-type]
    assert nobody == ()


def test_paying_into_a_pension_takes_the_charge_off(tax_return: Definition) -> None:
    name = "pay, interest and the charge on Child Benefit need no typing"
    situation = played(tax_return, name)
    then = whatif.then(tax_return, situation, "pension_payments", Decimal(9_960))
    assert then["benefit_charge"].value.amount == 0
    assert then["repaid"].value.amount == 2_490
    assert situation.answers["pension_payments"] == "0.00"


def test_the_curve_goes_through_what_is_computed_one_by_one(tax_return: Definition) -> None:
    situation = played(tax_return, "a trader's return")
    tried = whatif.ranges(tax_return, situation)[0]
    points = whatif.curve(tax_return, situation, tried, points=9)
    assert [at for at, _ in points] == [Decimal(25_000) * number for number in range(9)]
    for at, value in points:
        then = whatif.then(tax_return, situation, "turnover", at)
        assert then["to_pay"].value.amount == value
    assert sorted(value for _, value in points) == [value for _, value in points]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("what_if: {draw: to_pay}", "names nothing"),
        ("what_if: {change: [gift_ade]}", '"gift_ade" is no datum'),
        ("what_if: {change: [lets]}", "lets is no number"),
        ("what_if: {change: [employment]}", "employment is no number"),
        ("what_if: {change: [gift_aid], draw: year}", '"year" is no result'),
        ("what_if: {change: [gift_aid], drawn: to_pay}", "drawn"),
    ],
)
def test_what_does_not_fit_is_said_with_its_line(written: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    lines = text.splitlines()
    number = next(at for at, line in enumerate(lines) if line.startswith("what_if:"))
    lines[number] = written
    problems = compile_text("\n".join(lines), PACK, FILE.name).errors
    assert any(message in each.render() and each.line == number + 1 for each in problems)
