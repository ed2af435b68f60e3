"""The frame of an evaluation: one slot per node of the graph.

Slot 0 holds the items of the lists being gone through, the innermost last; slot
1 the number of items that may still be looked at, shared by all frames of one
evaluation; then one slot per node, in the order of the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from .values import Value

Frame: TypeAlias = list[Any]
Run: TypeAlias = Callable[[Frame], Value]  # one step: reads its inputs' slots

OFFSET: Final = 2  # the slot of node 0
MAX_ITEMS: Final = 200_000  # items of lists looked at in one evaluation
