"""Bringing entries that a log has lost back from a witness's copy.

The copy is trusted for nothing: its checkpoint must be signed by the log itself,
what the log still has must be the beginning of it, and every entry is authenticated
before it is appended.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from townhall.ledger.engine import checkpoints, registers
from townhall.ledger.engine.bundles import LONGEST_ENTRY
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.registers.base import Rejected, State
from townhall.ledger.engine.tiles import WIDTH
from townhall.ledger.log.heads import Head
from townhall.ledger.log.log import Log
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.witness.deadlines import within

_LARGEST_FILE: Final = (LONGEST_ENTRY + 2) * WIDTH
_WHOLE: Final = 12  # an answer as a whole may take so many times as long as it may be silent
_STEP: Final = 16 * WIDTH  # entries of one sync


class NotFetched(Exception):
    """The copy cannot give back what the log lost; the text says why."""


class Copy:
    """A copy of a log, read over HTTP.

    Parameters
    ----------
    prefix
        Monitoring prefix of the mirror, such as `https://court.example/mirror`.
    origin
        Of the log.
    seconds
        How long it may be silent; a whole answer may take twelve times as long.
    """

    def __init__(self, prefix: str, origin: str, seconds: float = 10) -> None:
        url = urlsplit(prefix)
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(url.hostname or "", url.port, timeout=seconds)
        self.origin = origin
        self._base = f"{url.path.rstrip('/')}/{sha256(origin.encode()).hexdigest()}"
        self._prefix = prefix
        self._seconds = seconds

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def read(self, path: Path) -> bytes:
        """Return one of its files.

        Raises
        ------
        FileNotFoundError
            If it has none of this name.
        NotFetched
            If it cannot be reached, or answers otherwise.
        """
        try:
            with within(self._connection, _WHOLE * self._seconds):
                self._connection.request("GET", f"{self._base}/{path.as_posix()}")
                answer = self._connection.getresponse()
                content = self._content(answer)
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(f"{self._prefix} cannot be reached: {error!r}") from error
        if answer.status == HTTPStatus.NOT_FOUND:
            raise FileNotFoundError(path)
        if answer.status != HTTPStatus.OK or len(content) > _LARGEST_FILE:
            raise NotFetched(f"{self._prefix} answers {answer.status} for {path}")
        return content

    def _content(self, answer: http.client.HTTPResponse) -> bytes:
        """Read an answer as far as it is not too long."""
        parts, length = [], 0
        while length <= _LARGEST_FILE and (part := answer.read1(1 << 16)):
            parts.append(part)
            length += len(part)
        if length > _LARGEST_FILE:
            self.close()  # the rest of it is on the way
        answer.close()
        return b"".join(parts)


def signed_head(copy: Copy, keys: Iterable[VerifierKey]) -> Head:
    """Return size and root that the log signed and a copy has.

    Parameters
    ----------
    copy
        Whom to ask.
    keys
        The log's own keys.

    Raises
    ------
    NotFetched
        If the copy has none, or is not of this log.
    """
    try:
        signed = checkpoints.open_checkpoint(copy.read(Path("checkpoint")), copy.origin, keys)
    except FileNotFoundError:
        raise NotFetched(f"the mirror has no copy of {copy.origin}") from None
    except Refused as error:
        raise NotFetched(f"the copy's checkpoint is not of {copy.origin}: {error}") from error
    return Head(signed.checkpoint.size, signed.checkpoint.root)


def refetch(log: Log, copy: Copy, head: Head, rules: str) -> int:
    """Append the entries that a copy has and the log lost; return how many.

    Parameters
    ----------
    log
        Opened without `known_size`; nothing may be appended to it meanwhile.
    copy
        Where to fetch them. Choose the largest: ask every witness.
    head
        Size and root that the log signed; a copy that has moved on gives these, too.
    rules
        Of which register. A thief of the log's keys can sign what no witness would pass,
        and what is appended cannot be taken back.

    Raises
    ------
    NotFetched
        If the copy cannot be reached, breaks the rules of the register, or the log has
        entries that are not the beginning of it. An interrupted call is simply made again.
    LogDamaged
        If what the copy serves is not what the log signed.
    """
    log.integrate()
    if head.size <= log.size:
        return 0
    lost = Snapshot(Path(), head, copy.read)
    if lost.root(log.size) != log.root:
        raise NotFetched(
            f"the {log.size} entries of {log.origin} are not the beginning of the {head.size} that "
            "it had signed: after the loss it went on by itself. Put back the newest backup from "
            "before, and fetch then"
        )
    first = log.size
    try:
        state = _replay(registers.start(rules, log.origin), log.entries(0, first))
        for start in range(first, head.size, _STEP):
            entries = list(lost.entries(start, min(start + _STEP, head.size)))
            state = _replay(state, entries)
            log.append(entries)
    except Rejected as error:
        raise NotFetched(
            f"what the copy has of {log.origin} breaks the rules of this register: {error}"
        ) from error
    log.integrate()
    if log.head != head:
        raise NotFetched(f"something else appended to {log.origin} meanwhile")
    return head.size - first


def _replay(state: State, entries: Iterable[bytes]) -> State:
    for content in entries:
        state = registers.apply(state, state.size, content)
    return state
