"""Log `algorithms`: which algorithm was in use, in which version, since when.

The register of algorithms is public; the log proves that it was not written afterwards.
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
    one_of,
    rising,
)

RULES: Final = Replay(
    {
        1: {
            "algorithm": Kind(
                Shape(
                    public={
                        "algorithm": is_slug,
                        "digest": is_hash,
                        "status": one_of("in_development", "in_use", "withdrawn"),
                        "version": is_count,
                    }
                ),
                rising("algorithm", "version", least=1),
            )
        }
    }
)
