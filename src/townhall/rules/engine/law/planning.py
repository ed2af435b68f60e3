"""What must be computed for some goals, in the order in which it can be.

The nodes of one entity are computed in one loop over its members. A node that
looks across members (a sum, the partner's value) needs that loop finished, so
the plan is a list of *segments*: one entity each, run one after another. All
back ends read the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from townhall.rules.engine.graph import Graph
from townhall.rules.engine.law.entities import ENTITIES, WORLD, Entity
from townhall.rules.engine.law.errors import NotInForce
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
    """

    graph: Graph
    segments: tuple[Segment, ...]
    inputs: Mapping[int, str]
    names: Mapping[int, str]
    goals: Mapping[str, int]
    kept: frozenset[int]

    def entity(self, number: int) -> Entity:
        """Return whom the value of a node belongs to."""
        kind = self.graph[number].type
        assert isinstance(kind, Kind)
        return kind.entity


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

    Raises
    ------
    NotInForce
        If a goal needs a rate or a rule that has no version in force.
    """
    targets = {name: variables[name] for name in goals}
    supplied = {variables[name]: name for name in given}
    inputs: dict[int, str] = {}
    needed: set[int] = set()
    stack = list(targets.values())
    while stack:
        number = stack.pop()
        if number in needed:
            continue
        needed.add(number)
        node = graph[number]
        if number in supplied:
            inputs[number] = supplied[number]
        elif node.operation == "fact":
            inputs[number] = node.data
        elif node.operation == "missing":
            raise NotInForce(node.data)
        else:
            stack.extend(node.inputs)
    order = sorted(needed)
    names = {
        number: (supplied.get(number) or graph[number].data)
        for number in order
        if number in supplied or graph[number].operation in ("rule", "fact", "structure")
    }
    segments = _segments(graph, order, inputs)
    kept = _kept(graph, segments, inputs) | frozenset(targets.values())
    if trace:
        kept |= frozenset(names)
    return Plan(graph, segments, inputs, names, targets, kept)


def _segments(graph: Graph, order: list[int], inputs: Mapping[int, str]) -> tuple[Segment, ...]:
    entity_of = {number: _entity(graph, number) for number in order}
    waiting = order
    done: set[int] = set()
    segments = []
    while waiting:
        best: tuple[Entity, list[int]] = (WORLD, [])
        for entity in ENTITIES:
            here: list[int] = []
            inside: set[int] = set()
            for number in waiting:
                if entity_of[number] != entity:
                    continue
                node = graph[number]
                needs = () if number in inputs else node.inputs
                local = inside if node.operation not in ACROSS else ()
                if all(part in done or part in local for part in needs):
                    here.append(number)
                    inside.add(number)
            if len(here) > len(best[1]) or (here and entity == WORLD):
                best = (entity, here)
                if entity == WORLD:
                    break
        segments.append(Segment(best[0], tuple(best[1])))
        done.update(best[1])
        taken = set(best[1])
        waiting = [number for number in waiting if number not in taken]
    return tuple(segments)


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
