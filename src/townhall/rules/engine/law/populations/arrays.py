"""What the words of the law do to whole columns of NumPy.

Each function writes its result into an array that it is given, so that a program
runs in a few buffers which stay in the processor's cache; `out` is never one of
the arguments. Nothing here branches on a value: `numpy.where` does, and takes four
times as long on a condition that nobody can predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from townhall.rules.engine.law.populations import daycount
from townhall.rules.engine.law.populations.folding import (
    RELATIVE_TOLERANCE,
    STEP_TOLERANCE,
    TOLERANCE,
)

Array = NDArray[Any]
BITS: Final = {"f": np.int64, "i": np.int32, "c": np.int8}
DTYPES: Final = {"f": np.float64, "i": np.int32, "c": np.int8, "b": np.bool_}


def bits(value: Any, kind: str) -> Any:
    """Return a value, or an array, as whole numbers of the same bits."""
    if isinstance(value, np.ndarray):
        return value.view(BITS[kind])
    return DTYPES[kind](value).view(BITS[kind])


def mask(test: Array, out: Array) -> None:
    """Write all bits set where the test holds, and none where it does not."""
    np.copyto(out, test)
    np.negative(out, out=out)


def select(masked: Array, then: Any, otherwise: Any, kind: str, out: Array) -> None:
    """Write `then` where the mask is set, and `otherwise` where it is not, bit by bit."""
    masked, target = masked.view(BITS[kind]), out.view(BITS[kind])
    one, other = bits(then, kind), bits(otherwise, kind)
    if not isinstance(other, np.ndarray) and other == 0:
        np.bitwise_and(one, masked, out=target)
        return
    if not isinstance(one, np.ndarray) and one == 0:
        np.bitwise_not(masked, out=target)
        np.bitwise_and(target, other, out=target)
        return
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        np.bitwise_xor(one, other, out=target)
        np.bitwise_and(target, masked, out=target)
    else:
        np.bitwise_and(masked, one ^ other, out=target)
    np.bitwise_xor(target, other, out=target)


def select_flag(test: Array, then: Any, otherwise: Any, out: Array) -> None:
    """Write yes/no `then` where the test holds, and `otherwise` where it does not."""
    np.logical_xor(then, otherwise, out=out)
    np.logical_and(out, test, out=out)
    np.logical_xor(out, otherwise, out=out)


def compare(operation: str, one: Any, other: Any, spare: Array | None, out: Array) -> None:
    """Write whether the comparison holds; with a `spare` array, a hair's difference is none."""
    if spare is None:
        _COMPARE[operation](one, other, out=out)
        return
    if operation in ("eq", "ne"):
        np.subtract(one, other, out=spare)
        np.abs(spare, out=spare)
        (np.less_equal if operation == "eq" else np.greater)(spare, TOLERANCE, out=out)
        return
    by = TOLERANCE if operation in ("le", "gt") else -TOLERANCE
    if not isinstance(other, np.ndarray):
        _COMPARE[operation](one, other + by, out=out)
    elif not isinstance(one, np.ndarray):
        _COMPARE[operation](one - by, other, out=out)
    else:
        np.add(other, by, out=spare)
        _COMPARE[operation](one, spare, out=out)


def rounded(operation: str, value: Array, step: float, spare: Array, out: Array) -> None:
    """Write the multiple of `step` that the operation picks.

    A step of 0.01 is counted as a hundred to one: 57 / 100 is the float64 nearest
    to 0.57, and 57 * 0.01 is not.
    """
    parts = round(1 / step)
    whole = parts * step == 1
    if whole:
        np.multiply(value, float(parts), out=out)
    else:
        np.divide(value, step, out=out)
    np.abs(out, out=spare)
    if operation == "round_half_up":
        spare *= 1 + RELATIVE_TOLERANCE
        spare += 0.5 + STEP_TOLERANCE
        np.floor(spare, out=spare)
        np.copysign(spare, out, out=out)
    else:
        spare *= RELATIVE_TOLERANCE
        spare += STEP_TOLERANCE
        if operation == "round_down":
            out += spare
            np.floor(out, out=out)
        else:
            out -= spare
            np.ceil(out, out=out)
    if whole:
        out /= float(parts)
    else:
        out *= step


def scale(value: Array, bands: Sequence[Any], spare: Array, out: Array) -> None:
    """Write each slice of the value at its rate; `bands` are start, rate, start, rate ..."""
    before: Any = 0.0
    for position in range(0, len(bands), 2):
        start, share = bands[position : position + 2]
        target = spare if position else out
        np.subtract(value, start, out=target)
        np.maximum(target, 0.0, out=target)
        np.multiply(target, share - before, out=target)
        if position:
            np.add(out, spare, out=out)
        before = share


def stepped(value: Array, keys: Array, results: Array, rough: bool, out: Array) -> None:
    """Write the result of the last row that begins at or below the value."""
    if rough:
        value = value + TOLERANCE
    results.take(np.searchsorted(keys, value, side="right"), out=out, mode="clip")


def on_days(operation: str, one: Any, other: Any, out: Array) -> None:
    """Write the result of an operation of the calendar."""
    function = getattr(daycount, operation)
    first = one.astype(np.int64) if isinstance(one, np.ndarray) else int(one)
    second = other.astype(np.int64) if isinstance(other, np.ndarray) else int(other)
    np.copyto(out, function(first, second), casting="unsafe")


def spread(values: Array, index: Array | None, out: Array) -> None:
    """Write for each member the value of the wider entity; None: each has one member."""
    if index is None:
        np.copyto(out, values)
    else:
        values.take(index, out=out, mode="clip")


def of_partner(values: Array, partner: Array, coupled: Array, out: Array) -> None:
    """Write the value of the partner; where there is none, nothing, or the first of days."""
    values.take(partner, out=out, mode="clip")
    nothing = 1 if out.dtype == DTYPES["i"] else 0
    np.copyto(out, nothing, where=~coupled, casting="unsafe")


def over_members(operation: str, values: Array, index: Array | None, out: Array) -> None:
    """Write the sum or the count of members, or whether any or all fulfil a condition."""
    if index is None:
        np.copyto(out, values)
    elif operation == "all":
        lacking = np.bincount(index, weights=~values, minlength=len(out))
        np.equal(lacking, 0.0, out=out)
    else:
        found = np.bincount(index, weights=values, minlength=len(out))
        if operation == "any":
            np.greater(found, 0.0, out=out)
        else:
            np.copyto(out, found)


def extreme_of_members(operation: str, values: Array, starts: Array, out: Array) -> None:
    """Write the greatest or least value of the members; each group has one."""
    (np.maximum if operation == "max" else np.minimum).reduceat(values, starts, out=out)


def position(values: Array, tests: Array, of: Array, out: Array) -> None:
    """Write the place of each member among those of its group who pass, from 1; 0 for others."""
    out[:] = 0.0
    rows = np.flatnonzero(tests)
    if not len(rows):
        return
    order = np.lexsort((values[rows], of[rows]))
    rows = rows[order]
    groups = of[rows]
    first = np.concatenate([[True], groups[1:] != groups[:-1]])
    places = np.arange(len(rows))
    begun = np.maximum.accumulate(np.where(first, places, 0))
    out[rows] = places - begun + 1


_COMPARE: Final = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}
