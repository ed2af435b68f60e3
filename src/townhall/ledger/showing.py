"""What anybody may see of the ledger: logs, entries, checkpoints, witnesses, alarms.

Everything here stands in the public files too; who does not trust this page reads those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from townhall.foundation import settings
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.histories import Era, History
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tiles import parse_path
from townhall.ledger.log.reading import published, read_tile
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import log as logs
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import party_of
from townhall.ledger.operator.folder import LOGS, FolderUnusable, open_folder
from townhall.ledger.operator.policies import LOG as POLICIES
from townhall.ledger.operator.preparing import folder_of

_WEB: Final = re.compile("https?://", re.IGNORECASE)
SHOWN: Final = 25
"""Entries and checkpoints on one page."""

NOT_FINAL: Final = "not-final"
NOT_SIGNING: Final = "not-signing"
OTHER_COPY: Final = "other-copy"
DAMAGED: Final = "damaged"
UNCHECKED: Final = "unchecked"
STOPPED: Final = "stopped"
NOT_LEFT: Final = "not-left"
OLD_KEY: Final = "old-key"
"""Of what kind an alarm is; see `AlarmView`."""
_BY_KEY: Final = {"audit:unfinished": UNCHECKED, "ledger:run": STOPPED, "anchor": NOT_LEFT}


@dataclass(frozen=True, slots=True)
class LogView:
    """One log.

    Attributes
    ----------
    size, final
        How many entries have a number, and how many of them are final.
    counts
        Entries by kind.
    cosigners
        Who vouched for the newest checkpoint.
    """

    name: str
    origin: str
    size: int
    final: int
    final_at: datetime | None
    counts: Mapping[str, int]
    cosigners: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who must vouch, and what that withstands.

    Attributes
    ----------
    parties
        Their names.
    addresses
        Name to the address of its own page, where it is known.
    enough
        How many must have signed, at least, for an entry to be final.
    to_fork
        How many of them would have to cheat together with the operator.
    to_stop
        How many must be down before nothing becomes final any more.
    demonstration
        Whether one operator holds all their keys.
    fingerprint
        SHA-256 of the policy.
    """

    parties: tuple[str, ...]
    addresses: Mapping[str, str]
    faults: int
    enough: int
    to_fork: int
    to_stop: int
    demonstration: bool
    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class AlarmView:
    """Something that is wrong now, told once for all logs in which it is the same.

    Attributes
    ----------
    kind
        `NOT_FINAL`: no quorum signs. `NOT_SIGNING`: one witness does not. `OTHER_COPY`: that
        of a witness differs, or was not compared. `DAMAGED`, `UNCHECKED`: of the daily audit.
        `STOPPED`: nothing is recorded. `NOT_LEFT`: seals, at the anchor. `OLD_KEY`: somebody
        signs with a key that was replaced.
    logs
        Their names.
    words
        For the operator: with addresses, and in English.
    """

    kind: str
    logs: tuple[str, ...]
    witness: str
    words: str
    since: datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it stands in the log.

    Attributes
    ----------
    public
        Fields that say something by themselves.
    committed
        Names of fields that are only committed to.
    """

    index: int
    kind: str
    at: datetime
    public: Mapping[str, Any]
    committed: tuple[str, ...]
    leaf: str


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A checkpoint that became final."""

    size: int
    root: str
    signed_at: datetime
    final_at: datetime
    cosigners: tuple[str, ...]


def all_logs() -> list[LogView]:
    """Return every log of this town hall."""
    return [_log_view(each) for each in logs.all_logs()]


def one_log(name: str) -> LogView | None:
    """Return a log."""
    found = logs.get(name)
    return _log_view(found) if found else None


def witnesses() -> Witnesses | None:
    """Return who must vouch; None if this town hall has no witnesses."""
    found = checkpoints.policy_now()
    if found is None:
        return None
    policy = Policy.parse(found.text.encode())
    counting = [each for each in policy.witnesses if policy.quorum and each.key.name in _in(policy)]
    named = {party_of(each): each.url for each in counting if _WEB.match(each.url)}
    own = demonstration.addresses(settings.current().data_dir)
    return Witnesses(
        parties=tuple(dict.fromkeys(party_of(each) for each in counting)),
        addresses={**own, **named},
        faults=policy.faults or 0,
        enough=policy.quorum.fewest_to_satisfy() if policy.quorum else 0,
        to_fork=policy.smallest_intersection(),
        to_stop=policy.fewest_to_stop() or 0,
        demonstration=demonstration.is_demonstration(found.text),
        fingerprint=_fingerprint(found.text),
        text=found.text,
    )


def policies() -> list[Era]:
    """Return every policy that was ever in force, oldest first."""
    return [
        Era(Policy.parse(each.text.encode()), int(each.since.timestamp()))
        for each in checkpoints.policies()
    ]


def history() -> History | None:
    """Return the file that leads from any policy of this town hall to the newest.

    It is made of the public files of the log `keys` alone, and checked before it is given
    out; None while its newest policy is not final.
    """
    found = _published(POLICIES)
    newest = checkpoints.policy_now()
    if found is None or newest is None:
        return None
    note, snapshot = found
    made = History(tuple(snapshot.entries(0, snapshot.head.size)), SignedNote.parse(note))
    try:
        made.check([newest.text.encode()])
    except Refused:
        return None
    return made


def open_alarms() -> list[AlarmView]:
    """Return what is wrong now, newest first."""
    same: dict[tuple[str, str, str], list[alarms.Alarm]] = {}
    for each in alarms.open_alarms():
        same.setdefault((_kind_of(each), each.witness, each.words), []).append(each)
    return [
        AlarmView(
            kind,
            tuple(sorted(each.log for each in found)),
            witness,
            words,
            min(each.since for each in found),
        )
        for (kind, witness, words), found in same.items()
    ]


def _kind_of(alarm: alarms.Alarm) -> str:
    if alarm.key in _BY_KEY:
        return _BY_KEY[alarm.key]
    if alarm.key.endswith(":old keys"):
        return OLD_KEY
    if alarm.key.startswith("audit:"):
        return OTHER_COPY if alarm.witness else DAMAGED
    return NOT_SIGNING if alarm.witness else NOT_FINAL


def newest_checkpoints(name: str, most: int = SHOWN) -> list[CheckpointView]:
    """Return the newest final checkpoints of a log."""
    return [
        CheckpointView(
            each.size,
            bytes(each.root).hex(),
            each.signed_at,
            each.final_at,
            tuple(each.cosigners),
        )
        for each in checkpoints.newest(name, most)
    ]


def final_entries(name: str, *, before: int | None = None, most: int = SHOWN) -> list[EntryView]:
    """Return entries of a log, newest first, each checked against the published checkpoint.

    Parameters
    ----------
    before
        Only those with a lower number.

    Raises
    ------
    LogDamaged
        If the files are not what the checkpoint promises.
    """
    found = _published(name)
    if found is None:
        return []
    _, snapshot = found
    end = snapshot.head.size if before is None else min(max(before, 0), snapshot.head.size)
    start = max(end - most, 0)
    contents = list(snapshot.entries(start, end))
    return [_entry_view(start + place, each) for place, each in enumerate(contents)][::-1]


def public_file(name: str, path: str) -> bytes | None:
    """Return a public file of a log, by its path below the log's prefix (C2SP tlog-tiles).

    None if there is no such file, or the path is none of a tile or checkpoint.
    """
    if name not in LOGS:
        return None
    try:
        public = open_folder(folder_of(settings.current())).log(name) / "public"
        if path == "checkpoint":
            return (public / path).read_bytes()
        return read_tile(public, parse_path(path))
    except (Refused, OSError, FolderUnusable):
        return None


def _log_view(log: logs.Log) -> LogView:
    newest = checkpoints.newest(log.name, 1)
    return LogView(
        name=log.name,
        origin=log.origin,
        size=log.size,
        final=log.published_size,
        final_at=log.published_at,
        counts=dict(log.counts),
        cosigners=tuple(newest[0].cosigners) if newest else (),
        keys=tuple(log.verifier_keys.split()),
    )


def _entry_view(index: int, content: bytes) -> EntryView:
    entry = engine.decode(content)
    handle = "handle" in entry.body  # entries with a handle are about somebody
    hidden = {name for name in entry.body if handle and _is_hash(entry.body[name])}
    return EntryView(
        index=index,
        kind=entry.kind,
        at=datetime.fromtimestamp(entry.at, UTC),
        public={name: value for name, value in entry.body.items() if name not in hidden},
        committed=tuple(sorted(hidden)),
        leaf=leaf_hash(content).hex(),
    )


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64


def _published(name: str) -> Any:
    folder = open_folder(folder_of(settings.current()))
    return published(folder.log(name), folder.origin(name))


def _in(policy: Policy) -> frozenset[str]:
    return policy.quorum.parties if policy.quorum else frozenset()


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()
