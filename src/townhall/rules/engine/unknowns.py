"""Which unknown facts an unknown result still waits for.

Walks back from the result through what is unknown, and stops at what is
settled: of `a and b` with a known to be yes only b is named, of an `if` with a
known condition only the branch taken. The facts named suffice: once they are
known, so is the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from .frame import MAX_ITEMS, OFFSET, Frame
from .graph import Body
from .interpreter import Program
from .steps_lists import name_of
from .values import UNKNOWN, Money, Special, Value

_LISTS: Final = frozenset({"any", "all", "count", "sum", "min", "max"})
_PLAIN: Final = frozenset({Special, bool, str, Decimal, Money, date})


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
    found: set[str | int] = set()
    frame[1][0] = MAX_ITEMS
    _walk(program, frame, root, found)
    return frozenset(name for name in found if isinstance(name, str))


def _walk(program: Program, frame: Frame, root: int, found: set[str | int]) -> None:
    """Collect names; an item of a list without a name by how many lists further out."""
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
            found.add(node.data.dotted or node.data.level)
        elif node.operation in _LISTS:
            waiting.extend(_in_list(program, frame, number, found))
        elif node.operation == "if" and isinstance(frame[node.inputs[0] + OFFSET], bool):
            waiting.append(node.inputs[1] if frame[node.inputs[0] + OFFSET] else node.inputs[2])
        else:
            waiting.extend(_unknown(frame, node.inputs))


def _unknown(frame: Frame, numbers: Iterable[int]) -> list[int]:
    return [number for number in numbers if _holds_unknown(frame[number + OFFSET])]


def _holds_unknown(value: Value, depth: int = 8) -> bool:
    """Whether a value is unknown, or has something unknown inside."""
    if value is UNKNOWN:
        return True
    if value.__class__ in _PLAIN:
        return False
    if depth and isinstance(value, Mapping):
        return any(_holds_unknown(part, depth - 1) for part in value.values())
    if depth and isinstance(value, (list, tuple)):
        return any(_holds_unknown(part, depth - 1) for part in value)
    return False


def _in_list(program: Program, frame: Frame, number: int, found: set[str | int]) -> list[int]:
    """Note what a list's items wait for, and return the nodes that the list itself waits for.

    For a list that is unknown, an unknown item stands for whatever it will
    hold, so that names from outside its condition are asked for as well.
    """
    node = program.graph[number]
    source = node.inputs[0]
    items = frame[source + OFFSET]
    if not isinstance(node.data, Body):
        return [source]
    body, root = program.bodies[number], node.data.root
    captured = tuple(part + OFFSET for part in node.inputs[1:])
    within: set[str | int] = set()
    for item in (UNKNOWN,) if items is UNKNOWN else items:
        inner = body.item_frame(frame, captured, item)
        if inner[root + OFFSET] is UNKNOWN:
            _walk(body, inner, root, within)
    wanted = items is UNKNOWN or 0 in within
    own = f"{name_of(program.graph[source])}."
    for name in within - {0}:
        if isinstance(name, int):
            found.add(name - 1)
        elif not (items is UNKNOWN and name.startswith(own)):
            found.add(name)
    return [source] if wanted else []
