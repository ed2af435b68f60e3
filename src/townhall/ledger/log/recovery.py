"""What happens when a log is opened: finding damage, and mending what can be mended.

Hash tiles follow from the entries, so a damaged one is made again. Entries follow
from nothing but the journal: a damaged bundle is mended from there if it still can
be, and otherwise the log does not open. Nothing is written before the entries have
been found to lead to the root that was signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from townhall.ledger.engine import bundles
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    TileBuilder,
    partial_tiles,
    tiles_between,
)
from townhall.ledger.log.errors import LogDamaged, LogRolledBack, LogStopped
from townhall.ledger.log.files import Disk, read_fresh
from townhall.ledger.log.heads import Head
from townhall.ledger.log.reading import Snapshot, read_tile

Salvage = Callable[[int, int], list[bytes] | None]
"""Gives the entries [start, end) from the journal, or None if they left it."""

_BATCH: Final = 64  # tiles written at a time while mending
REFETCH: Final = (
    "Copy the folder `tile` of a mirror to {public} and open the log with deep=True; nothing is "
    "signed before every entry has been checked"
)


def check_entries(log: Snapshot, since: int, until: int | None = None) -> None:
    """Hash the entries of [since, until); hold them and their tiles against the root.

    Whole bundles are read: a few more entries may be hashed. None: to the end.

    Raises
    ------
    LogDamaged
        If a byte of them, or of a tile above them, is not what the root promises.
    """
    if log.head.size:
        log.root(log.head.size)
    end = log.head.size if until is None else min(until, log.head.size)
    for number in range(since // WIDTH, -(-end // WIDTH)):
        if list(map(leaf_hash, log.bundle(number))) != log.leaf_tile(number):
            raise LogDamaged(f"bundle {number} of entries is not what was logged")


def check_written(log: Snapshot, since: int) -> None:
    """Hold what was just written against what was to be written.

    Raises
    ------
    LogStopped
        If the disk gives back other bytes.
    """
    try:
        check_entries(log, since)
    except LogDamaged as damage:
        raise LogStopped(
            f"the disk gave back other bytes than it was given ({damage}): "
            "check the disk and open the log again; nothing of this was signed"
        ) from damage


def is_complete(public: Path, size: int) -> bool:
    """Tell whether every tile of a log is there and has its length."""
    for tile in tiles_between(0, size, entries=True):
        try:
            length = (public / tile.path).stat().st_size
        except FileNotFoundError:
            return False
        if tile.level != ENTRIES and length != tile.width * HASH_SIZE:
            return False
        if tile.level == ENTRIES and length < 2 * tile.width:
            return False
    return True


class Repair:
    """Hashes all entries of a log anew, and mends what differs.

    Parameters
    ----------
    public
        The folder with `tile/`.
    head
        What the log is known to be.
    salvage
        Where lost entries may still be found.
    disk
        How files are written.
    """

    def __init__(self, public: Path, head: Head, salvage: Salvage, disk: Disk) -> None:
        self._public = public
        self._head = head
        self._salvage = salvage
        self._disk = disk
        self.mended: list[str] = []

    def run(self) -> None:
        """Check every byte of entries and tiles; mend.

        Raises
        ------
        LogRolledBack
            If the entries end before the head.
        LogDamaged
            If an entry cannot be mended.
        """
        root, differing = self._compare()
        if root != self._head.root:
            self._mend_entries([tile.index for tile in differing if tile.level == 0])
            root, differing = self._compare()
        if root != self._head.root:
            raise self._other_history()
        wanted = set(differing)
        bad = ((tile, content) for tile, content in self._tiles() if tile in wanted)
        while some := dict(islice(bad, _BATCH)):
            self._write(some)

    def _compare(self) -> tuple[bytes, list[Tile]]:
        """Return the root that the entries lead to, and the hash tiles that differ."""
        builder = TileBuilder()
        differing = [
            tile for tile, content in self._tiles(builder) if self._stored(tile) != content
        ]
        return builder.root(), differing

    def _tiles(self, builder: TileBuilder | None = None) -> Iterator[tuple[Tile, bytes]]:
        """Yield all hash tiles as they follow from the entries."""
        builder = builder or TileBuilder()
        for number in range(-(-self._head.size // WIDTH)):
            yield from builder.extend(list(map(leaf_hash, self._entries(number))))
        yield from builder.partial()

    def _stored(self, tile: Tile) -> bytes | None:
        try:
            return read_tile(self._public, tile, read_fresh)
        except OSError:
            return None

    def _entries(self, number: int) -> list[bytes]:
        """Return a bundle; if it is lost or cut, from the journal, and then mend it."""
        tile = self._bundle(number)
        try:
            return bundles.decode_entries(read_tile(self._public, tile, read_fresh), tile.width)
        except (OSError, bundles.BundleInvalid):
            entries = self._salvaged(number)
        if entries is None:
            raise self._lost(number)
        return entries

    def _mend_entries(self, numbers: list[int]) -> None:
        """Mend the bundles that do not fit their tile, where the tile is authentic."""
        log = Snapshot(self._public, self._head, read_fresh)
        for number in numbers:
            promised = log.leaf_tile(number)
            if list(map(leaf_hash, self._entries(number))) == promised:
                continue
            entries = self._salvaged(number)
            if entries is None or list(map(leaf_hash, entries)) != promised:
                raise self._lost(number)

    def _salvaged(self, number: int) -> list[bytes] | None:
        tile = self._bundle(number)
        entries = self._salvage(number * WIDTH, number * WIDTH + tile.width)
        if entries is not None:
            self._write({tile: bundles.encode_entries(entries)})
        return entries

    def _bundle(self, number: int) -> Tile:
        return Tile(ENTRIES, number, min(WIDTH, self._head.size - number * WIDTH))

    def _write(self, contents: dict[Tile, bytes]) -> None:
        self._disk.replace_all({self._public / tile.path: each for tile, each in contents.items()})
        self.mended += [tile.path for tile in contents]

    def _lost(self, number: int) -> LogDamaged | LogRolledBack:
        tile = self._bundle(number)
        first, last = number * WIDTH, number * WIDTH + tile.width - 1
        later = tiles_between(first, self._head.size, entries=True)
        if not any((self._public / each.path).exists() for each in later if each.level == ENTRIES):
            return LogRolledBack(
                f"this log has signed a checkpoint of {self._head.size} entries, but its files end "
                f"before entry {last}: an older backup was put back, or files were lost. "
                + REFETCH.format(public=self._public)
            )
        return LogDamaged(
            f"{self._public / tile.path} (entries {first} to {last}) is lost or damaged. "
            + REFETCH.format(public=self._public)
        )

    def _other_history(self) -> LogDamaged:
        return LogDamaged(
            f"the entries below {self._public} do not lead to the root of the checkpoint of size "
            f"{self._head.size}: they were rewritten, or several files are damaged. "
            + REFETCH.format(public=self._public)
        )


def mend_published(log: Snapshot, published: Head, disk: Disk) -> list[str]:
    """Make again the partial tiles of the published checkpoint; return the mended paths."""
    mended: dict[Path, bytes] = {}
    public = log.public
    for tile in partial_tiles(published.size, entries=True):
        try:
            read_tile(public, tile)
        except OSError:
            mended[public / tile.path] = _part(log, tile)
    if mended:
        disk.replace_all(mended)
    return [str(path.relative_to(public)) for path in mended]


def _part(log: Snapshot, tile: Tile) -> bytes:
    first = tile.index * WIDTH
    if tile.level == ENTRIES:
        return bundles.encode_entries(islice(log.bundle(tile.index), tile.width))
    height = 8 * tile.level
    return b"".join(log.nodes.node(height, first + each) for each in range(tile.width))
