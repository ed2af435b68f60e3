"""How large a tree is and what its root is: in checkpoints, and in a log's own mark."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from townhall.ledger.engine.checkpoints import Checkpoint, CheckpointInvalid
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import EMPTY_ROOT
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.log.errors import CheckpointRefused, LogDamaged


@dataclass(frozen=True, slots=True)
class Head:
    """A tree, known by its size and its root."""

    size: int
    root: bytes


EMPTY: Final = Head(0, EMPTY_ROOT)


def head_text(origin: str, head: Head) -> str:
    """Return the text of a checkpoint without extension lines (C2SP tlog-checkpoint)."""
    return Checkpoint(origin, head.size, head.root).text


def head_of(note: bytes, origin: str) -> Head:
    """Return the head that a checkpoint states. Signatures are the caller's matter.

    Parameters
    ----------
    note
        A checkpoint, as a signed note.
    origin
        The log that it must be of.

    Raises
    ------
    CheckpointRefused
        If it is no checkpoint, or one of another log.
    """
    try:
        return _head_in(SignedNote.parse(note).text, origin)
    except Refused as refusal:
        raise CheckpointRefused(f"this is no checkpoint of {origin}: {refusal}") from refusal


def _head_in(text: str, origin: str) -> Head:
    checkpoint = Checkpoint.parse(text)
    checkpoint.check_empty()
    if checkpoint.origin != origin:
        raise CheckpointInvalid(f"it is of {checkpoint.origin!r}")
    return Head(checkpoint.size, checkpoint.root)


def read_head(path: Path, origin: str) -> Head:
    """Return the head in a checkpoint file of the log; `EMPTY` if there is none yet.

    Raises
    ------
    LogDamaged
        If the file is no checkpoint of this log.
    """
    note = read_if_there(path)
    if note is None:
        return EMPTY
    try:
        return head_of(note, origin)
    except CheckpointRefused as refusal:
        raise LogDamaged(
            f"{path} is damaged ({refusal}): put back an undamaged copy; every witness serves "
            "the last checkpoint that it cosigned"
        ) from refusal


def mark_bytes(origin: str, head: Head) -> bytes:
    """Return the content of the file `integrated`, which checks itself."""
    text = head_text(origin, head).encode()
    return text + b"sha256 " + sha256(text).hexdigest().encode() + b"\n"


def read_mark(path: Path, origin: str) -> Head:
    """Return the head in the file `integrated`; `EMPTY` if there is none yet.

    Raises
    ------
    LogDamaged
        If the file is not what was written.
    """
    content = read_if_there(path)
    if content is None:
        return EMPTY
    text, _, digest = content.rpartition(b"sha256 ")
    if digest != sha256(text).hexdigest().encode() + b"\n":
        raise LogDamaged(f"{path} is damaged: put back an undamaged copy of the log's folder")
    try:
        return _head_in(text.decode(), origin)
    except Refused as refusal:
        raise LogDamaged(f"{path} is of another log: {refusal}") from refusal


def read_if_there(path: Path) -> bytes | None:
    """Return what is in a file; None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
