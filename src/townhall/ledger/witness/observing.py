"""What a checkpoint that was not cosigned says about its log, in an operator's words.

Anybody can send a witness anything, so an alarm must rest on the log's signature:
two signed checkpoints that contradict each other prove it, whoever sent them. A
checkpoint that merely lacks a good proof is a suspicion. It ends by itself once the proof
arrives, or the copy has the entries and begins with that very list; if the copy begins
with another one, it was no mere suspicion, and the log is accused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.encoding import from_base64, from_decimal, to_base64
from townhall.ledger.engine.hashing import EMPTY_ROOT, HASH_SIZE
from townhall.ledger.engine.witnessing import Answer, Request, Seen

SUSPICIONS: Final = ("unproved", "shrunk")
"""Kinds of observations that the copy explains or proves once it has the entries."""
MOST: Final = {"unproved": 16, "shrunk": 1}
"""How many suspicions of a kind are open at once about a log: more say nothing more."""

RootAt = Callable[[int], bytes | None]
"""The root that the log had at an earlier size, from the copy; None if unknown."""


@dataclass(frozen=True, slots=True)
class Observation:
    """An alarm that is to be raised.

    Attributes
    ----------
    kind
        `split-view`, `fork`, `unproved` or `shrunk`.
    text
        For the people who run the witness.
    """

    kind: str
    text: str


def key_of(kind: str, checkpoint: Checkpoint) -> str:
    """Return the key under which an observation is raised once."""
    return f"{kind} {checkpoint.origin} {checkpoint.size} {to_base64(checkpoint.root)}"


def suspected(key: str) -> tuple[int, bytes]:
    """Return size and root of the list that a suspicion is about, from its key.

    Raises
    ------
    Refused
        If it is the key of something else.
    """
    _, size, root = key.rsplit(" ", 2)
    return from_decimal(size), from_base64(root, HASH_SIZE)


def observe(
    request: Request, seen: Seen | None, answer: Answer, root_at: RootAt
) -> Observation | None:
    """Return what an answer other than 200 reveals about the log; None: nothing.

    Parameters
    ----------
    request
        A checkpoint with a valid signature of the log.
    seen
        What was vouched for last.
    answer
        Of `witnessing.decide`.
    root_at
        For checkpoints that are smaller than what was seen.
    """
    given = request.checkpoint
    if given.size == 0 and given.root != EMPTY_ROOT:
        return Observation("fork", f"{given.origin} has signed a root for no entries that none has")
    if seen is None:
        return None
    if given.size == seen.size and given.root != seen.root:
        return Observation("split-view", _SPLIT.format(origin=given.origin, size=given.size))
    if given.size < seen.size:
        return _smaller(given, seen, answer, root_at(given.size))
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and given.size > seen.size:
        words = {"origin": given.origin, "size": given.size, "before": seen.size}
        return Observation("unproved", _UNPROVED.format(**words))
    return None


def _smaller(
    given: Checkpoint, seen: Seen, answer: Answer, root: bytes | None
) -> Observation | None:
    words = {"origin": given.origin, "size": given.size, "before": seen.size}
    if root is not None:
        # What the copy begins with is no secret: anybody can send such a checkpoint again.
        return None if root == given.root else Observation("fork", _FORK.format(**words))
    if answer.status == HTTPStatus.BAD_REQUEST:
        return Observation("shrunk", _SHRUNK.format(**words))
    return None


def evidence(
    request: Request, seen: Seen | None, consistency: list[bytes], text: str
) -> dict[str, object]:
    """Return what proves an observation to a third party.

    Parameters
    ----------
    consistency
        Proof from the size of a smaller checkpoint to what was seen: together with
        the two signed notes it shows that both cannot be true.
    """
    return {
        "what": text,
        "seen": None if seen is None else _text(seen.note.render()),
        "sent": _text(request.note.render()),
        "sent_old_size": request.old,
        "sent_proof": [to_base64(each) for each in request.proof],
        "consistency_of_the_sent_size_with_the_seen_one": [to_base64(each) for each in consistency],
    }


def _text(note: bytes) -> str:
    return note.decode()


_SPLIT = (
    "{origin} has signed two different lists of {size} entries. Somebody who holds the log's key "
    "shows different people different histories. Neither this witness nor an honest other one "
    "signs the second. Compare with the other witnesses which list they hold, and ask the operator "
    "of the log; the two signatures in the evidence prove it to anybody."
)
_FORK = (
    "{origin} has signed a list of {size} entries that is not the beginning of the {before} that "
    "it had signed before: a second history. This happens when somebody rewrites entries, or "
    "when a log is restored from a backup and goes on from there. The evidence proves it to "
    "anybody; the operator must bring back the lost entries from a mirror."
)
_UNPROVED = (
    "{origin} has signed a list of {size} entries, and whoever sent it did not prove that it "
    "continues the {before} entries seen before. If the log itself sent it, an earlier entry was "
    "rewritten; a stranger may also have spoilt the proof. This ends by itself if the proof "
    "arrives, or if the entries come and are the same. If it stays open, ask the operator of the "
    "log and compare with other witnesses."
)
_SHRUNK = (
    "Somebody sent a list of {size} entries that {origin} has signed as if it came after the "
    "{before} entries seen before. If the log itself sent it, it was restored from a backup: it "
    "must not go on before it has the lost entries back from a mirror. This ends by itself once "
    "the copy of this witness has so many entries and shows that nothing was changed."
)
