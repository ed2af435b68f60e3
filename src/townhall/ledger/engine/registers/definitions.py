"""Log `definitions`: which version of a public service was in force, by its hash.

Definitions are public, so their hashes stand in the log as they are.
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


def _definition(state: State, entry: Entry) -> Mapping[str, Any]:
    service, version = entry.body["service"], entry.body["version"]
    (last,) = state.table.get(service, (0,))
    if version <= last:
        raise Broken(f"the last version of {service} was {last}, and this is {version}")
    return with_row(state, service, [version])


RULES: Final = Replay(
    {
        1: {
            "definition": Kind(
                Shape(public={"digest": is_hash, "service": is_slug, "version": is_count}),
                _definition,
            )
        }
    }
)
