"""The growing tree, and the proofs that are read off it (RFC 6962, RFC 9162)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import (
    EMPTY_ROOT,
    HASH_SIZE,
    MOST_ENTRIES,
    node_hash,
    pair_up,
)


class TreeInvalid(Refused):
    """A frontier, or a range of a tree, that cannot exist."""


class Nodes(Protocol):
    """Where the hashes of complete subtrees are read."""

    def node(self, level: int, index: int) -> bytes:
        """Return MTH(D[index * 2^level : (index + 1) * 2^level])."""
        ...


class Frontier:
    """The right edge of a tree (compact range): enough to append and to know the root.

    It holds one hash for each bit that is set in the size, so it stays below
    64 hashes however large the log.

    Parameters
    ----------
    size
        Number of leaves.
    edge
        The roots of the complete subtrees that the tree is made of, the largest
        first: as many as the size has bits set.

    Raises
    ------
    TreeInvalid
        If the edge does not fit the size.
    """

    __slots__ = ("_edge", "_size")

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        hashes = tuple(edge)
        if not 0 <= size <= MOST_ENTRIES:
            raise TreeInvalid(f"a tree has 0 to {MOST_ENTRIES} leaves, not {size}")
        levels = edge_levels(size)
        if len(hashes) != len(levels) or any(len(each) != HASH_SIZE for each in hashes):
            raise TreeInvalid(
                f"the edge of {size} leaves is {len(levels)} hashes of {HASH_SIZE} bytes"
            )
        self._size = size
        self._edge = dict(zip(levels, hashes, strict=True))

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The hashes that restore this frontier, the largest subtree first."""
        return tuple(self._edge[level] for level in sorted(self._edge, reverse=True))

    def copy(self) -> Frontier:
        """Return a frontier that grows on its own."""
        return Frontier(self._size, self.edge)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf."""
        self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> list[list[bytes]]:
        """Add leaves, level by level: one hash for each leaf, near the speed of hashlib.

        Parameters
        ----------
        leaf_hashes
            The leaf hashes, 32 bytes each, in the order of the log.

        Returns
        -------
        list of list of bytes
            For each level from 0 up, the nodes that became complete, from left to
            right; at level 0 the leaves themselves. A writer of tiles needs them.

        Raises
        ------
        TreeInvalid
            If a hash has not 32 bytes, or the tree would grow too large; then
            nothing is added.
        """
        nodes = list(leaf_hashes)
        if not nodes:
            return []
        if set(map(len, nodes)) != {HASH_SIZE}:
            raise TreeInvalid(f"a leaf hash has {HASH_SIZE} bytes")
        if self._size + len(nodes) > MOST_ENTRIES:
            raise TreeInvalid(f"a tree has at most {MOST_ENTRIES} leaves")
        self._size += len(nodes)
        grown: list[list[bytes]] = []
        while nodes:
            level = len(grown)
            grown.append(nodes)
            waiting = self._edge.pop(level, None)
            if waiting is not None:
                nodes = [waiting, *nodes]
            if len(nodes) % 2:
                self._edge[level] = nodes[-1]
            nodes = pair_up(nodes)
        return grown

    def root(self) -> bytes:
        """Return the Merkle tree hash of all leaves so far."""
        return _fold(self.edge) if self._edge else EMPTY_ROOT


class MemoryNodes:
    """All nodes of a tree in memory, for small logs and for tests."""

    __slots__ = ("_frontier", "_levels")

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._frontier = Frontier()
        self._levels: list[list[bytes]] = []
        self.extend(leaf_hashes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._frontier.size

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add leaves."""
        for level, nodes in enumerate(self._frontier.extend(leaf_hashes)):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level] += nodes

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return self._levels[level][index]


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    if size == 0:
        return EMPTY_ROOT
    _check_range(0, size, size)
    return range_hash(nodes, 0, size)


def range_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """Return MTH(D[start:end]) of a valid subtree (see `check_subtree`)."""
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append(nodes.node(level, start >> level))
        start += 1 << level
    return _fold(parts)


def check_subtree(start: int, end: int) -> None:
    """Refuse a range of leaves that is no subtree of any tree.

    A range is one if its start is a multiple of the smallest power of two that
    is not below its length (C2SP tlog-cosignature, "subtree").

    Raises
    ------
    TreeInvalid
        If it is not.
    """
    if not 0 <= start < end <= MOST_ENTRIES:
        raise TreeInvalid(f"[{start}, {end}) is no range of leaves")
    if start & ((1 << (end - start - 1).bit_length()) - 1):
        raise TreeInvalid(f"[{start}, {end}) is not aligned as a subtree")


def frontier_of(nodes: Nodes, size: int) -> Frontier:
    """Return the frontier of the first `size` leaves, to go on growing from there."""
    edge = [nodes.node(level, (size >> level) - 1) for level in edge_levels(size)]
    return Frontier(size, edge)


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the audit path of a leaf, its sibling first (RFC 6962 section 2.1.1).

    Raises
    ------
    TreeInvalid
        If the tree has no such leaf.
    """
    return subtree_proof(nodes, index, index + 1, size)


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return the proof that the first `old` leaves are a prefix (RFC 6962 section 2.1.2).

    Raises
    ------
    TreeInvalid
        If not 0 < old <= new. Nothing needs to be proved of an empty tree.
    """
    return subtree_proof(nodes, 0, old, new)


def subtree_proof(nodes: Nodes, start: int, end: int, size: int) -> list[bytes]:
    """Return the proof that [start, end) is a subtree of the tree of this size.

    Inclusion and consistency are its two best-known cases.

    Raises
    ------
    TreeInvalid
        If the range is no subtree, or reaches beyond the tree.
    """
    _check_range(start, end, size)
    return [range_hash(nodes, low, high) for low, high in _siblings(start, end, size)]


def _siblings(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges whose hashes make up a proof, bottom first.

    SUBPROOF of C2SP tlog-mirror, walked from the root down: `low` and `high`
    bound the subtree that still contains the range.
    """
    low, high, own = 0, size, True
    found: list[tuple[int, int]] = []
    while not (start == low and end == high):
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if end <= middle:
            found.append((middle, high))
            high = middle
        else:
            # Left of the range, or (where it straddles the middle) its own left part:
            # then the verifier does not know the right part's hash.
            own = own and start >= middle
            found.append((low, middle))
            low, start = middle, max(start, middle)
    if not own:
        found.append((low, high))
    found.reverse()
    return found


def _check_range(start: int, end: int, size: int) -> None:
    check_subtree(start, end)
    if not end <= size <= MOST_ENTRIES:
        raise TreeInvalid(f"[{start}, {end}) reaches beyond the {size} leaves of the tree")


def _fold(parts: Iterable[bytes]) -> bytes:
    """Hash subtrees of falling size, the largest first, to one root."""
    *rest, folded = parts
    for part in reversed(rest):
        folded = node_hash(part, folded)
    return folded


def edge_levels(size: int) -> list[int]:
    """Return the levels of the complete subtrees that a tree is made of, highest first."""
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
