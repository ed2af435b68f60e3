"""The two checkpoints of a log: neither shrinks, neither contradicts the entries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from townhall.ledger.engine.tiles import WIDTH, Tile, tiles_between
from townhall.ledger.log import heads
from townhall.ledger.log.errors import CheckpointRefused
from townhall.ledger.log.files import Disk
from townhall.ledger.log.heads import Head
from townhall.ledger.log.paths import Paths
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.log.recovery import mend_published


class Checkpoints:
    """Stores the signed and the published checkpoint of one log, for its only writer.

    Parameters
    ----------
    paths
        Where they lie.
    origin
        Of the log.
    disk
        How they are written.
    """

    def __init__(self, paths: Paths, origin: str, disk: Disk) -> None:
        self._paths = paths
        self._origin = origin
        self._disk = disk

    def sign(self, log: Snapshot, make: Callable[[str], bytes]) -> bytes:
        """Sign the head of a log; see `Log.sign`."""
        self._must_continue(self._paths.signed, log, log.head)
        text = heads.head_text(self._origin, log.head)
        note = make(text)
        if not note.startswith(text.encode() + b"\n"):
            raise CheckpointRefused("the signed note is not of the checkpoint that was given")
        self._disk.fault("checkpoint unsigned")
        self._disk.replace(self._paths.signed, note)
        self._disk.fault("checkpoint signed")
        return note

    def publish(self, log: Snapshot, note: bytes) -> None:
        """Publish a checkpoint of a log; see `Log.publish`."""
        head = heads.head_of(note, self._origin)
        if head.size > log.head.size or log.root(head.size) != head.root:
            raise CheckpointRefused(
                f"the entries of {self._origin} do not lead to this checkpoint of size {head.size}"
            )
        before = self._must_continue(self._paths.checkpoint, log, head)
        # An earlier size than the integrated one may never have had its partial tiles.
        mend_published(log, head, self._disk)
        self._disk.replace(self._paths.checkpoint, note)
        self._disk.fault("checkpoint published")
        remove_partial_tiles(self._paths.public, before.size, head.size)
        self._disk.fault("partial tiles removed")

    def _must_continue(self, path: Path, log: Snapshot, head: Head) -> Head:
        """Refuse a head that contradicts an earlier checkpoint; return the earlier one."""
        before = heads.read_head(path, self._origin)
        if head.size < before.size:
            raise CheckpointRefused(
                f"{path.name} has {before.size} entries: a log never shrinks to {head.size}"
            )
        if log.root(before.size) != before.root:
            raise CheckpointRefused(
                f"the entries of {self._origin} no longer lead to {path.name} of size "
                f"{before.size}: they were rewritten. Sign nothing; compare with a mirror"
            )
        return before


def remove_partial_tiles(public: Path, before: int, after: int) -> None:
    """Remove the partial tiles of those that became full between two sizes.

    Clients of older checkpoints then read the full one (C2SP tlog-tiles, "partial
    tiles"). What a crash leaves here is harmless.
    """
    for tile in tiles_between(before, after, entries=True):
        if tile.width == WIDTH:
            partial = public / (Tile(tile.level, tile.index).path + ".p")
            shutil.rmtree(partial, ignore_errors=True)
