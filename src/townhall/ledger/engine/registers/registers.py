"""Log `registers`: now and then, the root over a whole authoritative register.

Whoever holds an extract with its proof can show that the register said so then.
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
            "root": Kind(
                Shape(
                    public={
                        "count": is_count,
                        "register": is_slug,
                        "root": is_hash,
                        "sequence": is_count,
                    }
                ),
                rising("register", "sequence", least=0),
            )
        }
    }
)
