"""Values of the nodes inside of rules: computed again for the one member in question.

A decision keeps the values of facts and rules. What lies between them, such as
the condition of a `when`, is worked out when somebody asks why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import PERSON, WORLD, Entity
from townhall.rules.engine.law.exact import decimals
from townhall.rules.engine.law.law import Decision
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.terms import Kind


class Inside:
    """All values of a decision. To be used within `decimals.CONTEXT`."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.graph = decision.law.graph
        self.names: Mapping[int, str] = decision.plan.names
        self.structure = decision.situation.structure
        self.memo: dict[tuple[int, int], Any] = {}

    def kind(self, number: int) -> Kind:
        """Return whom the value of a node belongs to, and what it counts."""
        return self.decision.plan.kind(number)

    def up(self, entity: Entity, wider: Entity, member: int) -> int:
        """Return the number of the wider entity in which a member is."""
        if entity == wider:
            return member
        return 0 if wider == WORLD else self.structure.up[entity.name, wider.name][member]

    def at(self, number: int, entity: Entity, member: int) -> Any:
        """Return the value of a node for a member of an entity, which may be narrower."""
        return self.of(number, self.up(entity, self.kind(number).entity, member))

    def of(self, number: int, member: int) -> Any:
        """Return the value of a node for a member of its own entity; None if it is not known."""
        name = self.names.get(number)
        if name is not None:
            return self.decision.values[name][member]
        key = (number, member)
        if key not in self.memo:
            self.memo[key] = self._computed(number, member)
        return self.memo[key]

    def _computed(self, number: int, member: int) -> Any:
        node = self.graph[number]
        if node.operation in ("literal", "rate"):
            return node.data if node.operation == "literal" else node.data.value
        if node.operation == "today":
            return self.decision.day.toordinal()
        if node.operation == "missing":
            return None  # not in force, and of no matter here
        if node.operation in ACROSS:
            return self.across(node, member)
        entity = self.kind(number).entity
        if node.operation in ("if", "exception"):
            test = self.at(node.inputs[0], entity, member)
            if test is not None:
                return self.at(node.inputs[1 if test else 2], entity, member)
        inputs = [self.at(part, entity, member) for part in node.inputs]
        if node.operation in ("and", "or") and (node.operation == "or") in inputs:
            return node.operation == "or"
        if None in inputs:
            return None
        return decimals.expression(node)(*inputs)

    def across(self, node: Node, member: int) -> Any:
        """Return the value of a node that goes over members, for a member of its own entity."""
        part = node.inputs[0]
        kind = node.type
        assert isinstance(kind, Kind)
        if node.operation == "partner":
            other = self.structure.partner[member]
            return self.at(part, PERSON, other) if other >= 0 else decimals.nobodys(node)
        if node.operation == "position":
            return self._position(node, member)
        source = self.kind(part).entity
        values = [
            self.of(part, each)
            for each in self.structure.down[source.name, kind.entity.name][member]
        ]
        return None if None in values else decimals.OVER[node.operation](values)

    def _position(self, node: Node, member: int) -> Any:
        group = self.structure.up[PERSON.name, node.data][member]
        members = self.structure.down[PERSON.name, node.data][group]
        values, tests = (
            {each: self.at(part, PERSON, each) for each in members} for part in node.inputs
        )
        if None in tests.values() or any(tests[each] and values[each] is None for each in members):
            return None
        return decimals.position(values, tests, members, member)
