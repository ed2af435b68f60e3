"""How the operator of a log gets one witness to cosign (C2SP tlog-witness, tlog-mirror).

First the checkpoint with a proof that the log only grew, then the entries that the
witness lacks. Both go on from where the witness is: it knows better than we do.
"""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlsplit

from townhall.ledger.engine import mirroring, witnessing
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import printable
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.mirroring import Header, Info
from townhall.ledger.engine.notes import (
    LARGEST_NOTE,
    Signature,
    SignedNote,
    decode_text,
    parse_signatures,
)
from townhall.ledger.engine.witnessing import Request
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.witness.deadlines import cut, within

_T = TypeVar("_T")

MOST_SKEW: Final = 300  # seconds between a witness's clock and ours
_MOST_BYTES: Final = 8 << 20  # of entries in one upload
_WORTH_PACKING: Final = 4_096
_MOST_TURNS: Final = 4  # without getting any further
_WHOLE: Final = 6  # a request may take so many times as long as its answer may be silent
_STALE: Final = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)


class NoCosignature(Exception):
    """A witness did not cosign; the text says why, for the operator of the log."""


class WitnessAhead(NoCosignature):
    """A witness has seen more entries of this log than the log has now.

    The log was restored from a backup, or another process signs for it: sign
    nothing more before the lost entries are back.

    Attributes
    ----------
    size
        What the witness has seen.
    """

    def __init__(self, name: str, size: int, ours: int) -> None:
        super().__init__(
            f"{name} has seen {size} entries, this log has {ours}: it was restored from a backup, "
            "or something else signs for it. Fetch the lost entries from a mirror first"
        )
        self.size = size


@dataclass(frozen=True, slots=True)
class Peer:
    """A witness, as the operator of a log knows it.

    Attributes
    ----------
    name
        For people.
    url
        Submission prefix, `http://` or `https://`.
    keys
        Those that the log's policy may count, of both kinds of statement.
    hand_overs
        Policies in their order, as `engine.handovers` writes them: shown to a witness
        that does not know the log's keys, because it slept through a change of them.
    """

    name: str
    url: str
    keys: tuple[VerifierKey, ...]
    hand_overs: tuple[bytes, ...] = ()


class Client:
    """A conversation with one witness about one log. For one thread at a time.

    Parameters
    ----------
    peer
        The witness.
    clock
        Gives the time, POSIX seconds, to judge that of the witness.
    seconds
        How long it may be silent; a whole request may take six times as long.
    """

    def __init__(self, peer: Peer, clock: Callable[[], int], seconds: float = 10) -> None:
        self.peer = peer
        self._clock = clock
        self._seconds = seconds
        self._connection: http.client.HTTPConnection | None = None
        self._seen = 0
        self._unshown = peer.hand_overs
        self._next: int | None = None
        self._over = False

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def hang_up(self) -> None:
        """End what another thread asks with this client, now, and let it ask nothing more."""
        self._over = True
        connection = self._connection
        if connection is not None:
            cut(connection)

    def add_checkpoint(self, note: SignedNote, log: Snapshot) -> tuple[Signature, ...]:
        """Return the cosignatures that say "this log only grew", as far as keys are known.

        Parameters
        ----------
        note
            The checkpoint, signed by the log.
        log
            The log, at the checkpoint's size or later.

        Raises
        ------
        WitnessAhead
            If the witness has seen more than there is.
        NoCosignature
            For any other reason.
        """
        checkpoint = Checkpoint.parse(note.text)
        old = min(self._seen, checkpoint.size)
        for _ in range(_MOST_TURNS):
            proof = tuple(log.consistency(old, checkpoint.size))
            request = Request(old, proof, note, checkpoint)
            status, body = self._post("add-checkpoint", request.render())
            if status == HTTPStatus.OK:
                self._seen = checkpoint.size
                # A policy may count only the mirror's key, which never signs here.
                return self._accept(body, checkpoint) if self._mentions_us(body) else ()
            if status == HTTPStatus.FORBIDDEN and self._hand_over():
                continue
            if status != HTTPStatus.CONFLICT:
                raise self._refused(status, body)
            old = self._read(witnessing.parse_size, body)
            self._seen = old
            if old > checkpoint.size:
                raise WitnessAhead(self.peer.name, old, checkpoint.size)
        raise NoCosignature(f"{self.peer.name} keeps changing its size: somebody else sends, too")

    def add_entries(self, note: SignedNote, log: Snapshot) -> tuple[Signature, ...]:
        """Return the cosignatures that say "I keep all entries, and the rules hold".

        Sends what the witness lacks, in pieces; what it has stored stays stored, so a
        call that fails half-way is not lost.

        Raises
        ------
        NoCosignature
            If it does not cosign.
        """
        checkpoint = Checkpoint.parse(note.text)
        end = checkpoint.size
        # Not knowing what the witness has, ask: an upload of nothing tells.
        at = Info(end, min(self._next if self._next is not None else end, end))
        idle = 0
        while idle < _MOST_TURNS:
            body = _upload(checkpoint.origin, at, log)
            status, answer = self._post("add-entries", body)
            if status == HTTPStatus.OK:
                self._next = end
                return self._accept(answer, checkpoint)
            if status not in (HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT):
                self._next = None
                raise self._refused(status, answer)
            told = self._read(mirroring.parse_info, answer)
            if told.size > end:
                raise NoCosignature(f"{self.peer.name} has moved on to {told.size} entries")
            following = min(told.next_entry, end)  # what it says is not to be relied on
            idle = 0 if following > at.next_entry else idle + 1
            at = Info(end, following, told.ticket)
            self._next = at.next_entry
        raise NoCosignature(f"{self.peer.name} stays at entry {at.next_entry} of {end}")

    def _hand_over(self) -> bool:
        """Show the witness every policy that it may have missed; whether it follows one now."""
        answers = [self._post("hand-over", each)[0] for each in self._unshown]
        if all(status < HTTPStatus.INTERNAL_SERVER_ERROR for status in answers):
            self._unshown = ()
        return HTTPStatus.OK in answers

    def _accept(self, body: bytes, checkpoint: Checkpoint) -> tuple[Signature, ...]:
        """Return verified cosignatures whose time is near ours."""
        try:
            made = witnessing.accept_signatures(body, checkpoint, self.peer.keys)
        except Refused as error:
            raise NoCosignature(f"{self.peer.name}: {error}") from error
        now = self._clock()
        for each in made:
            off = int.from_bytes(each.value[:8], "big") - now
            if abs(off) > MOST_SKEW:
                raise NoCosignature(
                    f"the clock of {self.peer.name} is {abs(off)} seconds "
                    f"{'ahead' if off > 0 else 'behind'}: its operator must set it right"
                )
        return made

    def _mentions_us(self, body: bytes) -> bool:
        made = self._read(lambda each: parse_signatures(decode_text(each)), body)
        return any(key.made(each) for key in self.peer.keys for each in made)

    def _read(self, parse: Callable[[bytes], _T], body: bytes) -> _T:
        try:
            return parse(body)
        except Refused as error:
            reason = f"{self.peer.name} answers what nobody understands: {error}"
            raise NoCosignature(reason) from error

    def _refused(self, status: int, body: bytes) -> NoCosignature:
        text = printable(body[:500].decode(errors="replace").strip())
        return NoCosignature(f"{self.peer.name} refuses with {status}: {text}")

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._over:
            raise NoCosignature(f"{self.peer.name} is asked no more")
        if not self.peer.url:
            raise NoCosignature(
                f"{self.peer.name} has no address: it does not run here, and the policy names none"
            )
        headers = {"Content-Type": mirroring.OCTETS}
        if path == "add-entries" and len(body) > _WORTH_PACKING:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            try:
                return self._send(path, body, headers)
            except _STALE:  # the other side may hang up between two requests
                self.close()
                return self._send(path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            where = f"does not answer at {self.peer.url}: {printable(_plain(error))}"
            raise NoCosignature(f"{self.peer.name} {where}") from error

    def _send(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        url = urlsplit(self.peer.url)
        if self._connection is None:
            secure = url.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(url.hostname or "", url.port, timeout=self._seconds)
        prefix = url.path.rstrip("/")
        with within(self._connection, _WHOLE * self._seconds):
            self._connection.request("POST", f"{prefix}/{path}", body, headers)
            answer = self._connection.getresponse()
            content = answer.read(LARGEST_NOTE + 1)
        if len(content) > LARGEST_NOTE:
            raise http.client.HTTPException("the answer is too long")
        return answer.status, content


def _plain(error: Exception) -> str:
    """Return what went wrong on the way, in words for an operator."""
    match error:
        case ConnectionRefusedError():
            return "nothing listens there"
        case TimeoutError():
            return "no answer came in time"
        case socket.gaierror():
            return "this name is not known"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not accepted: {error.verify_message}"
        case _:
            return str(error) or type(error).__name__


def _upload(origin: str, at: Info, log: Snapshot) -> bytes:
    """Return an upload of the next entries: as many packages as fit."""
    header = Header(origin, at.next_entry, at.size, at.ticket)
    parts, length = [header.render()], 0
    for count, place in enumerate(header.packages()):
        entries = list(log.entries(place.start, place.end))
        length += sum(map(len, entries))
        if count == mirroring.MOST_PACKAGES or (count and length > _MOST_BYTES):
            break
        proof = log.subtree(place.aligned, place.end, place.size)
        parts.append(place.render(entries, proof))
    return b"".join(parts)
