"""The interpreter: a graph becomes a list of small steps, run in order.

Compiling happens once per expression. Every node is evaluated, without jumps;
what cannot matter is absorbed by the logic (see `primitives`). That is cheaper
than deciding what to skip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from . import primitives
from .errors import EvaluationError
from .frame import MAX_ITEMS, OFFSET, Frame, Run
from .graph import Body, Graph, Node
from .scope import Scope
from .steps import COMPILERS
from .syntax import Tree, canonical
from .values import UNKNOWN, Value, failed


class Program:
    """A compiled graph.

    Parameters
    ----------
    graph, scope
        What to compile, and where its functions and parameters are.
    trees
        What the nodes were read from.
    """

    def __init__(self, graph: Graph, scope: Scope, trees: Mapping[int, Tree]) -> None:
        self.graph = graph
        self.scope = scope
        self.trees = trees
        self.bodies: dict[int, Program] = {}
        self.template: Frame = [(), None, *([None] * len(graph))]
        self.steps: list[tuple[int, Run]] = []
        self.names: list[int] = []
        loads: dict[str, list[tuple[int, Callable[[Value], Value]]]] = {}
        for number, node in enumerate(graph):
            slot = number + OFFSET
            if node.operation == "literal":
                self.template[slot] = node.data
            elif node.operation == "name":
                self.names.append(number)
                loads.setdefault(node.data[0], []).append((slot, _loader(node)))
            else:
                if isinstance(node.data, Body):
                    self.bodies[number] = Program(node.data.graph, scope, dict(node.data.trees))
                self.steps.append((slot, COMPILERS[node.operation](self, number, node)))
        self.loads = tuple((root, tuple(targets)) for root, targets in loads.items())

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The canonical text of each node."""
        return tuple(
            canonical(self.trees[number]) if number in self.trees else node.operation
            for number, node in enumerate(self.graph)
        )

    def run(self, values: Mapping[str, Value]) -> Frame:
        """Evaluate every node.

        Parameters
        ----------
        values
            Root name to value; asked once for each root of the graph.
        """
        frame = self.template.copy()
        frame[1] = [MAX_ITEMS]
        for root, targets in self.loads:
            value = values.get(root, UNKNOWN)
            for slot, load in targets:
                frame[slot] = load(value)
        return self.finish(frame)

    def finish(self, frame: Frame) -> Frame:
        """Run the steps on a frame that has its names."""
        for slot, step in self.steps:
            try:
                frame[slot] = step(frame)
            except EvaluationError as error:
                frame[slot] = failed(error)
            except (ArithmeticError, TypeError, ValueError) as error:
                frame[slot] = failed(_explained(error))
        return frame

    def item_frame(self, outer: Frame, captured: Sequence[int], item: Value) -> Frame:
        """Evaluate the body of a list for one item.

        Parameters
        ----------
        outer
            The frame of the graph around it.
        captured
            Slots of `outer` that hold the names of this graph, in order.
        item
            The item, as it came.
        """
        outer[1][0] -= 1
        if outer[1][0] < 0:
            raise EvaluationError(f"More than {MAX_ITEMS} items of lists would be looked at.")
        frame = self.template.copy()
        frame[0] = (*outer[0], item)
        frame[1] = outer[1]
        for number, slot in zip(self.names, captured, strict=True):
            frame[number + OFFSET] = outer[slot]
        return self.finish(frame)


def _explained(error: Exception) -> EvaluationError:
    if isinstance(error, ArithmeticError):
        explained = EvaluationError("A number becomes too large, or loses its digits.")
    else:
        explained = EvaluationError(f"The values do not fit: {error}")
    explained.__cause__ = error
    return explained


def _loader(node: Node) -> Callable[[Value], Value]:
    """Return what takes the node's value out of the value of its root."""
    path: tuple[str, ...] = node.data[1:]
    dotted = ".".join(node.data)
    check = primitives.admission(node.type, dotted)
    if not path:
        return check
    first = path[0]

    def load_part(value: Value) -> Value:
        return check(value.get(first, UNKNOWN) if value.__class__ is dict else part(value))

    def part(value: Value) -> Value:
        return primitives.part_of(value, path, dotted)

    def load_deep(value: Value) -> Value:
        return check(part(value))

    return load_part if len(path) == 1 else load_deep
