"""How large a tree is and what its root is: in checkpoints, and in a log's own mark."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from townhall.ledger.engine.hashing import EMPTY_ROOT, HASH_SIZE, MOST_ENTRIES
from townhall.ledger.log.errors import CheckpointRefused, LogDamaged

_TEXT: Final = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[^\n]+)\n")
_DIGEST: Final = re.compile(r"(?P<text>.*\n)sha256 (?P<digest>[0-9a-f]{64})\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """A tree, known by its size and its root."""

    size: int
    root: bytes


EMPTY: Final = Head(0, EMPTY_ROOT)


def head_text(origin: str, head: Head) -> str:
    """Return the text of a checkpoint without extension lines (C2SP tlog-checkpoint)."""
    return f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def head_of(note: bytes, origin: str) -> Head:
    """Return the head that a checkpoint states. Signatures are the caller's matter.

    Parameters
    ----------
    note
        A checkpoint, or any text that begins with the three lines of one.
    origin
        The log that it must be of.

    Raises
    ------
    CheckpointRefused
        If it is no checkpoint, or one of another log.
    """
    try:
        match = _TEXT.match(note.decode())
    except UnicodeDecodeError:
        match = None
    if match is None:
        raise CheckpointRefused("this is no checkpoint: it does not begin with its three lines")
    if match["origin"] != origin:
        raise CheckpointRefused(f"this checkpoint is of {match['origin']!r}, not of {origin!r}")
    size = int(match["size"])
    try:
        root = base64.b64decode(match["root"], validate=True)
    except binascii.Error:
        root = b""
    if len(root) != HASH_SIZE or size > MOST_ENTRIES or (size == 0) != (root == EMPTY_ROOT):
        raise CheckpointRefused("this checkpoint has no possible size and root")
    return Head(size, root)


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
    match = _DIGEST.fullmatch(content.decode(errors="replace"))
    if match is None or sha256(match["text"].encode()).hexdigest() != match["digest"]:
        raise LogDamaged(f"{path} is damaged: put back an undamaged copy of the log's folder")
    try:
        return head_of(content, origin)
    except CheckpointRefused as refusal:
        raise LogDamaged(f"{path} is of another log: {refusal}") from refusal


def read_if_there(path: Path) -> bytes | None:
    """Return what is in a file; None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
