"""What witnesses remember of a log, asked before a process signs for the first time.

Files and database may both have been put back from an old backup. Nothing here would show
it, and the next entry would get a number that another one had: the log would sign two
histories, in good faith. So those are asked who do not forget.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from townhall.ledger.engine import checkpoints
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.log import Log
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy

PATIENCE_S: Final = 3.0
MOST_S: Final = 10.0  # for all of them together

_log: Final = logging.getLogger("townhall.ledger")


class RolledBack(Exception):
    """Witnesses have seen more of a log than there is; the text says what to do."""


class NobodyToAsk(Exception):
    """Too few witnesses answer to know whether the log is the newest."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one witness remembers of a log: the newest that it cosigned.

    Attributes
    ----------
    peer
        Who remembers.
    size, root
        Size 0: nothing.
    outdated
        Whether only keys signed it that were replaced since.
    """

    peer: Peer
    size: int
    root: bytes
    outdated: bool = False


def insist_on_newest(
    log: Log,
    peers: Sequence[Peer],
    keys: Iterable[VerifierKey],
    *,
    least: int,
    earlier: Iterable[VerifierKey] = (),
    faults: int = 0,
) -> list[str]:
    """Return if no witness has seen more of a log, or something else.

    Whoever stole a key that was replaced can still sign a longer history, and a witness that
    lies can show it. All that these keys truly signed was there when they were replaced, so
    what goes beyond it is believed only if more witnesses say so than may lie.

    Parameters
    ----------
    log
        Everything that it holds is integrated.
    peers
        The witnesses of the quorum.
    keys
        The log's own: only what they signed counts.
    least
        How many must have answered: `Policy.fewest_to_know`.
    earlier
        Keys of the log that were replaced.
    faults
        How many witnesses may lie.

    Returns
    -------
    What was not believed, in words for the operator.

    Raises
    ------
    RolledBack, NobodyToAsk
    """
    memories = ask(peers, log.origin, tuple(keys), tuple(earlier))
    against = [(each, words) for each in memories if (words := _against(log, each))]
    outdated = [words for each, words in against if each.outdated]
    for each, words in against:
        if not each.outdated or len(outdated) > faults:
            raise RolledBack(words)
    if len(memories) < least:
        raise NobodyToAsk(
            f"Only {len(memories)} witnesses of {log.origin} answer with what its keys signed. At "
            f"least {least} must, before the first signature after a start: they know whether this "
            "log is the newest. If they answer others, it was handed over to other keys, and goes "
            "on elsewhere."
        )
    return [
        f"{words} Not believed: only keys that were replaced have signed it, and they may have "
        "been stolen."
        for words in outdated
    ]


def _against(log: Log, memory: Memory) -> str:
    """Return what a witness has seen that is not here, in words; nothing if all of it is."""
    name, size = memory.peer.name, memory.size
    if size > log.size:
        return (
            f"{name} has seen {size} entries of {log.origin}, and here are {log.size}: files and "
            "database were put back from a backup. Nothing more is signed. Run "
            f"`townhall ledger refetch {memory.peer.url}`, then `townhall ledger recover`."
        )
    if size and _root_at(log, size) != memory.root:
        return (
            f"{name} has seen other entries of {log.origin} than there are here, up to {size}. "
            "Nothing more is signed. Find out which are true: compare all witnesses."
        )
    return ""


def ask(
    peers: Sequence[Peer],
    origin: str,
    keys: tuple[VerifierKey, ...],
    earlier: tuple[VerifierKey, ...] = (),
) -> list[Memory]:
    """Ask all at once; who has not answered when the time is up counts as silent."""
    told: SimpleQueue[Memory | None] = SimpleQueue()

    def ask_one(peer: Peer) -> None:
        try:
            told.put(_seen_by(peer, origin, keys, earlier))
        except Exception as error:  # whatever one answers, the others are heard
            _log.debug("%s says nothing of %s: %r", peer.name, origin, error)
            told.put(None)

    for peer in peers:
        Thread(target=ask_one, args=(peer,), name="remembering", daemon=True).start()
    until = time.monotonic() + MOST_S
    found = []
    for _ in peers:
        try:
            answer = told.get(timeout=max(until - time.monotonic(), 0))
        except Empty:
            break
        if answer is not None:
            found.append(answer)
    return found


def _seen_by(
    peer: Peer, origin: str, keys: tuple[VerifierKey, ...], earlier: tuple[VerifierKey, ...]
) -> Memory:
    copy = Copy(f"{peer.url}/witness", origin, PATIENCE_S)
    try:
        note = copy.read(Path("checkpoint"))
    except FileNotFoundError:
        return Memory(peer, 0, b"")
    finally:
        copy.close()
    opened = checkpoints.open_checkpoint(note, origin, (*keys, *earlier))
    found, outdated = opened.checkpoint, set(keys).isdisjoint(opened.keys)
    return Memory(peer, found.size, found.root, outdated)


def _root_at(log: Log, size: int) -> bytes:
    try:
        return log.snapshot().root(size)
    except LogError:
        return b""
