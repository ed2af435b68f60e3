"""Log `algorithms`: which algorithm was in use, in which version, since when.

The register of algorithms is public; the log proves that it was not written afterwards.
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
    one_of,
    with_row,
)


def _algorithm(state: State, entry: Entry) -> Mapping[str, Any]:
    algorithm, version = entry.body["algorithm"], entry.body["version"]
    (last,) = state.table.get(algorithm, (0,))
    if version <= last:
        raise Broken(f"the last version of {algorithm} was {last}, and this is {version}")
    return with_row(state, algorithm, [version])


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
                _algorithm,
            )
        }
    }
)
