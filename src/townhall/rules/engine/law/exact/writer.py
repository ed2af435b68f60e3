"""Writing a plan as the text of one Python function: a loop a segment, a line or two a node.

Back ends that run a member at a time (exact decimals, bounds) differ in what
they write for a node, and share the loops. The text holds only the engine's own
names, numbers of nodes, and what the back end's tables give; nothing that a
person wrote gets into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import PERSON, WORLD, Entity
from townhall.rules.engine.law.planning import ACROSS, Plan


class PlanWriter:
    """Base of the writers; a back end says how a node is read, computed and kept."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.constants: dict[str, Any] = {}
        self.lines: list[str] = []

    # --- what a back end says

    def read(self, number: int, index: str) -> str:
        """Return the statement that takes a kept value of a member into the loop."""
        raise NotImplementedError

    def keep(self, number: int) -> str:
        """Return the statement that keeps the value of member `i`."""
        raise NotImplementedError

    def compute(self, number: int, node: Node, entity: Entity) -> Iterable[str]:
        """Return the statements that compute a node for member `i`."""
        raise NotImplementedError

    def whole(self, number: int) -> str:
        """Return the expression of a value of the world, as a kept list of one."""
        raise NotImplementedError

    # --- what they share

    def write(self) -> str:
        """Return the text; `constants` then holds what it refers to."""
        self.lines = [
            "def run(columns, structure, sizes, today):",
            " up, down = structure.up, structure.down",
            " partner, adult = structure.partner, structure.adult",
        ]
        for narrow, wide in (
            ("person", "family"),
            ("person", "household"),
            ("family", "household"),
        ):
            self.lines.append(f" up_{narrow}_{wide} = up[{narrow!r}, {wide!r}]")
            self.lines.append(f" down_{narrow}_{wide} = down[{narrow!r}, {wide!r}]")
        for number, name in self.plan.inputs.items():
            self.lines.append(f" L{number} = columns.get({name!r}, ())")
        for segment in self.plan.segments:
            self._segment(segment.entity, segment.nodes)
        names = ", ".join(
            f"{name!r}: {self._list(number)}"
            for number, name in self.plan.names.items()
            if number in self.plan.kept
        )
        self.lines.append(f" return {{{names}}}")
        return "\n".join(self.lines)

    def constant(self, number: int, value: Any) -> str:
        """Return the name under which the text finds a constant of a node."""
        name = f"K{number}"
        self.constants[name] = value
        return name

    def column(self, part: int) -> str:
        """Return the list of a node's values over all persons; what is wider is spread."""
        wider = self.plan.entity(part)
        if wider == PERSON:
            return f"L{part}"
        if wider == WORLD:
            return f"({self.whole(part)} * n)"
        return f"[L{part}[j] for j in up_person_{wider.name}]"

    def members(self, node: Node, entity: Entity) -> str:
        """Return the list of what a node goes over: the values of the members of `i`."""
        part = node.inputs[0]
        source = self.plan.entity(part)
        return f"[L{part}[j] for j in down_{source.name}_{entity.name}[i]]"

    def _list(self, number: int) -> str:
        if self.plan.entity(number) == WORLD and number not in self.plan.inputs:
            return self.whole(number)
        return f"L{number}"

    def _segment(self, entity: Entity, nodes: tuple[int, ...]) -> None:
        computed = [number for number in nodes if number not in self.plan.inputs]
        if entity == WORLD:
            for number in nodes:
                if number in self.plan.inputs:
                    self._add(" ", [self.read(number, "0")])
            for number in computed:
                self._add(" ", self.compute(number, self.plan.graph[number], entity))
            return
        if not computed:
            return
        stored = [number for number in computed if number in self.plan.kept]
        self.lines.append(f" n = sizes[{entity.name!r}]")
        self.lines += [f" L{number} = [None] * n" for number in stored]
        self.lines.append(" for i in range(n):")
        inside = set(computed)
        for number in computed:
            node = self.plan.graph[number]
            if node.operation not in ACROSS:
                for part in node.inputs:
                    if part not in inside and self.plan.entity(part) != WORLD:
                        inside.add(part)
                        self._add("  ", [self.read(part, self._index(entity, part))])
            self._add("  ", self.compute(number, node, entity))
        self._add("  ", (self.keep(number) for number in stored))

    def _index(self, entity: Entity, part: int) -> str:
        wider = self.plan.entity(part)
        return "i" if wider == entity else f"up_{entity.name}_{wider.name}[i]"

    def _add(self, indent: str, statements: Iterable[str]) -> None:
        self.lines += [f"{indent}{statement}" for statement in statements]


def compiled(text: str, scope: dict[str, Any]) -> Any:
    """Return the function that a writer wrote."""
    names: dict[str, Any] = {"__builtins__": {}, "min": min, "max": max, "sum": sum}
    names |= {"range": range, "any": any, "all": all, **scope}
    exec(compile(text, "<law>", "exec"), names)  # noqa: S102 - only words of the engine
    return names["run"]
