"""A receipt that a QR code holds, and how it becomes an ordinary one again.

A receipt file is large because of its policy and of the signatures with ML-DSA-44. The
compact form names the policy by its hash instead of bringing it, and keeps only the
signature of the log and as many cosignatures with Ed25519 as the quorum asks for. `expand`
makes a `Receipt` of it, which is checked as every other: there is no second way of
checking. What the compact form loses is the protection against a quantum computer and
the name of whoever else cosigned; the file has both.

Bytes, in this order (figures and texts as `packing` writes them):

- 1 for the version; SHA-256 of the policy file; number of the log's key among the lines
  `log` of the policy, from 0;
- index and size; the audit path, whose length follows from both. The root is not there:
  it is worked out from the entry and the path, and the signatures are over it;
- the log's signature, 64 bytes; the number of cosignatures, and of each the number of its
  witness among the lines `witness` of the policy, its time and its 64 bytes, in the order
  of the policy;
- the entry, as a text;
- the number of openings, and of each its field, its salt of 32 bytes and its value as a
  text, in the order of the fields;
- 0, or 1 and the member: its content as a text, its index, how many hashes its path has,
  and these.

Every receipt of this kind has one spelling, and nothing may be left over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

from townhall.ledger.engine import packing
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import SALT_SIZE, Opening
from townhall.ledger.engine.digits import MOST_BYTES
from townhall.ledger.engine.encoding import to_utf8
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.keys import COSIGNER_ED25519, ED25519, VerifierKey
from townhall.ledger.engine.notes import Signature, SignedNote
from townhall.ledger.engine.policy import NotFinal, Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.proofs import proof_length, root_from
from townhall.ledger.engine.quorums import Member as Part
from townhall.ledger.engine.receipts import DOCUMENT, Member, Receipt

VERSION: Final = 1
_SIGNATURE: Final = 64
_TIME: Final = 8


class CompactInvalid(Refused):
    """Bytes that are no compact receipt."""


class CompactImpossible(Refused):
    """A receipt that has no compact form; the text says why."""


class TooLarge(CompactImpossible):
    """A receipt that no QR code holds."""


class PolicyUnknown(Refused):
    """A compact receipt under a policy that the reader does not have.

    Attributes
    ----------
    fingerprint
        SHA-256 of that policy, lower-case hexadecimal.
    """

    def __init__(self, fingerprint: str) -> None:
        super().__init__(f"it names the policy with the SHA-256 {fingerprint}")
        self.fingerprint = fingerprint


@dataclass(frozen=True, slots=True)
class _Cosigned:
    """A cosignature: number of the witness in the policy, POSIX seconds, 64 bytes."""

    witness: int
    time: int
    value: bytes


@dataclass(frozen=True, slots=True)
class _Compact:
    """What the bytes say, in their order; keys and texts that the policy has are numbers."""

    policy: bytes
    log: int
    index: int
    size: int
    path: tuple[bytes, ...]
    signature: bytes
    cosigned: tuple[_Cosigned, ...]
    entry: bytes
    openings: tuple[Opening, ...]
    member: Member | None


def of(receipt: Receipt, *, fields: Collection[str] | None = (DOCUMENT,)) -> bytes:
    """Return the compact form of a receipt that is final.

    Parameters
    ----------
    fields
        The fields that it opens, of those that the receipt opens; None: all of them.

    Raises
    ------
    CompactImpossible
        If the log did not sign with Ed25519, or those who cosigned with Ed25519 are no
        quorum by themselves.
    TooLarge
        If no QR code holds it.
    Refused
        If the receipt itself is not in order.
    """
    policy = Policy.parse(receipt.policy)
    log, bare = _logged(receipt, policy)
    chosen = _chosen(bare, policy)
    opened = [each for each in receipt.openings if fields is None or each.field in fields]
    compact = _Compact(
        policy=sha256(receipt.policy).digest(),
        log=log,
        index=receipt.proof.index,
        size=Checkpoint.parse(bare.text).size,
        path=receipt.proof.proof,
        signature=bare.signatures[0].value,
        cosigned=chosen,
        entry=receipt.entry,
        openings=tuple(sorted(opened, key=_field)),
        member=receipt.member,
    )
    content = _render(compact)
    if len(content) > MOST_BYTES:
        raise TooLarge(f"it has {len(content)} bytes, and a QR code holds {MOST_BYTES}")
    again = expand(content, [receipt.policy])
    if again.proof.note.text != bare.text:
        raise CompactImpossible("its checkpoint says something that the compact form cannot say")
    if again != replace(
        receipt, openings=compact.openings, log_key=again.log_key, proof=again.proof
    ):
        raise CompactImpossible("its compact form could not be read again")
    return content


def expand(content: bytes, policies: Iterable[bytes]) -> Receipt:
    """Return the receipt that these bytes say. Nothing is verified; see `checking.verify`.

    Parameters
    ----------
    policies
        The policy files that the reader has; the one that is meant is found by its hash.

    Raises
    ------
    PolicyUnknown
        If it is not among them.
    Refused
        If the bytes are no compact receipt, or not in its one spelling.
    """
    compact = _parse(content)
    for text in policies:
        if sha256(text).digest() == compact.policy:
            receipt = _expanded(compact, Policy.parse(text))
            receipt.render()  # what no file could say, no code says either
            return receipt
    raise PolicyUnknown(compact.policy.hex())


# --- from a receipt ---------------------------------------------------------------------


def _logged(receipt: Receipt, policy: Policy) -> tuple[int, SignedNote]:
    """Return the number of the log's key, and the note with its signature and those like it.

    Signatures of kinds that the compact form leaves out are not looked at.
    """
    note = receipt.proof.note
    origin = Checkpoint.parse(note.text).origin
    witnesses = [each.key for each in policy.witnesses if each.key.kind == COSIGNER_ED25519]
    cosigned = [made for key in witnesses for made in note.signatures if key.made(made)]
    for number, log in enumerate(policy.logs):
        for made in note.signatures:
            if log.key.kind == ED25519 and log.key.name == origin and log.key.made(made):
                return number, SignedNote(note.text, (made, *cosigned))
    raise CompactImpossible(f"no Ed25519 key of {origin} in the policy signed it")


def _chosen(note: SignedNote, policy: Policy) -> tuple[_Cosigned, ...]:
    """Return the fewest cosignatures that are enough, the earliest of equally few."""
    if policy.quorum is None:
        raise CompactImpossible("its policy asks for no cosignatures")
    try:
        times = policy.verify(note).cosigned
    except NotFinal:
        times = {}
    found = _fewest(policy.quorum, times)
    if found is None:
        raise CompactImpossible(
            "those who cosigned with Ed25519 keys are no quorum by themselves, and the "
            "signatures with ML-DSA-44 are too large"
        )
    return tuple(
        _Cosigned(number, times[each.name], _bare(note, each.key))
        for number, each in enumerate(policy.witnesses)
        if each.name in found
    )


def _fewest(part: Part, times: Mapping[str, int]) -> tuple[str, ...] | None:
    """Return the fewest witnesses that satisfy a part of the quorum; None: they cannot.

    A name is a member of one group only, so the fewest of a group are the fewest of its
    cheapest members.
    """
    if not part.members:
        return (part.name,) if part.name in times else None
    found = filter(None, (_fewest(each, times) for each in part.members))
    cheapest = sorted(found, key=lambda names: (len(names), max(times[each] for each in names)))
    if len(cheapest) < part.threshold:
        return None
    return tuple(name for names in cheapest[: part.threshold] for name in names)


def _bare(note: SignedNote, key: VerifierKey) -> bytes:
    return next(made.value for made in note.signatures if key.made(made))[_TIME:]


def _render(compact: _Compact) -> bytes:
    parts = [
        bytes([VERSION]),
        compact.policy,
        packing.figure(compact.log),
        packing.figure(compact.index),
        packing.figure(compact.size),
        *compact.path,
        compact.signature,
        packing.figure(len(compact.cosigned)),
    ]
    for cosigned in compact.cosigned:
        parts += (packing.figure(cosigned.witness), packing.figure(cosigned.time), cosigned.value)
    parts += (packing.text(compact.entry), packing.figure(len(compact.openings)))
    for opening in compact.openings:
        parts += (packing.sized(_field(opening)), opening.salt, packing.text(opening.value))
    member = compact.member
    parts.append(packing.figure(0 if member is None else 1))
    if member is not None:
        parts += (packing.text(member.content), packing.figure(member.index))
        parts += (packing.figure(len(member.proof)), *member.proof)
    return b"".join(parts)


def _field(opening: Opening) -> bytes:
    return to_utf8(opening.field)


# --- to a receipt -----------------------------------------------------------------------


def _parse(content: bytes) -> _Compact:
    if len(content) > MOST_BYTES:
        raise CompactInvalid(f"a compact receipt has at most {MOST_BYTES} bytes")
    reader = packing.Reader(content)
    if reader.take(1) != bytes([VERSION]):
        raise CompactInvalid("this is no compact receipt of version 1")
    policy, log = reader.take(HASH_SIZE), reader.figure()
    index, size = reader.figure(), reader.figure()
    path = _hashes(reader, proof_length(index, size))
    signature = reader.take(_SIGNATURE)
    cosigned = tuple(
        _Cosigned(reader.figure(), reader.figure(), reader.take(_SIGNATURE))
        for _ in range(reader.figure())
    )
    if not _rising([each.witness for each in cosigned]):
        raise CompactInvalid("cosignatures do not stand in the order of the policy")
    entry = reader.text()
    openings = tuple(_opening(reader) for _ in range(reader.figure()))
    if not _rising([_field(each) for each in openings]):
        raise CompactInvalid("openings do not stand in the order of their fields")
    members = reader.figure()
    if members > 1:
        raise CompactInvalid("a receipt shows one member at most")
    member = _member(reader) if members else None
    reader.end()
    return _Compact(policy, log, index, size, path, signature, cosigned, entry, openings, member)


def _hashes(reader: packing.Reader, count: int) -> tuple[bytes, ...]:
    return tuple(reader.take(HASH_SIZE) for _ in range(count))


def _opening(reader: packing.Reader) -> Opening:
    try:
        field = reader.sized().decode()
    except UnicodeDecodeError:
        raise CompactInvalid("the name of a field is UTF-8") from None
    return Opening(field, reader.take(SALT_SIZE), reader.text())


def _member(reader: packing.Reader) -> Member:
    content, index, count = reader.text(), reader.figure(), reader.figure()
    return Member(content, index, _hashes(reader, count))


def _rising(values: Sequence[Any]) -> bool:
    return all(one < other for one, other in pairwise(values))


def _expanded(compact: _Compact, policy: Policy) -> Receipt:
    log = _key([each.key for each in policy.logs], compact.log, ED25519)
    witnesses = [each.key for each in policy.witnesses]
    root = root_from(leaf_hash(compact.entry), compact.index, compact.size, compact.path)
    signatures = [Signature(log.name, log.key_id, compact.signature)]
    for each in compact.cosigned:
        key = _key(witnesses, each.witness, COSIGNER_ED25519)
        value = each.time.to_bytes(_TIME, "big") + each.value
        signatures.append(Signature(key.name, key.key_id, value))
    note = SignedNote(Checkpoint(log.name, compact.size, root).text, tuple(signatures))
    return Receipt(
        entry=compact.entry,
        openings=compact.openings,
        proof=ProofFile(compact.index, compact.path, note),
        policy=policy.text,
        log_key=log,
        member=compact.member,
    )


def _key(keys: list[VerifierKey], number: int, kind: int) -> VerifierKey:
    if number >= len(keys) or keys[number].kind != kind:
        raise CompactInvalid("it names a key that the policy does not have, or one of another kind")
    return keys[number]
