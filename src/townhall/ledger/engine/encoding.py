"""Base64 and decimal figures with exactly one way to write each value.

A second spelling of the same bytes would be a second file with the same meaning:
hashes, signatures and caches would disagree about whether it was changed.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Final

from townhall.ledger.engine.errors import Refused

LARGEST_FIGURE: Final = 2**63 - 1


class EncodingInvalid(Refused):
    """Text that is not the one canonical spelling of a value."""


def to_base64(value: bytes) -> str:
    """Return the standard base64 of RFC 4648 section 4, with padding."""
    return b64encode(value).decode("ascii")


def from_base64(text: str, size: int | None = None) -> bytes:
    """Return the bytes that this base64 says.

    Parameters
    ----------
    text
        Standard base64 with padding, without spaces, unused bits zero.
    size
        How many bytes it must be; None: any number.

    Raises
    ------
    EncodingInvalid
        If it is anything else.
    """
    try:
        value = b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise EncodingInvalid("this is not base64") from None
    if to_base64(value) != text:  # unused bits that are set
        raise EncodingInvalid("this base64 is not canonical")
    if size is not None and len(value) != size:
        raise EncodingInvalid(f"this base64 says {len(value)} bytes, not {size}")
    return value


def from_decimal(text: str) -> int:
    """Return a figure from 0 to 2^63 - 1, written in ASCII without zeros in front.

    Raises
    ------
    EncodingInvalid
        If it is written otherwise, or is larger.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        raise EncodingInvalid("this is no figure from 0 to 2^63 - 1")
    value = int(text)
    if str(value) != text or value > LARGEST_FIGURE:
        raise EncodingInvalid("this figure has zeros in front, or is above 2^63 - 1")
    return value


def to_utf8(text: str) -> bytes:
    """Return the text in UTF-8.

    Raises
    ------
    EncodingInvalid
        If it has half of a surrogate pair, as JSON allows it.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise EncodingInvalid("this text cannot be written in UTF-8") from None


def from_hex(text: str, size: int) -> bytes:
    """Return the bytes that this lower-case hexadecimal text says.

    Raises
    ------
    EncodingInvalid
        If it is written otherwise, or says another number of bytes.
    """
    if len(text) != 2 * size or not set(text) <= _HEX:
        raise EncodingInvalid(f"this is not the lower-case hexadecimal of {size} bytes")
    return bytes.fromhex(text)


_HEX: Final = frozenset("0123456789abcdef")


_UNSHOWN: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: str, *, lines: bool = False) -> str:
    """Return what somebody else wrote so that it can be shown: nothing in it moves a cursor.

    Parameters
    ----------
    lines
        Whether it may have several lines; otherwise their ends become spaces.
    """
    kept = "\n\t" if lines else ""
    return "".join(
        each if each in kept or each.isprintable() else " " if each.isspace() else _UNSHOWN
        for each in text
    )
