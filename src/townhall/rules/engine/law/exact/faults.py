"""Whether a result rests on a division by zero, or on a number that is too large.

Exact programs compute every branch, also those that are not taken, so that a
division by zero in one of them is no fault. Where some division went wrong, the
plan is gone through again here, node by node: a fault spreads to whatever rests
on it, through limits and comparisons too, and ends where a condition passes it by.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import PERSON, WORLD, Entity
from townhall.rules.engine.law.errors import NoResult
from townhall.rules.engine.law.exact import decimals
from townhall.rules.engine.law.planning import ACROSS, Plan
from townhall.rules.engine.law.situation import Structure

_ABSORBS: Final = {"and": False, "or": True, "all": False, "any": True}


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the place of a value: the name of the rule in which it went wrong."""

    rule: str


def insist(
    plan: Plan,
    columns: Mapping[str, Sequence[Any]],
    structure: Structure,
    sizes: Mapping[str, int],
    day: int,
) -> None:
    """Raise `NoResult` if a goal of the plan rests on what has no result.

    Parameters
    ----------
    columns, structure, sizes, day
        As `Program.run` takes them.
    """
    for name, values in looked(plan, columns, structure, sizes, day).items():
        for value in values:
            if isinstance(value, Fault):
                where = "" if value.rule in ("", name) else f' in "{value.rule}"'
                raise NoResult(
                    f'"{name}" has no result: something is divided by zero, or too large{where}.'
                )


def looked(
    plan: Plan,
    columns: Mapping[str, Sequence[Any]],
    structure: Structure,
    sizes: Mapping[str, int],
    day: int,
) -> dict[str, Sequence[Any]]:
    """Return the values of the goals, and a `Fault` in the place of one that is none."""
    looking = _Looking(plan, columns, structure, sizes, day)
    with decimal.localcontext(decimals.CONTEXT):
        for segment in plan.segments:
            for number in segment.nodes:
                looking.fill(number, segment.entity)
    return {name: looking.values[number] for name, number in plan.goals.items()}


class _Looking:
    """The values of all nodes, or what went wrong instead."""

    def __init__(
        self,
        plan: Plan,
        columns: Mapping[str, Sequence[Any]],
        structure: Structure,
        sizes: Mapping[str, int],
        day: int,
    ) -> None:
        self.plan, self.columns, self.day = plan, columns, day
        self.structure, self.sizes = structure, sizes
        self.values: dict[int, Sequence[Any]] = {}

    def fill(self, number: int, entity: Entity) -> None:
        """Compute a node for every member of its entity."""
        size = self.sizes[entity.name]
        if number in self.plan.inputs:
            self.values[number] = self.columns.get(self.plan.inputs[number], ())
            return
        node = self.plan.graph[number]
        self.values[number] = [self._value(node, entity, member) for member in range(size)]

    def _value(self, node: Node, entity: Entity, member: int) -> Any:
        operation = node.operation
        if operation in ("literal", "rate"):
            return node.data if operation == "literal" else node.data.value
        if operation == "today":
            return self.day
        if operation == "structure":
            couple = self.structure.partner[member] >= 0
            return couple if node.data == "has_partner" else self.structure.adult[member]
        if operation == "partner":
            other = self.structure.partner[member]
            return self._at(node.inputs[0], PERSON, other) if other >= 0 else decimals.nobodys(node)
        if operation == "position":
            return self._position(node, member)
        if operation in ACROSS:
            part = node.inputs[0]
            source = self.plan.entity(part)
            down = self.structure.down[source.name, entity.name][member]
            found = [self.values[part][each] for each in down]
            return _checked(operation, found, lambda: decimals.OVER[operation](found))
        inputs = [self._at(part, entity, member) for part in node.inputs]
        if operation in ("if", "exception") and not isinstance(inputs[0], Fault):
            return inputs[1] if inputs[0] else inputs[2]
        if operation == "rule" and inputs[0] == Fault(""):
            return Fault(node.data)
        return _checked(operation, inputs, lambda: decimals.expression(node)(*inputs))

    def _at(self, part: int, entity: Entity, member: int) -> Any:
        wider = self.plan.entity(part)
        if wider == entity:
            return self.values[part][member]
        if wider == WORLD:
            return self.values[part][0]
        return self.values[part][self.structure.up[entity.name, wider.name][member]]

    def _position(self, node: Node, member: int) -> Any:
        group = self.structure.up[PERSON.name, node.data][member]
        members = self.structure.down[PERSON.name, node.data][group]
        values, tests = (
            {each: self._at(part, PERSON, each) for each in members} for part in node.inputs
        )
        compared = [*tests.values(), *(values[each] for each in members if tests[each] is True)]
        return _checked(
            "position", compared, lambda: decimals.position(values, tests, members, member)
        )


def _checked(operation: str, inputs: Iterable[Any], compute: Any) -> Any:
    """Return the value, or the fault of an input, or a new one if it is no finite number."""
    faults = [value for value in inputs if isinstance(value, Fault)]
    if faults:
        absorbing = _ABSORBS.get(operation)
        known = any(value is absorbing for value in inputs)
        return absorbing if absorbing is not None and known else faults[0]
    value = compute()
    return Fault("") if isinstance(value, Decimal) and not value.is_finite() else value
