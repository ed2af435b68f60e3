"""The syntax tree of an expression, and its canonical text.

`at` is where the part stands in the text (for an operator, the operator
itself), counted from 0. It takes no part in equality: two trees are equal when
their texts say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | Decimal | bool
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Name:
    path: tuple[str, ...]
    at: int = field(compare=False, default=0)

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str  # "-" or "not"
    operand: Tree
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Tree
    right: Tree
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Connective:
    operator: str  # "and" or "or"
    parts: tuple[Tree, ...]
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class If:
    condition: Tree
    then: Tree
    otherwise: Tree
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Tree, ...]
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out: `['a', 'b']`."""

    items: tuple[Tree, ...]
    at: int = field(compare=False, default=0)


Tree: TypeAlias = Literal | Name | Unary | Binary | Connective | If | Call | Items

# How tightly each operator binds; shared by the parser and the printer.
BINDING: Final = {
    "or": 1,
    "and": 2,
    "not": 3,
    "==": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "not in": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "negative": 7,
}
COMPARISONS: Final = frozenset(name for name, level in BINDING.items() if level == 4)


def canonical(tree: Tree) -> str:
    """Return the one text that stands for the tree, with the fewest parentheses.

    Parsing it gives an equal tree.
    """
    return _text(tree, 0)


def _text(tree: Tree, outer: int) -> str:
    match tree:
        case Literal(value=value):
            return _literal(value)
        case Name():
            return tree.dotted
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(_text(argument, 0) for argument in arguments)})"
        case Items(items=items):
            return f"[{', '.join(_text(item, 0) for item in items)}]"
        case If(condition=condition, then=then, otherwise=otherwise):
            level = 0
            words = f"if {_text(condition, 0)} then {_text(then, 0)} else {_text(otherwise, 0)}"
        case Unary(operator="not", operand=operand):
            level = BINDING["not"]
            words = f"not {_text(operand, level)}"
        case Unary(operand=operand):
            level = BINDING["negative"]
            words = f"-{_text(operand, level)}"
        case Connective(operator=operator, parts=parts):
            level = BINDING[operator]
            words = f" {operator} ".join(_text(part, level + 1) for part in parts)
        case Binary(operator=operator, left=left, right=right):
            level = BINDING[operator]
            first = level + 1 if operator in COMPARISONS else level
            words = f"{_text(left, first)} {operator} {_text(right, level + 1)}"
    return f"({words})" if level < outer else words


def _literal(value: str | Decimal | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "'" + value.replace("'", "''") + "'"
