"""Tests in the file can fail: each expectation, turned round, is noticed and explained."""

from __future__ import annotations

import pytest

from townhall.catalogue.engine import testing
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import PERMIT, good

WRONG = [
    ("fee: 120.00", "fee: 12.00", "fee: expected 12.00, got 120.00 GBP"),
    ("asked: [plate, months],", "asked: [plate],", "asked: expected plate, got plate, months"),
    ("asked: [plate, months],", "asked: [months, plate],", "asked: expected months, plate"),
    (
        "letter: granted, eligible",
        "letter: refused, eligible",
        "letter: expected refused, got granted",
    ),
    ("eligible: yes", "eligible: review", "eligible: expected review, got yes"),
    ("results: {visits: 4}", "results: {visits: 5}", "results.visits: expected 5, got 4"),
    ("deadline: 2027-01-18", "deadline: 2027-01-17", "deadline: expected 2027-01-17"),
    ("because: [not_keeper]", "because: []", "because: expected nothing, got not_keeper"),
    (
        "expect: {state: granted, fee",
        "expect: {state: review, fee",
        "state: expected review, got granted",
    ),
    ("plate: AB12 CDE, months: 12", "plate: AB12 CDE, months: 13", "accepted, got months:"),
    ("plate: AB12 CDE, months: 12", 'plate: "!!", months: 12', "accepted, got plate:"),
    ("{officer: approve, as: two}", "{officer: approve, as: one}", "another one than the first"),
    ("{officer: grant, as: one}, ", "", "nothing was proposed"),
    ("{officer: refuse, reason: Not in a zone}", "{officer: refuse}", '"refuse" needs a reason'),
    ("{officer: refuse, reason: Not in a zone}", "{officer: reopen, reason: x}", "not possible"),
    (
        "vehicles: v1}, answers: {plate: AB12 CDE",
        "vehicles: v2}, answers: {plate: AB12 CDE",
        "a draft with lease still open",
    ),
    (
        "population: p1, vehicles: v1",
        "population: {address: {zone: Q}}, vehicles: v1",
        "You do not live in a zone.",
    ),
    (
        "population: p1, vehicles: v1",
        "population: down, vehicles: v1",
        "address unavailable → wait",
    ),
    ("population: p1, vehicles: v1", "population: {address: {zne: Q}}, vehicles: v1", "zne"),
]


@pytest.mark.parametrize(("right", "wrong", "words"), WRONG, ids=[each[2][:40] for each in WRONG])
def test_what_does_not_come_out_as_said_fails_with_its_reason(
    pack: Pack, right: str, wrong: str, words: str
) -> None:
    assert right in PERMIT
    report = testing.run_tests(good(compile_text(PERMIT.replace(right, wrong, 1), pack)))
    assert not report.passed
    assert words in report.render(), report.render()
    assert report.as_json()["passed"] is False


def test_a_failure_shows_the_steps_that_led_there(pack: Pack) -> None:
    text = PERMIT.replace("fee: 120.00", "fee: 1.00", 1).replace("eligible: yes", "eligible: no", 1)
    report = testing.run_tests(good(compile_text(text, pack)))
    (failed,) = report.failed
    fee = next(each for each in failed.failures if each.what == "fee")
    assert any("120" in line for line in fee.trace)
    assert failed.line == next(
        n for n, line in enumerate(text.splitlines(), 1) if "owner in zone" in line
    )


def test_a_resident_answers_what_an_officer_asked(pack: Pack) -> None:
    more = """  - name: sent back
    given:
      registers: {population: p1, vehicles: v2}
      answers: {plate: AB12CDE, lease: a.pdf, months: 3}
    steps:
      - {officer: ask, reason: Unreadable, fields: [lease]}
      - {resident: {lease: better.pdf}}
      - {officer: refuse, reason: No}
    expect: {state: refused, visited: [received, review, waiting_citizen, refused]}
  - name: withdrawn
    given:
      registers: {population: p1, vehicles: v2}
      answers: {plate: AB12CDE, lease: a.pdf, months: 3}
    steps: [{resident: withdraw}]
    expect: {state: withdrawn, outcome: withdrawn}
"""
    report = testing.run_tests(good(compile_text(PERMIT + more, pack)))
    assert report.passed, report.render()


def test_new_evidence_voids_the_first_signature(pack: Pack) -> None:
    more = """  - name: signed on other evidence
    given:
      registers: {population: p1, vehicles: v2}
      answers: {plate: AB12CDE, lease: a.pdf, months: 12}
    steps:
      - {officer: grant, as: one}
      - {officer: ask, reason: Unreadable}
      - {resident: {lease: better.pdf}}
      - {officer: approve, as: two}
    expect: {state: granted}
"""
    report = testing.run_tests(good(compile_text(PERMIT + more, pack)))
    assert "nothing was proposed" in report.render()


def test_expected_errors_are_compared(pack: Pack) -> None:
    def report(expected: str) -> testing.TestReport:
        more = f"""  - name: bad plate
    given: {{registers: {{population: p1}}, answers: {{plate: "!!"}}}}
    expect: {{errors: {expected}, asked: [plate]}}
"""
        return testing.run_tests(good(compile_text(PERMIT + more, pack)))

    assert report("{plate: yes}").passed
    assert report("{plate: letters and digits}").passed
    assert not report("{plate: something else}").passed
    assert not report("{months: yes}").passed
