"""What a witness answers: `add-checkpoint` as a pure decision (C2SP tlog-witness).

The caller holds the state. It calls `decide` and stores the new state in one
transaction, and only then signs and answers: otherwise two requests at once could
roll a witness back (C2SP/C2SP pull request 66).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from townhall.ledger.engine import checkpoints, cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import from_base64, from_decimal, to_base64
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE
from townhall.ledger.engine.keys import Signer, VerifierKey
from townhall.ledger.engine.notes import Signature, SignatureInvalid, SignedNote, parse_signatures
from townhall.ledger.engine.notes import decode_text as _decode
from townhall.ledger.engine.proofs import MOST_HASHES, ProofInvalid, verify_consistency

PLAIN: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"


class Status(IntEnum):
    """The answers of HTTP that witnesses and mirrors give."""

    OK = 200
    ACCEPTED = 202
    BAD_REQUEST = 400
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    UNPROCESSABLE = 422


class RequestInvalid(Refused):
    """A request or an answer that is malformed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint, and the proof that it grew out of an older one.

    Attributes
    ----------
    old
        Size of the older checkpoint.
    proof
        From `old` to the checkpoint.
    note, checkpoint
        The checkpoint with its signatures, none of which is verified yet.
    """

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote
    checkpoint: Checkpoint

    def render(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note.render()


@dataclass(frozen=True, slots=True)
class Seen:
    """The latest checkpoint of a log that a witness vouches for.

    Attributes
    ----------
    size, root
        Of that checkpoint.
    note
        As the log signed it; with the witness's own cosignatures once it has them.
    """

    size: int
    root: bytes
    note: SignedNote


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP, and what must be stored before it is given.

    Attributes
    ----------
    status, body, content_type
        Of HTTP. The body of a 200 is what `cosign` makes.
    reason
        For the operator's own log.
    seen
        The new state; None: nothing changes.
    evidence
        Whether the log has signed something that it must not have signed: the
        request is to be kept, it is portable proof.
    """

    status: int
    body: bytes = b""
    content_type: str = PLAIN
    reason: str = ""
    seen: Seen | None = None
    evidence: bool = False


def parse_request(body: bytes) -> Request:
    """Read the body of `add-checkpoint`; refusals are answered with `malformed`.

    Raises
    ------
    Refused
        If it is malformed.
    """
    head, empty, rest = _decode(body).partition("\n\n")
    if not empty:
        raise RequestInvalid("no empty line divides the proof from the checkpoint")
    first, *lines = head.split("\n")
    word, space, figure = first.partition(" ")
    if word != "old" or not space:
        raise RequestInvalid("the first line is `old` and a size")
    if len(lines) > MOST_HASHES:
        raise RequestInvalid(f"a proof has at most {MOST_HASHES} lines")
    old = from_decimal(figure)
    proof = tuple(from_base64(line, HASH_SIZE) for line in lines)
    note = SignedNote.parse(rest.encode())
    return Request(old, proof, note, Checkpoint.parse(note.text))


def malformed(error: Refused) -> Answer:
    """Return the answer to a request that could not be read."""
    return Answer(Status.BAD_REQUEST, f"{error}\n".encode(), reason=str(error))


def decide(seen: Seen | None, request: Request, log_keys: Iterable[VerifierKey] | None) -> Answer:
    """Return what a witness answers to a checkpoint, and what it must store first.

    Parameters
    ----------
    seen
        The latest checkpoint of this log that it vouched for; None: none yet.
    request
        As `parse_request` gave it.
    log_keys
        Keys that the witness trusts for the request's origin; None: the origin is
        unknown to it.

    Returns
    -------
    Answer
        200, 400, 403, 404, 409 or 422, exactly as the specification assigns them.
    """
    if log_keys is None:
        return _refuse(Status.NOT_FOUND, "this log is not known here")
    try:
        signed = checkpoints.signatures_by(request.checkpoint, request.note, log_keys)
    except SignatureInvalid as error:
        return _refuse(Status.FORBIDDEN, str(error))
    if not signed:
        return _refuse(Status.FORBIDDEN, "no key that is trusted for this log signed")
    checkpoint = request.checkpoint
    if request.old > checkpoint.size:
        return _refuse(Status.BAD_REQUEST, "the log has shrunk below the old size")
    size = 0 if seen is None else seen.size
    if request.old != size:
        return Answer(
            Status.CONFLICT,
            f"{size}\n".encode(),
            SIZE,
            f"the old size is {request.old}, and {size} was vouched for last",
        )
    try:
        _check_growth(seen, request)
    except Refused as error:
        return Answer(
            Status.UNPROCESSABLE,
            f"{error}\n".encode(),
            reason=str(error),
            evidence=True,
        )
    new = Seen(checkpoint.size, checkpoint.root, _only(request.note, signed))
    return Answer(Status.OK, reason="consistent", seen=new)


def _check_growth(seen: Seen | None, request: Request) -> None:
    checkpoint = request.checkpoint
    checkpoint.check_empty()
    if request.old == 0:
        if request.proof:
            raise ProofInvalid("nothing is proved of an empty log")
        return
    assert seen is not None  # `old` equals the size of what was seen, and is not 0
    verify_consistency(request.old, seen.root, checkpoint.size, checkpoint.root, request.proof)


def _only(note: SignedNote, keys: Iterable[VerifierKey]) -> SignedNote:
    """Keep only signatures that were verified: others would be vouched for unseen."""
    known = {(key.name, key.key_id) for key in keys}
    verified = [each for each in note.signatures if (each.name, each.key_id) in known]
    return SignedNote(note.text, tuple(verified))


def _refuse(status: Status, reason: str) -> Answer:
    return Answer(status, f"{reason}\n".encode(), reason=reason)


def cosign(seen: Seen, signers: Iterable[Signer], time: int) -> tuple[Signature, ...]:
    """Return the cosignatures of a checkpoint that `decide` accepted and that is stored."""
    checkpoint = Checkpoint.parse(seen.note.text)
    return tuple(cosignatures.cosign(checkpoint, each, time) for each in signers)


def render_signatures(signatures: Iterable[Signature]) -> bytes:
    """Return the body of a 200: signature lines."""
    return "".join(each.line for each in signatures).encode()


def accept_signatures(
    body: bytes, checkpoint: Checkpoint, keys: Iterable[VerifierKey]
) -> tuple[Signature, ...]:
    """Return the cosignatures that a witness or a mirror answered, verified.

    Signatures of keys that are not given are left out.

    Raises
    ------
    NoteInvalid
        If the body is not made of signature lines.
    SignatureInvalid
        If a signature of one of the keys is false, or none of them signed.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found = []
    for made in parse_signatures(_decode(body)):
        key = known.get((made.name, made.key_id))
        if key is not None:
            cosignatures.verify(checkpoint, key, made)
            found.append(made)
    if not found:
        raise SignatureInvalid("the answer has no signature of a key that is known")
    return tuple(found)


def parse_size(body: bytes) -> int:
    """Return the size that a 409 of a witness tells.

    Raises
    ------
    Refused
        If it tells none.
    """
    text = _decode(body)
    if not text.endswith("\n"):
        raise RequestInvalid("a size ends in a newline")
    return from_decimal(text[:-1])
