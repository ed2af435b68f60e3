"""Uploading entries to a mirror: packages, their proofs, and the answers (C2SP tlog-mirror).

An upload is read package by package, each of at most 256 entries, and each is
authenticated against a checkpoint before one byte of it is stored. A mirror signs
only after all entries are durable; that is up to the caller.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from townhall.ledger.engine.bundles import encode_entries
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import from_base64, from_decimal, to_base64, to_utf8
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.notes import SignedNote, decode_text
from townhall.ledger.engine.proofs import MOST_HASHES, verify_subtree
from townhall.ledger.engine.tree import Frontier, Nodes, subtree_proof
from townhall.ledger.engine.witnessing import Answer, Status

PACKAGE: Final = 256  # entries, aligned like bundles
LONGEST_TICKET: Final = 65_535  # bytes: its length travels in two
MOST_PACKAGES: Final = 32  # in one request, recommended by the specification
MOST_EXCESS: Final = PACKAGE * MOST_PACKAGES  # entries sent again that are put up with
OCTETS: Final = "application/octet-stream"
INFO: Final = "text/x.tlog.mirror-info"
_MAC_SIZE: Final = 32
_TICKET: Final = b"townhall/mirror-ticket/v1\0"


class UploadInvalid(Refused):
    """A header or a package that is malformed or cut."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an upload is about.

    Attributes
    ----------
    origin
        Name of the log.
    start, end
        The entries [start, end); the end is the size of a pending checkpoint.
    ticket
        As the mirror gave it, or empty.
    """

    origin: str
    start: int
    end: int
    ticket: bytes = b""

    def render(self) -> bytes:
        """Return the header's bytes."""
        origin = to_utf8(self.origin)
        return b"".join(
            (
                len(origin).to_bytes(2, "big"),
                origin,
                self.start.to_bytes(8, "big"),
                self.end.to_bytes(8, "big"),
                len(self.ticket).to_bytes(2, "big"),
                self.ticket,
            )
        )

    def packages(self) -> Iterator[Package]:
        """Yield the packages of the upload, in order, without their content."""
        if self.start == self.end:
            return
        for rounded in range(self.start - self.start % PACKAGE, self.end, PACKAGE):
            yield Package(
                rounded, max(self.start, rounded), min(self.end, rounded + PACKAGE), self.end
            )


@dataclass(frozen=True, slots=True)
class Package:
    """The place of one package.

    Attributes
    ----------
    aligned
        First leaf of the subtree that its proof is about, a multiple of 256.
    start, end
        The entries [start, end) that it holds.
    size
        Size of the checkpoint that its proof leads to.
    """

    aligned: int
    start: int
    end: int
    size: int

    def prove(self, nodes: Nodes) -> list[bytes]:
        """Return its proof, read off the log."""
        return subtree_proof(nodes, self.aligned, self.end, self.size)

    def render(self, entries: Sequence[bytes], proof: Sequence[bytes]) -> bytes:
        """Return its bytes.

        Raises
        ------
        UploadInvalid
            If it has another number of entries, or the proof is too long.
        """
        if len(entries) != self.end - self.start or len(proof) > MOST_HASHES:
            raise UploadInvalid(f"this package has {self.end - self.start} entries")
        return encode_entries(entries) + bytes([len(proof)]) + b"".join(proof)

    def authenticate(
        self,
        entries: Sequence[bytes],
        proof: Sequence[bytes],
        root: bytes,
        *,
        known: Sequence[bytes] = (),
    ) -> list[bytes]:
        """Return the leaf hashes of the entries, if they belong to the checkpoint.

        Parameters
        ----------
        entries, proof
            As `read_package` gave them.
        root
            Of the checkpoint of this size.
        known
            Leaf hashes of the entries [aligned, start), which the mirror has.

        Raises
        ------
        ProofInvalid
            If they do not belong to it.
        UploadInvalid
            If there are too few or too many of them, or of the known ones.
        """
        if len(entries) != self.end - self.start or len(known) != self.start - self.aligned:
            raise UploadInvalid(f"this package has {self.end - self.start} entries")
        hashes = [leaf_hash(entry) for entry in entries]
        subtree = Frontier()
        subtree.extend([*known, *hashes])
        verify_subtree(subtree.root(), self.aligned, self.end, self.size, proof, root=root)
        return hashes


Read = Callable[[int], bytes]
"""Gives exactly so many bytes of the body, fewer only where it ends."""


def read_header(read: Read) -> Header:
    """Read the header of an upload.

    Raises
    ------
    UploadInvalid
        If it is cut, or its figures contradict each other.
    """
    try:
        origin = _take(read, int.from_bytes(_take(read, 2), "big")).decode()
    except UnicodeDecodeError:
        raise UploadInvalid("the origin is no UTF-8") from None
    start, end = (int.from_bytes(_take(read, 8), "big") for _ in range(2))
    ticket = _take(read, int.from_bytes(_take(read, 2), "big"))
    if not start <= end < 1 << 63:
        raise UploadInvalid(f"[{start}, {end}) is no range of entries")
    return Header(origin, start, end, ticket)


def read_package(read: Read, place: Package) -> tuple[list[bytes], list[bytes]]:
    """Read the entries and the proof of one package; they are not authenticated yet.

    Raises
    ------
    UploadInvalid
        If the body ends before it or within it.
    """
    entries = [
        _take(read, int.from_bytes(_take(read, 2), "big")) for _ in range(place.start, place.end)
    ]
    count = _take(read, 1)[0]
    if count > MOST_HASHES:
        raise UploadInvalid(f"a proof has at most {MOST_HASHES} hashes")
    hashes = _take(read, count * HASH_SIZE)
    return entries, [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def reader(body: bytes) -> Read:
    """Read from bytes that are all there."""
    view, at = memoryview(body), 0

    def read(count: int) -> bytes:
        nonlocal at
        at, start = min(at + count, len(view)), at
        return bytes(view[start:at])

    return read


def _take(read: Read, count: int) -> bytes:
    found = read(count) if count else b""
    if len(found) != count:
        raise UploadInvalid("the upload ends too early")
    return found


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a mirror has of one log.

    Attributes
    ----------
    pending
        The checkpoint that entries are awaited for; None: never received.
    size
        Size of the mirror checkpoint: all entries stored, signed.
    next_entry
        Index of the first entry that is missing.
    """

    pending: Checkpoint | None
    size: int
    next_entry: int


def decide_header(
    header: Header, mirrored: Mirrored | None, known_sizes: Collection[int], ticket: bytes
) -> Answer | None:
    """Return why an upload is refused before its packages are read; None: read on.

    Parameters
    ----------
    mirrored
        State of the mirror; None: the origin is not known.
    known_sizes
        Sizes of checkpoints that may be the end of an upload: the pending one, the
        mirror's own, and earlier ones, also from an authenticated ticket.
    ticket
        Given back with a 409.
    """
    if mirrored is None:
        return Answer(Status.NOT_FOUND, b"this log is not known here\n", reason="unknown log")
    if mirrored.pending is None:
        return Answer(
            Status.UNPROCESSABLE,
            b"send a checkpoint to add-checkpoint first\n",
            reason="no pending checkpoint",
        )
    excess = min(header.end, mirrored.next_entry) - header.start
    known = header.end in known_sizes
    if (
        not known
        or header.end < mirrored.size
        or header.start > mirrored.next_entry
        or excess > MOST_EXCESS
    ):
        good = known and header.end >= mirrored.size
        size = header.end if good else mirrored.pending.size
        return Answer(
            Status.CONFLICT,
            render_info(Info(size, mirrored.next_entry, ticket)),
            INFO,
            f"an upload of [{header.start}, {header.end}) does not fit: "
            f"pending {mirrored.pending.size}, next entry {mirrored.next_entry}",
        )
    return None


def decide_end(
    header: Header, mirrored: Mirrored, packages: int, ticket: bytes, failed: Refused | None
) -> Answer:
    """Return the answer once the packages have been read and stored.

    A 200 is answered only after the caller has moved the mirror checkpoint; its body
    is the mirror's cosignatures.

    Parameters
    ----------
    mirrored
        State of the mirror after what was stored.
    packages
        How many packages of this upload were authenticated and stored.
    failed
        A package whose proof did not verify (`ProofInvalid`); None where the body
        merely ended.
    """
    if failed is not None:
        return Answer(Status.UNPROCESSABLE, f"{failed}\n".encode(), reason=str(failed))
    if header.end < mirrored.size:
        pending = mirrored.pending.size if mirrored.pending else mirrored.size
        info = Info(pending, mirrored.next_entry, ticket)
        return Answer(Status.CONFLICT, render_info(info), INFO, "the mirror has moved on")
    wanted = -(-header.end // PACKAGE) - header.start // PACKAGE if header.start < header.end else 0
    if packages >= wanted and mirrored.next_entry >= header.end:
        return Answer(Status.OK, reason="complete")
    if packages == 0:
        return Answer(Status.BAD_REQUEST, b"no package was complete\n", reason="nothing usable")
    info = Info(header.end, mirrored.next_entry, ticket)
    return Answer(Status.ACCEPTED, render_info(info), INFO, "more packages are awaited")


@dataclass(frozen=True, slots=True)
class Info:
    """What a mirror tells with 202 and 409: where an upload should go on.

    Attributes
    ----------
    size
        Size of a valid pending checkpoint, the end of the next upload.
    next_entry
        Its start.
    ticket
        To be sent with it.
    """

    size: int
    next_entry: int
    ticket: bytes = b""


def render_info(info: Info) -> bytes:
    """Return the body of a 202 or a 409."""
    return f"{info.size}\n{info.next_entry}\n{to_base64(info.ticket)}\n".encode()


def parse_info(body: bytes) -> Info:
    """Read the body of a 202 or a 409.

    Raises
    ------
    Refused
        If it is malformed.
    """
    *lines, rest = decode_text(body).split("\n")
    if rest or len(lines) != 3:
        raise UploadInvalid("a mirror's information is three lines")
    ticket = from_base64(lines[2])
    if len(ticket) > LONGEST_TICKET:
        raise UploadInvalid(f"a ticket has at most {LONGEST_TICKET} bytes")
    return Info(from_decimal(lines[0]), from_decimal(lines[1]), ticket)


def seal_ticket(secret: bytes, note: SignedNote) -> bytes:
    """Return a ticket that lets a mirror forget an earlier pending checkpoint.

    Parameters
    ----------
    secret
        Known to the mirror alone.
    note
        The checkpoint as the log signed it.
    """
    content = note.render()
    return hmac.digest(secret, _TICKET + content, sha256) + content


def open_ticket(secret: bytes, ticket: bytes) -> SignedNote | None:
    """Return the checkpoint in a ticket; None if this mirror did not seal it."""
    mac, content = ticket[:_MAC_SIZE], ticket[_MAC_SIZE:]
    if not hmac.compare_digest(hmac.digest(secret, _TICKET + content, sha256), mac):
        return None
    return SignedNote.parse(content)
