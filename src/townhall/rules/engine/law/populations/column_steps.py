"""Turning the nodes of a plan into steps on columns.

A key is the place of a value while a block is run: a constant, a column, an index
of who belongs to whom, or what a step writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import ENTITIES, PERSON, Entity
from townhall.rules.engine.law.exact.decimals import table_of
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.populations import arrays
from townhall.rules.engine.law.populations.arrays import BITS
from townhall.rules.engine.law.populations.folding import Folded
from townhall.rules.engine.law.populations.placing import Place
from townhall.rules.engine.law.units import DATE, YES_NO, Unit

Key = int
Pool = tuple[Entity, str]
Run = Callable[[list[Any]], None]
_BINARY: Final[dict[str, Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
}
_FOLDS: Final[dict[str, Any]] = {"least": np.minimum, "greatest": np.maximum}
_COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
_CALENDAR: Final = frozenset({"years_between", "add_years", "add_months", "mondays_between"})
_BY_NAME: Final = {entity.name: entity for entity in ENTITIES}


@dataclass(frozen=True, slots=True)
class Step:
    """One operation.

    Attributes
    ----------
    buffer
        Whose members `out` has a value for, and how it is held.
    spare
        A key that the step may write to as well, and nobody reads.
    """

    out: Key
    reads: tuple[Key, ...]
    run: Run
    buffer: Pool
    spare: Key | None = None


def kind_of(unit: Unit) -> str:
    """Return how a column holds a unit: float64, ordinal (int32), choice (int8) or bool."""
    if unit == YES_NO:
        return "b"
    if unit == DATE:
        return "i"
    return "c" if unit.base == "choice" else "f"


class Maker:
    """Collects the steps of a plan; nodes are added in the plan's order."""

    def __init__(self, folded: Folded) -> None:
        self.folded = folded
        self.plan = folded.plan
        self.template: list[Any] = []
        self.steps: list[Step] = []
        self.inputs: dict[Key, tuple[str, Entity, str]] = {}
        self.places: dict[Key, Place] = {}
        self._known: dict[tuple[Any, ...], Key] = {}
        self._chosen: dict[int, int] = {}  # an `if` on a constant to the branch that holds

    # --- keys

    def value(self, number: int, entity: Entity) -> Key:
        """Return the key of a node's value for the members of an entity."""
        root = self._root(number)
        if root in self.folded.constants:
            name: tuple[Any, ...] = ("constant", root)
            if name not in self._known:
                self._known[name] = self._key(self.folded.float(root))
            return self._known[name]
        at = self.plan.entity(root)
        if at == entity:
            return self._known["node", root]
        name = ("spread", root, entity)
        if name not in self._known:
            source, index = self._known["node", root], self._place("up", entity, at)
            kind = self._kind(root)

            def run(values: list[Any]) -> None:
                arrays.spread(values[source], values[index], values[key])

            key = self._known[name] = self._step((source, index), run, (entity, kind))
        return self._known[name]

    def column(self, number: int, entity: Entity) -> Key:
        """Return the key of a node's value as an array, also where it is a constant."""
        key = self.value(number, entity)
        constant = self.template[key]
        if constant is None:
            return key
        name = ("filled", key, entity)
        if name not in self._known:

            def run(values: list[Any]) -> None:
                values[out].fill(constant)

            out = self._known[name] = self._step((), run, (entity, self._kind(number)))
        return self._known[name]

    def _root(self, number: int) -> int:
        root = self.folded.roots[number]
        while root in self._chosen:
            root = self.folded.roots[self._chosen[root]]
        return root

    def _key(self, value: Any = None) -> Key:
        self.template.append(value)
        return len(self.template) - 1

    def _place(self, what: str, narrow: Entity, wide: Entity) -> Key:
        name = ("place", what, narrow, wide)
        if name not in self._known:
            key = self._known[name] = self._key()
            self.places[key] = Place(what, narrow, wide)
        return self._known[name]

    def _kind(self, number: int) -> str:
        return kind_of(self.folded.unit(number))

    def _step(self, reads: Sequence[Key], run: Run, buffer: Pool, spare: Key | None = None) -> Key:
        out = self._key()
        self.steps.append(Step(out, tuple(reads), run, buffer, spare))
        return out

    # --- nodes

    def add(self, number: int) -> None:
        """Add what computes a node."""
        if number in self.folded.constants or self.folded.roots[number] != number:
            return
        entity, node = self.plan.entity(number), self.plan.graph[number]
        if number in self.plan.inputs:
            key = self._key()
            self.inputs[key] = (self.plan.inputs[number], entity, self._kind(number))
        elif node.operation in ("if", "exception"):
            test = self._root(node.inputs[0])
            if test in self.folded.constants:
                self._chosen[number] = node.inputs[1 if self.folded.constants[test] else 2]
                return
            key = self._branch(number, node, entity)
        elif node.operation == "structure":
            what = "coupled" if node.data == "has_partner" else "adult"
            key = self._place(what, PERSON, PERSON)
        elif node.operation in ACROSS:
            key = self._across(number, node, entity)
        else:
            key = self._plain(number, node, entity)
        self._known["node", number] = key

    def _branch(self, number: int, node: Node, entity: Entity) -> Key:
        test, then, otherwise = (self.value(part, entity) for part in node.inputs)
        kind = self._kind(number)
        if kind == "b":
            test = self.column(node.inputs[0], entity)

            def choose_flag(values: list[Any]) -> None:
                arrays.select_flag(values[test], values[then], values[otherwise], values[flag])

            flag = self._step((test, then, otherwise), choose_flag, (entity, kind))
            return flag
        mask = self._mask(node.inputs[0], entity, kind)

        def choose(values: list[Any]) -> None:
            arrays.select(values[mask], values[then], values[otherwise], kind, values[key])

        key = self._step((mask, then, otherwise), choose, (entity, kind))
        return key

    def _mask(self, test: int, entity: Entity, kind: str) -> Key:
        source = self.value(test, entity)
        name = ("mask", source, BITS[kind])
        if name not in self._known:

            def run(values: list[Any]) -> None:
                arrays.mask(values[source], values[key].view(BITS[kind]))

            key = self._known[name] = self._step((source,), run, (entity, kind))
        return self._known[name]

    def _across(self, number: int, node: Node, entity: Entity) -> Key:
        operation = node.operation
        if operation == "partner":
            return self._partner(number, node)
        if operation == "position":
            return self._position(node)
        narrow = self.plan.entity(node.inputs[0])
        source = self.column(node.inputs[0], narrow)
        if operation in ("max", "min"):
            starts = self._place("starts", narrow, entity)

            def run(values: list[Any]) -> None:
                arrays.extreme_of_members(operation, values[source], values[starts], values[key])

            reads = (source, starts)
        else:
            index = self._place("up", narrow, entity)

            def run(values: list[Any]) -> None:
                arrays.over_members(operation, values[source], values[index], values[key])

            reads = (source, index)
        key = self._step(reads, run, (entity, self._kind(number)))
        return key

    def _partner(self, number: int, node: Node) -> Key:
        kind = self._kind(number)
        source = self.column(node.inputs[0], PERSON)
        partner = self._place("partner", PERSON, PERSON)
        coupled = self._place("coupled", PERSON, PERSON)

        def run(values: list[Any]) -> None:
            arrays.of_partner(values[source], values[partner], values[coupled], values[key])

        key = self._step((source, partner, coupled), run, (PERSON, kind))
        return key

    def _position(self, node: Node) -> Key:
        source, test = (self.column(part, PERSON) for part in node.inputs)
        index = self._place("up", PERSON, _BY_NAME[node.data])

        def run(values: list[Any]) -> None:
            arrays.position(values[source], values[test], values[index], values[key])

        key = self._step((source, test, index), run, (PERSON, "f"))
        return key

    def _plain(self, number: int, node: Node, entity: Entity) -> Key:
        operation = node.operation
        keys = [self.value(part, entity) for part in node.inputs]
        spare: Key | None = None
        if operation in _BINARY:
            run = _binary(_BINARY[operation], keys)
        elif operation in _FOLDS:
            run = _folded(_FOLDS[operation], keys)
        elif operation in ("neg", "not"):
            run = _unary(np.negative if operation == "neg" else np.logical_not, keys[0])
        elif operation in _COMPARISONS:
            rough = any(part in self.folded.rough for part in node.inputs)
            spare = self._key() if rough else None
            run = _compared(operation, keys, spare)
        elif operation.startswith("round_"):
            spare = self._key()
            run = _rounded(operation, keys[0], float(node.data), spare)
        elif operation == "scale":
            spare = self._key()
            run = _scaled(keys, spare)
        elif operation in _CALENDAR:
            run = _dated(operation, keys)
        else:
            assert operation == "steps", operation
            keys = [self.column(node.inputs[0], entity)]
            run = _stepped(node, keys[0], self._kind(number), node.inputs[0] in self.folded.rough)
        key = self._step(
            keys, lambda values: run(values, values[key]), (entity, self._kind(number)), spare
        )
        return key


Write = Callable[[list[Any], Any], None]


def _binary(ufunc: Any, keys: Sequence[Key]) -> Write:
    one, other = keys

    def run(values: list[Any], out: Any) -> None:
        ufunc(values[one], values[other], out=out)

    return run


def _folded(ufunc: Any, keys: Sequence[Key]) -> Write:
    first, second, *others = keys

    def run(values: list[Any], out: Any) -> None:
        ufunc(values[first], values[second], out=out)
        for other in others:
            ufunc(out, values[other], out=out)

    return run


def _unary(ufunc: Any, key: Key) -> Write:
    def run(values: list[Any], out: Any) -> None:
        ufunc(values[key], out=out)

    return run


def _compared(operation: str, keys: Sequence[Key], spare: Key | None) -> Write:
    one, other = keys

    def run(values: list[Any], out: Any) -> None:
        room = None if spare is None else values[spare]
        arrays.compare(operation, values[one], values[other], room, out)

    return run


def _rounded(operation: str, key: Key, step: float, spare: Key) -> Write:
    def run(values: list[Any], out: Any) -> None:
        arrays.rounded(operation, values[key], step, values[spare], out)

    return run


def _scaled(keys: Sequence[Key], spare: Key) -> Write:
    value, *bands = keys

    def run(values: list[Any], out: Any) -> None:
        arrays.scale(values[value], [values[band] for band in bands], values[spare], out)

    return run


def _dated(operation: str, keys: Sequence[Key]) -> Write:
    one, other = keys

    def run(values: list[Any], out: Any) -> None:
        arrays.on_days(operation, values[one], values[other], out)

    return run


def _stepped(node: Node, key: Key, kind: str, rough: bool) -> Write:
    at, gives, otherwise = table_of(node)
    starts = np.array([float(each) for each in at])
    results: arrays.Array = np.array([otherwise, *gives], arrays.DTYPES[kind])

    def run(values: list[Any], out: Any) -> None:
        arrays.stepped(values[key], starts, results, rough, out)

    return run
