"""Entry bundles: the entries themselves, 256 in a file (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from townhall.ledger.engine.errors import Refused

LONGEST_ENTRY: Final = 65_535  # bytes: what a 16-bit length can say
_LENGTH: Final = 2


class BundleInvalid(Refused):
    """An entry that is too long, or a bundle that is cut or padded."""


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Return the entries, each after its length as a big-endian 16-bit number.

    Raises
    ------
    BundleInvalid
        If one is longer than 65,535 bytes: documents stay outside a log.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise BundleInvalid(
                f"an entry has at most {LONGEST_ENTRY} bytes, not {len(entry)}: "
                "log the hash of a document, not the document"
            )
        parts += (len(entry).to_bytes(_LENGTH, "big"), entry)
    return b"".join(parts)


def decode_entries(bundle: bytes, count: int | None = None) -> list[bytes]:
    """Return the entries of a bundle.

    Parameters
    ----------
    bundle
        As `encode_entries` made it.
    count
        How many entries it must have; None: any number.

    Raises
    ------
    BundleInvalid
        If it ends within an entry, or has another number of entries.
    """
    entries: list[bytes] = []
    position, whole = 0, len(bundle)
    while position < whole:
        start = position + _LENGTH
        position = start + int.from_bytes(bundle[position:start], "big")
        if start > whole or position > whole:
            raise BundleInvalid(f"the bundle ends within entry {len(entries)}")
        entries.append(bundle[start:position])
    if count is not None and len(entries) != count:
        raise BundleInvalid(f"the bundle has {len(entries)} entries, not {count}")
    return entries
