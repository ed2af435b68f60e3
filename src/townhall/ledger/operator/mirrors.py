"""What the witnesses' own replay of a log leads to, compared with ours.

Equal indices are not enough: two copies with the same entries can hold different data,
if one of them runs other rules. The answer of a witness is not believed for anything; it
only shows where the two sides have to talk.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import State
from townhall.ledger.engine.registers.comparing import differences
from townhall.ledger.operator.remembering import PATIENCE_S
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy, NotFetched

DEADLINE_S: Final = 15.0
"""How long an audit waits for all witnesses of a log together."""
MOST_SHOWN: Final = 500
"""Characters of what a witness says that are shown to people."""

_FIELDS: Final = {"software": str, "state": str, "violation": str}


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


@dataclass(frozen=True, slots=True)
class Garbled:
    """A witness whose answer nobody understands, and why not."""

    name: str
    reason: str


Answer = Replayed | Silent | Garbled


def ask(peers: Sequence[Peer], origin: str, *, seconds: float = DEADLINE_S) -> list[Answer]:
    """Return what each witness's replay of a log leads to, in their order.

    Parameters
    ----------
    seconds
        How long to wait for all of them together; they are asked at once.
    """
    answers: dict[int, Answer] = {}

    def asked(place: int, peer: Peer) -> None:
        answers[place] = _ask(peer, origin)

    threads = [
        threading.Thread(target=asked, args=each, name=f"audit {each[1].name}", daemon=True)
        for each in enumerate(peers)
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    late = "no answer came in time"
    return [answers.get(place) or Silent(peer.name, late) for place, peer in enumerate(peers)]


def _ask(peer: Peer, origin: str) -> Answer:
    if not peer.url:
        return Silent(peer.name, "it has no address")
    copy = Copy(f"{peer.url}/mirror", origin, PATIENCE_S)
    try:
        told = json.loads(copy.read(Path("state")))
        if type(told) is not dict or {each: type(told[each]) for each in told} != _FIELDS:
            return Garbled(peer.name, "it has other fields")
        state = State.decode(told["state"].encode())
    except FileNotFoundError:
        return Silent(peer.name, "it does not watch this log")
    except (OSError, http.client.HTTPException, NotFetched) as error:
        return Silent(peer.name, str(error))
    except (ValueError, RecursionError, Refused) as error:
        return Garbled(peer.name, str(error))
    finally:
        copy.close()
    return Replayed(peer.name, told["software"][:MOST_SHOWN], state, told["violation"][:MOST_SHOWN])


def disagreements(
    answers: Sequence[Answer], ours: Mapping[int, State], faults: int
) -> Iterator[tuple[str, str]]:
    """Yield the name of each witness that came to something else than we, and what.

    Parameters
    ----------
    ours
        Our own state after so many entries, for every size that a witness told and that
        is not larger than the log.
    faults
        How many dishonest witnesses the policy reckons with: if more say the same, we are
        the ones to be looked at.
    """
    found = [(each.name, words) for each in answers for words in _disagreements(each, ours)]
    same = Counter(words for _, words in found)
    for name, words in found:
        if same[words] > faults:
            yield name, f"{words}. {_SUSPECT.format(count=same[words], faults=faults)}"
        else:
            yield name, words


def _disagreements(answer: Answer, ours: Mapping[int, State]) -> Iterator[str]:
    if isinstance(answer, Garbled):
        yield (
            f"its answer cannot be understood ({answer.reason}): ask its operator which version "
            "of Townhall it runs, and bring the older of the two up to date"
        )
    if not isinstance(answer, Replayed):
        return
    if answer.violation:
        yield (
            f"it stopped at an entry that its rules refuse: {answer.violation}. It runs "
            f"Townhall {answer.software}: bring it up to date if it is behind"
        )
    mine = ours.get(answer.state.size)
    differs = differences(mine, answer.state) if mine is not None else []
    if differs:
        yield (
            f"after {answer.state.size} entries its rules (Townhall {answer.software}) lead to "
            f"something else than ours: {'; '.join(differs)}"
        )


_SUSPECT: Final = (
    "{count} witnesses say the same, and the policy reckons with {faults} dishonest ones: look "
    "for the error in this town hall first, in its program and its rules"
)
