"""Log `decisions`: that a decision was made, and when, without saying about whom.

An entry is a random handle and commitments; the hash of the letter is always one of
them. The citizen holds the openings and can prove that the letter is the one that
was decided, and that it was not dated back.
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
    is_handle,
)


def _decision(state: State, entry: Entry) -> Mapping[str, Any]:
    """A decision may take the place of an earlier one; it never changes it."""
    if entry.body.get("supersedes", -1) >= state.size:
        raise Broken("it takes the place of an entry that is not before it")
    return state.table


RULES: Final = Replay(
    {
        1: {
            "decision": Kind(
                Shape(
                    public={"handle": is_handle},
                    optional={"supersedes": is_count},
                    committed=frozenset({"document"}),
                    may_commit=True,
                ),
                _decision,
            )
        }
    },
    erasable=True,
)
