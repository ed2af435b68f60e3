"""Values one after the other as bytes, each in exactly one spelling: what `compact` is made of.

Figures are varints (seven bits a byte, the lowest first, the high bit set on all but the
last), hexadecimal within a text takes half of its room, and every part is preceded by its
length. A reader refuses what is longer than it must be.
"""

from __future__ import annotations

import re
from typing import Final

from townhall.ledger.engine.encoding import LARGEST_FIGURE
from townhall.ledger.engine.errors import Refused

_LONGEST_FIGURE: Final = 9  # bytes: 63 bits
_HEX: Final = re.compile(rb"[0-9a-f]{16,}")


class PackingInvalid(Refused):
    """Bytes that end too early, go on for too long, or are a second spelling."""


def figure(value: int) -> bytes:
    """Return a figure from 0 to 2^63 - 1 as a varint.

    Raises
    ------
    PackingInvalid
        If it is another one.
    """
    if not 0 <= value <= LARGEST_FIGURE:
        raise PackingInvalid("a figure is from 0 to 2^63 - 1")
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def sized(content: bytes) -> bytes:
    """Return bytes after their length."""
    return figure(len(content)) + content


def text(content: bytes) -> bytes:
    """Return a text in which long runs of hexadecimal take half of their room.

    The number of runs; before each of them the text up to it; the run as bytes; the text
    after the last one. A run is all lower-case hexadecimal digits that stand together, if
    they are 16 or more and their number is even.
    """
    runs = _runs(content)
    parts, at = [figure(len(runs))], 0
    for start, end in runs:
        parts += (sized(content[at:start]), sized(bytes.fromhex(content[start:end].decode())))
        at = end
    return b"".join([*parts, sized(content[at:])])


def _runs(content: bytes) -> list[tuple[int, int]]:
    found = (each.span() for each in _HEX.finditer(content))
    return [(start, end) for start, end in found if (end - start) % 2 == 0]


class Reader:
    """Reads what was written so, from the front.

    Parameters
    ----------
    content
        All bytes; `end` says that nothing is left of them.
    """

    __slots__ = ("_at", "_content")

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes.

        Raises
        ------
        PackingInvalid
            If there are fewer; so do all that follow.
        """
        end = self._at + size
        if end > len(self._content):
            raise PackingInvalid("the code ends too early")
        taken = self._content[self._at : end]
        self._at = end
        return taken

    def figure(self) -> int:
        """Return the next figure, written without surplus bytes."""
        value = 0
        for place in range(_LONGEST_FIGURE):
            (byte,) = self.take(1)
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if not byte and place:
                    raise PackingInvalid("a figure is written with more bytes than it needs")
                return value
        raise PackingInvalid("a figure is above 2^63 - 1")

    def sized(self) -> bytes:
        """Return the next bytes that stand after their length."""
        return self.take(self.figure())

    def text(self) -> bytes:
        """Return the next text, as `text` writes it."""
        content, runs = bytearray(), []
        for _ in range(self.figure()):
            content += self.sized()
            start = len(content)
            content += self.sized().hex().encode()
            runs.append((start, len(content)))
        content += self.sized()
        whole = bytes(content)
        if _runs(whole) != runs:
            raise PackingInvalid("hexadecimal is not written as it should be")
        return whole

    def end(self) -> None:
        """Return if nothing is left."""
        if self._at != len(self._content):
            raise PackingInvalid("the code goes on after its end")
