"""Where two replays of one log differ: what a mirror and an operator show each other.

Equal entries and equal rules lead to equal states. Two states that differ after the same
entries mean that one of the two runs other rules, or other software.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from townhall.ledger.engine.registers.base import State

MOST: Final = 20
"""How many differences are told one by one."""


def differences(ours: State, theirs: State) -> list[str]:
    """Return in words where two states after the same entries differ; nothing if nowhere.

    Parameters
    ----------
    ours, theirs
        As each side replayed it.
    """
    found = _differences(ours, theirs)
    told = list(islice(found, MOST))
    more = sum(1 for _ in found)
    return [*told, f"and {more} more"] if more else told


def _differences(ours: State, theirs: State) -> Iterator[str]:
    for name in ("log", "origin", "size", "rules", "last_at"):
        yield from _two(name, getattr(ours, name), getattr(theirs, name))
    for key in sorted(ours.table.keys() | theirs.table.keys()):
        yield from _two(f"row {key!r}", ours.table.get(key), theirs.table.get(key))
    for chunk in sorted(ours.erased.keys() | theirs.erased.keys()):
        here, there = ours.erased.get(chunk, 0), theirs.erased.get(chunk, 0)
        yield from _two(f"erased entries, block {chunk}", f"{here:x}", f"{there:x}")


def _two(about: str, here: Any, there: Any) -> Iterator[str]:
    if here != there:
        yield f"{about}: {_short(here)} here, {_short(there)} there"


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
