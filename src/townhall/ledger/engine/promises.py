"""Promises: "we have received this, and it will stand in the log by then", signed by the log.

An operator can withhold an entry as long as nobody can show that it was ever handed in.
A promise shows it, together with what was handed in, so that any witness can judge:
once the deadline has passed, the entry stands in the witness's copy, or the operator has
broken its word. A successor finds in it what is to be appended.

The statement has the form of a checkpoint, so that the log's keys can sign it, under an
origin that no log has: when it was received, and a hash over deadline and submission.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

from townhall.ledger.engine import canonical, checkpoints, entries
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import LARGEST_FIGURE, to_utf8
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import Signer, VerifierKey
from townhall.ledger.engine.notes import SignedNote

FORMAT: Final = "townhall/promise/v1"
LARGEST: Final = 128 * 1024
SKEW: Final = 300  # seconds that clocks may differ
RECEIVED: Final = "#received"

_LABEL: Final = b"townhall/promise/v1\0"
_FIELDS: Final = {
    "body": dict,
    "deadline": int,
    "format": str,
    "kind": str,
    "note": str,
    "origin": str,
    "received_at": int,
    "sources": list,
}


class PromiseInvalid(Refused):
    """Bytes that are no promise, or one that nobody gave."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a log has promised to append, and by when.

    Attributes
    ----------
    origin, kind, body, sources
        As the entry will say them. Its time and its place are the log's to choose.
    received_at, deadline
        POSIX seconds.
    note
        The statement with the log's signatures.
    fingerprint
        Of the promised entry; see the function of this name.
    """

    origin: str
    kind: str
    body: Mapping[str, Any]
    sources: tuple[str, ...]
    received_at: int
    deadline: int
    note: SignedNote
    fingerprint: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fingerprint", fingerprint(self.submitted.encode()))

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was handed in and by when it is due: names this promise."""
        return Checkpoint.parse(self.note.text).root

    def render(self) -> bytes:
        """Return the file."""
        return canonical.encode(
            {
                "body": dict(self.body),
                "deadline": self.deadline,
                "format": FORMAT,
                "kind": self.kind,
                "note": self.note.render().decode(),
                "origin": self.origin,
                "received_at": self.received_at,
                "sources": list(self.sources),
            }
        )

    @classmethod
    def parse(cls, content: bytes) -> Promise:
        """Read a file, and hold what it says against the statement that was signed.

        The signatures are for `check`.

        Raises
        ------
        Refused
            If it is no promise, or says something else than its statement.
        """
        if len(content) > LARGEST:
            raise PromiseInvalid(f"a promise has at most {LARGEST} bytes")
        value: Any = canonical.decode(content)
        if type(value) is not dict or {each: type(value[each]) for each in value} != _FIELDS:
            raise PromiseInvalid("a promise has the fields " + ", ".join(_FIELDS))
        if value["format"] != FORMAT or not all(type(each) is str for each in value["sources"]):
            raise PromiseInvalid(f"this is no file of the format {FORMAT}")
        found = cls(
            origin=value["origin"],
            kind=value["kind"],
            body=value["body"],
            sources=tuple(value["sources"]),
            received_at=value["received_at"],
            deadline=value["deadline"],
            note=SignedNote.parse(to_utf8(value["note"])),
        )
        stated = _statement(found.submitted, found.received_at, found.deadline)
        if found.note.text != stated.text:
            raise PromiseInvalid("what was signed is something else than what the file says")
        return found

    def check(self, log_keys: Iterable[VerifierKey]) -> None:
        """Return if a key of the log has given this promise.

        Raises
        ------
        Refused
            If none has, or a signature is false.
        """
        self.signed_by(log_keys)

    def signed_by(self, log_keys: Iterable[VerifierKey]) -> tuple[Promise, tuple[VerifierKey, ...]]:
        """Return this promise with no signatures but those of the log, and their keys.

        Whoever hands it on could have added any others, and made it as long as is allowed.

        Raises
        ------
        Refused
            If no key of the log has given it, or a signature is false.
        """
        opened = checkpoints.open_checkpoint(self.note, self.origin + RECEIVED, log_keys)
        known = {(key.name, key.key_id) for key in opened.keys}
        kept = tuple(each for each in self.note.signatures if (each.name, each.key_id) in known)
        return replace(self, note=SignedNote(self.note.text, kept)), opened.keys

    @property
    def submitted(self) -> Entry:
        """The entry, apart from its time and the version of its rules."""
        return Entry(self.origin, self.kind, 0, self.body, self.sources)

    def earliest(self, start: int, end: int, entry: Callable[[int], bytes]) -> int:
        """Return the first index in [start, end) where the promised entry could stand; or `end`.

        Parameters
        ----------
        entry
            Reads one; some 20 are read of a million.

        Raises
        ------
        Refused
            If something else than an entry stands there.
        """
        low, high = start, end
        while low < high:
            middle = (low + high) // 2
            if entries.decode(entry(middle)).at < self.received_at - SKEW:
                low = middle + 1
            else:
                high = middle
        return low

    def is_kept_by(self, content: bytes) -> bool:
        """Whether an entry is what was promised, and not from before the reception."""
        if fingerprint(content) != self.fingerprint:
            return False
        found = entries.decode(content)
        bare = replace(found, at=0, rules=1).encode()
        return found.at >= self.received_at - SKEW and bare == self.submitted.encode()


def fingerprint(content: bytes) -> bytes:
    """Return a hash over what an entry says, apart from what the log chose: time and rules.

    It is taken from the canonical bytes without reading them, so that a million entries can
    be looked through in seconds. What has the same fingerprint is still to be compared.
    """
    body, rules = content.find(b',"body":'), content.rfind(b',"rules":')
    rest = content.find(b',"sources":', rules)
    return sha256(content[body:rules] + content[rest:]).digest()


def kept_by(given: Collection[Promise], contents: Iterable[bytes]) -> set[bytes]:
    """Return the digests of those promises that are kept by one of these entries.

    The entries are gone through once, however many promises there are.

    Raises
    ------
    Refused
        If something else than an entry is among them.
    """
    wanted: dict[bytes, list[Promise]] = {}
    for each in given:
        wanted.setdefault(each.fingerprint, []).append(each)
    return {
        each.digest
        for content in contents
        for each in wanted.get(fingerprint(content), ())
        if each.is_kept_by(content)
    }


def promise(
    origin: str,
    kind: str,
    body: Mapping[str, Any],
    sources: Iterable[str],
    *,
    received_at: int,
    deadline: int,
    signers: Iterable[Signer],
) -> Promise:
    """Return a promise, signed by the log.

    Raises
    ------
    Refused
        If the submission could never become an entry, or the deadline is before the
        reception.
    """
    submitted = Entry(origin, kind, 0, body, tuple(sources))
    stated = _statement(submitted, received_at, deadline)
    note = checkpoints.sign(stated, *signers, time=received_at)
    return Promise(origin, kind, body, submitted.sources, received_at, deadline, note)


def _statement(submitted: Entry, received_at: int, deadline: int) -> Checkpoint:
    if not 0 < received_at <= deadline <= LARGEST_FIGURE:
        raise PromiseInvalid("what was received is due afterwards, not before")
    digest = sha256(_LABEL + deadline.to_bytes(8, "big") + submitted.encode()).digest()
    return Checkpoint(submitted.origin + RECEIVED, received_at, digest)
