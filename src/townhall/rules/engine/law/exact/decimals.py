"""The exact back end: a plan becomes one Python function on Decimals.

The function is written as text and compiled once (see `writer`). Division by
zero gives a value that is no number, as in IEEE 754, so that a branch that is
not taken does no harm; a goal that rests on it raises `NoResult` (see `faults`).
"""

from __future__ import annotations

import decimal
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from townhall.rules.engine.calendar import add_months as later_by_months
from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.entities import Entity
from townhall.rules.engine.law.exact.writer import PlanWriter, compiled
from townhall.rules.engine.law.planning import ACROSS, Plan
from townhall.rules.engine.law.situation import Structure
from townhall.rules.engine.law.terms import Kind
from townhall.rules.engine.law.units import DATE, YES_NO

CONTEXT: Final = decimal.Context(
    prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[]
)
_DOUBTS: Final = (decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow)
_DEEPEST: Final = 30  # of an expression that is written into another
_FIRST_MONDAY: Final = 1  # the ordinal of Monday, 1 January of the year 1


def rounded(value: Decimal, unit: Decimal, mode: str) -> Decimal:
    """Return the multiple of `unit` that the mode picks."""
    if unit == 1:
        return value.to_integral_value(mode)
    return (value / unit).to_integral_value(mode) * unit


def scale(value: Decimal, *bands: Decimal) -> Decimal:
    """Return each slice of the value at its rate; `bands` are start, rate, start, rate ..."""
    found = Decimal(0)
    last = len(bands) - 2
    for position in range(0, len(bands), 2):
        start = bands[position]
        if value <= start:
            break
        end = value if position == last else min(value, bands[position + 2])
        found += (end - start) * bands[position + 1]
    return found


def stepped(value: Any, keys: Sequence[Any], results: Sequence[Any], otherwise: Any) -> Any:
    """Return the result of the last row that begins at or below the value."""
    position = bisect_right(keys, value)
    return results[position - 1] if position else otherwise


def years_between(start: int, end: int) -> Decimal:
    """Return whole years between two ordinals; 29 February counts on 1 March."""
    born, day = date.fromordinal(start), date.fromordinal(end)
    return Decimal(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def add_years(day: int, years: Decimal) -> int:
    """Return the ordinal of the same day so many years later; 29 February becomes 1 March."""
    start = date.fromordinal(day)
    try:
        year = start.year + int(years)
    except (ValueError, OverflowError):  # no number, or without end
        year = date.max.year + 1 if years > 0 else date.min.year - 1
    try:
        return start.replace(year=year).toordinal()
    except ValueError:
        if not date.min.year <= year <= date.max.year:
            return (date.min if year < date.min.year else date.max).toordinal()
        return date(year, 3, 1).toordinal()


def add_months(day: int, months: Decimal) -> int:
    """Return the ordinal of the same day so many months later, or the month's last."""
    try:
        return later_by_months(date.fromordinal(day), int(months)).toordinal()
    except (ValueError, ArithmeticError):
        return (date.max if months > 0 else date.min).toordinal()


def mondays_between(start: int, end: int) -> Decimal:
    """Return how many Mondays lie between two ordinals, both included."""
    return Decimal(max(0, (end - _FIRST_MONDAY) // 7 - (start - 1 - _FIRST_MONDAY) // 7))


Members = Sequence[Any] | Mapping[int, Any]


def position(values: Members, tests: Members, members: Sequence[int], member: int) -> Decimal:
    """Return the place of a member among those who pass, from 1; 0 for one who does not."""
    if not tests[member]:
        return Decimal(0)
    mine = values[member]
    before = sum(
        1
        for other in members
        if tests[other] and (values[other] < mine or (values[other] == mine and other < member))
    )
    return Decimal(before + 1)


def _rounding(mode: str) -> Callable[[Node, Sequence[str], str], str]:
    return lambda node, inputs, constant: f"_rounded({inputs[0]}, {constant}, {mode!r})"


def _extreme(sign: str, name: str) -> Callable[[Node, Sequence[str], str], str]:
    def written(node: Node, inputs: Sequence[str], constant: str) -> str:
        if len(inputs) == 2:
            one, other = inputs
            return f"({one} if {one} {sign} {other} else {other})"
        return f"{name}({', '.join(inputs)})"

    return written


def _difference(node: Node, inputs: Sequence[str], constant: str) -> str:
    kind = node.type
    assert isinstance(kind, Kind)
    if kind.unit.base == "days":
        return f"_D({inputs[0]} - {inputs[1]})"
    return f"{inputs[0]} - {inputs[1]}"


def _infix(sign: str) -> Callable[[Node, Sequence[str], str], str]:
    return lambda node, inputs, constant: f"({inputs[0]} {sign} {inputs[1]})"


def _call(name: str) -> Callable[[Node, Sequence[str], str], str]:
    return lambda node, inputs, constant: f"{name}({', '.join(inputs)})"


_WRITTEN: Final[Mapping[str, Callable[[Node, Sequence[str], str], str]]] = {
    "add": _infix("+"),
    "sub": _difference,
    "mul": _infix("*"),
    "div": _infix("/"),
    "neg": lambda node, inputs, constant: f"(-{inputs[0]})",
    "and": _infix("and"),
    "or": _infix("or"),
    "not": lambda node, inputs, constant: f"(not {inputs[0]})",
    "eq": _infix("=="),
    "ne": _infix("!="),
    "lt": _infix("<"),
    "le": _infix("<="),
    "gt": _infix(">"),
    "ge": _infix(">="),
    "if": lambda node, inputs, constant: f"({inputs[1]} if {inputs[0]} else {inputs[2]})",
    "exception": lambda node, inputs, constant: f"({inputs[1]} if {inputs[0]} else {inputs[2]})",
    "relabel": lambda node, inputs, constant: inputs[0],
    "rule": lambda node, inputs, constant: inputs[0],
    "least": _extreme("<=", "min"),
    "greatest": _extreme(">=", "max"),
    "round_down": _rounding(ROUND_FLOOR),
    "round_up": _rounding(ROUND_CEILING),
    "round_half_up": _rounding(ROUND_HALF_UP),
    "scale": _call("_scale"),
    "steps": lambda node, inputs, constant: f"_stepped({inputs[0]}, *{constant})",
    "years_between": _call("_years_between"),
    "add_years": _call("_add_years"),
    "add_months": _call("_add_months"),
    "mondays_between": _call("_mondays_between"),
}
_FUNCTIONS: Final[Mapping[str, Any]] = {
    "_D": Decimal,
    "_rounded": rounded,
    "_scale": scale,
    "_stepped": stepped,
    "_years_between": years_between,
    "_add_years": add_years,
    "_add_months": add_months,
    "_mondays_between": mondays_between,
    "_position": position,
    "_ZERO": Decimal(0),
}


class Program:
    """A plan that can be run on the admitted facts of one situation."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        writer = _Writer(plan)
        self.source = writer.write()
        self._run = compiled(self.source, {**_FUNCTIONS, **writer.constants})

    def run(
        self,
        columns: Mapping[str, Sequence[Any]],
        structure: Structure,
        sizes: Mapping[str, int],
        day: int,
    ) -> dict[str, Sequence[Any]]:
        """Return the values of all variables of the plan, a list over the members each.

        Parameters
        ----------
        columns
            Name to admitted values; all that the plan's inputs name.
        sizes
            Name of an entity to how many there are.
        day
            Ordinal of the day of decision.
        """
        return self.noting(columns, structure, sizes, day)[0]

    def noting(
        self,
        columns: Mapping[str, Sequence[Any]],
        structure: Structure,
        sizes: Mapping[str, int],
        day: int,
    ) -> tuple[dict[str, Sequence[Any]], bool]:
        """Return what `run` does, and whether something was divided by zero or became too large.

        It may have been in a branch that is not taken: `faults` tells.
        """
        with decimal.localcontext(CONTEXT) as context:
            context.clear_flags()
            values: dict[str, Sequence[Any]] = self._run(columns, structure, sizes, day)
            return values, any(context.flags[signal] for signal in _DOUBTS)


class _Writer(PlanWriter):
    """Writes a value a node, and what is used once where it is used.

    A value that is used once and kept for nobody is written into the expression
    that uses it: it costs no name, and in a branch that is not taken nothing.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._texts: dict[int, tuple[str, int]] = {}
        self._once = _used_once(plan)

    def read(self, number: int, index: str) -> str:
        return f"a{number} = L{number}[{index}]"

    def keep(self, number: int) -> str:
        return f"L{number}[i] = a{number}"

    def whole(self, number: int) -> str:
        return f"[a{number}]"

    def compute(self, number: int, node: Node, entity: Entity) -> Iterable[str]:
        depth = max((self._text(part)[1] for part in node.inputs), default=0) + 1
        text = self._value(number, node, entity)
        plain = node.operation in ("literal", "rate")
        if (plain or (number in self._once and depth < _DEEPEST)) and number not in self.plan.kept:
            self._texts[number] = (text if plain else f"({text})", 0 if plain else depth)
            return ()
        return (f"a{number} = {text}",)

    def _text(self, number: int) -> tuple[str, int]:
        """Return the expression of a node where it is used, and how deep it is."""
        return self._texts.get(number) or (f"a{number}", 0)

    def _value(self, number: int, node: Node, entity: Entity) -> str:
        operation = node.operation
        if operation in ("literal", "rate"):
            value = node.data if operation == "literal" else node.data.value
            return self.constant(number, value)
        if operation == "today":
            return "today"
        if operation == "structure":
            return "partner[i] >= 0" if node.data == "has_partner" else "adult[i]"
        if operation == "partner":
            part = self.column(node.inputs[0])
            return f"{part}[partner[i]] if partner[i] >= 0 else {nothing(node)}"
        if operation == "position":
            value, test = (self.column(part) for part in node.inputs)
            members = f"down_person_{node.data}[up_person_{node.data}[i]]"
            return f"_position({value}, {test}, {members}, i)"
        if operation in ACROSS:
            return _over(operation, self.members(node, entity))
        inputs = [self._text(part)[0] for part in node.inputs]
        return in_words(node, inputs, self.data(number, node))

    def data(self, number: int, node: Node) -> str:
        """Return the name of the constant that belongs to an operation."""
        if node.operation == "steps":
            return self.constant(number, table_of(node))
        return self.constant(number, node.data) if node.operation.startswith("round") else ""


def _used_once(plan: Plan) -> frozenset[int]:
    """Return nodes that one node alone uses, once, in the same segment and as its operand."""
    users: dict[int, list[int]] = {}
    segment_of = {}
    for place, segment in enumerate(plan.segments):
        for number in segment.nodes:
            segment_of[number] = place
            if number not in plan.inputs:
                node = plan.graph[number]
                # What compares its operands writes them twice.
                twice = 2 if node.operation in ("least", "greatest") else 1
                for part in node.inputs:
                    users.setdefault(part, []).extend([number] * twice)
    return frozenset(
        number
        for number, by in users.items()
        if len(by) == 1
        and segment_of[number] == segment_of[by[0]]
        and plan.graph[by[0]].operation not in ACROSS
        and number not in plan.inputs
    )


def _count(values: Iterable[bool]) -> Decimal:
    return Decimal(sum(values))


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


OVER: Final[Mapping[str, Callable[[Any], Any]]] = {
    "sum": _sum,
    "count": _count,
    "max": max,
    "min": min,
    "any": any,
    "all": all,
}


@lru_cache(maxsize=16384)
def expression(node: Node) -> Callable[..., Any]:
    """Return an operation on values of one member as a function of its inputs."""
    names = [f"a{position}" for position in range(len(node.inputs))]
    constant = table_of(node) if node.operation == "steps" else node.data
    text = in_words(node, names, "_K")
    scope = {**_FUNCTIONS, "_K": constant}
    made: Callable[..., Any] = compiled(f"run = lambda {', '.join(names)}: {text}", scope)
    return made


def in_words(node: Node, inputs: Sequence[str], constant: str) -> str:
    """Return the expression of an operation on values of one member."""
    return _WRITTEN[node.operation](node, inputs, constant)


def table_of(node: Node) -> tuple[tuple[Any, ...], tuple[Any, ...], Any]:
    """Return the rows of a `steps` node: where they begin, what they give, and before them."""
    rows, otherwise = node.data
    return tuple(at for at, _ in rows), tuple(gives for _, gives in rows), otherwise


def nobodys(node: Node) -> Any:
    """Return what stands for the value of a partner who is not there."""
    kind = node.type
    assert isinstance(kind, Kind)
    if kind.unit.is_numeric:
        return Decimal(0)
    if kind.unit == DATE:
        return date.min.toordinal()
    return False if kind.unit == YES_NO else 0


def nothing(node: Node) -> str:
    """Return the expression of what stands for the value of a partner who is not there."""
    value = nobodys(node)
    return "_ZERO" if isinstance(value, Decimal) else repr(value)


def _over(operation: str, members: str) -> str:
    if operation == "sum":
        return f"sum({members}, _ZERO)"
    if operation == "count":
        return f"_D(sum({members}))"
    return f"{operation}({members})"  # every family and household has a member
