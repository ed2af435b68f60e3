"""Reading a log: proofs and entries, every byte authenticated against a root.

Needs no lock and writes nothing, so any number of processes may read while one
writes; what lies below a published checkpoint never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from townhall.ledger.engine import bundles, tree
from townhall.ledger.engine.hashing import HASH_SIZE, leaf_hash
from townhall.ledger.engine.tiles import ENTRIES, WIDTH, Tile, TileInvalid, TileNodes
from townhall.ledger.log.errors import LogDamaged, NotInLog
from townhall.ledger.log.heads import Head, head_of

_T = TypeVar("_T")
ReadFile = Callable[[Path], bytes]


def read_tile(public: Path, tile: Tile, read: ReadFile = Path.read_bytes) -> bytes:
    """Return the bytes of a tile; of a partial one also from the full one.

    A partial tile may go once the full one exists (C2SP tlog-tiles).

    Raises
    ------
    OSError
        If neither is there.
    """
    try:
        return read(public / tile.path)
    except FileNotFoundError:
        if tile.width == WIDTH:
            raise
        content = read(public / Tile(tile.level, tile.index).path)
    if tile.level == ENTRIES:
        return bundles.encode_entries(bundles.decode_entries(content)[: tile.width])
    return content[: tile.width * HASH_SIZE]


class Snapshot:
    """A log as it was at one size, for proofs and entries.

    Parameters
    ----------
    public
        The folder with `tile/`.
    head
        A size and root that the caller trusts.
    read
        How files are read.

    Notes
    -----
    Not for several threads at once. Making one costs nothing; the first proof
    reads about as many tiles as the log has levels, twice.
    """

    def __init__(self, public: Path, head: Head, read: ReadFile = Path.read_bytes) -> None:
        self.public = public
        self._read = read
        self.head = head
        self.nodes = TileNodes(self.tile, head.size, head.root)

    def tile(self, tile: Tile) -> bytes:
        """Return the bytes of a tile as they lie on the disk.

        Raises
        ------
        LogDamaged
            If it cannot be read.
        """
        try:
            return read_tile(self.public, tile, self._read)
        except (OSError, bundles.BundleInvalid) as error:
            raise LogDamaged(
                f"{self.public / tile.path} cannot be read ({error}): open the log with "
                "deep=True, which mends it if it can"
            ) from error

    def proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the entry is in the tree of this size.

        Parameters
        ----------
        index
            Of the entry.
        size
            Of the tree; None: of the snapshot.

        Raises
        ------
        NotInLog
            If the tree has no such entry, or the log is not that large.
        LogDamaged
            If a file is not what the root promises.
        """
        size = self._size_in(size)
        if not 0 <= index < size:
            raise NotInLog(f"a tree of {size} entries has no entry {index}")
        return self._authentic(lambda: tree.inclusion_proof(self.nodes, index, size))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the log only grew; empty from size 0, which needs none.

        Raises
        ------
        NotInLog
            If the log is not that large, or `old` is above `new`.
        LogDamaged
            If a file is not what the root promises.
        """
        new = self._size_in(new)
        if not 0 <= old <= new:
            raise NotInLog(f"a log does not grow from {old} to {new} entries")
        if old == 0:
            return []
        return self._authentic(lambda: tree.consistency_proof(self.nodes, old, new))

    def subtree(self, start: int, end: int, size: int | None = None) -> list[bytes]:
        """Return the proof that [start, end) is a subtree (C2SP tlog-mirror).

        Raises
        ------
        NotInLog
            If the log is not that large.
        LogDamaged
            If a file is not what the root promises.
        """
        size = self._size_in(size)
        return self._authentic(lambda: tree.subtree_proof(self.nodes, start, end, size))

    def root(self, size: int) -> bytes:
        """Return the root that the log had at an earlier size."""
        size = self._size_in(size)
        return self._authentic(lambda: tree.root(self.nodes, size))

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash of an entry."""
        return self._authentic(lambda: self.nodes.node(0, index))

    def entry(self, index: int) -> bytes:
        """Return one entry, after its hash was found right."""
        return next(self.entries(index, index + 1))

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Yield entries in order, each after its hash was found right.

        Raises
        ------
        NotInLog
            If the log has not as many.
        LogDamaged
            If a bundle or tile is not what the root promises.
        """
        if not 0 <= start <= end <= self.head.size:
            raise NotInLog(f"a log of {self.head.size} entries has no entries {start} to {end - 1}")
        for number in range(start // WIDTH, -(-end // WIDTH)):
            first = number * WIDTH
            content = self.bundle(number)
            for offset in range(max(start - first, 0), min(end - first, len(content))):
                if leaf_hash(content[offset]) != self.leaf(first + offset):
                    path = self.public / Tile(ENTRIES, number).path
                    raise LogDamaged(
                        f"entry {first + offset} in {path} is not what was logged: "
                        "open the log with deep=True, which mends it if it can"
                    )
                yield content[offset]

    def bundle(self, number: int) -> list[bytes]:
        """Return a bundle as it lies on the disk, unauthenticated.

        Raises
        ------
        LogDamaged
            If it cannot be read, or has not its number of entries.
        """
        width = min(WIDTH, self.head.size - number * WIDTH)
        tile = Tile(ENTRIES, number, width)
        try:
            return bundles.decode_entries(self.tile(tile), width)
        except bundles.BundleInvalid as error:
            raise LogDamaged(f"{self.public / tile.path}: {error}") from error

    def leaf_tile(self, number: int) -> list[bytes]:
        """Return the leaf hashes beside a bundle, authenticated."""
        first = number * WIDTH
        width = min(WIDTH, self.head.size - first)
        return self._authentic(
            lambda: [self.nodes.node(0, index) for index in range(first, first + width)]
        )

    def find(self, wanted: bytes, end: int | None = None) -> int | None:
        """Return the lowest index of a leaf hash; None if the log has none.

        Reads the leaf hashes from the start: 31 MiB for a million entries.

        Parameters
        ----------
        wanted
            A leaf hash.
        end
            How many entries are searched; None: all.
        """
        end = self.head.size if end is None else end
        for number in range(-(-end // WIDTH)):
            width = min(WIDTH, self.head.size - number * WIDTH)
            content = self.tile(Tile(0, number, width))
            at = content.find(wanted)
            while at >= 0:
                index = number * WIDTH + at // HASH_SIZE
                if at % HASH_SIZE == 0 and index < end and self.leaf(index) == wanted:
                    return index
                at = content.find(wanted, at + 1)
        return None

    def _size_in(self, size: int | None) -> int:
        if size is None:
            return self.head.size
        if not 0 <= size <= self.head.size:
            raise NotInLog(f"a log of {self.head.size} entries was never {size} entries large")
        return size

    def _authentic(self, read: Callable[[], _T]) -> _T:
        try:
            return read()
        except TileInvalid as error:
            raise LogDamaged(
                f"{self.public}: {error}; open the log with deep=True, which mends it if it can"
            ) from error


def published(folder: Path, origin: str) -> tuple[bytes, Snapshot] | None:
    """Return the published checkpoint of a log and the log as it was then.

    Parameters
    ----------
    folder
        Of the log.
    origin
        Of the log.

    Returns
    -------
    tuple, optional
        The signed note, verbatim, and a snapshot; None before the first.
    """
    public = folder / "public"
    try:
        note = (public / "checkpoint").read_bytes()
    except FileNotFoundError:
        return None
    return note, Snapshot(public, head_of(note, origin))
