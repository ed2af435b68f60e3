"""How each operation becomes a step of the interpreter.

A step reads the slots of its inputs, and returns the value of its node. What
operations mean is in `primitives`; here they are only bound to slots.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from . import calendar as dates
from . import primitives, steps_lists
from .errors import AbsentUsed, EvaluationError
from .frame import OFFSET, Frame, Run
from .functions import Function, whole
from .graph import ItemRef, Node
from .types import ANY, NUMBER, ListType, MoneyType, RecordType
from .values import CONTEXT, Duration, Money, Special, Value

if TYPE_CHECKING:
    from .interpreter import Program


def _item(program: Program, number: int, node: Node) -> Run:
    reference: ItemRef = node.data
    position, path = -1 - reference.level, reference.path
    dotted = reference.dotted or "it"
    check = primitives.admission(node.type, dotted)

    def run(frame: Frame) -> Value:
        value = frame[0][position]
        return check(primitives.part_of(value, path, dotted) if path else value)

    return run


def _present(program: Program, number: int, node: Node) -> Run:
    slot = node.inputs[0] + OFFSET

    def run(frame: Frame) -> Value:
        value = frame[slot]
        if value.__class__ is not Special:
            return True
        return False if isinstance(value.error, AbsentUsed) else value

    return run


# --- logic


def _and(program: Program, number: int, node: Node) -> Run:
    slots = tuple(part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        return primitives.conjunction([frame[slot] for slot in slots])

    return run


def _or(program: Program, number: int, node: Node) -> Run:
    slots = tuple(part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        return primitives.disjunction([frame[slot] for slot in slots])

    return run


def _not(program: Program, number: int, node: Node) -> Run:
    slot = node.inputs[0] + OFFSET

    def run(frame: Frame) -> Value:
        value = frame[slot]
        return value if value.__class__ is Special else not value

    return run


def _if(program: Program, number: int, node: Node) -> Run:
    condition, then, otherwise = (part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        return primitives.choose(frame[condition], frame[then], frame[otherwise])

    return run


def _in(program: Program, number: int, node: Node) -> Run:
    value, items = (part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        return primitives.member(frame[value], frame[items])

    return run


# --- operations that need all their operands


def _pair(node: Node, function: Callable[[Any, Any], Value]) -> Run:
    left, right = (part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        one, other = frame[left], frame[right]
        if one.__class__ is Special or other.__class__ is Special:
            return primitives.strict((one, other))
        return function(one, other)

    return run


def _single(node: Node, function: Callable[[Any], Value]) -> Run:
    slot = node.inputs[0] + OFFSET

    def run(frame: Frame) -> Value:
        value = frame[slot]
        return value if value.__class__ is Special else function(value)

    return run


def _comparison(function: Callable[[Any, Any], Any]) -> Callable[[Program, int, Node], Run]:
    def compile_(program: Program, number: int, node: Node) -> Run:
        return _pair(node, function)

    return compile_


def _arithmetic(program: Program, number: int, node: Node) -> Run:
    kinds = tuple(program.graph[part].type for part in node.inputs)
    return _pair(node, _ARITHMETIC[node.operation, _kind(kinds[0]), _kind(kinds[1])])


def _kind(kind: object) -> str:
    return "money" if isinstance(kind, MoneyType) else str(kind)


def _take(left: Duration, right: Duration) -> Duration:
    return primitives.join_durations(left, -right)


_ARITHMETIC: Final[Mapping[tuple[str, str, str], Callable[[Any, Any], Value]]] = {
    ("add", "number", "number"): CONTEXT.add,
    ("sub", "number", "number"): CONTEXT.subtract,
    ("mul", "number", "number"): CONTEXT.multiply,
    ("div", "number", "number"): primitives.divide,
    ("add", "money", "money"): operator.add,
    ("sub", "money", "money"): operator.sub,
    ("mul", "money", "number"): operator.mul,
    ("div", "money", "number"): primitives.divide_money,
    ("div", "money", "money"): primitives.money_ratio,
    ("add", "duration", "duration"): primitives.join_durations,
    ("sub", "duration", "duration"): _take,
    ("span", "date", "date"): primitives.span,
}


def _neg(program: Program, number: int, node: Node) -> Run:
    return _single(node, CONTEXT.minus if node.type == NUMBER else operator.neg)


def _rounding(program: Program, number: int, node: Node) -> Run:
    rounded = primitives.rounding(node.operation, node.data)
    if node.type == NUMBER:
        return _single(node, rounded)

    def round_money(value: Money) -> Money:
        return Money(rounded(value.amount), value.currency)

    return _single(node, round_money)


def _cast(program: Program, number: int, node: Node) -> Run:
    slot, kind = node.inputs[0] + OFFSET, node.type
    source = program.graph[node.inputs[0]]
    dotted = steps_lists.name_of(source)

    def run(frame: Frame) -> Value:
        return primitives.admit(frame[slot], kind, dotted)

    return run


def _number(program: Program, number: int, node: Node) -> Run:
    return _single(node, Decimal)


def _matches(program: Program, number: int, node: Node) -> Run:
    return _single(node, program.scope.formats[node.data])


def _list(program: Program, number: int, node: Node) -> Run:
    slots = tuple(part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        return tuple(frame[slot] for slot in slots)

    return run


def _several(program: Program, number: int, node: Node) -> Run:
    """`least` and `greatest`."""
    slots = tuple(part + OFFSET for part in node.inputs)
    pick: Callable[[Any], Any] = min if node.operation == "least" else max

    def run(frame: Frame) -> Value:
        return primitives.extreme([frame[slot] for slot in slots], pick, node.operation)

    return run


# --- dates, parameters, functions


def _shift(program: Program, number: int, node: Node) -> Run:
    days = program.scope.calendar

    def function(day: date, duration: Duration) -> date:
        return dates.shift(day, duration, days)

    return _pair(node, function)


def _calendar_of(program: Program) -> dates.Calendar:
    assert program.scope.calendar is not None, "the checker saw a calendar"
    return program.scope.calendar


def _add_working_days(program: Program, number: int, node: Node) -> Run:
    calendar = _calendar_of(program)

    def function(day: date, count: Decimal) -> date:
        return calendar.add_working_days(day, whole(count, "The number of working days"))

    return _pair(node, function)


def _working_days_between(program: Program, number: int, node: Node) -> Run:
    calendar = _calendar_of(program)

    def function(start: date, end: date) -> Decimal:
        return Decimal(calendar.working_days_between(start, end))

    return _pair(node, function)


def _rate(program: Program, number: int, node: Node) -> Run:
    assert program.scope.parameters is not None, "the checker found the rate there"
    parameter = program.scope.parameters[node.data]

    def function(day: date) -> Value:
        return parameter.row(day).value

    return _single(node, function)


def _tariff(program: Program, number: int, node: Node) -> Run:
    parameters, key = program.scope.parameters, node.data
    assert parameters is not None, "the checker found the tariff there"
    slots = tuple(part + OFFSET for part in node.inputs)

    def run(frame: Frame) -> Value:
        values = [frame[slot] for slot in slots]
        special = primitives.strict(values)
        if special is not None:
            return special
        steps = [primitives.entry_key(value) for value in values[1:]]
        return parameters.tariff(key, values[0], steps)

    return run


def _call(program: Program, number: int, node: Node) -> Run:
    function = program.scope.function(node.data)
    assert isinstance(function, Function), "the checker found the function there"
    slots = tuple(part + OFFSET for part in node.inputs)
    deep = tuple(
        part + OFFSET
        for part in node.inputs
        if isinstance(program.graph[part].type, (ListType, RecordType))
        or program.graph[part].type == ANY
    )
    call, result = function.call, function.result
    name = f"the result of {function.name}"

    def run(frame: Frame) -> Value:
        values = [frame[slot] for slot in slots]
        special = primitives.strict(values)
        if special is not None:
            return special
        for slot in deep:
            special = primitives.special_inside(frame[slot])
            if special is not None:
                return special
        try:
            value = call(*values)
        except EvaluationError:
            raise
        except Exception as error:
            raise EvaluationError(f"{function.name}(...) failed: {error}") from error
        return primitives.admit(value, result, name)

    return run


COMPILERS: Final[Mapping[str, Callable[[Program, int, Node], Run]]] = {
    "item": _item,
    "present": _present,
    "and": _and,
    "or": _or,
    "not": _not,
    "if": _if,
    "in": _in,
    "eq": _comparison(operator.eq),
    "ne": _comparison(operator.ne),
    "lt": _comparison(operator.lt),
    "le": _comparison(operator.le),
    "gt": _comparison(operator.gt),
    "ge": _comparison(operator.ge),
    "add": _arithmetic,
    "sub": _arithmetic,
    "mul": _arithmetic,
    "div": _arithmetic,
    "span": _arithmetic,
    "neg": _neg,
    "shift": _shift,
    "list": _list,
    "least": _several,
    "greatest": _several,
    "number": _number,
    "cast": _cast,
    "round": _rounding,
    "floor": _rounding,
    "ceiling": _rounding,
    "matches": _matches,
    "add_working_days": _add_working_days,
    "working_days_between": _working_days_between,
    "rate": _rate,
    "tariff": _tariff,
    "call": _call,
    "any": steps_lists.over_list,
    "all": steps_lists.over_list,
    "sum": steps_lists.over_list,
    "min": steps_lists.over_list,
    "max": steps_lists.over_list,
    "count": steps_lists.count,
}
