"""Choosing receipts in a browser: what the journeys share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from townhall.ledger import showing
from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.histories import Era
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tests import cast
from townhall.portal.tests import receipt_cases, receipt_signing

HONEST = receipt_cases.HONEST
OLD, OLD_POLICY = receipt_signing.both_kinds(4)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """This town hall names the witnesses of the cast, and named others earlier."""
    with_policies(monkeypatch, OLD_POLICY, cast.POLICY)


def with_policies(monkeypatch: pytest.MonkeyPatch, *policies: Policy) -> None:
    """Let this town hall have had these policies, the last of which is in force."""
    eras = [Era(each, cast.TIME) for each in policies]
    monkeypatch.setattr(showing, "policies", lambda: eras)


def choose(page: Any, receipt: bytes, letter: bytes | None = None, *, part: str = "") -> None:
    """Choose files as a person does, and wait for the answer."""
    if letter is not None:
        page.locator("#letter").set_input_files(as_file("letter.pdf", letter))
    page.locator("#receipt").set_input_files(as_file("receipt-5.json", receipt))
    page.locator(f'[data-outcome="{part}"]' if part else "[data-outcome]").wait_for()


def unfold_steps(page: Any) -> None:
    """Open what was checked step by step, with the keyboard: the page may still be scrolling.

    Where a receipt does not simply hold, it stands open already.
    """
    if not page.locator("[data-report] > details[open]").count():
        page.locator("[data-report] > details > summary").press("Enter")
    unfolded(page.locator("[data-report] > details[open]"))


def unfolded(details: Any) -> None:
    """Wait until what was folded can be read; it unfolds slowly."""
    details.evaluate(
        """async (each) => {
            while (!each.lastElementChild.innerText) await new Promise(requestAnimationFrame);
        }"""
    )


def as_file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def forged() -> bytes:
    """A receipt with a policy and witnesses of a forger's own, true in itself."""
    forger = cast.signer("forger.example", 0x04)
    text = f"log {cast.LOG.key}\nwitness w {forger.key}\nquorum w\nfaults 0\n".encode()
    few = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, witnesses=0)
    cosigned = cosignatures.cosign(Checkpoint.parse(few.proof.note.text), forger, cast.TIME)
    note = few.proof.note.with_signatures(cosigned)
    return replace(few, policy=text, proof=replace(few.proof, note=note)).render()
