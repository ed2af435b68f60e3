"""The typed expression graph: what every back end reads.

A node is plain data: an operation's name, the numbers of its inputs, its type
and a constant. Equal nodes are one node (hash-consing), and every node comes
after its inputs, so that evaluation, interval reasoning, NumPy and SQL are
each one loop over a tuple. Nodes hold no functions: a back end looks the
operation up by name.

Operations
----------
`literal` (data: the value) · `name` (data: the dotted path as a tuple) ·
`item` (data: an `ItemRef`) · `cast` (anything, to the type of the node) ·
`and` `or` `not` `if` · `eq` `ne` `lt` `le` `gt` `ge` · `in` ·
`add` `sub` `mul` `div` `neg` (numbers, money, durations) ·
`shift` (date plus duration) · `span` (date less date, in days) ·
`add_working_days` `working_days_between` ·
`list` · `least` `greatest` · `present` · `number` ·
`round` `floor` `ceiling` (data: decimals kept) · `matches` (data: format) ·
`rate` `tariff` (data: key of the parameter; first input: the day) ·
`call` (data: name of the function) · and over lists, with an optional
`Body` as data that is evaluated for each item:
`any` `all` `count` `sum` `min` `max`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .syntax import Tree
from .types import Type


class Node(NamedTuple):
    """One operation of the graph; `inputs` are positions of earlier nodes."""

    operation: str
    inputs: tuple[int, ...]
    type: Type
    data: Any = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in topological order. The last one that matters is named by its user."""

    nodes: tuple[Node, ...]

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, index: int) -> Node:
        return self.nodes[index]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)


@dataclass(frozen=True, slots=True)
class Body:
    """What is evaluated for each item of a list: a graph of its own and its result.

    Its `name` nodes, in their order, take their values from the inputs of the
    node that holds the body, after the list itself. `trees` is what its nodes
    were read from, for the explanation.
    """

    graph: Graph
    root: int
    trees: tuple[tuple[int, Tree], ...] = field(compare=False, default=())

    @property
    def type(self) -> Type:
        """The type of the result."""
        return self.graph[self.root].type


class ItemRef(NamedTuple):
    """Data of an `item` node."""

    level: int  # 0: the innermost list
    path: tuple[str, ...]  # within the item
    dotted: str  # how a person would name it, such as children.age


class Builder:
    """Collects nodes; the same node added twice has the same number."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, operation: str, inputs: tuple[int, ...], kind: Type, data: Any = None) -> int:
        """Add a node, and return its number.

        Parameters
        ----------
        operation
            One of the operations named in this module.
        inputs
            Numbers of nodes added before.
        kind
            The type of the node's value.
        data
            Its constant, hashable.
        """
        key = (operation, inputs, kind, data)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._nodes)
            self._nodes.append(Node(operation, inputs, kind, data))
        return number

    def __getitem__(self, number: int) -> Node:
        return self._nodes[number]

    def whole(self) -> Graph:
        """Return the graph of all nodes that were added; their numbers stay."""
        return Graph(tuple(self._nodes))

    def _all_used(self) -> bool:
        """Whether every node but the last is an input of another."""
        used = {part for node in self._nodes for part in node.inputs}
        return len(used) == len(self._nodes) - 1

    def build(self, root: int) -> tuple[Graph, int, Mapping[int, int]]:
        """Return the graph of all that a node rests on.

        Nodes that nothing rests on any more, such as a number that was
        converted to money, are left out.

        Returns
        -------
        graph
            Immutable, in topological order.
        root
            The number of the node in it.
        moved
            Old number to new number, of the nodes that were kept.
        """
        if root == len(self._nodes) - 1 and self._all_used():
            return Graph(tuple(self._nodes)), root, {n: n for n in range(root + 1)}
        kept = {root}
        for number in range(root, -1, -1):
            if number in kept:
                kept.update(self._nodes[number].inputs)
        moved = {old: new for new, old in enumerate(sorted(kept))}
        nodes = []
        for old in moved:
            node = self._nodes[old]
            inputs = tuple(moved[part] for part in node.inputs)
            nodes.append(Node(node.operation, inputs, node.type, node.data))
        return Graph(tuple(nodes)), moved[root], moved
