"""Proof files: one entry's place in a log, checkable without a network (C2SP tlog-proof)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from townhall.ledger.engine.encoding import from_base64, from_decimal, to_base64
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.notes import SignedNote, decode_text
from townhall.ledger.engine.policy import Finality, Policy
from townhall.ledger.engine.proofs import MOST_HASHES, verify_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"


class ProofFileInvalid(Refused):
    """Bytes that are no proof file."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """Content of a `.tlog-proof` file. Nothing is verified by reading it.

    Attributes
    ----------
    index
        Of the entry, from 0.
    proof
        Its audit path, the leaf's sibling first.
    note
        A checkpoint with its signatures, verbatim.
    extra
        Anything; nobody vouches for it. None: absent.
    """

    index: int
    proof: tuple[bytes, ...]
    note: SignedNote
    extra: bytes | None = None

    def render(self) -> bytes:
        """Return the file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note.render()

    @classmethod
    def parse(cls, content: bytes) -> ProofFile:
        """Read a file.

        Raises
        ------
        Refused
            If it is no proof file.
        """
        head, empty, rest = decode_text(content).partition("\n\n")
        header, *lines = head.split("\n")
        if not empty or header != HEADER:
            raise ProofFileInvalid("this is no proof file of version 1")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise ProofFileInvalid("a proof file says the index of the entry")
        index = from_decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > MOST_HASHES:
            raise ProofFileInvalid(f"a proof has at most {MOST_HASHES} hashes")
        proof = tuple(from_base64(line, HASH_SIZE) for line in lines)
        return cls(index, proof, SignedNote.parse(rest.encode()), extra)

    def verify(self, entry: bytes, policy: Policy) -> Finality:
        """Return the final checkpoint that contains the entry at this index.

        Parameters
        ----------
        entry
            Bytes of the entry; the verifier hashes them itself.
        policy
            Of the date of the proof.

        Raises
        ------
        Refused
            If the checkpoint is not final under the policy, or does not contain it.
        """
        final = policy.verify(self.note)
        checkpoint = final.checkpoint
        verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.proof, checkpoint.root)
        return final
