"""Facts have the registers, kinds and shapes that the pack declares; nothing else gets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.jurisdiction import Register
from townhall.registers.models import NewFact


class FactRefused(ValueError):
    """The pack does not know such a fact, or its value does not have the declared shape."""


def known_register(key: str) -> Register:
    """Return the pack's description of a register.

    Raises
    ------
    FactRefused
    """
    known = catalogue.pack().registers
    if key not in known:
        raise FactRefused(f"The pack has no register {key!r}. It has: {', '.join(sorted(known))}.")
    return known[key]


def checked(fact: NewFact) -> NewFact:
    """Return `fact` with its value in canonical JSON.

    Raises
    ------
    FactRefused
        saying what was wrong and what the pack has instead.
    """
    register = known_register(fact.register)
    shape = register.facts.get(fact.kind)
    if shape is None:
        raise FactRefused(
            f"The register {fact.register!r} has no fact {fact.kind!r}. "
            f"It has: {', '.join(sorted(register.facts))}."
        )
    where = f"{fact.register}.{fact.kind} of {fact.key!r}"
    if not fact.key.isprintable():
        raise FactRefused(f"The key of {where} has characters that cannot be written.")
    if fact.ends:
        return replace(fact, value=None)
    if fact.value is None:
        raise FactRefused(f"{where} has no value. Leave the fact out, or let it end.")
    try:
        value = shapes.canonical(shape, fact.value, where)
    except shapes.WrongShape as error:
        raise FactRefused(f"{error}.") from error
    if not _storable(value):
        raise FactRefused(f"{where} has characters that cannot be stored (NUL or half a pair).")
    return replace(fact, value=value)


def _storable(value: Any) -> bool:
    """Say whether PostgreSQL can keep every text in `value` (no NUL, no lone surrogate)."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
    if isinstance(value, Mapping):
        return all(map(_storable, value.values()))
    if isinstance(value, list):
        return all(map(_storable, value))
    return True
