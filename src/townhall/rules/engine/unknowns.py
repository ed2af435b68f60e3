"""Which unknown facts an unknown result still waits for.

Walks back from the result through what is unknown, and stops at what is
settled: of `a and b` with a known to be yes only b is named, of an `if` with a
known condition only the branch taken. The facts named suffice: once they are
known, so is the result.
"""

from __future__ import annotations

from collections.abc import Iterable

from .frame import MAX_ITEMS, OFFSET, Frame
from .graph import Body
from .interpreter import Program
from .primitives import holds_unknown
from .values import UNKNOWN


def waited_for(program: Program, frame: Frame, root: int) -> frozenset[str]:
    """Return the dotted names that the unknown node `root` waits for.

    Parameters
    ----------
    program
        The compiled graph.
    frame
        Its evaluated frame.
    root
        Number of the node.
    """
    found: set[str] = set()
    frame[1][0] = MAX_ITEMS
    _walk(program, frame, root, found)
    return frozenset(found)


def _walk(program: Program, frame: Frame, root: int, found: set[str]) -> None:
    waiting, seen = [root], set()
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        node = program.graph[number]
        if node.operation == "name":
            found.add(".".join(node.data))
        elif node.operation == "item":
            found.add(node.data.dotted or "it")
        elif node.operation in ("any", "all", "count", "sum", "min", "max"):
            waiting.extend(_in_list(program, frame, number, found))
        elif node.operation == "if" and frame[node.inputs[0] + OFFSET] is not UNKNOWN:
            waiting.append(node.inputs[1] if frame[node.inputs[0] + OFFSET] else node.inputs[2])
        else:
            waiting.extend(_unknown(frame, node.inputs))


def _unknown(frame: Frame, numbers: Iterable[int]) -> list[int]:
    return [number for number in numbers if holds_unknown(frame[number + OFFSET])]


def _in_list(program: Program, frame: Frame, number: int, found: set[str]) -> list[int]:
    """Return the nodes waited for by a list's items, and note their parts by name."""
    node = program.graph[number]
    source = node.inputs[0]
    items = frame[source + OFFSET]
    if items is UNKNOWN or not isinstance(node.data, Body):
        return [source]
    body, root = program.bodies[number], node.data.root
    captured = tuple(part + OFFSET for part in node.inputs[1:])
    for item in items:
        inner = body.item_frame(frame, captured, item)
        if holds_unknown(inner[root + OFFSET]):
            _walk(body, inner, root, found)
    return []
