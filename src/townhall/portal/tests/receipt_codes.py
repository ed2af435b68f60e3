"""Compact receipts as a camera reads them, and thousands of ways to change them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from townhall.ledger.engine import compact, packing
from townhall.ledger.engine.digits import from_digits, to_digits
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Member, Receipt
from townhall.ledger.engine.tests import cast, large
from townhall.portal.tests.receipt_cases import OTHER_LETTER, Case

LARGE, LARGE_POLICY = large.receipt()
SPACES = "\t\n\v\f\r \xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\0\x1c\x1f\x85\u200b"
"""What Python, browsers or people take for a space; not all of them take the same."""
_START = 33
"""Where the number of the log's key stands: after the version and the policy's hash."""


def coded(receipt: Receipt, fields: tuple[str, ...] | None = ("document",)) -> str:
    """A receipt as the digits of its QR code."""
    return to_digits(compact.of(receipt, fields=fields))


BASES = (
    (coded(cast.RECEIPT), cast.LETTER, cast.POLICY),
    (coded(cast.RECEIPT, None), cast.LETTER, cast.POLICY),
    (coded(cast.day_receipt()), None, cast.POLICY),
    (coded(LARGE), cast.LETTER, LARGE_POLICY),
)
"""Codes that hold, with their letter and the policy that they name."""


def true_codes() -> Iterator[Case]:
    """Codes that are true, read in several ways and checked against less or something else."""
    unsafe = Policy.parse(cast.POLICY_TEXT.replace(b"faults 1", b"faults 2"))
    for code, letter, policy in BASES:
        for text in (code, f" {code}\n", f"https://town.example/ledger/check#{code}", f"#{code}"):
            yield Case(b"", letter, policy, code=text)
        for space in SPACES:
            yield Case(b"", letter, policy, code=f"{space}{code}{space}")
        for document in (OTHER_LETTER, b"", None):
            yield Case(b"", document, policy, code=code)
        for other in (LARGE_POLICY, cast.POLICY, unsafe, None):
            yield Case(b"", letter, other, code=code)
    under = replace(cast.RECEIPT, policy=unsafe.text)
    yield Case(b"", cast.LETTER, unsafe, code=coded(under))
    entry = cast.decision().encode()
    for index in range(9):
        yield Case(b"", None, code=coded(cast.receipt_for(entry, index=index)))
    for at in (cast.TIME + 300, cast.TIME + 301):
        yield Case(b"", None, code=coded(cast.receipt_for(cast.decision(at=at).encode())))
    for time in (1, 127, 128, 2**62):
        yield Case(b"", None, code=coded(cast.receipt_for(entry, time=time)))
    for size in (1, 2, 3, 127, 128, 2**53, 2**62, 2**63 - 1):
        for index in {0, size // 2, size - 1}:
            proof, note = large.place(cast.RECEIPT.entry, index, size)
            made = replace(cast.RECEIPT, proof=ProofFile(index, proof, note))
            yield Case(b"", code=coded(made))


def changed_codes(chance: random.Random) -> Iterator[Case]:
    """What a camera could misread, or a forger could write: none of these may hold."""
    for number, (code, letter, policy) in enumerate(BASES):
        for changed in _misread(code, chance, 120 if number < 3 else 40):
            if changed == code:
                continue
            yield Case(b"", letter, policy, code=changed)
        content = from_digits(code)
        for changed_bytes in _damaged(content, chance, 500 if number < 3 else 120):
            if changed_bytes == content:
                continue
            yield Case(b"", letter, policy, code=to_digits(changed_bytes))
    for text in ("", "#", "0", "000", "main", "https://town.example/ledger/check", "9" * 7_089,
                 "0" * 7_089, "0" * 7_090, "٠٠٠", "1e5"):  # fmt: skip
        yield Case(b"", code=text)


def _misread(code: str, chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        place, other = chance.randrange(len(code)), chance.randrange(len(code))
        digit = chance.choice("0123456789")
        yield code[:place] + digit + code[place + 1 :]
        yield code[:place] + digit + code[place:]
        yield code[:place] + code[place + 1 :]
        yield code[:place]
        first, last = sorted((place, other))
        yield code[:first] + code[last:]
        yield code[:first] + code[first:last][::-1] + code[last:]
        block = chance.randrange(len(code) // 17) * 17
        yield code[:block] + code[block + 17 :]
        yield code[:block] + code[block : block + 17] + code[block:]
        yield code[:place] + chance.choice(" -+.e\n٣x#") + code[place + 1 :]


def _damaged(content: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    for _ in range(count):
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        yield bytes(changed)
    for place in range(_START, _START + 12):
        for byte in (0, 1, 2, 3, 8, 9, 0x7F, 0x80, 0xFF):
            yield content[:place] + bytes([byte]) + content[place + 1 :]
            yield content[:place] + bytes([byte]) + content[place:]
    for _ in range(count // 8):
        start, end = sorted(chance.choices(range(len(content)), k=2))
        yield content[:start]
        yield content[:start] + content[end:]
        yield content + content[start:end][: 2_919 - len(content)]
        yield content[:start] + bytes(end - start) + content[end:]
        yield content[:start] + content[start:end][::-1] + content[end:]


def respelt_codes() -> Iterator[Case]:
    """Entries, fields and values that are written otherwise, and parts from other receipts."""
    content = compact.of(cast.RECEIPT, fields=None)
    entry = cast.RECEIPT.entry
    packed = packing.text(entry)
    for other in (
        b"",
        b"{}",
        b"\xff",
        entry.replace(b":", b": "),
        entry.replace(b'"rules":1', b'"rules":1.0'),
        entry.replace(b'"rules":1', b'"rules":2'),
        entry.replace(b"decision", b"day"),
        entry.replace(b"0f" * 16, b"0e" * 16),
        entry.replace(b"0f" * 16, b"\xed\xa0\x80"),
        entry.replace(b"town.example", b"city.example"),
        cast.day_receipt().entry,
    ):
        yield Case(b"", code=to_digits(content.replace(packed, packing.text(other))))
    yield Case(b"", code=to_digits(content.replace(packed, b"\x00" + packing.sized(entry))))
    for old, new in (
        (b"\x08document", b"\x08\xffocument"),
        (b"\x08document", b"\x08outcome_"),
        (b"\x07outcome", b"\x07granted"),
        (b"\x00\x07granted", b"\x00\x07refused"),
        (b"\x00\x07granted", b"\x00\x07grant\xff\xfe"),
        (b"\x00\x02\xff\xfe", b"\x00\x02ab"),
        (sha256(cast.POLICY_TEXT).digest(), sha256(LARGE_POLICY.text).digest()),
    ):
        assert old in content
        yield Case(b"", code=to_digits(content.replace(old, new)))
    yield from _other_parts(content)
    for member in (
        Member(b"", 0, ()),
        Member(b"\xff", 2**53 - 1, (bytes(32),) * 5),
        Member(b"ab" * 32, 2, (b"\x01" * 32,)),
    ):
        changed = replace(cast.day_receipt(), member=member)
        yield Case(b"", None, code=coded(changed))
    day = compact.of(cast.day_receipt())
    line = packing.text(cast.LINES[2])
    start = day.index(line)
    at = start + len(line)
    for index in (2**53, 2**53 + 1, 2**63 - 1):
        changed_bytes = day[:at] + packing.figure(index) + day[at + 1 :]
        yield Case(b"", None, code=to_digits(changed_bytes))
    yield Case(b"", None, code=to_digits(day[: start - 1] + b"\x02" + day[start:] + day[start:]))


def _other_parts(content: bytes) -> Iterator[Case]:
    """Cosignatures and openings left out, doubled, exchanged, or from elsewhere."""
    at = _START + 3 + 4 * 32 + 64
    piece = 1 + 5 + 64
    before, rest = content[:at], content[at + 1 :]
    pieces = [rest[number * piece :][:piece] for number in range(3)]
    after = rest[3 * piece :]
    first, second, third = pieces
    fourth = b"\x03" + third[1:]
    for chosen in (
        [],
        [first],
        [first, second],
        [second, first, third],
        [first, first, second],
        [first, second, fourth],
        [first, second, third, fourth],
        [first, second, b"\x04" + third[1:]],
        [first, second, b"\x80\x01" + third[1:]],
        [first, b"\x01" + first[1:], third],
        [first, second, third[:1] + packing.figure(0) + third[6:]],
        [first, second, third[:1] + packing.figure(cast.TIME + 1) + third[6:]],
        [first, second, third[:1] + packing.figure(2**63 - 1) + third[6:]],
    ):
        yield Case(b"", code=to_digits(before + bytes([len(chosen)]) + b"".join(chosen) + after))
    for place in (0, 1):
        for number in (1, 2, 2**53, 2**63 - 1):
            changed = packing.figure(number)
            cut = _START if place == 0 else at + 1
            code = to_digits(content[:cut] + changed + content[cut + 1 :])
            yield Case(b"", code=code)
