"""Random well-typed expressions, with values for them, wholly or partly known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from townhall.rules.engine import (
    ABSENT,
    DATE,
    NUMBER,
    UNKNOWN,
    YES_NO,
    ChoiceType,
    ListType,
    Money,
    MoneyType,
    RecordType,
    Scope,
)

MARK = RecordType("mark", {"mark": NUMBER})
KID = RecordType("kid", {"age": NUMBER, "ok": YES_NO, "marks": ListType(MARK)})
REC = RecordType("rec", {"n": NUMBER, "f": YES_NO})
SCOPE = Scope(
    {
        "a": YES_NO,
        "b": YES_NO,
        "x": NUMBER,
        "y": NUMBER,
        "k": ChoiceType(["p", "q", "r"]),
        "m": MoneyType("GBP"),
        "d": DATE,
        "kids": ListType(KID),
        "rec": REC,
        "nums": ListType(NUMBER),
    }
)

# --- expressions


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3, item: str = "") -> str:
    """Draw a yes/no expression; `item` says whose fields are in reach."""
    leaves = ["a", "b", "rec.f", "yes", "no", "present(x)", "present(rec)", "k == 'p'"]
    leaves += ["k in ['p', 'q']", "d < date('2020-01-01')", "m > 2", "present(d)"]
    if item == "kid":
        leaves += ["ok", "present(age)", "ok"]
    if depth == 0:
        return draw(st.sampled_from(leaves))
    part = conditions(depth - 1, item)
    number = numbers(depth - 1, item)
    shapes = ["leaf", "not", "and", "or", "if", "compare", "compare", "in"]
    if item != "mark":
        shapes += ["any", "all", "nums"]
    match draw(st.sampled_from(shapes)):
        case "leaf":
            return draw(st.sampled_from(leaves))
        case "not":
            return f"not ({draw(part)})"
        case "and":
            return f"({draw(part)}) and ({draw(part)})"
        case "or":
            return f"({draw(part)}) or ({draw(part)})"
        case "if":
            return f"if {draw(part)} then {draw(part)} else {draw(part)}"
        case "compare":
            sign = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
            return f"({draw(number)}) {sign} ({draw(number)})"
        case "in":
            word = draw(st.sampled_from(["in", "not in"]))
            return f"({draw(number)}) {word} [{draw(number)}, {draw(number)}, 1]"
        case "nums":
            word = draw(st.sampled_from(["any", "all"]))
            other = draw(number)
            source = draw(st.sampled_from(["nums", f"[x, {other}, 2]"]))
            return f"{word}({source}, it > {draw(number)})"
        case word:
            return f"{word}({_source(item)}, {draw(conditions(depth - 1, _inner(item)))})"


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3, item: str = "") -> str:
    """Draw a number expression."""
    leaves = ["x", "y", "rec.n", "0", "1", "2.5"]
    if item == "kid":
        leaves += ["age", "age"]
    if item == "mark":
        leaves += ["mark", "it.mark"]
    if depth == 0:
        return draw(st.sampled_from(leaves))
    part = numbers(depth - 1, item)
    shapes = ["leaf", "sign", "sign", "neg", "pick", "if", "nums", "round"]
    if item != "mark":
        shapes += ["sum", "count", "min"]
    match draw(st.sampled_from(shapes)):
        case "leaf":
            return draw(st.sampled_from(leaves))
        case "sign":
            return f"({draw(part)}) {draw(st.sampled_from('+-*/'))} ({draw(part)})"
        case "neg":
            return f"-({draw(part)})"
        case "pick":
            word = draw(st.sampled_from(["min", "max"]))
            return f"{word}({draw(part)}, {draw(part)})"
        case "if":
            condition = draw(conditions(depth - 1, item))
            return f"if {condition} then {draw(part)} else {draw(part)}"
        case "nums":
            return draw(
                st.sampled_from(["sum(nums)", "max(nums)", "count(nums)", "count(nums, it > 1)"])
            )
        case "round":
            return f"{draw(st.sampled_from(['round', 'floor', 'ceiling']))}({draw(part)}, 1)"
        case "count":
            return f"count({_source(item)}, {draw(conditions(depth - 1, _inner(item)))})"
        case word:
            return f"{word}({_source(item)}, {draw(numbers(depth - 1, _inner(item)))})"


def _source(item: str) -> str:
    return "marks" if item == "kid" else "kids"


def _inner(item: str) -> str:
    return "mark" if item == "kid" else "kid"


# --- values

_NUMBERS = st.sampled_from([Decimal(n) for n in ("-1", "0", "1", "2", "2.5", "3")])
_BOOLS = st.booleans()


def _or_absent(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.just(ABSENT))


_MARKS = st.lists(st.fixed_dictionaries({"mark": _or_absent(_NUMBERS)}), max_size=2)
_KIDS = st.lists(
    st.fixed_dictionaries({"age": _or_absent(_NUMBERS), "ok": _BOOLS, "marks": _MARKS}),
    max_size=3,
)
complete_values = st.fixed_dictionaries(
    {
        "a": _or_absent(_BOOLS),
        "b": _BOOLS,
        "x": _or_absent(_NUMBERS),
        "y": _NUMBERS,
        "k": st.sampled_from("pqr"),
        "m": st.sampled_from([Money(Decimal(n), "GBP") for n in (0, 2, 3)]),
        "d": _or_absent(st.sampled_from([date(2019, 1, 1), date(2021, 1, 1)])),
        "kids": _KIDS,
        "rec": _or_absent(st.fixed_dictionaries({"n": _or_absent(_NUMBERS), "f": _BOOLS})),
        "nums": st.lists(_NUMBERS, max_size=3),
    }
)


@st.composite
def hidden(draw: st.DrawFn, value: Any) -> Any:
    """Draw the value with parts of it made unknown, or left out."""
    if draw(st.integers(0, 3)) == 0:
        return UNKNOWN
    if isinstance(value, Mapping):
        parts = {key: draw(hidden(part)) for key, part in value.items()}
        leave_out = draw(st.booleans())
        return {k: v for k, v in parts.items() if not (leave_out and v is UNKNOWN)}
    if isinstance(value, list):
        return [draw(hidden(part)) for part in value]
    return value


def revealed(partial: Any, complete: Any, path: str, names: frozenset[str]) -> Any:
    """Return the partial value with the named parts filled in from the complete one."""
    if path in names:
        return complete
    if complete is ABSENT and any(name.startswith(f"{path}.") for name in names):
        return ABSENT  # the part asked for is found not to be there
    if isinstance(complete, Mapping):
        below = {} if partial is UNKNOWN else partial
        if partial is UNKNOWN and not any(name.startswith(f"{path}.") for name in names):
            return UNKNOWN
        return {
            key: revealed(below.get(key, UNKNOWN), part, f"{path}.{key}" if path else key, names)
            for key, part in complete.items()
        }
    if isinstance(complete, list):
        if partial is UNKNOWN:
            return UNKNOWN
        return [
            revealed(one, other, path, names) for one, other in zip(partial, complete, strict=True)
        ]
    return partial if partial is not UNKNOWN or path not in names else complete
