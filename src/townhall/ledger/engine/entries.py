"""Entries: what one line of a log says, in exactly one spelling.

An entry names its log, so that it is worth nothing in another one, and the version
of the rules that it was made under. What is personal stands in it only as
commitments; see `commitments`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from townhall.ledger.engine import canonical
from townhall.ledger.engine.bundles import LONGEST_ENTRY
from townhall.ledger.engine.errors import Refused

VERSION: Final = 1
MOST_SOURCES: Final = 16
LONGEST_ORIGIN: Final = 200

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ORIGIN: Final = re.compile(r"[a-z0-9][a-z0-9._/-]*")
_FIELDS: Final = ("at", "body", "kind", "origin", "rules", "sources", "v")


class EntryInvalid(Refused):
    """Bytes that are no entry, or figures and names that none can have."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log.

    Attributes
    ----------
    origin
        Name of the log that it is made for.
    kind
        What it says, in snake case; each register has its kinds.
    at
        When, POSIX seconds. The order of a log is its index; the time never runs back.
    body
        Fields in snake case; values as `canonical` allows them.
    sources
        SHA-256 of public documents that it rests on, lower-case hexadecimal. Never of
        a personal document: a hash without a salt can be guessed.
    rules
        Version of the register's rules that it was made under.
    """

    origin: str
    kind: str
    at: int
    body: Mapping[str, Any]
    sources: tuple[str, ...] = ()
    rules: int = 1
    v: int = field(default=VERSION)

    def __post_init__(self) -> None:
        if self.v != VERSION:
            raise EntryInvalid(f"entries of version {self.v} are not known here")
        if len(self.origin) > LONGEST_ORIGIN or not _ORIGIN.fullmatch(self.origin):
            raise EntryInvalid("an origin is a URL without scheme, in lower case")
        if len(self.kind) > 32 or not _NAME.fullmatch(self.kind):
            raise EntryInvalid("a kind is at most 32 characters in snake case")
        if not 0 <= self.at <= canonical.MOST_EXACT or not 1 <= self.rules <= 1_000_000:
            raise EntryInvalid("time and version of the rules are figures from 0 and from 1")
        if len(self.sources) > MOST_SOURCES or not all(map(_HASH.fullmatch, self.sources)):
            raise EntryInvalid(f"sources are at most {MOST_SOURCES} SHA-256 in lower-case hex")
        for name in self.body:
            if len(name) > 64 or not _NAME.fullmatch(name):
                raise EntryInvalid("a field's name is at most 64 characters in snake case")

    def encode(self) -> bytes:
        """Return the bytes that go into the log.

        Raises
        ------
        Refused
            If a value of the body cannot be written, or they are more than 65,535.
        """
        content = canonical.encode(
            {
                "at": self.at,
                "body": dict(self.body),
                "kind": self.kind,
                "origin": self.origin,
                "rules": self.rules,
                "sources": list(self.sources),
                "v": self.v,
            }
        )
        if len(content) > LONGEST_ENTRY:
            raise EntryInvalid(f"an entry has at most {LONGEST_ENTRY} bytes, not {len(content)}")
        return content


def decode(content: bytes) -> Entry:
    """Return the entry that these bytes are.

    Raises
    ------
    Refused
        If they are none, or not in the one spelling.
    """
    if len(content) > LONGEST_ENTRY:
        raise EntryInvalid(f"an entry has at most {LONGEST_ENTRY} bytes, not {len(content)}")
    value = canonical.decode(content)
    # Canonical keys are in order.
    if type(value) is not dict or tuple(value) != _FIELDS:
        raise EntryInvalid("an entry has the fields " + ", ".join(_FIELDS))
    for name, kind in _TYPES:
        if type(value[name]) is not kind:
            raise EntryInvalid(f"the field {name} of an entry is of another type")
    if not all(type(each) is str for each in value["sources"]):
        raise EntryInvalid("sources are texts")
    return Entry(
        origin=value["origin"],
        kind=value["kind"],
        at=value["at"],
        body=value["body"],
        sources=tuple(value["sources"]),
        rules=value["rules"],
        v=value["v"],
    )


_TYPES: Final = (
    ("at", int),
    ("body", dict),
    ("kind", str),
    ("origin", str),
    ("rules", int),
    ("sources", list),
    ("v", int),
)
