"""Keys that sign notes: names, ids, and the three kinds that the ledger uses.

A kind says what a signature means: 0x01 signs a note's text, 0x04 and 0x06 are
cosignatures with a time (C2SP signed-note and tlog-cosignature). Whoever makes two
different statements needs two keys with two names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from townhall.ledger.engine.encoding import from_base64, from_hex, to_base64
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import KEY_ID_SIZE, Signature, check_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import mldsa

ED25519: Final = 0x01
COSIGNER_ED25519: Final = 0x04
COSIGNER_MLDSA44: Final = 0x06
COSIGNERS: Final = frozenset({COSIGNER_ED25519, COSIGNER_MLDSA44})
SEED_SIZE: Final = 32

_PUBLIC_SIZE: Final = {ED25519: 32, COSIGNER_ED25519: 32, COSIGNER_MLDSA44: 1_312}
_SIGNATURE_SIZE: Final = {ED25519: 64, COSIGNER_ED25519: 64, COSIGNER_MLDSA44: 2_420}


class KeyInvalid(Refused):
    """Text that names no key, or a key of a kind that is not used here."""


class AlgorithmMissing(RuntimeError):
    """This installation cannot do ML-DSA-44 (FIPS 204); the text says what to install."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name.

    Attributes
    ----------
    name
        Recommended: a URL without scheme, such as `court.example/w1`.
    kind
        `ED25519`, `COSIGNER_ED25519` or `COSIGNER_MLDSA44`.
    public
        The raw public key.
    key_id
        First 4 bytes of SHA-256(name || newline || kind || public key).
    """

    name: str
    kind: int
    public: bytes
    key_id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        try:
            check_name(self.name)
        except Refused as error:
            raise KeyInvalid(str(error)) from None
        if self.kind not in _PUBLIC_SIZE:
            raise KeyInvalid(f"keys of kind {self.kind:#04x} are not used here")
        if len(self.public) != _PUBLIC_SIZE[self.kind]:
            raise KeyInvalid(
                f"a key of kind {self.kind:#04x} has {_PUBLIC_SIZE[self.kind]} bytes, "
                f"not {len(self.public)}"
            )
        message = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        object.__setattr__(self, "key_id", sha256(message).digest()[:KEY_ID_SIZE])

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read a "vkey": name, key id in hexadecimal, and base64 of kind and key.

        Raises
        ------
        KeyInvalid
            If it is malformed, its id is not that of the key, or its kind is not
            used here.
        """
        name, first, rest = vkey.partition("+")
        digits, second, encoded = rest.partition("+")
        if not first or not second:
            raise KeyInvalid("a verifier key has three parts with a plus between them")
        try:
            key_id, material = from_hex(digits, KEY_ID_SIZE), from_base64(encoded)
        except Refused as error:
            raise KeyInvalid(f"a verifier key: {error}") from None
        if not material:
            raise KeyInvalid("a verifier key says its kind")
        key = cls(name, material[0], material[1:])
        if key.key_id != key_id:
            raise KeyInvalid(f"the id of the key {name} does not belong to it")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @property
    def signature_size(self) -> int:
        """How many bytes a bare signature has."""
        return _SIGNATURE_SIZE[self.kind]

    def made(self, signature: Signature) -> bool:
        """Whether a signature line claims to be by this key: the same name and id."""
        return signature.key_id == self.key_id and signature.name == self.name

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether a bare signature over the message is by this key.

        Raises
        ------
        AlgorithmMissing
            If the installation lacks the algorithm. "No" would be a lie, "yes" worse.
        """
        if len(signature) != self.signature_size:
            return False
        try:
            _public_key(self.kind, self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key under a name. It never shows its seed.

    Parameters
    ----------
    name, kind
        As of `VerifierKey`.
    seed
        32 bytes, secret: the Ed25519 seed of RFC 8032, or the seed xi of FIPS 204.

    Raises
    ------
    KeyInvalid
        If the seed has another length or the kind is not used here.
    AlgorithmMissing
        If the installation lacks the algorithm.
    """

    __slots__ = ("_private", "key")

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise KeyInvalid(f"a seed has {SEED_SIZE} bytes")
        self._private: Ed25519PrivateKey | mldsa.MLDSA44PrivateKey
        if kind == COSIGNER_MLDSA44:
            self._private = _private_mldsa44(seed)
        else:
            self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, kind, self._private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"<Signer {self.key.name}, kind {self.key.kind:#04x}>"

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over a message."""
        return self._private.sign(message)


_MISSING: Final = (
    "ML-DSA-44 is not available: install cryptography 50 or later, built with an "
    "OpenSSL that has it"
)


@lru_cache(maxsize=256)
def _public_key(kind: int, public: bytes) -> Ed25519PublicKey | mldsa.MLDSA44PublicKey:
    if kind != COSIGNER_MLDSA44:
        return Ed25519PublicKey.from_public_bytes(public)
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa

        return mldsa.MLDSA44PublicKey.from_public_bytes(public)
    except (ImportError, UnsupportedAlgorithm) as error:
        raise AlgorithmMissing(_MISSING) from error


def _private_mldsa44(seed: bytes) -> mldsa.MLDSA44PrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa

        return mldsa.MLDSA44PrivateKey.from_seed_bytes(seed)
    except (ImportError, UnsupportedAlgorithm) as error:
        raise AlgorithmMissing(_MISSING) from error
