"""What the rules of all registers have in common: shapes, time, erasure, versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from townhall.ledger.engine import canonical
from townhall.ledger.engine.canonical import MOST_EXACT
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused

MOST_COMMITMENTS: Final = 32
NO_HASH: Final = "0" * 64
ERASED: Final = "erased"
RULES_VERSION: Final = "rules_version"

_CHUNK: Final = 4_096  # entries of one bitmap: an erasure copies one, and the list of them
_STATE_LABEL: Final = b"townhall/state/v1\0"
_FIELDS: Final = {
    "erased": list,
    "last_at": int,
    "log": str,
    "origin": str,
    "rules": int,
    "size": int,
    "table": dict,
}


class Rejected(Refused):
    """An entry that the rules of its register do not allow.

    Attributes
    ----------
    index
        Where it stands, or would stand.
    reason
        Why, in words.
    """

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"entry {index}: {reason}")
        self.index = index
        self.reason = reason


class StateInvalid(Refused):
    """Bytes that are no state of a register."""


class Broken(Refused):
    """The rule that an entry breaks; `accept` adds where it stands."""


@dataclass(frozen=True, slots=True)
class State:
    """What a register's rules need to remember. It does not grow with the log.

    Attributes
    ----------
    log, origin
        Which rules, and the name of the log.
    size
        Number of entries so far; the index of the next one.
    last_at
        Time of the latest entry, POSIX seconds.
    rules
        Version of the rules that is in force.
    table
        What the register itself remembers: a few figures for each agency, service
        or register, never for each entry.
    erased
        Bitmaps of entries whose openings were destroyed, 4,096 entries each.
    """

    log: str
    origin: str
    size: int = 0
    last_at: int = 0
    rules: int = 1
    table: Mapping[str, Any] = field(default_factory=dict)
    erased: Mapping[int, int] = field(default_factory=dict)

    def is_erased(self, index: int) -> bool:
        """Whether what opened this entry was destroyed."""
        return bool(self.erased.get(index // _CHUNK, 0) >> index % _CHUNK & 1)

    def encode(self) -> bytes:
        """Return the canonical bytes: equal states, equal bytes, everywhere."""
        return canonical.encode(
            {
                "erased": [[chunk, f"{self.erased[chunk]:x}"] for chunk in sorted(self.erased)],
                "last_at": self.last_at,
                "log": self.log,
                "origin": self.origin,
                "rules": self.rules,
                "size": self.size,
                "table": dict(self.table),
            }
        )

    @property
    def root(self) -> bytes:
        """The state root: what copies of a log compare after replaying it."""
        return sha256(_STATE_LABEL + self.encode()).digest()

    @classmethod
    def decode(cls, content: bytes) -> State:
        """Read a state that `encode` wrote.

        Raises
        ------
        Refused
            If it is none.
        """
        value = canonical.decode(content)
        if type(value) is not dict or {key: type(value[key]) for key in value} != _FIELDS:
            raise StateInvalid("a state has the fields " + ", ".join(_FIELDS))
        try:
            erased = {int(chunk): int(bits, 16) for chunk, bits in value.pop("erased")}
        except (TypeError, ValueError):
            raise StateInvalid("erased entries are numbers and bitmaps") from None
        if any(chunk < 0 or not 0 < bits < 1 << _CHUNK for chunk, bits in erased.items()):
            raise StateInvalid("a bitmap of erased entries is out of its bounds")
        if min(value["size"], value["last_at"], value["rules"] - 1) < 0:
            raise StateInvalid("a figure of a state is below its least")
        state = cls(**value, erased=erased)
        if state.encode() != content:
            raise StateInvalid("a state is not as it was written")
        return state


Check = Callable[[Any], bool]
"""Whether a public value may stand in a field."""

Effect = Callable[[State, Entry], Mapping[str, Any]]
"""Returns the register's table after an entry, or raises `Broken`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an entry of one kind must and may say.

    Attributes
    ----------
    public
        Fields that must be there, with what their values may be. Nothing else is
        public: every other field is a commitment.
    optional
        Public fields that may be missing.
    committed
        Fields that must be there as commitments.
    may_commit
        Whether there may be further commitments, named by letters alone: a field's
        name is public, and must not be about a person.
    """

    public: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    committed: frozenset[str] = frozenset()
    may_commit: bool = False

    def check(self, body: Mapping[str, Any]) -> None:
        """Refuse a body of another shape."""
        if not self.public.keys() <= body.keys() or not self.committed <= body.keys():
            missing = (self.public.keys() | self.committed) - body.keys()
            raise Broken("it does not say " + ", ".join(sorted(missing)))
        commitments = 0
        for name, value in body.items():
            check = self.public.get(name) or self.optional.get(name)
            if check is not None:
                if not check(value):
                    raise Broken(f"its {name} is not what that field may say")
                continue
            commitments += 1
            if name not in self.committed and not (self.may_commit and _LETTERS.fullmatch(name)):
                raise Broken(f"{name} is no field of this register")
            if not is_hash(value):
                raise Broken(f"{name} is not a commitment: 32 bytes in lower-case hexadecimal")
        if commitments > MOST_COMMITMENTS:
            raise Broken(f"it has more than {MOST_COMMITMENTS} commitments")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its shape, and what it changes."""

    shape: Shape
    effect: Effect


@dataclass(frozen=True, slots=True)
class Replay:
    """The rules of one register.

    Attributes
    ----------
    versions
        Version of the rules to the kinds of entries that it knows. An entry of kind
        `rules_version` switches to the next one.
    erasable
        Whether entries hold openings that can be destroyed.
    """

    versions: Mapping[int, Mapping[str, Kind]]
    erasable: bool = False


def accept(rules: Replay, state: State, index: int, entry: Entry) -> State:
    """Return the state after an entry.

    Raises
    ------
    Rejected
        If the rules do not allow it; the given state is as it was.
    """
    try:
        return _accept(rules, state, index, entry)
    except Broken as error:
        raise Rejected(index, str(error)) from None


def _accept(rules: Replay, state: State, index: int, entry: Entry) -> State:
    if index != state.size:
        raise Broken(f"the next entry is {state.size}")
    if entry.origin != state.origin:
        raise Broken(f"it was made for another log than {state.origin}")
    if entry.at < state.last_at:
        raise Broken("its time is before that of the entry before it")
    if entry.rules != state.rules:
        raise Broken(f"it was made under rules {entry.rules}, in force are {state.rules}")
    version, table, erased = state.rules, state.table, state.erased
    kind = rules.versions[version].get(entry.kind)
    if kind is not None:
        kind.shape.check(entry.body)
        table = kind.effect(state, entry)
    elif entry.kind == ERASED and rules.erasable:
        _ERASED_SHAPE.check(entry.body)
        erased = _erase(state, entry.body["index"])
    elif entry.kind == RULES_VERSION:
        _RULES_SHAPE.check(entry.body)
        version = _switch(rules, state, entry.body["version"])
    else:
        raise Broken(f"this register has no entries of kind {entry.kind}")
    return State(
        log=state.log,
        origin=state.origin,
        size=index + 1,
        last_at=entry.at,
        rules=version,
        table=table,
        erased=erased,
    )


def _erase(state: State, index: int) -> Mapping[int, int]:
    """Mark an entry as erased: its value and salt are gone, its hash stays provable."""
    if index >= state.size:
        raise Broken(f"entry {index} is not before it")
    if state.is_erased(index):
        raise Broken(f"entry {index} was erased before")
    chunk = index // _CHUNK
    bits = state.erased.get(chunk, 0) | 1 << index % _CHUNK
    return {**state.erased, chunk: bits}


def _switch(rules: Replay, state: State, version: int) -> int:
    if version != state.rules + 1:
        raise Broken(f"after rules {state.rules} come rules {state.rules + 1}")
    if version not in rules.versions:
        raise Broken(f"rules {version} are not known to this program: bring it up to date")
    return version


def unchanged(state: State, _entry: Entry) -> Mapping[str, Any]:
    """Leave the register's table as it is."""
    return state.table


def with_row(state: State, key: str, row: list[Any]) -> Mapping[str, Any]:
    """Return the table with one row replaced."""
    return {**state.table, key: row}


def rising(whose: str, figure: str, *, least: int) -> Effect:
    """Return the effect of entries whose figure only rises for whom they are about.

    Parameters
    ----------
    whose, figure
        Names of two public fields: of a service and its version, say.
    least
        The figure that the first one has at least.
    """

    def effect(state: State, entry: Entry) -> Mapping[str, Any]:
        about, new = entry.body[whose], entry.body[figure]
        (last,) = state.table.get(about, (least - 1,))
        if new <= last:
            raise Broken(f"the last {figure} of {about} was {last}, and this is {new}")
        return with_row(state, about, [new])

    return effect


# --- what public values may be ---------------------------------------------------------

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_HANDLE: Final = re.compile(r"[0-9a-f]{32}")
_SLUG: Final = re.compile(r"[a-z](?:[a-z0-9]|[-_./][a-z0-9])*")
_LETTERS: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")


def is_hash(value: Any) -> bool:
    """Whether it is 32 bytes in lower-case hexadecimal."""
    return type(value) is str and _HASH.fullmatch(value) is not None


def is_handle(value: Any) -> bool:
    """Whether it is 16 bytes in lower-case hexadecimal: random, new for every entry."""
    return type(value) is str and _HANDLE.fullmatch(value) is not None


def is_slug(value: Any) -> bool:
    """Whether it is the key of an agency, a service or a register, never of a person."""
    return type(value) is str and len(value) <= 80 and _SLUG.fullmatch(value) is not None


def is_count(value: Any) -> bool:
    """Whether it is a whole number from 0."""
    return type(value) is int and 0 <= value <= MOST_EXACT


def is_day(value: Any) -> bool:
    """Whether it is a day as YYYY-MM-DD."""
    if type(value) is not str or len(value) != 10:
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def one_of(*words: str) -> Check:
    """Return a check for one of these words."""
    allowed = frozenset(words)
    return lambda value: type(value) is str and value in allowed


_ERASED_SHAPE: Final = Shape(public={"index": is_count})
_RULES_SHAPE: Final = Shape(public={"version": is_count})
