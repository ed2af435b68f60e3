"""The trace of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import syntax
from .frame import OFFSET, Frame
from .graph import Body
from .interpreter import Program
from .values import Value

_KINDS = {
    "literal": "literal",
    "name": "fact",
    "item": "fact",
    "rate": "rate",
    "tariff": "rate",
    "call": "function",
}
MAX_ITEM_STEPS = 50  # items of a list that a trace shows


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an evaluation, with the steps it rests on."""

    text: str
    value: Value
    children: tuple[Step, ...] = ()
    kind: str = "operation"
    note: str = ""


def trace_of(program: Program, frame: Frame, number: int, trees: Mapping[int, syntax.Tree]) -> Step:
    """Return the steps that led to the value of a node."""
    node = program.graph[number]
    tree = trees.get(number)
    text = syntax.canonical(tree) if tree is not None else node.operation
    inputs = node.inputs
    value = frame[number + OFFSET]
    if node.operation == "if":
        chosen = frame[inputs[0] + OFFSET]
        if chosen is True:
            inputs = inputs[:2]
        elif chosen is False:
            inputs = (inputs[0], inputs[2])
    children = [trace_of(program, frame, part, trees) for part in inputs]
    if isinstance(node.data, Body):
        body, inner = program.bodies[number], dict(node.data.trees)
        captured = tuple(part + OFFSET for part in node.inputs[1:])
        items = frame[node.inputs[0] + OFFSET]
        children = children[:1]
        if isinstance(items, (list, tuple)):
            for item in items[:MAX_ITEM_STEPS]:
                part = body.item_frame(frame, captured, item)
                children.append(trace_of(body, part, node.data.root, inner))
    return Step(text, value, tuple(children), _KINDS.get(node.operation, "operation"))
