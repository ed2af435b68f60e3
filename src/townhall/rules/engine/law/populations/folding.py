"""What a plan computes that is the same for everybody: worked out once, exactly.

Rates, the day, and all that rests on nothing else. A back end for populations
takes these values as constants, each the float64 nearest to the exact number. It
also reads through nodes that only name another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine.law.entities import WORLD, Entity
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.exact.decimals import Program
from townhall.rules.engine.law.planning import Plan
from townhall.rules.engine.law.situation import Structure
from townhall.rules.engine.law.terms import Kind
from townhall.rules.engine.law.units import Unit

TOLERANCE: Final = 1e-7
STEP_TOLERANCE: Final = 1e-9
RELATIVE_TOLERANCE: Final = 1e-12
"""How far a float64 may be from the exact number that it stands for.

Exact arithmetic puts 65,800 at 29 whole steps of 200 above 60,000, and capital of
three times 5,333.33 and a penny at 16,000. In float64 both can come out a little
below or above, and a floor or a comparison would then take the wrong side. So a
comparison of numbers that were computed counts a difference of up to `TOLERANCE`
as none, and a rounding counts a number as having reached a step that it misses by
`STEP_TOLERANCE` of the step and `RELATIVE_TOLERANCE` of the number. The errors of
a few hundred operations on amounts up to 1e9 stay below that; numbers that are
written or asked for have two to four decimals, so that no two of them are nearer.
"""

NAMING: Final = frozenset({"rule", "relabel"})
_NOBODY: Final = Structure(
    up=dict.fromkeys((("person", "family"), ("person", "household")), ())
    | {("family", "household"): ()},
    down=dict.fromkeys((("person", "family"), ("person", "household")), ())
    | {("family", "household"): ()},
    partner=(),
    adult=(),
)
_KEEPING: Final = frozenset({"if", "exception", "least", "greatest", "partner", "max", "min"})
_ROUGH: Final = frozenset({"add", "sub", "mul", "div", "neg", "sum", "scale"})


@dataclass(frozen=True)
class Folded:
    """A plan as back ends for populations read it.

    Attributes
    ----------
    constants
        Node to the exact value, of every node of the world.
    roots
        Node to the node that it names; itself where it names none.
    rough
        Nodes whose float64 may be a little off: what was computed, not given.
    """

    plan: Plan
    constants: Mapping[int, Any]
    roots: Mapping[int, int]
    rough: frozenset[int]

    def unit(self, number: int) -> Unit:
        """Return what a node counts."""
        return unit_of(self.plan, number)

    def entity(self, number: int) -> Entity:
        """Return whom the value of the node that a node names belongs to."""
        return self.plan.entity(self.roots[number])

    def float(self, number: int) -> Any:
        """Return a constant as float64, or as it is where it is a date, a choice or yes/no."""
        value = self.constants[number]
        return float(value) if isinstance(value, Decimal) else value


def fold(plan: Plan, day: date) -> Folded:
    """Return the plan with the constants of a day.

    Raises
    ------
    LawError
        If it computes something of a company: those are in no population.
    """
    order = [number for segment in plan.segments for number in segment.nodes]
    if any(segment.entity.name == "company" for segment in plan.segments):
        raise LawError("A population has no companies: leave out goals of a company.")
    roots: dict[int, int] = {}
    rough: set[int] = set()
    for number in order:
        node = plan.graph[number]
        naming = node.operation in NAMING and number not in plan.inputs
        roots[number] = roots[node.inputs[0]] if naming else number
        if number in plan.inputs:
            continue
        if naming or node.operation in _KEEPING:
            is_rough = any(part in rough for part in node.inputs)
        else:
            is_rough = node.operation in _ROUGH
        if is_rough and unit_of(plan, number).is_numeric:
            rough.add(number)
    return Folded(plan, _constants(plan, day), roots, frozenset(rough))


def unit_of(plan: Plan, number: int) -> Unit:
    """Return what a node counts."""
    kind = plan.graph[number].type
    assert isinstance(kind, Kind)
    return kind.unit


def _constants(plan: Plan, day: date) -> dict[int, Any]:
    segments = tuple(segment for segment in plan.segments if segment.entity == WORLD)
    numbers = [number for segment in segments for number in segment.nodes]
    world = Plan(plan.graph, segments, {}, {n: str(n) for n in numbers}, {}, frozenset(numbers))
    values = Program(world).run({}, _NOBODY, {}, day.toordinal())
    return {number: values[str(number)][0] for number in numbers}
