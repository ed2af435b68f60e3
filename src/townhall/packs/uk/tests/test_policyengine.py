"""The harness of the second source on cases of our own; its own cases where it is installed."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from townhall.packs.uk.verification import Absent, Sources, policyengine
from townhall.packs.uk.verification import policyengine_cases as cases
from townhall.packs.uk.verification import policyengine_families as families
from townhall.packs.uk.verification.policyengine_misses import classified, table

INSTALLED = os.environ.get(cases.SETTING)

INVENTED = """
- name: Pay between the limits
  period: 2026
  absolute_error_margin: 0.01
  input:
    employment_income: 20_000
  output:
    income_tax: (20_000 - 12_570) * 0.2
    ni_class_1_employee: 594.4
- name: A figure that is wrong on purpose
  period: 2026
  input:
    people:
      mother: {age: 40, employment_income: 90_000}
      baby: {age: 1}
    benunits:
      home: {members: [mother, baby]}
  output:
    CB_HITC: [1406, 0]
    child_benefit: 1406
- name: Three people in lists
  period: 2026
  input:
    employment_income: [12_570, 12_580, 12_590]
  output:
    income_tax: [0, 2, 4]
- name: What one year leaves for the next
  period: 2026
  absolute_error_margin: 0.01
  input:
    self_employment_income: {2025: 0, 2026: 30_000}
    trading_loss: {2025: 10_000, 2026: 0}
  output:
    ni_class_4_profits: 20_000
- name: A name that nobody knows
  period: 2026
  input: {luck: 7}
  output: {income_tax: 0}
- name: Another law
  period: 2026
  reforms: some.reform
  output: {income_tax: 0}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "policyengine_uk"
    (folder / "tests" / "policy").mkdir(parents=True)
    (folder / "tests" / "policy" / "invented.yaml").write_text(INVENTED, encoding="utf-8")
    return folder


def results(source: Path) -> dict[str, policyengine.Result]:
    found = policyengine.run(Sources(policyengine=source))
    return {result.case.name.partition("#")[2]: result for result in found}


def test_cases_are_read_decided_and_compared(source: Path) -> None:
    found = results(source)
    # The case of another law is no case.
    assert sorted(found) == ["0", "1", "2", "3", "4"]
    assert {name: result.passed for name, result in found.items()} == {
        "0": True,
        "1": False,
        "2": True,
        "3": True,
        "4": False,
    }
    assert found["0"].programmes == ("income_tax", "national_insurance")
    wrong = found["1"].differences
    assert [(each.figure, each.expected, each.got) for each in wrong] == [
        ("child_benefit", "1406", "1406.6")
    ]
    assert "luck" in found["4"].differences[0].got


def test_an_outcome_counts_every_case(source: Path) -> None:
    outcome = policyengine.all_cases(Sources(policyengine=source))
    assert (outcome.passed, outcome.of) == (3, 5)
    assert outcome.missed["ours"] == 2


def test_where_nothing_is_installed_it_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv(cases.SETTING, raising=False)
    with pytest.raises(Absent, match=cases.SETTING):
        policyengine.all_cases(Sources())
    with pytest.raises(Absent, match="no cases"):
        policyengine.all_cases(Sources(policyengine=tmp_path))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(30_000 - 12_570) * 0.12", Decimal("2091.60")),
        ("-3 * 52", Decimal(-156)),
        ("100 / 8", Decimal("12.5")),
        ("LONDON", "LONDON"),
        ("__import__('os').getcwd()", "__import__('os').getcwd()"),
        ("9 ** 9 ** 9", "9 ** 9 ** 9"),
        (True, True),
    ],
)
def test_sums_are_worked_out_and_nothing_is_run(text: Any, value: Any) -> None:
    assert cases.worked_out(text) == value


@pytest.mark.parametrize(
    ("member", "born"),
    [
        ({"age": 8}, date(2017, 4, 6)),
        ({"age": 66, "months_since_last_birthday": Decimal(4)}, date(1960, 6, 6)),
        ({"age": 65, "months_since_last_birthday": Decimal("10.033333")}, date(1960, 12, 5)),
        ({"age": 0, "months_since_last_birthday": Decimal(0)}, date(2025, 10, 6)),
        ({"date_of_birth": 20170405, "age": 30}, date(2017, 4, 5)),
    ],
)
def test_a_date_of_birth_follows_from_the_age(member: dict[str, Any], born: date) -> None:
    year = 2026 if member.get("age") in (65, 66) else 2025
    assert families.date_of_birth(member, year) == born


@pytest.mark.parametrize(
    ("people", "adults"),
    [
        ([{"age": 40}, {"age": 38}, {"age": 5}], (0, 1)),
        ([{"age": 50}, {"age": 25}], (0,)),
        ([{"age": 50, "is_parent": True}, {"age": 25}], (0,)),
        ([{"age": 30}, {"age": 48, "is_benunit_head": True}], (1, 0)),
        ([{"age": 20, "is_claimant_or_partner": True}, {"age": 60}], (0,)),
        ([{"age": 17}], (0,)),
        (
            [{"age": 33, "is_parent": True}, {"age": 18, "current_education": "UPPER_SECONDARY"}],
            (0,),
        ),
    ],
)
def test_who_the_adults_of_a_family_are(
    people: list[dict[str, Any]], adults: tuple[int, ...]
) -> None:
    assert families.family(range(len(people)), people).adults == adults


def test_the_longest_key_explains_a_miss() -> None:
    name = "policy/baseline/gov/hmrc/child_benefit/opt_out.yaml#8"
    case = cases.Case(name, "2026", {}, {}, None)
    assert classified(case) == table()[name]
    other = cases.Case(name.replace("#8", "#80"), "2026", {}, {}, None)
    assert classified(other) == table()[name.partition("#")[0]]


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="policyengine-uk is not installed beside")
def test_the_law_agrees_with_the_second_source() -> None:
    sources = Sources()
    raw = policyengine.raw(sources)
    whole = policyengine.all_cases(sources)
    assert raw.passed >= 1_050
    assert whole.passed >= 1_900
