"""Cosignatures: "I saw this log grow, and nothing was rewritten" (C2SP tlog-cosignature).

What a cosigner says beyond that (that it keeps all entries, that the register's
rules hold) is said by its key: one key and one name for each kind of statement.
"""

from __future__ import annotations

from collections.abc import Iterable

from townhall.ledger.engine import checkpoints, messages
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.keys import COSIGNER_MLDSA44, COSIGNERS, KeyInvalid, Signer, VerifierKey
from townhall.ledger.engine.messages import MessageInvalid
from townhall.ledger.engine.notes import Signature, SignatureInvalid, SignedNote


def cosign(checkpoint: Checkpoint, signer: Signer, time: int) -> Signature:
    """Return the line by which a cosigner vouches for a checkpoint.

    The caller has verified that the checkpoint is consistent with all that this key
    signed before, and has stored that it will have signed this one.

    Parameters
    ----------
    time
        POSIX seconds, not 0: that the checkpoint is the largest seen so far is
        said as of this time.

    Raises
    ------
    KeyInvalid
        If the key is none for cosignatures.
    MessageInvalid
        If the time is 0 or beyond 2^63 - 1.
    """
    _check_cosigner(signer.key)
    if time <= 0:
        raise MessageInvalid("a cosignature of a checkpoint says its time")
    return checkpoints.signature(checkpoint, signer, time)


def verify(checkpoint: Checkpoint, key: VerifierKey, made: Signature) -> int:
    """Return the time at which the cosigner vouched for the checkpoint, POSIX seconds.

    Raises
    ------
    KeyInvalid
        If the key is none for cosignatures.
    SignatureInvalid
        If it did not sign this, or says no time.
    """
    _check_cosigner(key)
    time = checkpoints.signed_at(checkpoint, key, made)
    if not time:
        raise SignatureInvalid(f"the cosignature of {key.name} says no time")
    return time


def cosigners_of(note: SignedNote, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """Return which of these cosigners vouched for a checkpoint, and when.

    Raises
    ------
    CheckpointInvalid
        If the note is no checkpoint.
    SignatureInvalid
        If one of the cosigners is said to have signed and has not.
    """
    checkpoint = Checkpoint.parse(note.text)
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, int] = {}
    for made in note.signatures:
        key = known.get((made.name, made.key_id))
        if key is not None:
            found[key] = verify(checkpoint, key, made)
    return found


def cosign_subtree(
    origin: str, start: int, end: int, subtree_hash: bytes, signer: Signer
) -> Signature:
    """Return an ML-DSA-44 cosignature of a subtree that says nothing about time.

    Raises
    ------
    KeyInvalid
        If the key is not ML-DSA-44: the other kind cannot speak of subtrees.
    """
    if signer.key.kind != COSIGNER_MLDSA44:
        raise KeyInvalid("only ML-DSA-44 cosigns subtrees")
    message = messages.subtree(signer.key.name, 0, origin, start, end, subtree_hash=subtree_hash)
    return Signature(signer.key.name, signer.key.key_id, bytes(8) + signer.sign(message))


def _check_cosigner(key: VerifierKey) -> None:
    if key.kind not in COSIGNERS:
        raise KeyInvalid(f"the key {key.name} is none for cosignatures")
