"""Where an entry stands that was logged not long ago."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class Recent:
    """Leaf hashes of the newest entries, with their lowest index.

    Parameters
    ----------
    most
        How many entries are remembered: about 250 bytes of memory each.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._index: dict[bytes, int] = {}
        self._order: deque[bytes] = deque()

    def add(self, first: int, leaf_hashes: Iterable[bytes]) -> None:
        """Remember entries that follow the ones before."""
        index, order = self._index, self._order
        for at, each in enumerate(leaf_hashes, first):
            if each not in index:
                index[each] = at
                order.append(each)
        while len(order) > self._most:
            del index[order.popleft()]

    def find(self, leaf_hash: bytes) -> int | None:
        """Return the index of an entry; None if it is older, or not logged."""
        return self._index.get(leaf_hash)
