"""Promises: "we have received this, and it will stand in the log by then", signed by the log.

An operator can withhold an entry as long as nobody can show that it was ever handed in.
A promise shows it, together with what was handed in, so that any witness can judge:
once the deadline has passed, the entry stands in the witness's copy, or the operator has
broken its word. A successor finds in it what is to be appended.

The statement has the form of a checkpoint, so that the log's keys can sign it, under an
origin that no log has: when it was received, and a hash over deadline and submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
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
    """

    origin: str
    kind: str
    body: Mapping[str, Any]
    sources: tuple[str, ...]
    received_at: int
    deadline: int
    note: SignedNote

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
        checkpoints.open_checkpoint(self.note, self.origin + RECEIVED, log_keys)

    @property
    def submitted(self) -> Entry:
        """The entry, apart from its time and the version of its rules."""
        return Entry(self.origin, self.kind, 0, self.body, self.sources)

    def place(self, start: int, end: int, entry: Callable[[int], bytes]) -> int | None:
        """Return where the promised entry stands in [start, end) of a log; None: nowhere.

        Parameters
        ----------
        entry
            Reads one. Their times never run back, so nothing from before the reception
            is looked at.

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
        promised = self.submitted.encode()
        return next((each for each in range(low, end) if _bare(entry(each)) == promised), None)


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


def _bare(content: bytes) -> bytes:
    """Return an entry without what the log chose: its time, and its rules."""
    return replace(entries.decode(content), at=0, rules=1).encode()
