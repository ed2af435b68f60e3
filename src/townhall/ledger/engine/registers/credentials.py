"""Log `credentials`: keys of issuers, status lists, and events of single credentials.

A status list is public as a whole; an event of one credential is a random handle and
commitments, so that no two events can be linked by reading the log.
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
    is_hash,
    is_slug,
    one_of,
    unchanged,
    with_row,
)

ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"
_MAY_BECOME: Final = {
    None: {ACTIVE},
    ACTIVE: {RETIRED, REVOKED},
    RETIRED: {REVOKED},
    REVOKED: set(),
}


def _status_list(state: State, entry: Entry) -> Mapping[str, Any]:
    key = f"list {entry.body['list']}"
    (last,) = state.table.get(key, (-1,))
    if entry.body["sequence"] <= last:
        raise Broken(f"the last sequence of {entry.body['list']} was {last}")
    return with_row(state, key, [entry.body["sequence"]])


def _issuer_key(state: State, entry: Entry) -> Mapping[str, Any]:
    """A key that was given up never becomes active again."""
    key = f"key {entry.body['key_id']}"
    status, issuer = entry.body["status"], entry.body["issuer"]
    owner, last = state.table.get(key, (issuer, None))
    if owner != issuer:
        raise Broken(f"this key is one of {owner}")
    if status not in _MAY_BECOME[last]:
        raise Broken(f"this key is {last or 'not known'} and cannot become {status}")
    return with_row(state, key, [issuer, status])


RULES: Final = Replay(
    {
        1: {
            "event": Kind(
                Shape(
                    public={
                        "event": one_of("issued", "suspended", "reinstated", "revoked"),
                        "handle": is_handle,
                    },
                    committed=frozenset({"credential"}),
                    may_commit=True,
                ),
                unchanged,
            ),
            "issuer_key": Kind(
                Shape(
                    public={
                        "issuer": is_slug,
                        "key_id": is_hash,
                        "status": one_of(ACTIVE, RETIRED, REVOKED),
                    }
                ),
                _issuer_key,
            ),
            "status_list": Kind(
                Shape(public={"list": is_slug, "root": is_hash, "sequence": is_count}),
                _status_list,
            ),
        }
    },
    erasable=True,
)
