"""What must be computed for some goals, in the order in which it can be.

The nodes of one entity are computed in one loop over its members. A node that
looks across members (a sum, the partner's value) needs that loop finished, so
the plan is a list of *segments*: one entity each, run one after another. All
back ends read the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from townhall.rules.engine.graph import Graph
from townhall.rules.engine.law.entities import ENTITIES, WORLD, Entity
from townhall.rules.engine.law.terms import Kind

ACROSS = frozenset({"sum", "count", "max", "min", "any", "all", "partner", "position"})
LEAVES = frozenset({"literal", "rate", "today", "fact", "structure"})


@dataclass(frozen=True, slots=True)
class Segment:
    """Nodes of one entity, in order."""

    entity: Entity
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a program computes.

    Attributes
    ----------
    inputs
        Node to the name of the fact, or of the rule that is supplied.
    names
        Node to name of every variable that is computed or supplied.
    goals
        Name to node.
    kept
        Nodes whose values are needed after their segment: variables, and what
        another segment reads.
    missing
        Node to words: inputs that are no facts, but rates and rules that have
        no version in force on the day.
    """

    graph: Graph
    segments: tuple[Segment, ...]
    inputs: Mapping[int, str]
    names: Mapping[int, str]
    goals: Mapping[str, int]
    kept: frozenset[int]
    missing: Mapping[int, str] = field(default_factory=dict)

    def size(self, number: int, sizes: Mapping[str, int]) -> int:
        """Return how many values a node has, where `sizes` says how many there are of each."""
        return sizes[self.entity(number).name]

    def kind(self, number: int) -> Kind:
        """Return whom the value of a node belongs to, and what it counts."""
        kind = self.graph[number].type
        assert isinstance(kind, Kind)
        return kind

    def entity(self, number: int) -> Entity:
        """Return whom the value of a node belongs to."""
        return self.kind(number).entity


def make(
    graph: Graph,
    variables: Mapping[str, int],
    goals: Iterable[str],
    given: frozenset[str],
    *,
    trace: bool = True,
) -> Plan:
    """Return the plan of some goals.

    Parameters
    ----------
    variables
        Name to node, of all facts and rules.
    given
        Names of rules that are supplied instead of computed.
    trace
        Whether the values of all variables are kept, not of the goals alone.
    """
    targets = {name: variables[name] for name in goals}
    supplied = {variables[name]: name for name in given}
    order, inputs, missing = _needed(graph, targets.values(), supplied)
    names = {
        number: (supplied.get(number) or graph[number].data)
        for number in order
        if number in supplied or graph[number].operation in ("rule", "fact", "structure")
    }
    names |= {number: name for name, number in targets.items() if number in missing}
    segments = _segments(graph, order, inputs)
    kept = _kept(graph, segments, inputs) | frozenset(targets.values())
    if trace:
        kept |= frozenset(names)
    return Plan(graph, segments, inputs, names, targets, kept, missing)


def _needed(
    graph: Graph, targets: Iterable[int], supplied: Mapping[int, str]
) -> tuple[list[int], dict[int, str], dict[int, str]]:
    """Return the nodes that some rest on, and of those the inputs and what is missing."""
    found: dict[int, str] = {}
    missing: dict[int, str] = {}
    needed: set[int] = set()
    stack = list(targets)
    while stack:
        number = stack.pop()
        if number in needed:
            continue
        needed.add(number)
        node = graph[number]
        if number in supplied:
            found[number] = supplied[number]
        elif node.operation in ("fact", "missing"):
            found[number] = node.data
            if node.operation == "missing":
                missing[number] = node.data
        else:
            stack.extend(node.inputs)
    order = sorted(needed)
    return order, {number: found[number] for number in order if number in found}, missing


def _segments(graph: Graph, order: list[int], inputs: Mapping[int, str]) -> tuple[Segment, ...]:
    waiting: dict[Entity, list[int]] = {entity: [] for entity in ENTITIES}
    for number in order:
        waiting[_entity(graph, number)].append(number)
    done: set[int] = set()
    segments = []
    while any(waiting.values()):
        best: tuple[Entity, list[int]] = (WORLD, [])
        for entity, numbers in waiting.items():
            here = _ready(graph, numbers, inputs, done)
            if len(here) > len(best[1]) or (here and entity == WORLD):
                best = (entity, here)
                if entity == WORLD:
                    break
        segments.append(Segment(best[0], tuple(best[1])))
        taken = set(best[1])
        done |= taken
        waiting[best[0]] = [number for number in waiting[best[0]] if number not in taken]
    return tuple(segments)


def _ready(
    graph: Graph, numbers: Iterable[int], inputs: Mapping[int, str], done: set[int]
) -> list[int]:
    """Return the nodes of one entity that can be computed in one loop over its members."""
    here: list[int] = []
    inside: set[int] = set()
    for number in numbers:
        node = graph[number]
        needs = () if number in inputs else node.inputs
        local = inside if node.operation not in ACROSS else ()
        if all(part in done or part in local for part in needs):
            here.append(number)
            inside.add(number)
    return here


def _kept(graph: Graph, segments: tuple[Segment, ...], inputs: Mapping[int, str]) -> frozenset[int]:
    segment_of = {
        number: position for position, segment in enumerate(segments) for number in segment.nodes
    }
    kept: set[int] = set()
    for number, position in segment_of.items():
        if number not in inputs:
            kept.update(part for part in graph[number].inputs if segment_of[part] != position)
    return frozenset(kept)


def _entity(graph: Graph, number: int) -> Entity:
    kind = graph[number].type
    assert isinstance(kind, Kind)
    return kind.entity
