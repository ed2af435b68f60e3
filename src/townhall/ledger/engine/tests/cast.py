"""The cast of the tests: a log, four witnesses, the policy that names them, and receipts."""

from __future__ import annotations

from hashlib import sha256

from townhall.ledger.engine import checkpoints, cosignatures, tree
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.keys import COSIGNER_ED25519, COSIGNER_MLDSA44, ED25519, Signer
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Member, Receipt
from townhall.ledger.engine.tests import trees
from townhall.ledger.engine.tree import MemoryNodes

TIME = 1_700_000_000
ORIGIN = "town.example/decisions"


def signer(name: str, kind: int) -> Signer:
    return Signer(name, kind, sha256(f"{name} {kind}".encode()).digest())


LOG = signer(ORIGIN, ED25519)
LOG_PQ = signer(ORIGIN, COSIGNER_MLDSA44)
WITNESSES = [signer(f"agency{number}.example/rules", COSIGNER_ED25519) for number in range(4)]
POLICY_TEXT = "\n".join(
    [
        f"log {LOG.key}",
        *(f"witness agency{number} {each.key}" for number, each in enumerate(WITNESSES)),
        "group agencies 3 agency0 agency1 agency2 agency3",
        "quorum agencies",
        "# townhall: faults 1",
        "",
    ]
).encode()
POLICY = Policy.load(POLICY_TEXT)


def final(size: int, root: bytes, *, witnesses: int = 3, time: int = TIME) -> SignedNote:
    """A checkpoint signed by the log and by so many witnesses."""
    return signed(Checkpoint(ORIGIN, size, root), witnesses=witnesses, time=time)


def signed(checkpoint: Checkpoint, *, witnesses: int = 3, time: int = TIME) -> SignedNote:
    """The same for any checkpoint."""
    note = checkpoints.sign(checkpoint, LOG)
    return note.with_signatures(
        *(cosignatures.cosign(checkpoint, each, time) for each in WITNESSES[:witnesses])
    )


def proof_of(index: int, size: int) -> tuple[bytes, ProofFile]:
    """An entry `entry <index>` and the proof that it stands there."""
    nodes = trees.nodes(size)
    proof = tuple(tree.inclusion_proof(nodes, index, size))
    return b"entry %d" % index, ProofFile(index, proof, final(size, tree.root(nodes, size)))


LETTER = b"%PDF-1.7 Dear Ada, your application is granted."
OPENINGS = tuple(
    Opening(field, sha256(field.encode()).digest(), value)
    for field, value in {
        "document": sha256(LETTER).hexdigest().encode(),
        "outcome": b"granted",
        "photo": b"\xff\xfe",
    }.items()
)


def decision(at: int = TIME - 60, **more: object) -> Entry:
    """An entry that fixes the letter."""
    body = {each.field: each.commitment.hex() for each in OPENINGS}
    return Entry(ORIGIN, "decision", at, {"handle": "0f" * 16, **body, **more})


def receipt_for(
    entry: bytes,
    openings: tuple[Opening, ...] = (),
    member: Member | None = None,
    *,
    index: int = 5,
    **signing: int,
) -> Receipt:
    """The receipt for an entry that stands among nine."""
    hashes = trees.leaves(9).copy()
    hashes[index] = leaf_hash(entry)
    nodes = MemoryNodes(hashes)
    proof = tuple(tree.inclusion_proof(nodes, index, 9))
    note = final(9, tree.root(nodes, 9), **signing)
    return Receipt(entry, openings, ProofFile(index, proof, note), POLICY_TEXT, LOG.key, member)


RECEIPT = receipt_for(decision().encode(), OPENINGS)

LINES = [b"2026-05-03T09:00:00Z officer 7 read income" + b"!" * number for number in range(6)]


def day_receipt(kind: str = "day", count: str = "lines") -> Receipt:
    """A day of the access journal, and one line of it."""
    nodes = MemoryNodes(map(leaf_hash, LINES))
    entry = Entry(
        ORIGIN,
        kind,
        TIME - 60,
        {
            "agency": "town",
            "day": "2023-11-14",
            count: 6,
            "previous": "00" * 32,
            "root": tree.root(nodes, 6).hex(),
        },
    )
    member = Member(LINES[2], 2, tuple(tree.inclusion_proof(nodes, 2, 6)))
    return receipt_for(entry.encode(), (), member)
