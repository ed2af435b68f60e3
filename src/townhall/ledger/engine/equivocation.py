"""Two histories under one key: proof that its holder cheated, for everybody to check.

Two checkpoints of one log with the same size and different roots cannot both be true.
Whoever signed both, log or witness, has shown two people two pasts.
"""

from __future__ import annotations

from collections.abc import Iterable

from townhall.ledger.engine.checkpoints import Checkpoint, signatures_by
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.notes import SignedNote


class NoContradiction(Refused):
    """Two checkpoints that may both be true."""


def signers_of_both(
    one: SignedNote, other: SignedNote, keys: Iterable[VerifierKey]
) -> tuple[VerifierKey, ...]:
    """Return which of the keys signed two checkpoints that contradict each other.

    Checkpoints of different sizes may contradict each other too; that takes the entries to
    show, and a witness's evidence holds what is needed.

    Raises
    ------
    NoContradiction
        If they are of two logs or two sizes, or say the same.
    CheckpointInvalid, SignatureInvalid
        If one is no checkpoint, or a signature of one of the keys is false.
    """
    keys = tuple(keys)
    first, second = Checkpoint.parse(one.text), Checkpoint.parse(other.text)
    if (first.origin, first.size) != (second.origin, second.size) or first.root == second.root:
        raise NoContradiction("these two checkpoints do not contradict each other")
    guilty = signatures_by(first, one, keys).keys() & signatures_by(second, other, keys).keys()
    return tuple(key for key in keys if key in guilty)
