"""Writing a plan as loops in LLVM's assembly language: a loop a segment, over a block.

The text depends on the shape of the law alone. Rates, the day and other constants
are arguments, so that a reform of amounts, or another day, runs what was compiled
before. What one segment keeps for another lies in arrays as long as a block, which
stay in the processor's cache. A loop has no branches: a condition selects between
two values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, WORLD, Entity
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.populations.column_steps import kind_of
from townhall.rules.engine.law.populations.folding import NAMING, Folded
from townhall.rules.engine.law.populations.fused_code import TYPES, Code, number
from townhall.rules.engine.law.populations.fused_gathering import Gathering
from townhall.rules.engine.law.populations.fused_words import word
from townhall.rules.engine.law.populations.population import MEMBERS

STRUCTURE: Final = ("families", "persons", "family_of", "household_of", "partner", "adult")
CONSTANTS: Final = ("numbers", "places", "wrong")
_GATHERED: Final = ACROSS - {"partner", "position"}
_NOTHING: Final = {"f": number(0.0), "i": "1", "c": "0", "b": "false"}  # of nobody: day 1
_DECLARED: Final = (
    *(f"declare double @llvm.{name}.f64(double)" for name in ("floor", "ceil", "fabs")),
    "declare double @llvm.copysign.f64(double, double)",
    "declare i32 @llvm.fptosi.sat.i32.f64(double)",
)


class FusedWriter:
    """Writes the module of a plan.

    Attributes
    ----------
    numbers, places
        Nodes of the constants that the function is given: float64, and others.
        After them it is given a whole number that it sets if a goal is no number.
    inputs, goals, kept
        Nodes of the columns that it reads, of those that it writes, and of what
        it keeps for a block.
    gathered
        Nodes that are sums over members.
    """

    def __init__(self, folded: Folded, dtypes: Mapping[int, str]) -> None:
        self.folded = folded
        self.plan = folded.plan
        self.dtypes = dtypes
        constants = sorted(folded.constants)
        self.numbers = [node for node in constants if self.kind(node) == "f"]
        self.places = [node for node in constants if self.kind(node) != "f"]
        self.inputs = sorted(self.plan.inputs)
        computed = [
            node
            for segment in self.plan.segments
            for node in segment.nodes
            if segment.entity != WORLD and node not in self.plan.inputs
        ]
        self.goals = sorted(set(self.plan.goals.values()) & set(computed))
        self.kept = [
            node
            for node in computed
            if (node in self.plan.kept or self._operation(node) in ("position", *_GATHERED))
            and node not in self.goals
        ]
        self.gathered = [node for node in computed if self._operation(node) in _GATHERED]
        self._code = Code()
        self._loops = 0
        self._known: dict[int, str] = {}  # constants to registers

    def kind(self, node: int) -> str:
        """Return how a value is held."""
        return kind_of(self.folded.unit(node))

    def write(self) -> str:
        """Return the module, with the function `run`."""
        code = self._code
        arrays = [*STRUCTURE, *CONSTANTS]
        arrays += [f"C{node}" for node in self.inputs]
        arrays += [f"S{node}" for node in self.kept] + [f"G{node}" for node in self.goals]
        given = ["i64 %block", "i64 %last", *(f"ptr noalias %{name}" for name in arrays)]
        code.lines += [*_DECLARED, f"define void @run({', '.join(given)}) {{", "entry:"]
        for place, node in enumerate(self.numbers):
            self._known[node] = code.load("%numbers", "f", str(place))
        for place, node in enumerate(self.places):
            held = code.start("%places", str(place))
            kind = self.kind(node)
            flag = f"icmp ne i64 {held}, 0"
            self._known[node] = (
                code.put(flag) if kind == "b" else code.whole(held, "i64", TYPES[kind])
            )
        code.do("br label %block_head")
        code.label("block_head")
        self._block()
        for segment in self.plan.segments:
            if segment.entity != WORLD:
                self._segment(segment.entity, segment.nodes)
        code.do("%more = icmp ult i64 %end_household, %last")
        code.do("br label %block_end")
        code.label("block_end")
        code.do("br i1 %more, label %block_head, label %done")
        code.label("done")
        code.do("ret void")
        return "\n".join([*code.lines, "}", ""])

    def _block(self) -> None:
        """Write where a block begins and ends, and what its arrays are called in it."""
        code = self._code
        code.do("%start_household = phi i64 [ 0, %entry ], [ %end_household, %block_end ]")
        code.do("%full = add i64 %start_household, %block")
        code.do("%is_full = icmp ult i64 %full, %last")
        code.do("%end_household = select i1 %is_full, i64 %full, i64 %last")
        for entity, array, wide in ((FAMILY, "families", HOUSEHOLD), (PERSON, "persons", FAMILY)):
            for edge in ("start", "end"):
                at = code.at(f"%{array}", "i64", f"%{edge}_{wide}")
                code.do(f"%{edge}_{entity} = load i64, ptr {at}")
        for entity in MEMBERS:
            code.do(f"%n_{entity} = sub i64 %end_{entity}, %start_{entity}")
        for name, entity in (("family_of", PERSON), ("partner", PERSON), ("household_of", FAMILY)):
            code.do(f"%b_{name} = getelementptr i32, ptr %{name}, i64 %start_{entity}")
        code.do("%b_adult = getelementptr i8, ptr %adult, i64 %start_person")
        for node in self.inputs:
            size = int(self.dtypes[node][1])
            start = f"%start_{self.plan.entity(node)}"
            code.do(f"%L{node} = getelementptr [{size} x i8], ptr %C{node}, i64 {start}")
        for node in self.goals:
            size = {"f": 8, "i": 4}.get(self.kind(node), 1)
            start = f"%start_{self.plan.entity(node)}"
            code.do(f"%L{node} = getelementptr [{size} x i8], ptr %G{node}, i64 {start}")

    # --- loops

    def _open(self, latch: str = "") -> str:
        """Begin a loop over members of a block, and return the register of the row."""
        self._loops += 1
        name = f"loop{self._loops}"
        self._code.do(f"br label %{name}_before")
        self._code.label(f"{name}_before")
        self._code.do(f"br label %{name}")
        self._code.label(name)
        back = f"[ %next_{name}, %{latch or name} ]"
        self._code.do(f"%i_{name} = phi i64 [ 0, %{name}_before ], {back}")
        return f"%i_{name}"

    def _close(self, row: str, entity: Entity) -> None:
        name = row.removeprefix("%i_")
        self._code.do(f"%next_{name} = add nuw nsw i64 {row}, 1")
        self._code.do(f"%more_{name} = icmp ult i64 %next_{name}, %n_{entity}")
        self._code.do(f"br i1 %more_{name}, label %{name}, label %{name}_after")
        self._code.label(f"{name}_after")

    def _segment(self, entity: Entity, nodes: Sequence[int]) -> None:
        computed = [node for node in nodes if node not in self.plan.inputs]
        gathered = [node for node in computed if self._operation(node) in _GATHERED]
        for narrow in MEMBERS:
            here = [node for node in gathered if self.plan.entity(self._part(node)) == narrow]
            if here:
                self._gather(entity, narrow, here)
        for node in computed:
            if self._operation(node) == "position":
                self._position(node)
        inner = [node for node in computed if node not in gathered]
        if not inner:
            return
        row = self._open()
        name = row.removeprefix("%i_")
        self._code.do(f"%w_{name} = phi i64 [ 0, %{name}_before ], [ %nw_{name}, %{name} ]")
        known: dict[int, str] = {}
        for node in inner:
            known[node] = self._node(node, entity, row, known)
        wrong = f"%w_{name}"
        for node in inner:
            if node in self.goals and self.kind(node) == "f":
                wrong = self._noted(known[node], wrong)
        self._code.do(f"%nw_{name} = or i64 {wrong}, 0")
        for node in inner:
            if node in self.goals or node in self.kept:
                self._code.store(known[node], self._array(node), self.kind(node), row)
        self._close(row, entity)
        before = self._code.put("load i64, ptr %wrong")
        self._code.do(f"store i64 {self._code.put(f'or i64 {before}, %nw_{name}')}, ptr %wrong")

    def _noted(self, value: str, wrong: str) -> str:
        """Return what was wrong before, and whether a value is no finite number."""
        code = self._code
        nothing = code.put(f"fsub double {value}, {value}")
        is_wrong = code.put(f"fcmp uno double {nothing}, {nothing}")
        return code.put(f"or i64 {wrong}, {code.put(f'zext i1 {is_wrong} to i64')}")

    def _node(self, node: int, entity: Entity, row: str, known: dict[int, str]) -> str:
        found = self.plan.graph[node]
        operation = found.operation
        if operation == "position":
            return self._code.load(self._array(node), "f", row)
        if operation == "partner":
            return self._partner(found, row)
        if operation == "structure":
            if found.data == "has_partner":
                other = self._code.row("%b_partner", row, "0")
                return self._code.put(f"icmp sge i64 {other}, 0")
            return self._code.load("%b_adult", "b", row)
        values = [self._read(part, entity, row, known) for part in found.inputs]
        if operation in NAMING:
            return values[0]
        kinds = [self.kind(part) for part in found.inputs]
        rough = any(part in self.folded.rough for part in found.inputs)
        return word(self._code, found, values, kinds, self.kind(node), rough=rough)

    def _read(self, part: int, entity: Entity, row: str, known: dict[int, str]) -> str:
        """Return the register of a part's value for the member in a row."""
        if part in self._known:
            return self._known[part]
        if part not in known:
            at = self._up(entity, self.plan.entity(part), row)
            known[part] = self._element(part, at)
        return known[part]

    def _element(self, part: int, at: str) -> str:
        if part in self._known:
            return self._known[part]
        kind = self.kind(part)
        if part in self.plan.inputs:
            return self._code.load_column(f"%L{part}", self.dtypes[part], kind, at)
        return self._code.load(self._array(part), kind, at)

    def _of_person(self, part: int, at: str) -> str:
        """Return the register of a part's value for the person in a row."""
        return self._element(part, self._up(PERSON, self.plan.entity(part), at))

    def _array(self, node: int) -> str:
        return f"%L{node}" if node in self.goals else f"%S{node}"

    def _up(self, narrow: Entity, wide: Entity, row: str) -> str:
        """Return the row of the wider entity that a member belongs to."""
        if narrow == PERSON and wide != PERSON:
            row = self._code.row("%b_family_of", row, "%start_family")
            narrow = FAMILY
        if narrow == FAMILY and wide == HOUSEHOLD:
            row = self._code.row("%b_household_of", row, "%start_household")
        return row

    # --- across members

    def _gather(self, entity: Entity, narrow: Entity, nodes: Sequence[int]) -> None:
        """Write the loop over members that gathers the sums of their groups."""
        loop = self._open().removeprefix("%i_")
        row = f"%i_{loop}"
        found = Gathering(self._code, loop, [(n, self._operation(n), self.kind(n)) for n in nodes])
        found.begin()
        group = self._up(narrow, entity, row)
        known: dict[int, str] = {}
        values = {node: self._read(self._part(node), narrow, row, known) for node in nodes}
        for node, value in found.add(group, values).items():
            self._code.store(value, self._array(node), self.kind(node), group)
        self._close(row, narrow)

    def _partner(self, found: Node, row: str) -> str:
        code, part = self._code, found.inputs[0]
        kind = self.kind(part)
        other = code.row("%b_partner", row, "%start_person")
        alone = code.put(f"icmp slt i64 {code.row('%b_partner', row, '0')}, 0")
        at = code.put(f"select i1 {alone}, i64 {row}, i64 {other}")
        value = self._of_person(part, at)
        held = TYPES[kind]
        return code.put(f"select i1 {alone}, {held} {_NOTHING[kind]}, {held} {value}")

    def _position(self, node: int) -> None:
        """Write the loop over persons that compares each with the members of the group."""
        code, found = self._code, self.plan.graph[node]
        value, test = found.inputs
        kind = self.kind(value)
        name = f"loop{self._loops + 1}"
        row = self._open(f"{name}_end")
        mine = self._of_person(value, row)
        group = code.row("%b_family_of", row, "0")
        ends = [group, code.put(f"add i64 {group}, 1")]
        if found.data == "household":
            home = code.row("%household_of", group, "0")
            ends = [home, code.put(f"add i64 {home}, 1")]
            ends = [code.start("%families", each) for each in ends]
        first, last = (
            code.put(f"sub i64 {code.start('%persons', each)}, %start_person") for each in ends
        )
        code.do(f"br label %{name}_members")
        code.label(f"{name}_members")
        code.do(f"%j_{name} = phi i64 [ {first}, %{name} ], [ %nj_{name}, %{name}_members ]")
        code.do(f"%p_{name} = phi i64 [ 1, %{name} ], [ %np_{name}, %{name}_members ]")
        theirs = self._of_person(value, f"%j_{name}")
        way = "fcmp o" if kind == "f" else "icmp s"
        held = TYPES[kind]
        less = code.put(f"{way}lt {held} {theirs}, {mine}")
        same = code.put(f"{way.replace('icmp s', 'icmp ')}eq {held} {theirs}, {mine}")
        sooner = code.put(f"icmp ult i64 %j_{name}, {row}")
        before = code.put(f"or i1 {less}, {code.put(f'and i1 {same}, {sooner}')}")
        counts = code.put(f"and i1 {before}, {self._of_person(test, f'%j_{name}')}")
        code.do(f"%np_{name} = add i64 %p_{name}, {code.put(f'zext i1 {counts} to i64')}")
        code.do(f"%nj_{name} = add i64 %j_{name}, 1")
        code.do(f"%mj_{name} = icmp ult i64 %nj_{name}, {last}")
        code.do(f"br i1 %mj_{name}, label %{name}_members, label %{name}_end")
        code.label(f"{name}_end")
        place = code.put(f"uitofp i64 %np_{name} to double")
        passes = self._of_person(test, row)
        place = code.put(f"select i1 {passes}, double {place}, double {number(0.0)}")
        code.store(place, self._array(node), "f", row)
        self._close(row, PERSON)

    def _operation(self, node: int) -> str:
        return self.plan.graph[node].operation

    def _part(self, node: int) -> int:
        return self.plan.graph[node].inputs[0]
