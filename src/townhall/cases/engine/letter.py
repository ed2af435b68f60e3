"""What stands in a letter, and the code by which anybody can check it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CODE_BYTES = 13  # of which 100 bits make 20 characters
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_CODE_LENGTH = 20
_GROUP = 5
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Explicit embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX #9):
# in a name they could turn the words around it.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Sender:
    """The agency that signs: its name and the lines of its address."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the law behind it."""

    text: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A letter in one language, before it has a code.

    `rows` are pairs of what and value; `certificate` puts the text in a frame.
    """

    language: str
    direction: str
    title: str
    sender: Sender
    number: str
    day: str
    recipient: tuple[str, ...]
    paragraphs: tuple[str, ...]
    greeting: str = ""
    certificate: bool = False
    valid_until: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Reason, ...] = ()
    sections: tuple[Section, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Notice:
    """What another room has to say about a case, in one language."""

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Reason, ...] = ()
    sections: tuple[Section, ...] = ()


def compose(
    contents: Contents, *, labels: Mapping[str, str], verify_url: str, code: str, qr: str
) -> dict[str, Any]:
    """Return the data of the letter's template; every text in it is plain.

    Parameters
    ----------
    labels : the house's own words: page, number, rows, what, value, reasons, verify, code, qr.
    qr : the QR code of `verify_url` as SVG.
    """
    return {
        "lang": contents.language.partition("-")[0],
        "dir": contents.direction,
        "title": plain(contents.title),
        "agency": {
            "title": plain(contents.sender.title),
            "lines": _plain_all(contents.sender.lines),
        },
        "number": contents.number,
        "date": contents.day,
        "recipient": _plain_all(contents.recipient),
        "greeting": plain(contents.greeting),
        "paragraphs": _plain_all(contents.paragraphs),
        "certificate": contents.certificate,
        "valid_until": plain(contents.valid_until),
        "rows": [[plain(what), plain(value)] for what, value in contents.rows],
        "reasons": [
            {"text": plain(each.text), "law": plain(each.law)} for each in contents.reasons
        ],
        "sections": [
            {"title": plain(each.title), "paragraphs": _plain_all(each.paragraphs)}
            for each in contents.sections
        ],
        "labels": dict(labels),
        "verify_url": verify_url,
        "code": code,
        "qr": qr,
    }


def plain(text: str) -> str:
    """Return a text without control characters and without characters that turn its direction."""
    return "".join(
        " " if each in "\n\t" else each
        for each in text
        if each in "\n\t" or (each not in _BIDI and unicodedata.category(each) not in ("Cc", "Cs"))
    )


def code_of(random: bytes) -> str:
    """Return the verification code made of random bytes: 100 bits, in groups of five.

    Raises
    ------
    ValueError
        If there are fewer than `CODE_BYTES` bytes.
    """
    if len(random) < CODE_BYTES:
        raise ValueError(f"{CODE_BYTES} random bytes are needed")
    number = int.from_bytes(random[:CODE_BYTES])
    characters = [_ALPHABET[number >> 5 * place & 31] for place in range(_CODE_LENGTH)]
    groups = range(0, _CODE_LENGTH, _GROUP)
    return "-".join("".join(characters[start : start + _GROUP]) for start in groups)


def code_hash(code: str) -> bytes | None:
    """Return what is stored of a code, as somebody typed it; None if it cannot be one."""
    written = "".join(each for each in code[:80].upper() if each.isalnum()).translate(_MISREAD)
    if len(written) != _CODE_LENGTH or not set(written) <= set(_ALPHABET):
        return None
    return hashlib.sha256(b"townhall letter code:" + written.encode()).digest()


def _plain_all(texts: Sequence[str]) -> list[str]:
    return [plain(each) for each in texts if each.strip()]
