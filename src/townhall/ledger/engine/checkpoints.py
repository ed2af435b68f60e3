"""Checkpoints: what a log says about itself, and its signatures (C2SP tlog-checkpoint)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from townhall.ledger.engine import messages
from townhall.ledger.engine.encoding import LARGEST_FIGURE, from_base64, from_decimal, to_base64
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import EMPTY_ROOT, HASH_SIZE
from townhall.ledger.engine.keys import COSIGNER_MLDSA44, COSIGNERS, ED25519, Signer, VerifierKey
from townhall.ledger.engine.notes import Signature, SignatureInvalid, SignedNote

_TIME_SIZE: Final = 8


class CheckpointInvalid(Refused):
    """Text that is no checkpoint, or a checkpoint of another log."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Name, size and root of a log at one moment.

    Attributes
    ----------
    origin
        Name of the log; its keys should have the same name.
    size, root
        Number of entries, and the root over them.
    extensions
        Further lines. Not recommended, and never written by this house: ML-DSA
        cosignatures do not cover them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if any(not line or any(each < " " for each in line) for line in lines):
            raise CheckpointInvalid("origin and extension lines are not empty, and are one line")
        if not 0 <= self.size <= LARGEST_FIGURE:
            raise CheckpointInvalid("a size is from 0 to 2^63 - 1")
        if len(self.root) != HASH_SIZE:
            raise CheckpointInvalid(f"a root has {HASH_SIZE} bytes, not {len(self.root)}")

    def check_empty(self) -> None:
        """Refuse a log without entries whose root is not that of the empty tree.

        Apart from the rest, because a witness answers it with a status of its own.

        Raises
        ------
        CheckpointInvalid
            If it is.
        """
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointInvalid("the root of no entries is SHA-256 of nothing")

    @property
    def text(self) -> str:
        """The text of the note."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note.

        Raises
        ------
        CheckpointInvalid
            If it is no checkpoint.
        """
        origin, size, root, extensions = _lines(text)
        return cls(origin, size, root, extensions)


def _lines(text: str) -> tuple[str, int, bytes, tuple[str, ...]]:
    *lines, rest = text.split("\n")
    if rest or len(lines) < 3:
        raise CheckpointInvalid("a checkpoint has three lines: origin, size and root")
    try:
        size, root = from_decimal(lines[1]), from_base64(lines[2], HASH_SIZE)
    except Refused as error:
        raise CheckpointInvalid(f"size and root of a checkpoint: {error}") from None
    return lines[0], size, root, tuple(lines[3:])


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint that a key of its log has truly signed.

    Attributes
    ----------
    checkpoint, note
        What was signed, and the whole note with all signatures.
    keys
        The keys of the log that signed it.
    """

    checkpoint: Checkpoint
    note: SignedNote
    keys: tuple[VerifierKey, ...]


def sign(checkpoint: Checkpoint, *signers: Signer, time: int = 0) -> SignedNote:
    """Return the checkpoint signed by its log.

    A log signs with Ed25519 (0x01), which every verifier knows, and with ML-DSA-44
    (0x06), which a quantum computer does not break.

    Parameters
    ----------
    signers
        At least one.
    time
        POSIX seconds, for signatures that say a time.

    Raises
    ------
    Refused
        If there is no signer.
    """
    return _readable(
        SignedNote(checkpoint.text, tuple(signature(checkpoint, each, time) for each in signers))
    )


def signature(checkpoint: Checkpoint, signer: Signer, time: int) -> Signature:
    """Return one signature line for a checkpoint, whatever the kind of the key."""
    value = signer.sign(_message(checkpoint, signer.key, time))
    if signer.key.kind in COSIGNERS:
        value = time.to_bytes(_TIME_SIZE, "big") + value
    return Signature(signer.key.name, signer.key.key_id, value)


def signed_at(checkpoint: Checkpoint, key: VerifierKey, made: Signature) -> int:
    """Return the time that a signature by this key says, 0 if it says none.

    Raises
    ------
    SignatureInvalid
        If the key did not sign this.
    """
    time, value = 0, made.value
    if key.kind in COSIGNERS:
        time, value = int.from_bytes(value[:_TIME_SIZE], "big"), value[_TIME_SIZE:]
    if not key.made(made) or time > LARGEST_FIGURE:
        raise SignatureInvalid(f"{key.name} did not sign this")
    if not key.verifies(_message(checkpoint, key, time), value):
        raise SignatureInvalid(f"the signature of {key.name} is not over this checkpoint")
    return time


def signatures_by(
    checkpoint: Checkpoint, note: SignedNote, keys: Iterable[VerifierKey]
) -> dict[VerifierKey, int]:
    """Return which of the keys signed, and the times that they say.

    Signatures of other keys are ignored, also those that share a name or an id.

    Raises
    ------
    SignatureInvalid
        If a signature claims to be by one of the keys and is not: then the whole
        note is refused (C2SP signed-note).
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, int] = {}
    for made in note.signatures:
        key = known.get((made.name, made.key_id))
        if key is not None:
            found[key] = signed_at(checkpoint, key, made)
    return found


def open_checkpoint(
    note: bytes | SignedNote, origin: str, log_keys: Iterable[VerifierKey]
) -> Opened:
    """Return the checkpoint of a log, after verifying who signed it.

    Parameters
    ----------
    note
        As it was received.
    origin
        Name of the log that it must be of.
    log_keys
        Keys of that log; one signature by one of them is enough, but none may be
        false.

    Raises
    ------
    NoteInvalid, CheckpointInvalid
        If it is no signed checkpoint, or that of another log.
    SignatureInvalid
        If no key of the log signed it, or a signature is false.
    """
    parsed = note if isinstance(note, SignedNote) else SignedNote.parse(note)
    checkpoint = Checkpoint.parse(parsed.text)
    if checkpoint.origin != origin:
        raise CheckpointInvalid(f"this is a checkpoint of another log than {origin}")
    keys = tuple(signatures_by(checkpoint, parsed, log_keys))
    if not keys:
        raise SignatureInvalid(f"no key of {origin} signed this checkpoint")
    checkpoint.check_empty()
    return Opened(checkpoint, parsed, keys)


def _message(checkpoint: Checkpoint, key: VerifierKey, time: int) -> bytes:
    if key.kind == ED25519:
        return checkpoint.text.encode()
    if key.kind == COSIGNER_MLDSA44:
        return messages.subtree(
            key.name,
            time,
            checkpoint.origin,
            0,
            checkpoint.size,
            subtree_hash=checkpoint.root,
        )
    return messages.timestamped(checkpoint.text, time)


def _readable(note: SignedNote) -> SignedNote:
    note.render()
    return note
