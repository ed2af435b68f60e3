"""The types of the expression language.

A type is a frozen value; two equal types are interchangeable. Types are
checked once, when an expression is loaded, so that evaluation never meets
money of two currencies or a date compared with a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType


class Type:
    """Base of all types; `str(type)` is the name that people read."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SimpleType(Type):
    """A type without parts, such as text or date."""

    name: str

    def __str__(self) -> str:
        return self.name


TEXT = SimpleType("text")
NUMBER = SimpleType("number")
DATE = SimpleType("date")
DURATION = SimpleType("duration")
YES_NO = SimpleType("yes/no")
FILE = SimpleType("file")
PLACE = SimpleType("place")
ANY = SimpleType("anything")


@dataclass(frozen=True, slots=True)
class MoneyType(Type):
    """Amounts of one currency (ISO 4217 code)."""

    currency: str

    def __str__(self) -> str:
        return f"money ({self.currency})"


@dataclass(frozen=True, slots=True)
class ChoiceType(Type):
    """One of a fixed list of option keys; the value is the key, a text."""

    options: tuple[str, ...]

    def __init__(self, options: Iterable[str]) -> None:
        object.__setattr__(self, "options", tuple(str(option) for option in options))

    @property
    def numeric(self) -> bool:
        """Whether every option is written as a number (3, 6, 12)."""
        return bool(self.options) and all(_is_number(option) for option in self.options)

    def __str__(self) -> str:
        return "choice"


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """Any number of values of one type."""

    item: Type

    def __str__(self) -> str:
        return f"list of {self.item}"


@dataclass(frozen=True, slots=True)
class RecordType(Type):
    """A value with named parts, such as a vehicle with a keeper."""

    name: str
    fields: Mapping[str, Type]

    def __init__(self, name: str, fields: Mapping[str, Type]) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "fields", MappingProxyType(dict(fields)))

    def __hash__(self) -> int:
        return hash(self.name)  # equal types have equal names; the fields cost too much

    def __str__(self) -> str:
        return self.name


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def is_text(kind: Type) -> bool:
    """Whether values of the type are texts (text, or a choice's key)."""
    return kind == TEXT or isinstance(kind, ChoiceType)


def is_ordered(kind: Type) -> bool:
    """Whether `<` has a meaning for two values of the type."""
    return kind in (NUMBER, DATE, DURATION) or isinstance(kind, MoneyType)


def is_scalar(kind: Type) -> bool:
    """Whether `==` has a meaning for two values of the type."""
    return is_ordered(kind) or is_text(kind) or kind == YES_NO


def unify(left: Type, right: Type) -> Type | None:
    """Return the type that holds values of both types, or None.

    Parameters
    ----------
    left, right
        The types of, say, the two branches of an `if`.
    """
    if left == right:
        return left
    if ANY in (left, right):
        return ANY
    if isinstance(left, ChoiceType) and isinstance(right, ChoiceType):
        return ChoiceType(dict.fromkeys((*left.options, *right.options)))
    if is_text(left) and is_text(right):
        return TEXT
    if isinstance(left, ListType) and isinstance(right, ListType):
        item = unify(left.item, right.item)
        return None if item is None else ListType(item)
    return None


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for."""
    if wanted == given or ANY in (wanted, given):
        return True
    if wanted == TEXT:
        return isinstance(given, ChoiceType)
    if isinstance(wanted, ChoiceType) and isinstance(given, ChoiceType):
        return set(given.options) <= set(wanted.options)
    if isinstance(wanted, ListType) and isinstance(given, ListType):
        return accepts(wanted.item, given.item)
    if isinstance(wanted, RecordType) and isinstance(given, RecordType):
        return all(
            name in given.fields and accepts(field, given.fields[name])
            for name, field in wanted.fields.items()
        )
    return False
