"""The check in the browser says of every receipt what the ledger's own engine says."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall.ledger.engine import checking
from townhall.ledger.engine.checking import Verdict
from townhall.portal import assets
from townhall.portal.tests import receipt_cases, receipt_policies, receipt_signing
from townhall.portal.tests.receipt_cases import Case

BUILT = Path(assets.__file__).parent / "static" / "portal"


_OUTCOMES = {
    Verdict.HOLDS: {"holds", "holds_with_document"},
    Verdict.INCOMPLETE: {"holds_without_document"},
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


def test_browser_and_engine_agree_about_thousands_of_receipts() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine (Debian: apt install nodejs)")
    cases = list(_every_case())
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
    assert len(answers) == len(cases) > 3_000
    held = 0
    for case, answer in zip(cases, answers, strict=True):
        steps = checking.verify_file(case.content, document=case.document, trusted=case.trusted)
        verdict = checking.verdict(steps)
        held += verdict is Verdict.HOLDS
        outcome = answer.pop("outcome", "")
        expected = {
            "verdict": verdict.value,
            "steps": [[step.name, step.ok] for step in steps],
        }
        assert answer == expected, case
        # What a page says that knows this policy follows from it: no other way to "holds".
        assert outcome in _OUTCOMES[verdict if case.trusted else Verdict.FAILS], case
    assert held > 100, "receipts that hold are among them"
