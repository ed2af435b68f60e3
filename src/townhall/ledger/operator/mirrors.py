"""What the witnesses' own replay of a log leads to, compared with ours.

Equal indices are not enough: two copies with the same entries can hold different data,
if one of them runs other rules. The answer of a witness is not believed for anything; it
only shows where the two sides have to talk.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import State
from townhall.ledger.engine.registers.comparing import differences
from townhall.ledger.operator.remembering import PATIENCE_S
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy, NotFetched

_FIELDS = {"software": str, "state": str, "violation": str}


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far a witness replayed a log.

    Attributes
    ----------
    name, software
        Of the witness, and which version of the program it runs.
    state
        What its rules lead to.
    violation
        The entry that its rules refuse, in words; empty if there is none.
    """

    name: str
    software: str
    state: State
    violation: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A witness that told nothing that can be compared, and why."""

    name: str
    reason: str


def ask(peers: Sequence[Peer], origin: str) -> list[Replayed | Silent]:
    """Return what each witness's replay of a log leads to."""
    return [_ask(peer, origin) for peer in peers]


def _ask(peer: Peer, origin: str) -> Replayed | Silent:
    copy = Copy(f"{peer.url}/mirror", origin, PATIENCE_S)
    try:
        told = json.loads(copy.read(Path("state")))
        if type(told) is not dict or {each: type(told[each]) for each in told} != _FIELDS:
            return Silent(peer.name, "it answers what nobody understands")
        state = State.decode(told["state"].encode())
    except FileNotFoundError:
        return Silent(peer.name, "it does not watch this log")
    except (OSError, http.client.HTTPException, NotFetched) as error:
        return Silent(peer.name, str(error))
    except (ValueError, RecursionError, Refused) as error:
        return Silent(peer.name, f"it answers what nobody understands: {error}")
    finally:
        copy.close()
    return Replayed(peer.name, told["software"], state, told["violation"])


def disagreements(
    answers: Sequence[Replayed | Silent], ours: Mapping[int, State]
) -> Iterator[tuple[str, str]]:
    """Yield the name of each witness that came to something else than we, and what.

    Parameters
    ----------
    ours
        Our own state after so many entries, for every size that a witness told and that
        is not larger than the log.
    """
    for each in answers:
        if isinstance(each, Silent):
            continue
        if each.violation:
            yield (
                each.name,
                f"it stopped at an entry that its rules refuse: {each.violation}. It runs "
                f"Townhall {each.software}. Bring it up to date if it is behind; if several "
                "stopped there, the entry is wrong",
            )
        mine = ours.get(each.state.size)
        found = differences(mine, each.state) if mine is not None else []
        if found:
            yield (
                each.name,
                f"after {each.state.size} entries its rules (Townhall {each.software}) lead to "
                f"something else than ours: {'; '.join(found)}",
            )
