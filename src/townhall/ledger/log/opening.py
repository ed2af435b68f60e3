"""Creating the folder of a log, and opening it: lock, checks, recovery."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from townhall.ledger.log import recovery
from townhall.ledger.log.errors import LogDamaged, LogError, LogInUse, LogRolledBack
from townhall.ledger.log.files import (
    Disk,
    Fault,
    drafts_below,
    fatal,
    make_folder,
    read_fresh,
    sync_folders_below,
)
from townhall.ledger.log.growing import Edge, edge_of
from townhall.ledger.log.heads import EMPTY, Head, read_head, read_if_there, read_mark
from townhall.ledger.log.journal import Journal
from townhall.ledger.log.paths import Paths
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.log.recent import Recent

FORMAT: Final = 1
REMEMBERED: Final = 65_536  # entries that are found without reading the disk
_ORIGIN: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a log is to be opened; see `Log.open`."""

    deep: bool = False
    known_size: int = 0
    accept: Callable[[bytes], object] | None = None


class _Reach(NamedTuple):
    """How far a log is known to lie in tiles, and up to which size a checkpoint says so."""

    head: Head
    certain: int


@dataclass(slots=True)
class Opened:
    """A log whose files were found right, with its lock held."""

    paths: Paths
    origin: str
    disk: Disk
    lock: int
    journal: Journal
    edge: Edge
    pending: list[bytes] = field(default_factory=list)
    recent: Recent = field(default_factory=lambda: Recent(REMEMBERED))
    mended: list[str] = field(default_factory=list)

    def close(self) -> None:
        """Release the lock."""
        if self.lock >= 0:
            self.journal.close()
            self.disk.close()
            os.close(self.lock)
            self.lock = -1


def create(folder: Path, origin: str) -> None:
    """Make the folder of an empty log; see `Log.create`."""
    if not _ORIGIN.fullmatch(origin):
        raise LogError(f"{origin!r} is no name of a log: a URL without its scheme is usual")
    paths = Paths(folder)
    if paths.about.exists():
        raise LogError(f"{folder} holds a log already: open it, or choose another folder")
    for each in (paths.journal, paths.public / "tile"):
        make_folder(each)
    disk = Disk(writers=1)
    try:
        disk.replace(paths.about, json.dumps({"format": FORMAT, "origin": origin}).encode())
    finally:
        disk.close()


def open_log(folder: Path, wanted: Wanted, fault: Fault) -> Opened:
    """Lock a log, check and mend its files, read its journal; see `Log.open`."""
    paths = Paths(folder)
    origin = _origin_of(paths)
    lock = _take_lock(folder)
    disk = Disk(fault)
    journal = Journal(paths.journal, disk)
    try:
        for draft in drafts_below(folder):
            draft.unlink()
        sync_folders_below(folder)
        reach = _reach(paths, origin, wanted)
        head = reach.head
        repair = recovery.Repair(paths.public, head, journal.salvage, disk)
        mended = _check(paths, reach, repair, deep=wanted.deep)
        log = Snapshot(paths.public, head)
        mended += _check_checkpoints(paths, origin, log, disk)
        opened = Opened(paths, origin, disk, lock, journal, edge_of(head.size, log.tile))
        opened.mended = mended
        for record in journal.recover(head.size):
            opened.pending += record.entries[max(head.size - record.first, 0) :]
        _remember(opened, log)
    except BaseException:
        journal.close()
        disk.close()
        os.close(lock)
        raise
    return opened


def _origin_of(paths: Paths) -> str:
    content = read_if_there(paths.about)
    if content is None:
        raise LogError(f"{paths.folder} holds no log: create one, or give its folder")
    try:
        about = json.loads(content)
        if about["format"] == FORMAT and isinstance(about["origin"], str):
            return str(about["origin"])
    except (ValueError, TypeError, KeyError) as error:
        raise LogDamaged(f"{paths.about} is damaged: put back an undamaged copy") from error
    raise LogError(f"{paths.about} is of a format that this version does not know")


def _take_lock(folder: Path) -> int:
    with fatal(f"open the lock of {folder}"):
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise LogInUse(f"another process writes the log in {folder}: stop it first") from error
    return lock


def _reach(paths: Paths, origin: str, wanted: Wanted) -> _Reach:
    """Return how far the log is known to reach; refuse a backup that was put back."""
    for path in (paths.checkpoint, paths.signed):
        note = read_if_there(path)
        if note is not None and wanted.accept is not None:
            try:
                wanted.accept(note)
            except ValueError as refusal:
                raise LogDamaged(f"{path}: {refusal}; put back an undamaged copy") from refusal
    stated = [read_head(path, origin) for path in (paths.checkpoint, paths.signed)]
    certain = max(stated, key=lambda each: each.size)
    if certain.size < wanted.known_size:
        raise LogRolledBack(
            f"{origin} has signed {wanted.known_size} entries, but {paths.folder} knows of a "
            f"checkpoint of {certain.size} only: an older backup was put back. "
            + recovery.REFETCH.format(public=paths.public)
        )
    head = max((*stated, read_mark(paths.mark, origin)), key=lambda each: each.size)
    return _Reach(head, certain.size)


def _check(paths: Paths, reach: _Reach, repair: recovery.Repair, *, deep: bool) -> list[str]:
    """Find damage up to the head, and mend it; return the mended paths."""
    if not deep and recovery.is_complete(paths.public, reach.head.size):
        try:
            log = Snapshot(paths.public, reach.head, read_fresh)
            recovery.check_entries(log, reach.certain)
        except LogDamaged:
            pass  # the repair looks closer, and raises what it cannot mend
        else:
            return []
    repair.run()
    return repair.mended


def _check_checkpoints(paths: Paths, origin: str, log: Snapshot, disk: Disk) -> list[str]:
    """Hold every stored head against the entries; mend the tiles of the published one."""
    for path in (paths.checkpoint, paths.signed):
        head = read_head(path, origin)
        if head != EMPTY and log.root(head.size) != head.root:
            raise LogDamaged(
                f"{path} is of size {head.size}, and the entries do not lead to its root: "
                "put back an undamaged copy, and compare with a mirror"
            )
    return recovery.mend_published(log, read_head(paths.checkpoint, origin), disk)


def _remember(opened: Opened, log: Snapshot) -> None:
    size = log.head.size
    first = max(size - REMEMBERED, 0)
    opened.recent.add(first, (log.leaf(index) for index in range(first, size)))
