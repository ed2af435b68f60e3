"""Receipts: a file by which a citizen proves what the log fixed, years later, offline.

A receipt is one JSON file, and nothing else is needed to check it but a policy that
the reader trusts: the entry as it stands in the log, what opens its commitments, the
entry's place under a checkpoint that a quorum signed, and the policy of that date.
Nothing in it is merely claimed: there is no title and no comment that a forger could
change without being noticed.

Three receipts are in use: for a decision (with the letter's hash), for a day of the
access journal, and for the root of a register. The latter two may carry one line of
the journal or one record of the register, with its own proof under that root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from townhall.ledger.engine import canonical, entries
from townhall.ledger.engine.commitments import SALT_SIZE, Opening
from townhall.ledger.engine.encoding import from_base64, from_hex, to_base64, to_utf8
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.proofs import MOST_HASHES

FORMAT: Final = "townhall/receipt/v1"
LARGEST_RECEIPT: Final = 256 * 1024
MOST_OPENINGS: Final = 64
DOCUMENT: Final = "document"
"""The field whose value is the SHA-256 of a letter, in lower-case hexadecimal."""

T = TypeVar("T")
_FIELDS: Final = {"entry", "format", "log_key", "member", "openings", "policy", "proof"}


class ReceiptInvalid(Refused):
    """Bytes that are no receipt."""


@dataclass(frozen=True, slots=True)
class Member:
    """One line of a journal, or one record of a register, under the root of the entry.

    Attributes
    ----------
    content
        Bytes of the line or the record, a leaf of the tree with that root.
    index, proof
        Its place, from 0, and its audit path.
    """

    content: bytes
    index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a citizen holds. Nothing is verified by reading it; see `checking.verify`.

    Attributes
    ----------
    entry
        Bytes of the entry.
    openings
        What opens its commitments, all or some of them.
    proof
        Its place in the log, with the checkpoint and all signatures.
    policy
        The policy file of that date.
    log_key
        The log's key.
    member
        A part of what the entry's root stands for; None: nothing of it.
    """

    entry: bytes
    openings: tuple[Opening, ...]
    proof: ProofFile
    policy: bytes
    log_key: VerifierKey
    member: Member | None = None

    @property
    def decoded(self) -> Entry:
        """The entry."""
        return entries.decode(self.entry)

    def render(self) -> bytes:
        """Return the file.

        Raises
        ------
        Refused
            If it could not be read again: a policy that is not UTF-8, say.
        """
        content = canonical.encode(
            {
                "entry": _text(self.entry),
                "format": FORMAT,
                "log_key": str(self.log_key),
                "member": None if self.member is None else _member_out(self.member),
                "openings": [_opening_out(each) for each in self.openings],
                "policy": _text(self.policy),
                "proof": _text(self.proof.render()),
            }
        )
        if Receipt.parse(content) != self:
            raise ReceiptInvalid("this receipt could not be read again")
        return content

    @classmethod
    def parse(cls, content: bytes) -> Receipt:
        """Read a file.

        Raises
        ------
        Refused
            If it is no receipt: other or further fields, a second spelling of a
            value, or more than 256 KiB.
        """
        if len(content) > LARGEST_RECEIPT:
            raise ReceiptInvalid(f"a receipt has at most {LARGEST_RECEIPT} bytes")
        value = canonical.decode(content)
        if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
            raise ReceiptInvalid(f"this is no file of the format {FORMAT}")
        entry = to_utf8(_is(str, value["entry"]))
        entries.decode(entry)
        openings = tuple(map(_opening_in, _is(list, value["openings"])))
        if len(openings) > MOST_OPENINGS or len({each.field for each in openings}) != len(openings):
            raise ReceiptInvalid("a field is opened once, and there are not too many")
        proof = ProofFile.parse(to_utf8(_is(str, value["proof"])))
        if proof.extra is not None:
            raise ReceiptInvalid("the proof carries something that nobody vouches for")
        member = value["member"]
        return cls(
            entry=entry,
            openings=openings,
            proof=proof,
            policy=to_utf8(_is(str, value["policy"])),
            log_key=VerifierKey.parse(_is(str, value["log_key"])),
            member=None if member is None else _member_in(member),
        )


def _opening_out(opening: Opening) -> dict[str, str]:
    """Write a value as text where it is text: people read this file."""
    found = {"field": opening.field, "salt": opening.salt.hex()}
    try:
        found["value"] = opening.value.decode()
    except UnicodeDecodeError:
        found["value_base64"] = to_base64(opening.value)
    return found


def _opening_in(value: Any) -> Opening:
    found: Mapping[str, Any] = _is(dict, value)
    if found.keys() == {"field", "salt", "value"}:
        content = to_utf8(_is(str, found["value"]))
    elif found.keys() == {"field", "salt", "value_base64"}:
        content = from_base64(_is(str, found["value_base64"]))
    else:
        raise ReceiptInvalid("an opening is a field, a salt and a value")
    salt = from_hex(_is(str, found["salt"]), SALT_SIZE)
    opening = Opening(_is(str, found["field"]), salt, content)
    if _opening_out(opening) != found:  # text that was written as base64
        raise ReceiptInvalid("an opening is not written as it should be")
    return opening


def _member_out(member: Member) -> dict[str, Any]:
    return {
        "content": to_base64(member.content),
        "index": member.index,
        "proof": [to_base64(each) for each in member.proof],
    }


def _member_in(value: Any) -> Member:
    found: Mapping[str, Any] = _is(dict, value)
    if found.keys() != {"content", "index", "proof"}:
        raise ReceiptInvalid("a member is a content, an index and a proof")
    proof = _is(list, found["proof"])
    if len(proof) > MOST_HASHES:
        raise ReceiptInvalid(f"a proof has at most {MOST_HASHES} hashes")
    return Member(
        from_base64(_is(str, found["content"])),
        _is(int, found["index"]),
        tuple(from_base64(_is(str, each), HASH_SIZE) for each in proof),
    )


def _is(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ReceiptInvalid("a field of the receipt is of another type")
    return value


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ReceiptInvalid("a receipt holds text in UTF-8 only") from None
