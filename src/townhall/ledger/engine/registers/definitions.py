"""Log `definitions`: which version of a public service was in force, by its hash.

Definitions are public, so their hashes stand in the log as they are.
"""

from __future__ import annotations

from typing import Final

from townhall.ledger.engine.registers.base import (
    Kind,
    Replay,
    Shape,
    is_count,
    is_hash,
    is_slug,
    rising,
)

RULES: Final = Replay(
    {
        1: {
            "definition": Kind(
                Shape(public={"digest": is_hash, "service": is_slug, "version": is_count}),
                rising("service", "version", least=1),
            )
        }
    }
)
