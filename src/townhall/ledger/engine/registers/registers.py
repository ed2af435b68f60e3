"""Log `registers`: now and then, the root over a whole authoritative register.

Whoever holds an extract with its proof can show that the register said so then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.registers.base import (
    Broken,
    Kind,
    Replay,
    Shape,
    State,
    is_count,
    is_hash,
    is_slug,
    with_row,
)


def _root(state: State, entry: Entry) -> Mapping[str, Any]:
    register, sequence = entry.body["register"], entry.body["sequence"]
    (last,) = state.table.get(register, (-1,))
    if sequence <= last:
        raise Broken(f"the last sequence of {register} was {last}, and this is {sequence}")
    return with_row(state, register, [sequence])


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
                _root,
            )
        }
    }
)
