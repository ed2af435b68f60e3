"""Verifying proofs: one procedure for inclusion, consistency and subtrees.

The procedure is that of C2SP tlog-cosignature and tlog-mirror (July 2026). It is
strict where others are lenient: no proof speaks of an empty tree, every hash has
32 bytes, and no hash may be left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, MOST_ENTRIES, node_hash
from townhall.ledger.engine.tree import TreeInvalid, check_subtree

MOST_HASHES: Final = 63


class ProofInvalid(Refused):
    """A proof that proves nothing; the text says why."""


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Return if an entry stands at this index of the tree with this root.

    Parameters
    ----------
    leaf_hash
        `hashing.leaf_hash` of the entry, worked out by the verifier itself.
    index, size
        Position of the entry, from 0, and number of entries.
    proof
        The audit path, the leaf's sibling first.
    root
        Root of the tree.

    Raises
    ------
    ProofInvalid
        If it does not.
    """
    verify_subtree(leaf_hash, index, index + 1, size, proof, root=root)


def proof_length(index: int, size: int) -> int:
    """Return how many hashes the audit path of this entry has: exactly so many.

    Raises
    ------
    ProofInvalid
        If no entry stands there.
    """
    if not 0 <= index < size <= MOST_ENTRIES:
        raise ProofInvalid(f"{index} is no place in a tree of {size}")
    shared = (index ^ (size - 1)).bit_length()
    return shared + (index >> shared).bit_count()


def root_from(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root to which an audit path leads, for who has no root to hold it against.

    It proves nothing by itself: somebody must have signed that root.

    Parameters
    ----------
    leaf_hash, index, size, proof
        As for `verify_inclusion`.

    Raises
    ------
    ProofInvalid
        If the path is not as long as it must be, or no entry stands there.
    """
    if len(proof) != proof_length(index, size):
        raise ProofInvalid(f"the path of {index} in a tree of {size} has another length")
    if any(len(each) != HASH_SIZE for each in (leaf_hash, *proof)):
        raise ProofInvalid(f"a hash has {HASH_SIZE} bytes")
    return _climb(leaf_hash, (index, index, size - 1), proof)[1]


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return if the tree of `old` leaves is a prefix of the tree of `new` leaves.

    Raises
    ------
    ProofInvalid
        If it is not, or if the old tree is empty: that is a prefix of every tree,
        and there is nothing to prove.
    """
    verify_subtree(old_root, 0, old, new, proof, root=new_root)


def verify_subtree(
    subtree_hash: bytes, start: int, end: int, size: int, proof: Sequence[bytes], *, root: bytes
) -> None:
    """Return if the leaves [start, end) of the tree with this root have this hash.

    Raises
    ------
    ProofInvalid
        If they do not, or the range is no subtree of the tree.

    Notes
    -----
    C2SP tlog-cosignature, "verifying a subtree consistency proof".
    """
    try:
        check_subtree(start, end)
    except TreeInvalid as error:
        raise ProofInvalid(str(error)) from None
    if not end <= size <= MOST_ENTRIES:
        raise ProofInvalid(f"[{start}, {end}) reaches beyond the {size} leaves of the tree")
    if len(proof) > MOST_HASHES:
        raise ProofInvalid(f"a proof has at most {MOST_HASHES} hashes, not {len(proof)}")
    for each in (subtree_hash, root, *proof):
        if len(each) != HASH_SIZE:
            raise ProofInvalid(f"a hash has {HASH_SIZE} bytes, not {len(each)}")
    low, high, last = start, end - 1, size - 1
    if high == last:
        shift = (low ^ high).bit_length()
    else:
        # While the two differ and `high` is odd: its trailing ones, but no further
        # than to where they meet.
        shift = min((low ^ high).bit_length(), ((high + 1) & -(high + 1)).bit_length() - 1)
    _walk(subtree_hash, (low >> shift, high >> shift, last >> shift), proof, root)


def _walk(
    subtree_hash: bytes, path: tuple[int, int, int], proof: Sequence[bytes], root: bytes
) -> None:
    """Climb from the subtree to the root, and compare: step 6 of the procedure."""
    from_part, from_all = _climb(subtree_hash, path, proof)
    if not compare_digest(from_part, subtree_hash):
        raise ProofInvalid("the proof belongs to other entries")
    if not compare_digest(from_all, root):
        raise ProofInvalid("the proof does not lead to this root")


def _climb(
    subtree_hash: bytes, path: tuple[int, int, int], proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the subtree's own hash and the root of the tree as the proof has them.

    Steps 4 and 5 of the procedure.
    """
    low, high, last = path
    rest = iter(proof)
    if low == high:
        from_part = from_all = subtree_hash
    else:
        first = next(rest, None)
        if first is None:
            raise ProofInvalid("the proof is too short")
        from_part = from_all = first
    for each in rest:
        if last == 0:
            raise ProofInvalid("the proof has hashes left over")
        if high & 1 or high == last:
            if low < high:
                from_part = node_hash(each, from_part)
            from_all = node_hash(each, from_all)
            while not high & 1:
                # Here `high` equals `last`, which is not 0: a set bit is above.
                low, high, last = low >> 1, high >> 1, last >> 1
        else:
            from_all = node_hash(from_all, each)
        low, high, last = low >> 1, high >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the proof is too short")
    return from_part, from_all
