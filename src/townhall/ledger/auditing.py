"""The audit: everything is hashed and held against the rules again, from the data up.

Not the stored hashes are compared with each other, but the data with them: a value that
was edited on the disk is found even where every tile above it was left alone. Rooms add
what they alone can work out again, such as the root of a register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from townhall.foundation import settings
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import registers
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.registers import State
from townhall.ledger.engine.tiles import WIDTH
from townhall.ledger.engine.tree import Frontier
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.reading import Snapshot, published
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import entry as entries
from townhall.ledger.models import log as logs
from townhall.ledger.operator import anchoring, demonstration, mirrors
from townhall.ledger.operator.finality import peers_of
from townhall.ledger.operator.folder import Folder, open_folder
from townhall.ledger.operator.mirrors import Answer, Replayed, Silent
from townhall.ledger.operator.preparing import folder_of

BATCH: Final = 4096

Check = Callable[[], list[str]]
"""Returns what does not hold, in words; nothing if all does."""

_of_rooms: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    holds
        Whether it is as it should be.
    words
        What was found.
    log, witness
        Of which log and whose copy it is about, if of one.
    """

    about: str
    holds: bool
    words: str
    log: str = ""
    witness: str = ""


def check_of_room(about: str) -> Callable[[Check], Check]:
    """Have the decorated function asked at every audit.

    Parameters
    ----------
    about
        What it looks at, in a few words.
    """

    def register(check: Check) -> Check:
        _of_rooms[about] = check
        return check

    return register


def audit() -> Iterator[Finding]:
    """Look at everything; yield what was found, log by log and then room by room."""
    folder = open_folder(folder_of(settings.current()))
    with scope(SYSTEM):
        policy = checkpoints.policy_now()
        known = logs.all_logs()
    addresses = demonstration.addresses(settings.current().data_dir)
    agreed = Policy.parse(policy.text.encode()) if policy else None
    peers = peers_of(agreed, addresses)
    faults = (agreed.faults if agreed else None) or 0
    for log in known:
        answers = mirrors.ask(peers, folder.origin(log.name))
        ours: dict[int, State] = {}
        yield _log_finding(folder, log, policy.text if policy else "", answers, ours)
        yield from _mirror_findings(log.name, answers, ours, faults)
    anchor = anchoring.anchor_of(settings.current().ledger_anchor)
    if anchor is not None:
        try:
            wrong = anchoring.contradictions(folder, anchor)
        except anchoring.AnchorUnusable as error:
            wrong = [str(error)]  # a finding like others: what follows is looked at, too
        yield Finding("seals that were left", not wrong, "; ".join(wrong) or "all fit the logs")
    for about, check in _of_rooms.items():
        wrong = check()
        yield Finding(about, not wrong, "; ".join(wrong) or "as it went on the ledger")


def _mirror_findings(
    name: str, answers: Sequence[Answer], ours: Mapping[int, State], faults: int
) -> Iterator[Finding]:
    """Yield for each witness whether it came to the same, and then how many did."""
    wrong = dict(mirrors.disagreements(answers, ours, faults))
    same = [
        each.name
        for each in answers
        if isinstance(each, Replayed) and each.state.size in ours and each.name not in wrong
    ]
    found = {**dict.fromkeys(same, "it came to the same state"), **wrong}
    for witness, words in found.items():
        about = f"log {name} at {witness}"
        yield Finding(about, witness not in wrong, words, log=name, witness=witness)
    if not answers or not ours:
        return
    silent = [f"{each.name}: {each.reason}" for each in answers if isinstance(each, Silent)]
    words = f"{len(same)} witnesses came to the same state"
    yield Finding(
        f"mirrors of {name}", True, "; ".join([words, *(f"not asked: {why}" for why in silent)])
    )


def _log_finding(
    folder: Folder,
    log: logs.Log,
    policy: str,
    answers: Sequence[Answer],
    ours: dict[int, State],
) -> Finding:
    """Look at one log; keep in `ours` its states at the sizes that witnesses told."""
    about = f"log {log.name}"
    if not (folder.log(log.name) / "log").exists():
        return Finding(about, False, "its files are gone: `townhall ledger recover` makes them")
    try:
        found = published(folder.log(log.name), folder.origin(log.name))
        if found is None:
            return Finding(about, not log.published_size, "nothing is published yet")
        note, snapshot = found
        if policy:
            Policy.load(policy.encode()).verify(SignedNote.parse(note))
        _rehash(snapshot)
        sizes = {each.state.size for each in answers if isinstance(each, Replayed)}
        state = _replay(log, folder, snapshot, sizes, ours)
        _compare(log.name, snapshot)
    except (LogError, Refused, _Differs) as error:
        return Finding(about, False, str(error))
    size = snapshot.head.size
    vouched = "signed by the witnesses" if policy else "no witnesses"
    return Finding(about, True, f"{size} entries, {vouched}; state {state.root.hex()[:16]}")


class _Differs(Exception):
    """Two things that should be the same are not."""


def _rehash(snapshot: Snapshot) -> None:
    """Work the root out from the entries themselves."""
    tree = Frontier()
    for number in range(-(-snapshot.head.size // WIDTH)):
        tree.extend([leaf_hash(each) for each in snapshot.bundle(number)])
    if tree.root() != snapshot.head.root:
        raise _Differs(
            "the entries on the disk do not lead to the published checkpoint: somebody "
            "changed them, or the disk did. Put them back from a witness's mirror"
        )


def _replay(
    log: logs.Log, folder: Folder, snapshot: Snapshot, sizes: set[int], ours: dict[int, State]
) -> State:
    """Hold every entry against the rules again; keep the states at these sizes."""
    state = registers.start(log.name, folder.origin(log.name))
    if 0 in sizes:
        ours[0] = state
    for start in range(0, snapshot.head.size, BATCH):
        end = min(start + BATCH, snapshot.head.size)
        for offset, content in enumerate(snapshot.entries(start, end)):
            state = registers.apply(state, start + offset, content)
            if state.size in sizes:
                ours[state.size] = state
    if log.size == state.size and bytes(log.state) != state.encode():
        raise _Differs("replaying the log leads to another state than the database holds")
    return state


def _compare(name: str, snapshot: Snapshot) -> None:
    """Compare what the database believes with what stands in the log."""
    for start in range(0, snapshot.head.size, BATCH):
        end = min(start + BATCH, snapshot.head.size)
        with scope(SYSTEM):
            believed = entries.contents(name, start, end - start)
        if believed != list(snapshot.entries(start, end)):
            raise _Differs(
                f"the database has other entries between {start} and {end - 1} than the log"
            )
