"""Sums over members, in LLVM's assembly language, without a branch.

Members stand group by group, and each group has some, so the number of the group
rises by nought or one from member to member. What was gathered is kept in
registers and is wiped by that difference alone; a comparison there would become a
branch that goes wrong for every other family. Amounts are gathered side by side in
one vector, counts and conditions as whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from townhall.rules.engine.law.populations.fused_code import TYPES, Code, number

_HIGHEST: Final = 2**62


class Gathering:
    """What is gathered in one loop.

    Parameters
    ----------
    loop
        Name of the loop.
    nodes
        Number, operation and kind of each.
    """

    def __init__(self, code: Code, loop: str, nodes: Sequence[tuple[int, str, str]]) -> None:
        self.code = code
        self.loop = loop
        self.operations = {node: operation for node, operation, _ in nodes}
        self.kinds = {node: kind for node, _, kind in nodes}
        amounts = [node for node, operation, kind in nodes if kind == "f" and operation != "count"]
        self.vectors = {
            operation: here
            for operation in ("sum", "max", "min")
            if (here := [node for node in amounts if self.operations[node] == operation])
        }
        self.wholes = [node for node in self.operations if node not in amounts]

    def begin(self) -> None:
        """Write what the loop carries from member to member; the loop has just begun."""
        loop = self.loop
        self.code.do(f"%g_{loop} = phi i64 [ -1, %{loop}_before ], [ %ng_{loop}, %{loop} ]")
        for operation, nodes in self.vectors.items():
            start = f"[ zeroinitializer, %{loop}_before ]"
            name = f"{operation}_{loop}"
            held = self._held(nodes)
            self.code.do(f"%c_{name} = phi {held} {start}, [ %n_{name}, %{loop} ]")
        for node in self.wholes:
            start, back = f"[ 0, %{loop}_before ]", f"[ %n_{node}_{loop}, %{loop} ]"
            self.code.do(f"%c_{node}_{loop} = phi i64 {start}, {back}")

    def add(self, group: str, values: Mapping[int, str]) -> dict[int, str]:
        """Write what a member adds, and return what its group has gathered so far."""
        code, loop = self.code, self.loop
        code.do(f"%ng_{loop} = add i64 {group}, 0")
        step = code.put(f"sub i64 {group}, %g_{loop}")
        same = code.put(f"sub i64 {step}, 1")  # all bits within a group, none for the first
        found: dict[int, str] = {}
        for operation, nodes in self.vectors.items():
            found |= self._vector(operation, nodes, same, values)
        for node in self.wholes:
            found[node] = self._whole(node, same, values[node])
        return found

    def _held(self, nodes: Sequence[int]) -> str:
        return f"<{max(len(nodes), 2)} x double>"

    def _vector(
        self, operation: str, nodes: Sequence[int], same: str, values: Mapping[int, str]
    ) -> dict[int, str]:
        code, size, held = self.code, max(len(nodes), 2), self._held(nodes)
        bits = f"<{size} x i64>"
        one = code.put(f"insertelement {bits} poison, i64 {same}, i64 0")
        places = f"<{size} x i32> zeroinitializer"
        mask = code.put(f"shufflevector {bits} {one}, {bits} poison, {places}")
        before = code.put(f"bitcast {held} %c_{operation}_{self.loop} to {bits}")
        before = code.put(f"and {bits} {before}, {mask}")
        if operation != "sum":
            none = number(float("-inf") if operation == "max" else float("inf"))
            ends = f"<{', '.join([f'double {none}'] * size)}>"
            wiped = code.put(f"xor {bits} {mask}, <{', '.join(['i64 -1'] * size)}>")
            wiped = code.put(f"and {bits} {wiped}, {code.put(f'bitcast {held} {ends} to {bits}')}")
            before = code.put(f"or {bits} {before}, {wiped}")
        before = code.put(f"bitcast {bits} {before} to {held}")
        given = "zeroinitializer"
        for place, node in enumerate(nodes):
            given = code.put(f"insertelement {held} {given}, double {values[node]}, i64 {place}")
        after = f"%n_{operation}_{self.loop}"
        if operation == "sum":
            code.do(f"{after} = fadd {held} {before}, {given}")
        else:
            sign = "ogt" if operation == "max" else "olt"
            test = code.put(f"fcmp {sign} {held} {given}, {before}")
            code.do(f"{after} = select <{size} x i1> {test}, {held} {given}, {held} {before}")
        return {
            node: code.put(f"extractelement {held} {after}, i64 {place}")
            for place, node in enumerate(nodes)
        }

    def _whole(self, node: int, same: str, value: str) -> str:
        code, operation, kind = self.code, self.operations[node], self.kinds[node]
        after = f"%n_{node}_{self.loop}"
        before = code.put(f"and i64 %c_{node}_{self.loop}, {same}")
        if operation in ("max", "min"):
            wide = code.put(f"sext {TYPES[kind]} {value} to i64")
            # Kept as a difference from the end of the scale, so that nothing gathered is 0.
            sign = 1 if operation == "max" else -1
            wide = code.put(f"mul i64 {wide}, {sign}")
            wide = code.put(f"add i64 {wide}, {_HIGHEST}")
            test = code.put(f"icmp ugt i64 {wide}, {before}")
            code.do(f"{after} = select i1 {test}, i64 {wide}, i64 {before}")
            back = code.put(f"sub i64 {after}, {_HIGHEST}")
            back = code.put(f"mul i64 {back}, {sign}")
            return code.put(f"trunc i64 {back} to {TYPES[kind]}")
        if operation == "all":
            value = code.put(f"xor i1 {value}, true")
        wide = code.put(f"zext i1 {value} to i64")
        if operation == "count":
            code.do(f"{after} = add i64 {before}, {wide}")
            return code.put(f"sitofp i64 {after} to double")
        code.do(f"{after} = or i64 {before}, {wide}")
        return code.put(f"icmp {'eq' if operation == 'all' else 'ne'} i64 {after}, 0")
