"""Trees that the tests share: the entries of the note's vectors, and a slow reference."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.tiles import Tile, TileBuilder
from townhall.ledger.engine.tree import MemoryNodes

LARGEST = 70_000


@cache
def leaves(size: int) -> list[bytes]:
    """Hashes of the entries `entry 0`, `entry 1`, …"""
    return [leaf_hash(b"entry %d" % number) for number in range(size)]


@cache
def nodes(size: int) -> MemoryNodes:
    """All nodes over these leaves."""
    return MemoryNodes(leaves(size))


def files(size: int) -> dict[str, bytes]:
    """The hash tiles of this tree, as a web server would hold them."""
    builder = TileBuilder()
    full = builder.extend(leaves(size))
    return {tile.path: content for tile, content in [*full, *builder.partial()]}


def reader(content: dict[str, bytes]):
    """Read tiles from such files."""

    def read(tile: Tile) -> bytes:
        return content[tile.path]

    return read


def slow_root(hashes: list[bytes]) -> bytes:
    """MTH exactly as RFC 6962 section 2.1 defines it."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    left, right = slow_root(hashes[:middle]), slow_root(hashes[middle:])
    return sha256(b"\x01" + left + right).digest()


def slow_subproof(start: int, end: int, hashes: list[bytes], own: bool = True) -> list[bytes]:
    """SUBPROOF exactly as C2SP tlog-mirror defines it."""
    if start == 0 and end == len(hashes):
        return [] if own else [slow_root(hashes)]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    left, right = hashes[:middle], hashes[middle:]
    if end <= middle:
        return [*slow_subproof(start, end, left, own), slow_root(right)]
    if middle <= start:
        return [*slow_subproof(start - middle, end - middle, right, own), slow_root(left)]
    return [*slow_subproof(0, end - middle, right, False), slow_root(left)]
