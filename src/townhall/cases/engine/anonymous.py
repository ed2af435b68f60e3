"""A person without a sign-in: a subject made for one draft and its case alone.

The key is a secret token that only that person holds. The subject's id is taken
from the SHA-256 of the token, so the token opens exactly the rows of this
subject, nothing that is stored leads back to the token, and rows are still
found by `person_id` first.
"""

import hashlib
from uuid import UUID

TOKEN_BYTES = 32
_CONTEXT = b"townhall anonymous subject v1:"


def subject_of(token: str) -> UUID:
    """Return the subject that `token` opens: a UUID of version 8 (RFC 9562 §5.8).

    122 bits of the hash are kept: a second token for the same subject is as far
    away as guessing the token of a UUID.
    """
    digest = bytearray(hashlib.sha256(_CONTEXT + token.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))
