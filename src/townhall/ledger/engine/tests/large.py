"""Receipts of logs larger than a test could build: what stands beside a path is invented."""

from __future__ import annotations

from hashlib import sha256

from townhall.ledger.engine import checkpoints, cosignatures, tree
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.keys import COSIGNER_ED25519, COSIGNER_MLDSA44
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.tests import cast

SIZE = 10_000_000
INDEX = 6_543_210
WITNESSES = 7
QUORUM = 5

HASHES = ("definition", "document", "explanation")
FIELDS = ("case_number", "decided_at", *HASHES, "issued_at", "letter", "outcome", "service")
"""What a letter of a decision commits to."""


class _OneLeaf:
    """The nodes of a tree of which one leaf is known."""

    def __init__(self, leaf: bytes, index: int) -> None:
        self.leaf, self.index = leaf, index

    def node(self, level: int, index: int) -> bytes:
        if index == self.index >> level:
            if level == 0:
                return self.leaf
            left, right = self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1)
            return sha256(b"\x01" + left + right).digest()
        return sha256(b"%d %d" % (level, index)).digest()


def proof_in(leaf: bytes, index: int, size: int) -> tuple[tuple[bytes, ...], bytes]:
    """A leaf's proof in a tree of any size, and the tree's root."""
    nodes = _OneLeaf(leaf, index)
    return tuple(tree.inclusion_proof(nodes, index, size)), tree.root(nodes, size)


def place(entry: bytes, index: int, size: int) -> tuple[tuple[bytes, ...], SignedNote]:
    """An entry's proof in a log of the cast of any size, and its checkpoint, final."""
    proof, root = proof_in(leaf_hash(entry), index, size)
    return proof, cast.final(size, root)


def receipt(
    *, size: int = SIZE, index: int = INDEX, small: int = WITNESSES
) -> tuple[Receipt, Policy]:
    """A letter's receipt in a log of ten million, and its policy: five of seven witnesses.

    Every witness has keys of both kinds and signs with both, as in the recommended
    setting; only so many (`small`) sign with Ed25519.
    """
    keys = [
        (
            cast.signer(f"agency{number}.example/rules", COSIGNER_ED25519),
            cast.signer(f"agency{number}.example/rules", COSIGNER_MLDSA44),
        )
        for number in range(WITNESSES)
    ]
    lines = [f"log {cast.LOG.key}", f"log {cast.LOG_PQ.key}"]
    for number, (one, other) in enumerate(keys):
        lines += [f"witness w{number}-04 {one.key}", f"witness w{number}-06 {other.key}"]
        lines += [f"group w{number} any w{number}-04 w{number}-06"]
    names = " ".join(f"w{number}" for number in range(WITNESSES))
    lines += [f"group q {QUORUM} {names}", "quorum q", "# townhall: faults 2", ""]
    policy = Policy.load("\n".join(lines).encode())
    openings = tuple(Opening(each, sha256(each.encode()).digest(), _value(each)) for each in FIELDS)
    committed = {each.field: each.commitment.hex() for each in openings}
    body = {"handle": "0f" * 16, **committed}
    entry = Entry(cast.ORIGIN, "decision", cast.TIME - 60, body).encode()
    proof, root = proof_in(leaf_hash(entry), index, size)
    checkpoint = Checkpoint(cast.ORIGIN, size, root)
    note = checkpoints.sign(checkpoint, cast.LOG, cast.LOG_PQ, time=cast.TIME).with_signatures(
        *(
            cosignatures.cosign(checkpoint, key, cast.TIME + number)
            for number, pair in enumerate(keys)
            for key in (pair if number < small else pair[1:])
        )
    )
    made = Receipt(entry, openings, ProofFile(index, proof, note), policy.text, cast.LOG.key)
    return made, policy


def _value(field: str) -> bytes:
    if field == "document":
        return sha256(cast.LETTER).hexdigest().encode()
    return sha256(field.encode()).hexdigest().encode() if field in HASHES else b"a value of it"
