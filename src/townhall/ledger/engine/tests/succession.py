"""Three policies of one town hall, one after the other, and the history that tells of them.

The first is that of the cast. Under the second another agency takes the place of
`agency0`, whose keys are thought to be safe; under the third the key of `agency1` was
stolen after its log had five entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from townhall.ledger.engine import checkpoints, cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.histories import History
from townhall.ledger.engine.keys import COSIGNER_ED25519, ED25519, Signer
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.registers import keys
from townhall.ledger.engine.tests import cast
from townhall.ledger.engine.tree import Frontier

ORIGIN = "town.example/keys"
KEYS = cast.signer(ORIGIN, ED25519)
NEWCOMER = cast.signer("agency4.example/rules", COSIGNER_ED25519)
YEAR = 365 * 86_400

FIRST = cast.POLICY_TEXT.replace(b"witness agency0", f"log {KEYS.key}\nwitness agency0".encode())
SECOND = FIRST.replace(str(cast.WITNESSES[0].key).encode(), str(NEWCOMER.key).encode())
THIRD = SECOND + f"# townhall: cutoff agency1 {cast.ORIGIN} 5\n".encode()
TEXTS = (FIRST, SECOND, THIRD)
TIMES = (cast.TIME - YEAR, cast.TIME + YEAR, cast.TIME + 2 * YEAR)
QUORUMS: tuple[Sequence[Signer], ...] = (
    (),
    cast.WITNESSES[:3],
    (NEWCOMER, *cast.WITNESSES[1:3]),
)
NEWEST = (NEWCOMER, *cast.WITNESSES[2:])
"""Who counts for everything under the third."""


def entry(number: int, **changes: object) -> Entry:
    """The entry of a policy, signed by a quorum of the one before it."""
    stated = keys.statement(ORIGIN, number, TEXTS[number])
    lines = [cosignatures.cosign(stated, each, TIMES[number] - 60).line for each in QUORUMS[number]]
    body = {"policy": TEXTS[number].decode(), "sequence": number, "signatures": "".join(lines)}
    return Entry(ORIGIN, "policy", TIMES[number], body | changes)


def sealed(entries: Sequence[bytes], witnesses: Sequence[Signer] = NEWEST) -> History:
    """A history of these entries, its checkpoint signed by the log and these witnesses."""
    tree = Frontier()
    tree.extend(map(leaf_hash, entries))
    checkpoint = Checkpoint(ORIGIN, tree.size, tree.root())
    note = checkpoints.sign(checkpoint, KEYS).with_signatures(
        *(cosignatures.cosign(checkpoint, each, TIMES[-1] + 60) for each in witnesses)
    )
    return History(tuple(entries), note)


def history(count: int = 3, witnesses: Sequence[Signer] = NEWEST) -> History:
    """The history after so many policies."""
    return sealed([entry(number).encode() for number in range(count)], witnesses)


def receipt(
    text: bytes, witnesses: Sequence[Signer], *, time: int = cast.TIME, index: int = 5
) -> Receipt:
    """A receipt of a log with nine entries under one of the policies, signed at a time."""
    bare = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, index=index, witnesses=0)
    note = bare.proof.note
    checkpoint = Checkpoint.parse(note.text)
    note = note.with_signatures(
        *(cosignatures.cosign(checkpoint, each, time) for each in witnesses)
    )
    return replace(bare, policy=text, proof=replace(bare.proof, note=note))
