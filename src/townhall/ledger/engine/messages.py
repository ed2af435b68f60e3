"""The exact bytes that each kind of key signs (C2SP tlog-cosignature, July 2026)."""

from __future__ import annotations

from typing import Final

from townhall.ledger.engine.encoding import LARGEST_FIGURE
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE

_LABEL: Final = b"subtree/v1\n\0"
LONGEST_NAME: Final = 255  # bytes, of a cosigner and of an origin


class MessageInvalid(Refused):
    """Figures or names that no cosignature can speak of."""


def timestamped(text: str, time: int) -> bytes:
    """Return what an Ed25519 cosignature (0x04) is over: the time and the whole text.

    The message does not name the cosigner: one key is for one cosigner only.

    Parameters
    ----------
    text
        Text of the checkpoint, with extension lines, without signatures.
    time
        POSIX seconds.
    """
    _check_time(time)
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def subtree(
    cosigner: str, time: int, origin: str, start: int, end: int, *, subtree_hash: bytes
) -> bytes:
    """Return what an ML-DSA-44 cosignature (0x06) is over.

    Extension lines of a checkpoint are not covered.

    Parameters
    ----------
    cosigner, origin
        Name of the key that signs, and of the log.
    time
        POSIX seconds; 0 where nothing is said about time, as for every subtree that
        does not begin at 0.
    start, end, subtree_hash
        The leaves and their hash; for a checkpoint 0, the tree's size, and its root.

    Raises
    ------
    MessageInvalid
        If a name has not 1 to 255 bytes, or the figures contradict each other.
    """
    _check_time(time)
    if not 0 <= start <= end <= LARGEST_FIGURE or len(subtree_hash) != HASH_SIZE:
        raise MessageInvalid("a subtree is a range of leaves and a hash of 32 bytes")
    if start and time:
        raise MessageInvalid("nothing is said about the time of a subtree")
    return b"".join(
        (
            _LABEL,
            _named(cosigner),
            time.to_bytes(8, "big"),
            _named(origin),
            start.to_bytes(8, "big"),
            end.to_bytes(8, "big"),
            subtree_hash,
        )
    )


def _named(name: str) -> bytes:
    encoded = name.encode()
    if not 1 <= len(encoded) <= LONGEST_NAME:
        raise MessageInvalid(f"a name has 1 to {LONGEST_NAME} bytes")
    return bytes([len(encoded)]) + encoded


def _check_time(time: int) -> None:
    if not 0 <= time <= LARGEST_FIGURE:
        raise MessageInvalid("a time is from 0 to 2^63 - 1 seconds")
