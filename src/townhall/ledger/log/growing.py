"""The right edge of a log in memory, and the files that follow when it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from townhall.ledger.engine import bundles
from townhall.ledger.engine.tiles import ENTRIES, WIDTH, Tile, TileBuilder
from townhall.ledger.log.heads import Head

ReadTile = Callable[[Tile], bytes]


@dataclass(frozen=True, slots=True)
class Edge:
    """What a log must remember to grow: the partial tiles, and the partial bundle.

    At most 255 hashes a level and 255 entries, whatever the size of the log.
    """

    builder: TileBuilder
    tail: tuple[bytes, ...]

    @property
    def head(self) -> Head:
        """Size and root."""
        return Head(self.builder.size, self.builder.root())


def edge_of(size: int, read_tile: ReadTile) -> Edge:
    """Return the edge of a log whose files were found right."""
    tail: list[bytes] = []
    if size % WIDTH:
        tail = bundles.decode_entries(read_tile(Tile(ENTRIES, size // WIDTH, size % WIDTH)))
    return Edge(TileBuilder(size, read_tile), tuple(tail))


def grow(
    edge: Edge, entries: Sequence[bytes], leaf_hashes: Sequence[bytes]
) -> tuple[Edge, dict[Tile, bytes]]:
    """Return the edge after these entries, and the tiles and bundles that are new.

    The given edge stays as it is: if the files cannot be written, nothing has grown.
    """
    known = dict(edge.builder.partial())
    builder = TileBuilder(edge.builder.size, known.__getitem__)
    contents = dict(builder.extend(list(leaf_hashes)))
    contents |= {tile: each for tile, each in builder.partial() if tile not in known}
    number = edge.builder.size // WIDTH
    row = [*edge.tail, *entries]
    for at in range(0, len(row), WIDTH):
        some = row[at : at + WIDTH]
        contents[Tile(ENTRIES, number + at // WIDTH, len(some))] = bundles.encode_entries(some)
    return Edge(builder, tuple(row[len(row) - len(row) % WIDTH :])), contents
