"""Replay: what may stand in each log, decided again by everybody who keeps a copy.

The rules are pure: the same entries in the same order give the same state and the
same state root everywhere, so a mirror that comes to another root has found an
error of the operator, or of its own. An entry that the rules refuse must never be
cosigned; its effect is not "less", the log has broken its promise.

`start`, `apply`, `State.encode` and `State.decode` are all that a caller needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townhall.ledger.engine import entries
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import (
    access,
    algorithms,
    credentials,
    decisions,
    definitions,
    keys,
    registers,
)
from townhall.ledger.engine.registers.base import Rejected, Replay, State, accept

__all__ = ["LOGS", "Rejected", "Replay", "State", "apply", "start"]

LOGS: Final[Mapping[str, Replay]] = {
    "access": access.RULES,
    "algorithms": algorithms.RULES,
    "credentials": credentials.RULES,
    "decisions": decisions.RULES,
    "definitions": definitions.RULES,
    "keys": keys.RULES,
    "registers": registers.RULES,
}


def start(log: str, origin: str) -> State:
    """Return the state of an empty log.

    Parameters
    ----------
    log
        One of `LOGS`.
    origin
        Name of the log, which every entry repeats.

    Raises
    ------
    Rejected
        If no rules of this name are known.
    """
    if log not in LOGS:
        raise Rejected(0, f"no rules for a log {log} are known here")
    return State(log=log, origin=origin)


def apply(state: State, index: int, entry: bytes) -> State:
    """Return the state after one more entry. The given state stays as it is.

    Parameters
    ----------
    state
        After all entries before this one.
    index
        Of the entry; it must be the next one.
    entry
        Its bytes.

    Raises
    ------
    Rejected
        If the rules of the register do not allow it, with the reason.
    """
    rules = LOGS.get(state.log)
    if rules is None:
        raise Rejected(index, f"no rules for a log {state.log} are known here")
    try:
        decoded = entries.decode(entry)
    except Refused as error:
        raise Rejected(index, str(error)) from None
    return accept(rules, state, index, decoded)
