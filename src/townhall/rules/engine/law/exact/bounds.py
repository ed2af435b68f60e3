"""What is certain although some facts are not known: bounds of every value.

Each value is the interval of what it can be: numbers and dates from least to
greatest, yes/no from no to yes, a choice between positions. Beside it stand the
facts that can still change it, as bits. Bounds are sound: for every completion
of the facts that has a result, the exact value lies within. They need not be the
tightest where one fact is used twice.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.exact import decimals, intervals
from townhall.rules.engine.law.exact.decimals import CONTEXT
from townhall.rules.engine.law.exact.intervals import INFINITE, NO_NUMBER, Bound
from townhall.rules.engine.law.exact.writer import PlanWriter, compiled
from townhall.rules.engine.law.planning import ACROSS, Plan
from townhall.rules.engine.law.rates import held
from townhall.rules.engine.law.situation import EARLIEST, LATEST
from townhall.rules.engine.law.units import DATE, YES_NO, Unit
from townhall.rules.engine.values import UNKNOWN

if TYPE_CHECKING:
    from townhall.rules.engine.law.admission import Admitted
    from townhall.rules.engine.law.law import Law


@dataclass(frozen=True, slots=True)
class Ranged:
    """The bounds of all values of a plan.

    Attributes
    ----------
    values
        Name to (least, greatest, bits of open facts) of each member.
    bits
        Position of a bit to (name of the fact, member).
    gaps
        The bits that stand for rates and rules that are not in force on the day;
        their names are the words that say so.
    """

    values: Mapping[str, Sequence[Bound]]
    bits: Sequence[tuple[str, int]]
    gaps: int = 0

    def open_facts(self, goals: Iterable[str]) -> tuple[str, ...]:
        """Return names of facts that can still change one of the goals, in order of the law."""
        return tuple(dict.fromkeys(name for name, _ in self.open_members(goals)))

    def open_members(self, goals: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """Return (fact, member) of what can still change one of the goals."""
        return tuple(self.bits[bit] for bit in positions(self.mask(goals)))

    def not_in_force(self, goals: Iterable[str]) -> tuple[str, ...]:
        """Return words for what a goal rests on that has no version in force on the day."""
        return tuple(self.bits[bit][0] for bit in positions(self._all(goals) & self.gaps))

    def mask(self, goals: Iterable[str]) -> int:
        """Return the bits of facts that can still change one of the goals."""
        return self._all(goals) & ~self.gaps

    def _all(self, goals: Iterable[str]) -> int:
        mask = 0
        for goal in goals:
            for _, _, open_ in self.values[goal]:
                mask |= open_
        return mask

    def open_for(self, goal: str, member: int) -> tuple[tuple[str, int], ...]:
        """Return (fact, member) of what can still change the goal of one member."""
        mask = self.values[goal][member][2] & ~self.gaps
        return tuple(self.bits[bit] for bit in positions(mask))

    def exact(self) -> dict[str, Sequence[Any]]:
        """Return the values that are certain, and None for the others.

        What could be several values although no fact is open rests on a division
        by zero: it is no number.
        """
        return {
            name: [
                low if low == high else None if open_ else NO_NUMBER for low, high, open_ in found
            ]
            for name, found in self.values.items()
        }


class BoundsProgram:
    """A plan that can be run on facts of which some are ranges."""

    def __init__(self, plan: Plan) -> None:
        writer = _Writer(plan)
        self.plan = plan
        self.source = writer.write()
        self._run = compiled(self.source, {**_FUNCTIONS, **writer.constants})

    def run(
        self, columns: Mapping[str, Sequence[Bound]], found: Admitted, day: int
    ) -> dict[str, Sequence[Bound]]:
        """Return the bounds of all variables of the plan."""
        with decimal.localcontext(CONTEXT):
            values: dict[str, Sequence[Bound]] = self._run(
                columns, found.situation.structure, found.sizes, day
            )
        return values


def evaluate(
    law: Law,
    planned: Plan,
    found: Admitted,
    day: date,
    fixed: Mapping[tuple[str, int], tuple[Any, Any]] | None = None,
) -> Ranged:
    """Return the bounds of all values for what is known.

    Parameters
    ----------
    fixed
        Narrower ranges of facts that are open: (fact, member) to (least, greatest),
        as the law calculates.
    """
    found.insist_on_order(law, day)
    bits: list[tuple[str, int]] = []
    gaps = 0
    columns: dict[str, list[Bound]] = {}
    for number, name in planned.inputs.items():
        if number in planned.missing:
            least, greatest = limits_of(planned.kind(number).unit)
            columns[name] = [(least, greatest, 1 << len(bits))] * planned.size(number, found.sizes)
            gaps |= 1 << len(bits)
            bits.append((name, 0))
            continue
        values = found.columns.get(name)
        column: list[Bound] = []
        for member in range(planned.size(number, found.sizes)):
            value = UNKNOWN if values is None else values[member]
            if value is not UNKNOWN:
                column.append((value, value, 0))
                continue
            least, greatest = (fixed or {}).get((name, member)) or limits(law, name, day)
            column.append((least, greatest, 0 if least == greatest else 1 << len(bits)))
            bits.append((name, member))
        columns[name] = column
    program = law.bounds_program(planned)
    return Ranged(program.run(columns, found, day.toordinal()), bits, gaps)


def limits(law: Law, name: str, day: date) -> tuple[Any, Any]:
    """Return the least and the greatest value that a fact can have on a day of decision.

    They are as the law calculates: dates are ordinals, percentages shares.
    """
    variable = law.variables[name]
    unit, spec = variable.kind.unit, variable.spec
    low, high = limits_of(unit)
    if isinstance(spec, Fact):
        low = low if spec.low is None else held(spec.low, unit)
        high = high if spec.high is None else held(spec.high, unit)
        high = day.toordinal() if spec.not_after == "today" else high
    return low, high


def limits_of(unit: Unit) -> tuple[Any, Any]:
    """Return the least and the greatest value of a unit."""
    if unit == YES_NO:
        return False, True
    if unit == DATE:
        return EARLIEST.toordinal(), LATEST.toordinal()
    if unit.base == "choice":
        return 0, len(unit.options) - 1
    return -INFINITE, INFINITE


def positions(mask: int) -> Iterable[int]:
    """Yield the positions of the bits that are set."""
    position = 0
    while mask:
        if mask & 1:
            yield position
        mask >>= 1
        position += 1


_FUNCTIONS: Final[Mapping[str, Any]] = {
    "_D": Decimal,
    "_ZERO": Decimal(0),
    "_mul": intervals.multiply,
    "_div": intervals.divide,
    "_scale": intervals.scale,
    "_stepped": intervals.stepped,
    "_position": intervals.position,
    "_hull": intervals.hull,
    "_sum": decimals.OVER["sum"],
    "_count": decimals.OVER["count"],
    "_rounded": decimals.rounded,
    "_years_between": decimals.years_between,
    "_add_years": decimals.add_years,
    "_add_months": decimals.add_months,
    "_mondays_between": decimals.mondays_between,
}
_OVER: Final = {
    "sum": "_sum",
    "count": "_count",
    "max": "max",
    "min": "min",
    "any": "any",
    "all": "all",
}
_RISING: Final = frozenset(
    {"add", "and", "or", "least", "greatest", "round_down", "round_up", "round_half_up"}
    | {"add_years", "add_months"}
)
_CERTAIN: Final = {"lt": ("h0", "l1"), "le": ("h0", "l1"), "gt": ("l0", "h1"), "ge": ("l0", "h1")}
_SIGN: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class _Writer(PlanWriter):
    """Writes three values a node: least, greatest, and the bits of open facts."""

    def read(self, number: int, index: str) -> str:
        return f"l{number}, h{number}, m{number} = L{number}[{index}]"

    def keep(self, number: int) -> str:
        return f"L{number}[i] = (l{number}, h{number}, m{number})"

    def whole(self, number: int) -> str:
        return f"[(l{number}, h{number}, m{number})]"

    def compute(self, number: int, node: Node, entity: Entity) -> Iterable[str]:
        operation = node.operation
        whole = f"l{number}, h{number}, m{number}"
        if operation in ("literal", "rate"):
            value = node.data if operation == "literal" else node.data.value
            name = self.constant(number, value)
            yield f"{whole} = {name}, {name}, 0"
        elif operation == "today":
            yield f"{whole} = today, today, 0"
        elif operation == "structure":
            known = "partner[i] >= 0" if node.data == "has_partner" else "adult[i]"
            yield f"l{number} = h{number} = {known}; m{number} = 0"
        elif operation == "partner":
            empty = decimals.nothing(node)
            column = self.column(node.inputs[0])
            yield (f"{whole} = {column}[partner[i]] if partner[i] >= 0 else ({empty}, {empty}, 0)")
        elif operation == "position":
            value, test = (self.column(part) for part in node.inputs)
            members = f"down_person_{node.data}[up_person_{node.data}[i]]"
            yield f"{whole} = _position({value}, {test}, {members}, i)"
        elif operation in ACROSS:
            yield f"{whole} = _hull({self.members(node, entity)}, {_OVER[operation]})"
        elif operation in ("relabel", "rule"):
            part = node.inputs[0]
            yield f"{whole} = l{part}, h{part}, m{part}"
        elif operation in ("if", "exception"):
            yield from self._branch(number, node)
        else:
            yield from self._bounds(number, node)
            masks = " | ".join(_matters(number, node, part) for part in dict.fromkeys(node.inputs))
            yield f"m{number} = ({masks}) if l{number} != h{number} else 0"

    def _branch(self, number: int, node: Node) -> Iterable[str]:
        test, then, other = node.inputs
        whole = f"l{number}, h{number}, m{number}"
        yield f"if l{test}: {whole} = l{then}, h{then}, m{then}"
        yield f"elif not h{test}: {whole} = l{other}, h{other}, m{other}"
        yield "else:"
        yield f" l{number} = l{then} if l{then} <= l{other} else l{other}"
        yield f" h{number} = h{then} if h{then} >= h{other} else h{other}"
        yield (f" m{number} = (m{test} | m{then} | m{other}) if l{number} != h{number} else 0")

    def _bounds(self, number: int, node: Node) -> Iterable[str]:
        operation = node.operation
        low, high = f"l{number}", f"h{number}"
        lows = [f"l{part}" for part in node.inputs]
        highs = [f"h{part}" for part in node.inputs]
        both = [name for part in node.inputs for name in (f"l{part}", f"h{part}")]
        if operation in _RISING:
            data = self._data(number, node)
            yield f"{low} = {decimals.in_words(node, lows, data)}"
            yield f"{high} = {decimals.in_words(node, highs, data)}"
        elif operation == "sub":
            yield f"{low} = {decimals.in_words(node, [lows[0], highs[1]], '')}"
            yield f"{high} = {decimals.in_words(node, [highs[0], lows[1]], '')}"
        elif operation in ("neg", "not"):
            yield f"{low} = {decimals.in_words(node, highs, '')}"
            yield f"{high} = {decimals.in_words(node, lows, '')}"
        elif operation in _SIGN:
            pick = {"l0": lows[0], "h0": highs[0], "l1": lows[1], "h1": highs[1]}
            one, other = (pick[name] for name in _CERTAIN[operation])
            turned = {"l": "h", "h": "l"}
            least, most = (turned[name[0]] + name[1:] for name in (one, other))
            yield f"{low} = {one} {_SIGN[operation]} {other}"
            yield f"{high} = {least} {_SIGN[operation]} {most}"
        elif operation in ("eq", "ne"):
            same = f"({lows[0]} == {highs[0]} == {lows[1]} == {highs[1]})"
            meet = f"({lows[0]} <= {highs[1]} and {lows[1]} <= {highs[0]})"
            certain, possible = (
                (same, meet) if operation == "eq" else (f"not {meet}", f"not {same}")
            )
            yield f"{low} = {certain}"
            yield f"{high} = {possible}"
        elif operation in ("years_between", "mondays_between"):
            yield f"{low} = {decimals.in_words(node, [highs[0], lows[1]], '')}"
            yield f"{high} = {decimals.in_words(node, [lows[0], highs[1]], '')}"
        elif operation == "steps":
            table = self.constant(number, decimals.table_of(node))
            yield f"{low}, {high} = _stepped({', '.join(both)}, *{table})"
        else:  # mul, div, scale
            yield f"{low}, {high} = _{operation}({', '.join(both)})"

    def _data(self, number: int, node: Node) -> str:
        return self.constant(number, node.data) if node.operation.startswith("round") else ""


def _matters(number: int, node: Node, part: int) -> str:
    """Return the expression of the facts that an input lets into the result."""
    if node.operation == "greatest":
        return f"(m{part} if h{part} > l{number} else 0)"
    if node.operation == "least":
        return f"(m{part} if l{part} < h{number} else 0)"
    return f"m{part}"
