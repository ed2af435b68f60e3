"""Log `keys`: the policies, one after the other; each is signed by a quorum of the last.

Old receipts are checked against the policy of their date, so the policies themselves
must not be rewritten. The first one is where trust begins: it is configured, printed
or published, and the log only fixes which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import to_utf8
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import SignedNote, parse_signatures
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.registers.base import (
    Broken,
    Kind,
    Replay,
    Shape,
    State,
    is_count,
)


def statement(origin: str, sequence: int, policy: bytes) -> Checkpoint:
    """Return what the quorum of the last policy cosigns, to put a new one in its place.

    It has the form of a checkpoint, so that every cosigner's key can sign it, under
    an origin that no log has: number of the policy, and SHA-256 of its text.
    """
    return Checkpoint(f"{origin}#policy", sequence, sha256(policy).digest())


def succeed(
    origin: str, last: tuple[int, str] | None, sequence: int, policy: str, signatures: str
) -> Policy:
    """Return a policy that may take the place of the last one.

    Parameters
    ----------
    origin
        Of the log `keys`.
    last
        Number and text of the policy in force; None: there is none yet.
    sequence, policy, signatures
        Number and text of the new one, and the lines that the last quorum signed.

    Raises
    ------
    Broken
        If it must not; the text says why.
    """
    content = to_utf8(policy)
    try:
        found = Policy.load(content)
    except Refused as error:
        raise Broken(f"the policy: {error}") from None
    if sequence != (0 if last is None else last[0] + 1):
        raise Broken("policies are numbered one after the other, from 0")
    if last is not None:
        before = Policy.parse(to_utf8(last[1]))
        if found.valid_from < before.valid_from:
            raise Broken("it would be valid before the one whose place it takes")
        _check_quorum(before, statement(origin, sequence, content), signatures)
    return found


def policy_in(state: State) -> tuple[int, str] | None:
    """Return number and text of the policy in force after the entries so far."""
    last = state.table.get("policy")
    return None if last is None else (last[0], last[1])


def _policy(state: State, entry: Entry) -> Mapping[str, Any]:
    body = entry.body
    sequence, text = body["sequence"], body["policy"]
    succeed(state.origin, policy_in(state), sequence, text, body["signatures"])
    return {"policy": [sequence, text]}


def _check_quorum(before: Policy, stated: Checkpoint, lines: str) -> None:
    try:
        signatures = parse_signatures(lines)
        signed = before.cosigned(SignedNote(stated.text, signatures))
    except Refused as error:
        raise Broken(f"the signatures under the policy: {error}") from None
    # A key with a cut-off was compromised: its word on who comes next is worth nothing.
    sound = {each.name for each in before.witnesses if each.cutoffs is None}
    if not before.satisfied_by(sound & signed.keys()):
        raise Broken("no quorum of the policy before it has signed it")


def _is_text(value: Any) -> bool:
    return type(value) is str


RULES: Final = Replay(
    {
        1: {
            "policy": Kind(
                Shape(public={"policy": _is_text, "sequence": is_count, "signatures": _is_text}),
                _policy,
            )
        }
    }
)
