"""The check in the browser says of every receipt what the ledger's own engine says."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from townhall.ledger.engine import checking, compact, digits
from townhall.ledger.engine.checking import Verdict
from townhall.ledger.engine.compact import PolicyUnknown
from townhall.ledger.engine.errors import Refused
from townhall.portal import assets
from townhall.portal.tests import (
    receipt_cases,
    receipt_codes,
    receipt_invented,
    receipt_policies,
    receipt_signing,
)
from townhall.portal.tests import receipt_histories as histories
from townhall.portal.tests.receipt_cases import Case

BUILT = Path(assets.__file__).parent / "static" / "portal"


_OUTCOMES = {
    Verdict.HOLDS: {"holds", "holds_with_document"},
    Verdict.INCOMPLETE: {"holds_without_document", "of_no_letter"},
    Verdict.FAILS: {"document_differs", "fails", "no_receipt", "not_final", "others", "unknown"},
}


def _every_case() -> Iterator[Case]:
    yield from receipt_cases.honest()
    yield from receipt_cases.damaged(random.Random(1))
    yield from receipt_cases.spelt_otherwise()
    yield from receipt_cases.rearranged(random.Random(2))
    yield from receipt_signing.signed_otherwise(random.Random(3))
    yield from receipt_signing.with_strange_keys()
    yield from receipt_signing.post_quantum(random.Random(4))
    yield from receipt_signing.at_the_limits()
    yield from receipt_policies.under_other_policies(random.Random(5))


def _in_the_browser(cases: Sequence[Case | histories.Case]) -> list[dict[str, Any]]:
    """What the built script says of every case."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine (Debian: apt install nodejs)")
    runner = Path(__file__).with_name("receipt_parity.mjs")
    built = assets.built("receipt.js")
    assert built is not None
    ran = subprocess.run(
        [node, runner, BUILT / built],
        input="\n".join(case.line() for case in cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(answers) == len(cases)
    return answers


def _by_the_engine(case: Case) -> tuple[dict[str, Any], Verdict]:
    """What the engine says of it, in the same form but for the outcome, and the verdict."""
    content, more = case.content, {}
    if case.code is not None:
        policies = [] if case.trusted is None else [case.trusted.text]
        try:
            code = digits.from_digits(digits.in_text(case.code))
            content = compact.expand(code, policies).render()
        except PolicyUnknown:
            return {"refused": "policy_unknown"}, Verdict.FAILS
        except Refused:
            return {"refused": "no_code"}, Verdict.FAILS
        more = {"file": b64encode(content).decode()}
    trusted = [] if case.trusted is None else [case.trusted]
    steps = checking.verify_file(content, document=case.document, trusted=trusted)
    verdict = checking.verdict(steps)
    said = [[step.name, step.ok] for step in steps]
    return {"verdict": verdict.value, "steps": said, **more}, verdict


def _agreed(cases: list[Case]) -> list[Verdict]:
    """The verdicts about all cases, after comparing what both say of each."""
    verdicts = []
    for case, answer in zip(cases, _in_the_browser(cases), strict=True):
        expected, verdict = _by_the_engine(case)
        outcome = answer.pop("outcome", "fails")
        assert answer == expected, case
        # What a page says that knows this policy follows from it: no other way to "holds".
        assert outcome in _OUTCOMES[verdict if case.trusted else Verdict.FAILS], case
        verdicts.append(verdict)
    return verdicts


def test_browser_and_engine_agree_about_thousands_of_receipts() -> None:
    verdicts = _agreed(list(_every_case()))
    assert len(verdicts) > 3_000
    assert verdicts.count(Verdict.HOLDS) > 100, "receipts that hold are among them"


def test_browser_and_engine_agree_about_thousands_of_codes() -> None:
    verdicts = _agreed([*receipt_codes.true_codes(), *receipt_codes.respelt_codes()])
    assert verdicts.count(Verdict.HOLDS) > 30
    assert verdicts.count(Verdict.FAILS) > 50


def test_no_changed_code_is_ever_accepted() -> None:
    verdicts = _agreed(list(receipt_codes.changed_codes(random.Random(6))))
    assert len(verdicts) > 5_000
    assert set(verdicts) == {Verdict.FAILS}


def test_browser_and_engine_agree_about_codes_that_nobody_made() -> None:
    cases = list(receipt_invented.invented_codes(random.Random(8), 2_000))
    assert set(_agreed(cases)) == {Verdict.FAILS}
    read = [case for case in cases if "file" in _by_the_engine(case)[0]]
    assert len(read) > 600, "many can be read, and still do not hold"


def test_browser_and_engine_agree_about_histories_of_policies() -> None:
    cases = list(histories.every(random.Random(7)))
    told = [case.by_the_engine() for case in cases]
    for case, answer, expected in zip(cases, _in_the_browser(cases), told, strict=True):
        assert answer == expected, case
    assert len(cases) > 800
    followed = [each for each in told if "eras" in each]
    assert len(followed) > 12, "some can be relied on"
    assert {each for found in followed for each in found["verdicts"]} == {"incomplete", "fails"}
