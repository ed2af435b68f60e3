"""Operations on intervals: the least and the greatest that a result can be.

Each is sound: whatever the inputs are within their bounds, the result is within
the bounds that are returned. Bounds may be infinite, and none is ever "no number".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine.law.exact import decimals

INFINITE: Final = Decimal("Infinity")
NO_NUMBER: Final = Decimal("NaN")
_NONE: Final = Decimal(0)
Bound = tuple[Any, Any, int]
"""The least, the greatest, and as bits the facts that can still change the value."""


def _times(one: Decimal, other: Decimal) -> Decimal:
    return _NONE if not one or not other else one * other


def multiply(
    low: Decimal, high: Decimal, least: Decimal, greatest: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the bounds of a product."""
    products = (
        _times(low, least),
        _times(low, greatest),
        _times(high, least),
        _times(high, greatest),
    )
    return min(products), max(products)


def divide(
    low: Decimal, high: Decimal, least: Decimal, greatest: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the bounds of a quotient; where the divisor can be zero there are none."""
    if least <= 0 <= greatest:
        return -INFINITE, INFINITE
    quotients = (
        _over(low, least),
        _over(low, greatest),
        _over(high, least),
        _over(high, greatest),
    )
    return min(quotients), max(quotients)


def _over(one: Decimal, other: Decimal) -> Decimal:
    # Without end over without end: the other three corners say how far it goes.
    return _NONE if one.is_infinite() and other.is_infinite() else one / other


def scale(low: Decimal, high: Decimal, *bands: Decimal) -> tuple[Decimal, Decimal]:
    """Return the bounds of a scale; `bands` are least, greatest of start, rate, start ..."""
    lows, highs = bands[0::2], bands[1::2]
    rates = (*lows[1::2], *highs[1::2])
    if lows == highs and min(rates) >= 0:
        return decimals.scale(low, *lows), _scale_up(high, lows)
    above = max(high - lows[0], _NONE)
    return _times(above, min(*rates, _NONE)), _times(above, max(*rates, _NONE))


def _scale_up(value: Decimal, bands: Sequence[Decimal]) -> Decimal:
    if value.is_infinite():
        return INFINITE if value > 0 and bands[-1] > 0 else decimals.scale(bands[-2], *bands)
    return decimals.scale(value, *bands)


def stepped(
    low: Any, high: Any, keys: Sequence[Any], results: Sequence[Any], otherwise: Any
) -> tuple[Any, Any]:
    """Return the least and greatest result of the rows that can hold."""
    first, last = bisect_right(keys, low), bisect_right(keys, high)
    found = [otherwise] if first == 0 else []
    found += results[max(first - 1, 0) : last]
    return min(found), max(found)


def position(
    values: Sequence[Bound], tests: Sequence[Bound], members: Sequence[int], member: int
) -> Bound:
    """Return the bounds of a place among members."""
    if not any(values[each][2] | tests[each][2] for each in members):
        exact = decimals.position(
            [value for value, _, _ in values], [test for test, _, _ in tests], members, member
        )
        return exact, exact, 0
    certain, possible, open_ = tests[member]
    if not possible:
        return _NONE, _NONE, 0
    low, high, mine = values[member]
    least, most = 1, 1
    for each in members:
        if each == member or not tests[each][1]:
            continue
        open_ |= values[each][2] | tests[each][2] | mine
        # Equal ones stand as they are listed.
        most += (values[each][0], each) < (high, member)
        least += bool(tests[each][0]) and (values[each][1], each) < (low, member)
    least = least if certain else 0
    return Decimal(least), Decimal(most), open_ if least != most else 0


def hull(members: Sequence[Bound], over: Callable[[Iterable[Any]], Any]) -> Bound:
    """Return the bounds of something over members that rises with each of them."""
    low = over([member[0] for member in members])
    high = over([member[1] for member in members])
    mask = 0
    if low != high:
        for least, most, open_ in members:
            # What lies below the greatest, or above the least, is out of the question.
            if (over is not max or most > low) and (over is not min or least < high):
                mask |= open_
    return low, high, mask
