"""Checking a receipt step by step, in words that need no cryptographer.

Every step says whether it holds, does not, or could not be checked because the
reader gave nothing to check it against. A receipt proves its entry only if every
step holds; the letter that belongs to it, only if the letter was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from townhall.ledger.engine.encoding import from_hex
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.policy import Finality, Policy
from townhall.ledger.engine.proofs import verify_inclusion
from townhall.ledger.engine.receipts import DOCUMENT, Member, Receipt

SKEW: Final = 300  # seconds that clocks of log and witnesses may differ
OF_NO_DOCUMENT: Final = (
    "The receipt is not about a document, so it says nothing about the one that you gave."
)
"""The detail of the step `document` where a document was given to a receipt of something else."""
_COUNTS: Final = {"day": "lines", "root": "count"}  # kinds of entries whose root has members


class Verdict(Enum):
    """What all steps together say."""

    HOLDS = "holds"
    INCOMPLETE = "incomplete"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes
    ----------
    name
        A key: `policy`, `signatures`, `entry`, `inclusion`, `time`, `opened`,
        `document` or `member`; `file` where it could not even be read.
    ok
        Whether it holds; None: it could not be checked.
    detail
        Why, in a sentence for people.
    """

    name: str
    ok: bool | None
    detail: str


def verdict(steps: Iterable[Step]) -> Verdict:
    """Return what the steps say together: one that fails, fails them all."""
    outcomes = [step.ok for step in steps]
    if not outcomes or False in outcomes:
        return Verdict.FAILS
    return Verdict.INCOMPLETE if None in outcomes else Verdict.HOLDS


def verify_file(
    content: bytes, *, document: bytes | None = None, trusted: Sequence[Policy] = ()
) -> list[Step]:
    """Check a file that somebody handed in; see `verify`. It never raises `Refused`."""
    try:
        receipt = Receipt.parse(content)
    except Refused as error:
        return [Step("file", False, f"This file is no receipt: {error}.")]
    return verify(receipt, document=document, trusted=trusted)


def verify(
    receipt: Receipt, *, document: bytes | None = None, trusted: Sequence[Policy] = ()
) -> list[Step]:
    """Check a receipt, step by step.

    Parameters
    ----------
    document
        The letter that the receipt is about, byte for byte; None: not at hand.
    trusted
        Policies that the reader trusts, the newest last, from a source that is not the
        receipt; `histories` leads from one to all. The receipt's own is taken where it is
        among them, else the newest. Without any the signatures are checked against the
        policy in the receipt, and the reader is told what to compare.

    Returns
    -------
    list of Step
        In an order in which they can be read. A step that rests on one that failed
        is not there.
    """
    steps: list[Step] = []
    entry = receipt.decoded
    same = [each for each in trusted if each.text == receipt.policy]
    chosen = (same or trusted)[-1] if trusted else None
    policy = _policy(receipt, chosen, steps)
    final = _signatures(receipt, policy, steps) if policy else None
    if policy and final:
        _entry(receipt, entry, final, steps)
        _inclusion(receipt, final, steps)
        _time(entry, final, policy, steps)
    _openings(receipt, entry, steps)
    _document(receipt, document, steps)
    if receipt.member:
        _member(receipt.member, entry, steps)
    return steps


def _policy(receipt: Receipt, trusted: Policy | None, steps: list[Step]) -> Policy | None:
    fingerprint = sha256(receipt.policy).hexdigest()
    try:
        policy = trusted or Policy.load(receipt.policy)
        policy.check_safe()
    except Refused as error:
        steps.append(Step("policy", False, f"The policy cannot be relied on: {error}."))
        return None
    parties = len(policy.quorum.parties) if policy.quorum else 0
    faults = f"withstands {policy.faults} dishonest of {parties} witnesses"
    if trusted is None:
        detail = (
            f"The policy in this receipt {faults}. Compare its SHA-256 with the one that was "
            f"published: {fingerprint}."
        )
    elif trusted.text == receipt.policy:
        detail = f"The receipt names the policy that you trust; it {faults}."
    else:
        detail = f"The receipt names another policy; the one that you trust was used. It {faults}."
    steps.append(Step("policy", True if trusted else None, detail))
    return policy


def _signatures(receipt: Receipt, policy: Policy, steps: list[Step]) -> Finality | None:
    try:
        final = policy.verify(receipt.proof.note)
    except Refused as error:
        steps.append(Step("signatures", False, f"Not enough true signatures: {error}."))
        return None
    named = receipt.log_key in [log.key for log in policy.logs]
    if not named or receipt.log_key.name != final.checkpoint.origin:
        steps.append(Step("signatures", False, "The receipt names a key that is none of the log."))
        return None
    names = ", ".join(f"{name} on {_moment(time)}" for name, time in _by_key(policy, final))
    steps.append(
        Step(
            "signatures",
            True,
            f"The log {final.checkpoint.origin} with {final.checkpoint.size} entries was "
            f"signed by its operator and witnessed by {names}.",
        )
    )
    return final


def _by_key(policy: Policy, final: Finality) -> list[tuple[str, int]]:
    """Return who signed and when: each name once, though it may have several kinds of keys."""
    first: dict[str, int] = {}
    for witness in policy.witnesses:
        if witness.name in final.cosigned:
            time = final.cosigned[witness.name]
            first[witness.key.name] = min(time, first.get(witness.key.name, time))
    return list(first.items())


def _entry(receipt: Receipt, entry: Entry, final: Finality, steps: list[Step]) -> None:
    if entry.origin != final.checkpoint.origin:
        detail = f"The entry was made for the log {entry.origin}, not for this one."
        steps.append(Step("entry", False, detail))
        return
    steps.append(
        Step(
            "entry", True, f"The entry is a {entry.kind} and says {_moment(entry.at)} as its time."
        )
    )


def _inclusion(receipt: Receipt, final: Finality, steps: list[Step]) -> None:
    proof, checkpoint = receipt.proof, final.checkpoint
    try:
        verify_inclusion(
            leaf_hash(receipt.entry), proof.index, checkpoint.size, proof.proof, checkpoint.root
        )
    except Refused as error:
        steps.append(Step("inclusion", False, f"The entry does not stand in that log: {error}."))
        return
    steps.append(
        Step(
            "inclusion",
            True,
            f"The entry is number {proof.index + 1} of {checkpoint.size} in that log.",
        )
    )


def _time(entry: Entry, final: Finality, policy: Policy, steps: list[Step]) -> None:
    """The moment at which enough witnesses had seen it is the latest one possible."""
    seen: list[str] = []
    latest = 0
    for name, time in sorted(final.cosigned.items(), key=lambda each: each[1]):
        seen.append(name)
        latest = time
        if policy.satisfied_by(seen):
            break
    if entry.at > latest + SKEW:
        detail = (
            f"The entry says a time after {_moment(latest)}, when it had been witnessed already."
        )
        steps.append(Step("time", False, detail))
        return
    detail = f"The entry existed on {_moment(latest)} at the latest: it was not written later."
    steps.append(Step("time", True, detail))


def _openings(receipt: Receipt, entry: Entry, steps: list[Step]) -> None:
    for opening in receipt.openings:
        value = opening.value.decode("utf-8", "replace")
        committed = entry.body.get(opening.field)
        try:
            if type(committed) is not str:
                raise Refused("the entry has no such field")
            opening.check(committed)
        except Refused as error:
            detail = f"The log did not fix “{value}” as {opening.field}: {error}."
            steps.append(Step("opened", False, detail))
        else:
            steps.append(Step("opened", True, f"The log fixed {opening.field} as “{value}”."))


def _document(receipt: Receipt, document: bytes | None, steps: list[Step]) -> None:
    fixed = next((each.value for each in receipt.openings if each.field == DOCUMENT), None)
    if fixed is None:
        if document is not None:
            steps.append(Step("document", None, OF_NO_DOCUMENT))
        return
    if document is None:
        detail = (
            "You gave no document. Its SHA-256 must be " + fixed.decode("utf-8", "replace") + "."
        )
        steps.append(Step("document", None, detail))
        return
    if compare_digest(sha256(document).hexdigest().encode(), fixed):
        detail = "The document is the one whose hash the log fixed, to the last byte."
        steps.append(Step("document", True, detail))
        return
    detail = "The document is another one, or was changed: its hash is not what the log fixed."
    steps.append(Step("document", False, detail))


def _member(member: Member, entry: Entry, steps: list[Step]) -> None:
    text = member.content.decode("utf-8", "replace")
    count = entry.body.get(_COUNTS.get(entry.kind, ""))
    root = entry.body.get("root")
    try:
        if type(count) is not int or type(root) is not str:
            raise Refused("the entry is no root of lines or records")
        stated = from_hex(root, HASH_SIZE)
        verify_inclusion(leaf_hash(member.content), member.index, count, member.proof, stated)
    except Refused as error:
        detail = f"“{text}” is not part of what the entry stands for: {error}."
        steps.append(Step("member", False, detail))
        return
    detail = f"“{text}” is number {member.index + 1} of the {count} that the entry stands for."
    steps.append(Step("member", True, detail))


def _moment(time: int) -> str:
    try:
        return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {time}"
