"""A small random source of our own: the same numbers on every machine and Python version.

The standard library promises a stable stream only for ``random()`` itself, not for ``choice``,
``sample`` or ``shuffle``, and the demo borough must never change by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea, Flood 2014), whole numbers only.

    Parameters
    ----------
    label
        Names the stream: each part of the borough draws from its own, so that a change in one
        leaves the others as they are.
    """

    def __init__(self, label: str) -> None:
        self._state = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")

    def _draw(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1; ``limit`` is at least 1."""
        if limit < 1:
            raise ValueError("limit must be at least 1")
        return (self._draw() * limit) >> 64

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return least + self.below(most - least + 1)

    def happens(self, percent: int) -> bool:
        """True in ``percent`` of a hundred draws."""
        return self.below(100) < percent

    def pick(self, items: Sequence[_T]) -> _T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[_T, int]]) -> _T:
        """One of the items, as likely as its weight says."""
        left = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        raise AssertionError("weights are positive")
