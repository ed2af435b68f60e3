"""What the words of the law are in LLVM's assembly language, for one member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.exact.decimals import table_of
from townhall.rules.engine.law.populations import daycount
from townhall.rules.engine.law.populations.folding import (
    RELATIVE_TOLERANCE,
    STEP_TOLERANCE,
    TOLERANCE,
)
from townhall.rules.engine.law.populations.fused_code import TYPES, Code, Whole, number

_ARITHMETIC: Final = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
_FLOAT_TESTS: Final = {
    "eq": "oeq", "ne": "une", "lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge",
}  # fmt: skip
_WHOLE_TESTS: Final = {
    "eq": "eq", "ne": "ne", "lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge",
}  # fmt: skip
_CALENDAR: Final = frozenset({"years_between", "add_years", "add_months", "mondays_between"})


def word(
    code: Code, node: Node, values: Sequence[str], kinds: Sequence[str], kind: str, *, rough: bool
) -> str:
    """Write a node, and return the register of its value.

    Parameters
    ----------
    values, kinds
        Of its inputs.
    kind
        Of its own value.
    rough
        Whether inputs may be off by a hair.
    """
    operation = node.operation
    if operation == "sub" and kinds[0] == "i":
        days = code.put(f"sub i32 {values[0]}, {values[1]}")
        return code.put(f"sitofp i32 {days} to double")
    if operation in _ARITHMETIC:
        return code.put(f"{_ARITHMETIC[operation]} double {values[0]}, {values[1]}")
    if operation in ("and", "or"):
        return code.put(f"{operation} i1 {values[0]}, {values[1]}")
    if operation == "not":
        return code.put(f"xor i1 {values[0]}, true")
    if operation == "neg":
        return code.put(f"fneg double {values[0]}")
    if operation in _FLOAT_TESTS:
        return _test(code, operation, values, kinds[0], rough)
    if operation in ("if", "exception"):
        return _select(code, values[0], values[1], values[2], kind)
    if operation in ("least", "greatest"):
        found = values[0]
        for other in values[1:]:
            found = extreme(code, "max" if operation == "greatest" else "min", found, other, kind)
        return found
    if operation.startswith("round_"):
        return _rounded(code, operation, values[0], float(node.data))
    if operation == "scale":
        return _scale(code, values)
    if operation == "steps":
        hair = TOLERANCE if rough else 0.0
        return _stepped(code, node, values[0], (kinds[0], kind), hair)
    assert operation in _CALENDAR, operation
    return _on_days(code, operation, values, kinds, kind)


def extreme(code: Code, operation: str, one: str, other: str, kind: str) -> str:
    """Write the greater or the lesser of two values."""
    sign = "gt" if operation == "max" else "lt"
    test = f"fcmp o{sign}" if kind == "f" else f"icmp s{sign}"
    holds = code.put(f"{test} {TYPES[kind]} {one}, {other}")
    return _select(code, holds, one, other, kind)


def _select(code: Code, test: str, one: str, other: str, kind: str) -> str:
    held = TYPES[kind]
    return code.put(f"select i1 {test}, {held} {one}, {held} {other}")


def _test(code: Code, operation: str, values: Sequence[str], kind: str, rough: bool) -> str:
    one, other = values
    if kind != "f":
        return code.put(f"icmp {_WHOLE_TESTS[operation]} {TYPES[kind]} {one}, {other}")
    if rough and operation in ("eq", "ne"):
        apart = code.call("fabs", code.put(f"fsub double {one}, {other}"))
        sign = "ole" if operation == "eq" else "ogt"
        return code.put(f"fcmp {sign} double {apart}, {number(TOLERANCE)}")
    if rough:
        by = TOLERANCE if operation in ("le", "gt") else -TOLERANCE
        other = code.put(f"fadd double {other}, {number(by)}")
    return code.put(f"fcmp {_FLOAT_TESTS[operation]} double {one}, {other}")


def _rounded(code: Code, operation: str, value: str, step: float) -> str:
    parts = round(1 / step)
    whole = parts * step == 1
    into, back = ("fmul", "fdiv") if whole else ("fdiv", "fmul")
    by = number(float(parts) if whole else step)
    steps = code.put(f"{into} double {value}, {by}")
    size = code.call("fabs", steps)
    hair = code.put(f"fmul double {size}, {number(RELATIVE_TOLERANCE)}")
    hair = code.put(f"fadd double {hair}, {number(STEP_TOLERANCE)}")
    if operation == "round_down":
        found = code.call("floor", code.put(f"fadd double {steps}, {hair}"))
    elif operation == "round_up":
        found = code.call("ceil", code.put(f"fsub double {steps}, {hair}"))
    else:
        half = code.put(f"fadd double {size}, {number(0.5)}")
        found = code.call("floor", code.put(f"fadd double {half}, {hair}"))
        found = code.call("copysign", found, steps)
    return code.put(f"{back} double {found}, {by}")


def _scale(code: Code, values: Sequence[str]) -> str:
    value, *bands = values
    found = before = number(0.0)
    for start, share in zip(bands[0::2], bands[1::2], strict=True):
        above = code.put(f"fsub double {value}, {start}")
        above = extreme(code, "max", above, number(0.0), "f")
        more = code.put(f"fsub double {share}, {before}")
        part = code.put(f"fmul double {above}, {more}")
        found = code.put(f"fadd double {found}, {part}")
        before = share
    return found


def _stepped(code: Code, node: Node, value: str, kinds: tuple[str, str], hair: float) -> str:
    at_kind, kind = kinds
    at, gives, otherwise = table_of(node)

    def plain(each: object) -> str:
        if kind == "f":
            return number(float(each))  # type: ignore[arg-type]
        return str(each).lower()

    found = plain(otherwise)
    for start, result in zip(at, gives, strict=True):
        begins = number(float(start) - hair) if at_kind == "f" else str(int(start))
        test = "fcmp oge" if at_kind == "f" else "icmp sge"
        holds = code.put(f"{test} {TYPES[at_kind]} {value}, {begins}")
        found = _select(code, holds, plain(result), found, kind)
    return found


def _on_days(
    code: Code, operation: str, values: Sequence[str], kinds: Sequence[str], kind: str
) -> str:
    given = [
        Whole(code, code.put(f"call i32 @llvm.fptosi.sat.i32.f64(double {value})"))
        if each == "f"
        else Whole(code, value)
        for value, each in zip(values, kinds, strict=True)
    ]
    found: str = getattr(daycount, operation)(*given).name
    return code.put(f"sitofp i32 {found} to double") if kind == "f" else found
