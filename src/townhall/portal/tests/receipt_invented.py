"""Codes that no town hall made: every part is of the right kind, and its value by chance.

A changed code mostly fails at its first wrong byte. These get further, to where JSON, UTF-8
and numbers are read, which is where two languages disagree.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from townhall.ledger.engine import canonical, compact, packing
from townhall.ledger.engine.digits import to_digits
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.proofs import proof_length
from townhall.ledger.engine.tests import cast
from townhall.portal.tests.receipt_cases import Case

_TEXTS = (
    *("", "a", "é", "\0", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffd", "\U0001f3db"),
    *("\\", '"', "/", "\n", "__proto__", "constructor", "0f" * 16, "deadbeef" * 3, "A" * 20),
)
_BYTES = (
    *(b"", b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf"),
    *(b"ab" * 9, b"a" * 17, b"[" * 999, b'{"a":' * 99, b"9" * 999),
)
_FIGURES = (0, 1, 3, 127, 128, 2**32, 2**53 - 1, 2**53, 2**53 + 1, 2**62, 2**63 - 1)
_FIELDS = ("document", "outcome", "handle", "root", "lines", "y_1", "constructor")
_POLICY = sha256(cast.POLICY_TEXT).digest()


def invented_codes(chance: random.Random, count: int) -> Iterator[Case]:
    """So many codes, for a reader who knows the policy that they name."""
    while count:
        try:
            code = to_digits(_invented(chance))
        except Refused:  # too large
            continue
        count -= 1
        yield Case(b"", chance.choice([None, cast.LETTER]), code=code)


def _invented(chance: random.Random) -> bytes:
    size = max(1, chance.choice(_FIGURES))
    index = chance.randrange(size)
    parts = [
        bytes([compact.VERSION]) + _POLICY,
        b"\0",
        packing.figure(index) + packing.figure(size),
        chance.randbytes(32 * proof_length(index, size) + 64),
        *_counted(
            packing.figure(each) + packing.figure(chance.choice(_FIGURES)) + chance.randbytes(64)
            for each in sorted(chance.sample(range(4), chance.randrange(4)))
        ),
        packing.text(_entry(chance)),
        *_counted(
            packing.sized(each) + chance.randbytes(32) + packing.text(_content(chance))
            for each in sorted(_names(chance))
        ),
        *_counted(_member(chance) for _ in range(chance.randrange(2))),
    ]
    return b"".join(parts)


def _counted(parts: Iterator[bytes]) -> list[bytes]:
    made = list(parts)
    return [packing.figure(len(made)), *made]


def _entry(chance: random.Random) -> bytes:
    if chance.random() < 0.05:
        return _content(chance)
    honest = chance.choice([cast.RECEIPT.entry, cast.day_receipt().entry])
    entry = canonical.decode(honest)
    for _ in range(chance.randrange(3)):
        entry["body"][chance.choice(_FIELDS)] = _value(chance)
    if chance.random() < 0.1:
        entry[chance.choice([*entry, "more"])] = _value(chance)
    made = canonical.encode(entry)
    if chance.random() < 0.1:
        place = chance.randrange(len(made))
        made = made[:place] + chance.choice(_BYTES[:8]) + made[place + 1 :]
    return made


def _value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(8)
    if kind == 0 and depth < 13:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(3))]
    if kind == 1 and depth < 13:
        return {chance.choice(("k", "__proto__", "10", "9")): _value(chance, depth + 1)}
    if kind == 2:
        return chance.choice((0, -1, 2**53 - 1, True, None))
    return _text(chance)


def _text(chance: random.Random) -> str:
    return "".join(chance.choices(_TEXTS, k=chance.randrange(5)))


def _content(chance: random.Random) -> bytes:
    return chance.choice([_text(chance).encode(), chance.choice(_BYTES), chance.randbytes(20)])


def _names(chance: random.Random) -> set[bytes]:
    if chance.random() < 0.02:
        return {b"%d" % each for each in range(chance.choice([64, 65]))}
    return {chance.choice([*_FIELDS, _text(chance)]).encode() for _ in range(chance.randrange(4))}


def _member(chance: random.Random) -> bytes:
    hashes = chance.choice([0, 1, 5, 63, 64])
    head = packing.text(_content(chance)) + packing.figure(chance.choice(_FIGURES))
    return head + packing.figure(hashes) + chance.randbytes(32 * hashes)
