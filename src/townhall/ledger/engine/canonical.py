"""Canonical JSON: one way to write each value (the safe part of RFC 8785, JCS).

Of JCS only what no two libraries disagree about: keys of printable ASCII, strings,
whole numbers that a double holds exactly, true, false, null, lists and objects. No
fractions: their spelling is where canonical forms go wrong.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from townhall.ledger.engine.errors import Refused

MOST_EXACT: Final = 2**53 - 1  # the largest whole number that every JSON library agrees about
DEEPEST: Final = 16

_KEY: Final = re.compile(r"[!#-\[\]-~][ -!#-\[\]-~]{0,127}")


class CanonicalInvalid(Refused):
    """A value that cannot be written, or bytes that are not the canonical ones."""


def encode(value: Any) -> bytes:
    """Return the canonical bytes of a value.

    Raises
    ------
    CanonicalInvalid
        If it has a fraction, a number beyond 2^53 - 1, another key than printable
        ASCII, or is more than 16 deep.
    """
    _check(value, DEEPEST)
    return _write(value)


def decode(content: bytes) -> Any:
    """Return the value that these bytes say, if they are the canonical ones.

    Raises
    ------
    CanonicalInvalid
        If they are not: another order, spaces, a key twice, a second spelling.
    """
    try:
        value = json.loads(content.decode(), parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError):
        raise CanonicalInvalid("this is not canonical JSON") from None
    _check(value, DEEPEST)
    # A key that stood twice is found here too: only its last value was kept.
    if _write(value) != content:
        raise CanonicalInvalid("this JSON is not written in its canonical form")
    return value


def _write(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise CanonicalInvalid("a text has half of a surrogate pair") from None


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -MOST_EXACT <= value <= MOST_EXACT:
            raise CanonicalInvalid("a number is beyond 2^53 - 1")
    elif not depth:
        raise CanonicalInvalid(f"a value is more than {DEEPEST} deep")
    elif kind is list:
        for each in value:
            _check(each, depth - 1)
    elif kind is dict:
        for key, each in value.items():
            if type(key) is not str or not _KEY.fullmatch(key):
                raise CanonicalInvalid("a key is 1 to 128 printable ASCII characters")
            _check(each, depth - 1)
    else:
        raise CanonicalInvalid("a value is text, a whole number, true, false, null, list or object")


def _no_fraction(text: str) -> NoReturn:
    raise CanonicalInvalid("a number has a fraction or an exponent")
