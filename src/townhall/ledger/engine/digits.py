"""Bytes as decimal digits, which a QR code holds at the least cost, and the address before them.

A QR code (ISO/IEC 18004) takes 10 bits for three digits, so 7 bytes in 17 digits cost
56.7 bits for 56: nothing else that survives in an address comes near (base 64 costs 75,
and 64 in upper-case base 32). SMART Health Cards do the same with less thrift.

Seven bytes are a number below 256^7, written with exactly 17 digits, zeros in front;
what is left over at the end, r bytes, with exactly as many digits as 256^r - 1 has. So
the number of digits says the number of bytes, and every byte string has one spelling.
"""

from __future__ import annotations

from typing import Final

from townhall.ledger.engine.errors import Refused

MOST_DIGITS: Final = 7_089
"""What the largest QR code holds, version 40 with the least error correction."""
MOST_BYTES: Final = 2_919

_SPACES: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3, as `trim` of JavaScript."""

_BLOCK: Final = 7  # bytes
_WIDTHS: Final = (0, 3, 5, 8, 10, 13, 15, 17)  # digits of so many bytes
_BYTES: Final = {width: size for size, width in enumerate(_WIDTHS)}


class DigitsInvalid(Refused):
    """Text that is not the one spelling of any bytes."""


def to_digits(content: bytes) -> str:
    """Return the digits that these bytes are written with.

    Raises
    ------
    DigitsInvalid
        If no QR code holds so many.
    """
    if len(content) > MOST_BYTES:
        raise DigitsInvalid(f"a QR code holds at most {MOST_BYTES} bytes, not {len(content)}")
    blocks = (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
    return "".join(f"{int.from_bytes(each, 'big'):0{_WIDTHS[len(each)]}d}" for each in blocks)


def from_digits(digits: str) -> bytes:
    """Return the bytes that these digits say.

    Raises
    ------
    DigitsInvalid
        If there is another character among them, they are too many, their number is
        none that bytes are written with, or a block says more than its bytes hold.
    """
    if len(digits) > MOST_DIGITS:
        raise DigitsInvalid(f"a code has at most {MOST_DIGITS} digits")
    if not (digits.isascii() and digits.isdigit()):
        raise DigitsInvalid("a code is written with the digits 0 to 9")
    width = _WIDTHS[_BLOCK]
    parts: list[bytes] = []
    for at in range(0, len(digits), width):
        block = digits[at : at + width]
        size = _BYTES.get(len(block))
        if size is None or int(block) >= 256**size:
            raise DigitsInvalid("a piece of the code is missing, or a digit is wrong")
        parts.append(int(block).to_bytes(size, "big"))
    return b"".join(parts)


def in_text(text: str) -> str:
    """Return what a camera read without what stands before the code: the address of a page.

    Nothing is judged here; `from_digits` refuses what is no code. What counts as a space is
    what browsers take for one, so that a code that one check reads, every check reads.
    """
    return text.strip(_SPACES).rpartition("#")[2]
