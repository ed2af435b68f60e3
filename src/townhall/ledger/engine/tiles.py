"""Tiles: the tree as static files, and a reader that trusts none of them.

Coordinates, widths and paths are those of C2SP tlog-tiles. A full tile is 256
hashes; a tile that the tree has not filled yet is partial and is never hashed
upwards.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import HASH_SIZE, MOST_ENTRIES, pair_up
from townhall.ledger.engine.tree import Frontier, TreeInvalid, edge_levels

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
ENTRIES: Final = -1  # the "level" of entry bundles
HIGHEST: Final = 7  # 256^8 hashes of leaves are more than a log can have

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/"
    r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class TileInvalid(Refused):
    """A tile that cannot exist, or whose bytes are not those that the root promises."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where a tile, or a bundle of entries, stands.

    Attributes
    ----------
    level
        0 for the leaves' hashes, `ENTRIES` for the entries themselves.
    index
        From 0, left to right.
    width
        Number of hashes or entries, 1 to 256; below 256 it is partial.
    """

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (
            ENTRIES <= self.level <= HIGHEST
            and 0 <= self.index < 1 << 63 - HEIGHT
            and 1 <= self.width <= WIDTH
        ):
            raise TileInvalid(f"no tile {self.level}/{self.index} of width {self.width}")

    @property
    def path(self) -> str:
        """Its path below the prefix of the log, such as `tile/0/x001/067.p/8`."""
        return tile_path(self.level, self.index, self.width)


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Return the path of a tile: three digits an element, all but the last after an `x`."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    elements = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    number = "/".join([*("x" + each for each in elements[:-1]), elements[-1]])
    kind = "entries" if level == ENTRIES else str(level)
    return f"tile/{kind}/{number}" + (f".p/{width}" if width < WIDTH else "")


def parse_path(path: str) -> Tile:
    """Return the tile with this path.

    Raises
    ------
    TileInvalid
        If no tile has exactly this path.
    """
    match = _PATH.fullmatch(path) if len(path) <= 80 else None
    if match is None:
        raise TileInvalid("this is no path of a tile")
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(match["width"] or WIDTH))
    if tile.path != path:  # zeros in front, or a full tile written as a partial one
        raise TileInvalid("this path of a tile is not written as it should be")
    return tile


def partial_tiles(size: int, *, entries: bool = False) -> list[Tile]:
    """Return the partial tiles of a tree, at most one a level, lowest level first."""
    found = []
    for level in range(HIGHEST + 1):
        width = (size >> HEIGHT * level) % WIDTH
        if width:
            found.append(Tile(level, size >> HEIGHT * (level + 1), width))
    if entries and size % WIDTH:
        found.append(Tile(ENTRIES, size // WIDTH, size % WIDTH))
    return found


def tiles_between(old: int, new: int, *, entries: bool = False) -> Iterator[Tile]:
    """Yield the tiles that a tree has at size `new` and had not at size `old`.

    Partial tiles are those of the new size alone: sizes in between were never
    published.

    Parameters
    ----------
    old, new
        Number of entries before and after.
    entries
        Whether bundles of entries are among them.

    Raises
    ------
    TileInvalid
        If not 0 <= old <= new.
    """
    if not 0 <= old <= new <= MOST_ENTRIES:
        raise TileInvalid(f"a log does not grow from {old} to {new}")
    for level in range(ENTRIES if entries else 0, HIGHEST + 1):
        below = HEIGHT * max(level, 0)
        before, after = old >> below, new >> below
        if before == after:
            continue
        for index in range(before // WIDTH, after // WIDTH):
            yield Tile(level, index)
        if after % WIDTH:
            yield Tile(level, after // WIDTH, after % WIDTH)


class TileBuilder:
    """Makes the tiles of a growing log; keeps only those that are not full.

    Its memory is at most 255 hashes for each level of tiles, whatever the size.

    Parameters
    ----------
    size
        Number of entries of the log so far.
    read_tile
        Gives the bytes of the partial tiles of that size; not asked for an empty log.

    Raises
    ------
    TileInvalid
        If a partial tile has not its length. Whether the bytes are right is known
        only once `root()` has been compared with a signed checkpoint.
    """

    __slots__ = ("_frontier", "_open")

    def __init__(self, size: int = 0, read_tile: Callable[[Tile], bytes] | None = None) -> None:
        self._open: dict[int, list[bytes]] = {}
        edge: dict[int, bytes] = {}
        for tile in partial_tiles(size):
            if read_tile is None:
                raise TileInvalid("a log that has entries is opened with its partial tiles")
            pyramid = _pyramid(tile, read_tile(tile))
            self._open[tile.level] = pyramid[0]
            edge |= _edge_of(tile, pyramid)
        self._frontier = Frontier(size, [edge[level] for level in sorted(edge, reverse=True)])

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._frontier.size

    @property
    def frontier(self) -> Frontier:
        """A copy of the right edge of the tree."""
        return self._frontier.copy()

    def root(self) -> bytes:
        """Return the root of all entries so far."""
        return self._frontier.root()

    def extend(self, leaf_hashes: list[bytes]) -> list[tuple[Tile, bytes]]:
        """Add leaves; return the tiles that became full, with their bytes."""
        before = self._frontier.size
        grown = self._frontier.extend(leaf_hashes)
        full: list[tuple[Tile, bytes]] = []
        for level, hashes in enumerate(grown[::HEIGHT]):
            index = before >> HEIGHT * (level + 1)
            row = self._open.pop(level, []) + hashes
            whole = len(row) - len(row) % WIDTH
            full += (
                (Tile(level, index + at // WIDTH), b"".join(row[at : at + WIDTH]))
                for at in range(0, whole, WIDTH)
            )
            if whole < len(row):
                self._open[level] = row[whole:]
        return full

    def partial(self) -> list[tuple[Tile, bytes]]:
        """Return the partial tiles of the present size, with their bytes."""
        return [
            (tile, b"".join(self._open[tile.level])) for tile in partial_tiles(self._frontier.size)
        ]


class TileNodes:
    """Reads nodes from tiles, and authenticates every tile before it uses one byte.

    The partial tiles together give the root: they are checked at once, against
    the root that the caller trusts. Every full tile hashes to one node of the
    tile above it, which was authenticated in the same way. No hash is taken from a
    tile merely because another part of the tile was right; readers that did so
    accepted forged tiles (CVE-2026-56865).

    Parameters
    ----------
    read_tile
        Gives the bytes of a tile; its own exceptions pass through. Bytes may come
        from anywhere.
    size, root
        Of a checkpoint that the caller trusts.
    keep
        How many full tiles are remembered.

    Notes
    -----
    Not for several threads at once: each reader has its own.
    """

    def __init__(
        self, read_tile: Callable[[Tile], bytes], size: int, root: bytes, *, keep: int = 8
    ) -> None:
        if not 0 <= size <= MOST_ENTRIES:
            raise TileInvalid(f"a tree has 0 to {MOST_ENTRIES} leaves, not {size}")
        self._read = read_tile
        self._keep = max(keep, 1)
        self._edge: dict[int, list[list[bytes]]] | None = None
        self._full: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()
        self.size = size
        self.root = root

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree.

        Raises
        ------
        TileInvalid
            If a tile on the way is not what the root promises.
        TreeInvalid
            If the tree has no such node.
        """
        if level < 0 or index < 0 or (index + 1) << level > self.size:
            raise TreeInvalid(f"a tree of {self.size} leaves has no node {level}/{index}")
        row, within = divmod(level, HEIGHT)
        tile, position = divmod(index, WIDTH >> within)
        return self._pyramid(row, tile)[within][position]

    def verify(self) -> None:
        """Authenticate the right edge now, instead of at the first use."""
        self._authentic_edge()

    def _pyramid(self, row: int, index: int) -> list[list[bytes]]:
        """Return a tile and the nodes within it, authentic."""
        edge = self._authentic_edge()
        if index == self.size >> HEIGHT * (row + 1):
            return edge[row]
        known = self._full.get((row, index))
        if known is not None:
            self._full.move_to_end((row, index))
            return known
        tile = Tile(row, index)
        pyramid = _pyramid(tile, self._read(tile))
        # A full tile always has a node above it: the tiles above end where full ones end.
        if pyramid[HEIGHT][0] != self.node(HEIGHT * (row + 1), index):
            raise TileInvalid(f"{tile.path} is not the tile that the root promises")
        self._full[(row, index)] = pyramid
        while len(self._full) > self._keep:
            self._full.popitem(last=False)
        return pyramid

    def _authentic_edge(self) -> dict[int, list[list[bytes]]]:
        if self._edge is None:
            found: dict[int, list[list[bytes]]] = {}
            edge: dict[int, bytes] = {}
            for tile in partial_tiles(self.size):
                found[tile.level] = pyramid = _pyramid(tile, self._read(tile))
                edge |= _edge_of(tile, pyramid)
            frontier = Frontier(self.size, [edge[level] for level in edge_levels(self.size)])
            if frontier.root() != self.root:
                raise TileInvalid(
                    f"the partial tiles of size {self.size} do not lead to the root: "
                    + ", ".join(tile.path for tile in partial_tiles(self.size))
                )
            self._edge = found
        return self._edge


def _pyramid(tile: Tile, content: bytes) -> list[list[bytes]]:
    """Return the hashes of a tile, and above them the complete nodes within it."""
    if len(content) != tile.width * HASH_SIZE:
        raise TileInvalid(
            f"{tile.path} has {tile.width * HASH_SIZE} bytes, not {len(content)}: cut or padded"
        )
    rows = [[content[at : at + HASH_SIZE] for at in range(0, len(content), HASH_SIZE)]]
    for _ in range(HEIGHT):
        rows.append(pair_up(rows[-1]))
    return rows


def _edge_of(tile: Tile, pyramid: list[list[bytes]]) -> dict[int, bytes]:
    """Return the nodes that a partial tile gives to the frontier, by their level."""
    return {
        HEIGHT * tile.level + within: pyramid[within][-1]
        for within in range(HEIGHT)
        if tile.width >> within & 1
    }
