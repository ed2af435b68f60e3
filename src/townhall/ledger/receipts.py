"""How far an entry has come, and the receipt of one that is final.

    waiting -> placed (it has its number) -> final (a quorum of witnesses has cosigned)

A receipt is made when somebody asks for it, against the checkpoint that is published
then. Each is as good as every other: none of them is kept here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from townhall.foundation import settings
from townhall.foundation.acting import ANONYMOUS, Acting
from townhall.foundation.database.scope import scope
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Member, Receipt
from townhall.ledger.log.reading import Snapshot, published
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import entry as entries
from townhall.ledger.operator.folder import LOGS, open_folder
from townhall.ledger.operator.preparing import folder_of

WAITING: Final = "waiting"
PLACED: Final = "placed"
FINAL: Final = "final"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an entry has come.

    Attributes
    ----------
    state
        `WAITING`, `PLACED`, `FINAL`, or `REFUSED` by the rules of its log.
    index
        Its number in the log, once it has one.
    queued_at
        When it was put into the queue.
    """

    state: str
    index: int | None
    queued_at: datetime


class NotFinalYet(Exception):
    """The entry is safe, but no quorum has cosigned a checkpoint with it yet."""

    def __init__(self, progress: Progress) -> None:
        super().__init__("The receipt is ready once enough witnesses have cosigned.")
        self.progress = progress


class NoWitnesses(Exception):
    """This town hall asks nobody to cosign, so there is nothing that a receipt could prove."""


def progress(acting: Acting, *, log: str, ref: str) -> Progress | None:
    """Return how far an entry has come; None if there is none that one may see."""
    with scope(acting):
        entry = entries.find(log, ref)
    return None if entry is None else _progress(entry)


def receipt(
    acting: Acting,
    *,
    log: str,
    ref: str,
    only: Collection[str] | None = None,
    member: Member | None = None,
) -> Receipt | None:
    """Return the receipt of an entry; None if there is none that one may see.

    Parameters
    ----------
    log, ref
        As the entry was submitted.
    only
        The fields that are opened; None: all. The others stay closed for who reads it.
    member
        One line or record under the root that the entry is about.

    Raises
    ------
    NotFinalYet, NoWitnesses
        If it is too early, or there is nobody to vouch.
    LogDamaged
        If the log's files are not what its checkpoint promises.
    """
    with scope(acting):
        entry = entries.find(log, ref)
        if entry is None:
            return None
        opened = entries.openings_of(entry.id)
        witnessed = checkpoints.policy_now() is not None
    if not witnessed:
        raise NoWitnesses("This town hall has no witnesses yet.")
    folder = open_folder(folder_of(settings.current()))
    found = published(folder.log(log), folder.origin(log))
    if entry.index is None or found is None or found[1].head.size <= entry.index:
        raise NotFinalYet(_progress(entry))
    assert entry.content is not None
    openings = tuple(
        Opening(each.field, bytes(each.salt), bytes(each.value))
        for each in opened
        if only is None or each.field in only
    )
    return _made(found, entry.index, bytes(entry.content), openings, member)


def ask_for_promise(acting: Acting, *, log: str, ref: str) -> bool:
    """Ask for the log's signed word that an entry was received and when it is due.

    The ledger's process signs, within a second or so; then `promise` returns it.

    Returns
    -------
    Whether there is such an entry that one may see.
    """
    with scope(acting):
        return entries.want_promise(log, ref)


def promise(acting: Acting, *, log: str, ref: str) -> bytes | None:
    """Return the promise that was signed for an entry; None if there is none yet."""
    with scope(acting):
        entry = entries.find(log, ref)
    return entry.promise.encode() if entry is not None and entry.promise else None


def public_receipt(log: str, index: int) -> Receipt | None:
    """Return the receipt of a final entry as anybody may have it: nothing is opened.

    It is made of the log's public files alone; None if there is no such final entry.

    Raises
    ------
    NoWitnesses
        If there is nobody to vouch.
    LogDamaged
        If the log's files are not what its checkpoint promises.
    """
    folder = open_folder(folder_of(settings.current()))
    found = published(folder.log(log), folder.origin(log)) if log in LOGS else None
    if found is None or not 0 <= index < found[1].head.size:
        return None
    return _made(found, index, found[1].entry(index))


def _made(
    found: tuple[bytes, Snapshot],
    index: int,
    entry: bytes,
    openings: tuple[Opening, ...] = (),
    member: Member | None = None,
) -> Receipt:
    note, snapshot = found
    signed = SignedNote.parse(note)
    policy = _policy_of(signed)
    origin = Checkpoint.parse(signed.text).origin
    return Receipt(
        entry=entry,
        openings=openings,
        proof=ProofFile(index, tuple(snapshot.proof(index)), signed),
        policy=policy.text,
        log_key=next(each.key for each in policy.logs if each.key.name == origin),
        member=member,
    )


def _policy_of(note: SignedNote) -> Policy:
    """Return the newest policy under which a checkpoint is final.

    A log in which nothing has happened since the policy changed is final by the old one.
    """
    with scope(ANONYMOUS):
        texts = [each.text.encode() for each in checkpoints.policies()]
    for text in reversed(texts):
        policy = Policy.parse(text)
        try:
            policy.verify(note)
        except Refused:
            continue
        return policy
    raise NoWitnesses("No witnesses of this town hall have vouched for this log.")


def _progress(entry: entries.Entry) -> Progress:
    if entry.refused:
        return Progress(REFUSED, None, entry.queued_at)
    if entry.index is None:
        return Progress(WAITING, None, entry.queued_at)
    size = _published_size(entry.log)
    return Progress(FINAL if entry.index < size else PLACED, entry.index, entry.queued_at)


def _published_size(log: str) -> int:
    folder = open_folder(folder_of(settings.current()))
    try:
        note = (folder.log(log) / "public" / "checkpoint").read_bytes()
    except FileNotFoundError:
        return 0
    return Checkpoint.parse(SignedNote.parse(note).text).size
