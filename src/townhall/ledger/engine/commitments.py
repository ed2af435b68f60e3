"""Commitments: a log fixes a value without showing it, and lets it be forgotten.

The log holds a hash of the value and of 32 random bytes. Whoever has value and salt
can prove what the log fixed; once the salt is destroyed, nobody can, and nothing can
be guessed: not even by trying every name and birth date.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from townhall.ledger.engine.encoding import from_hex, to_utf8
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE

SALT_SIZE: Final = 32
HANDLE_SIZE: Final = 16
_LABEL: Final = b"townhall/c1"


class CommitmentInvalid(Refused):
    """A value that is not the one that was committed to."""


def commit(field: str, salt: bytes, value: bytes) -> bytes:
    """Return the commitment to a field's value.

    SHA-256 of the label `townhall/c1`, and of name, salt and value, each after its
    length as a big-endian 32-bit number: no two different triples are the same bytes.

    Parameters
    ----------
    field
        Name of the field, so that a commitment proves nothing about another one.
    salt
        32 random bytes, new for every field of every entry.

    Raises
    ------
    CommitmentInvalid
        If the salt has another length.
    """
    if len(salt) != SALT_SIZE:
        raise CommitmentInvalid(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    hashed = sha256(_LABEL)
    for part in (to_utf8(field), salt, value):
        hashed.update(len(part).to_bytes(4, "big"))
        hashed.update(part)
    return hashed.digest()


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: show it only to whom the value may be shown.

    Attributes
    ----------
    field, salt, value
        As they were given to `commit`.
    """

    field: str
    salt: bytes
    value: bytes

    @property
    def commitment(self) -> bytes:
        """The commitment that this opens."""
        return commit(self.field, self.salt, self.value)

    def check(self, commitment: str) -> None:
        """Return if this opens a commitment as an entry writes it.

        Parameters
        ----------
        commitment
            32 bytes in lower-case hexadecimal.

        Raises
        ------
        Refused
            If it does not, or that is no commitment.
        """
        if not compare_digest(from_hex(commitment, HASH_SIZE), self.commitment):
            raise CommitmentInvalid(f"this is not the value of {self.field} that was committed to")
