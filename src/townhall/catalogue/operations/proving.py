"""What goes on the ledger of a service: each version, and which of them decide by themselves.

Definitions are public, so their hashes stand there in the open: everybody can show which
rules were in force on a day, and that none was written afterwards.
"""

from __future__ import annotations

import hashlib
from typing import Final

from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.operations import library
from townhall.foundation.acting import SYSTEM
from townhall.ledger import operations as ledger

IN_USE: Final = "in_use"


def commit_version(digest: str) -> None:
    """Put a published version on the ledger, and the algorithm if it decides by itself.

    Raises
    ------
    VersionNotFound, CannotRebuild
        See `library.by_hash`.
    """
    definition = library.by_hash(digest)
    ledger.submit(
        SYSTEM,
        log="definitions",
        kind="definition",
        ref=f"service:{definition.service}:{definition.version}",
        public={
            "digest": definition.hash,
            "service": definition.service,
            "version": definition.version,
        },
    )
    if decides_by_itself(definition):
        ledger.submit(
            SYSTEM,
            log="algorithms",
            kind="algorithm",
            ref=f"service:{definition.service}:{definition.version}",
            public={
                "algorithm": definition.service,
                "digest": _algorithm(definition),
                "status": IN_USE,
                "version": definition.version,
            },
        )


def decides_by_itself(definition: Definition) -> bool:
    """Whether a case of this service can move on without an officer."""
    return any(row.is_automatic for row in definition.flow.values())


def _algorithm(definition: Definition) -> str:
    """Return the hash of what decides: the definition with the law that it names."""
    law = definition.pack.lawbook.digest if definition.pack.lawbook is not None else ""
    return hashlib.sha256(f"{definition.hash}\n{law}\n".encode()).hexdigest()
