"""Steps over lists: any, all, count, sum, min, max, of items or of a value for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import primitives
from .frame import OFFSET, Frame, Run
from .graph import Body, Node
from .types import ANY, ListType, MoneyType
from .values import Money, Special, Value

if TYPE_CHECKING:
    from .interpreter import Program


def _results(
    program: Program, number: int, node: Node
) -> Callable[[Frame, Value], Iterator[Value]]:
    """Return what gives the value for each item of a list."""
    if not isinstance(node.data, Body):
        kind = program.graph[node.inputs[0]].type
        item_kind = kind.item if isinstance(kind, ListType) else ANY
        dotted = name_of(program.graph[node.inputs[0]])

        def plain(frame: Frame, items: Value) -> Iterator[Value]:
            return (primitives.admit(item, item_kind, dotted) for item in items)

        return plain
    body = program.bodies[number]
    result = node.data.root + OFFSET
    captured = tuple(part + OFFSET for part in node.inputs[1:])

    def with_body(frame: Frame, items: Value) -> Iterator[Value]:
        return (body.item_frame(frame, captured, item)[result] for item in items)

    return with_body


def name_of(node: Node) -> str:
    if node.operation == "name":
        return ".".join(node.data)
    return str(node.data.dotted) if node.operation == "item" else "an item"


def over_list(program: Program, number: int, node: Node) -> Run:
    slot = node.inputs[0] + OFFSET
    results = _results(program, number, node)
    reduce = _reducer(node)

    def run(frame: Frame) -> Value:
        items = frame[slot]
        if items.__class__ is Special:
            return items
        return reduce(results(frame, items))

    return run


def _reducer(node: Node) -> Callable[[Iterator[Value]], Value]:
    match node.operation:
        case "any":
            return primitives.disjunction
        case "all":
            return primitives.conjunction
        case "count":
            return primitives.tally
        case "sum":
            kind = node.type
            zero: Value = Decimal(0)
            if isinstance(kind, MoneyType):
                zero = Money(Decimal(0), kind.currency)
            return lambda values: primitives.total(values, zero)
    pick: Callable[[Any], Any] = min if node.operation == "min" else max
    return lambda values: primitives.extreme(values, pick, node.operation)


def count(program: Program, number: int, node: Node) -> Run:
    if isinstance(node.data, Body):
        return over_list(program, number, node)
    slot = node.inputs[0] + OFFSET

    def run(frame: Frame) -> Value:
        items = frame[slot]
        return items if items.__class__ is Special else Decimal(len(items))

    return run
