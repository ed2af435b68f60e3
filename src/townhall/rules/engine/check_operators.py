"""Typing of the operators: what may be compared, added and multiplied."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .errors import ExpressionError
from .hints import date_hint, options_fit
from .syntax import Binary, Connective, If, Items, Literal, Unary
from .types import (
    ANY,
    DATE,
    DURATION,
    NUMBER,
    TEXT,
    YES_NO,
    ChoiceType,
    ListType,
    MoneyType,
    Type,
    is_ordered,
    is_scalar,
    is_text,
    unify,
)

if TYPE_CHECKING:
    from .check import Checker

_COMPARE: Final = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_TO_NUMBER: Final = "A choice is a text: turn it into a number with number(...)."


def connective(checker: Checker, tree: Connective) -> int:
    """`and` and `or`, of any number of conditions."""
    parts = tuple(checker.condition(part, tree.operator) for part in tree.parts)
    return checker.builder.add(tree.operator, parts, YES_NO)


def unary(checker: Checker, tree: Unary) -> int:
    if tree.operator == "not":
        return checker.builder.add("not", (checker.condition(tree.operand, "not"),), YES_NO)
    number = checker.node(tree.operand)
    node = checker.builder[number]
    if node.operation == "literal" and isinstance(node.data, Decimal):
        return checker.builder.add("literal", (), NUMBER, -node.data)
    if node.type not in (NUMBER, DURATION) and not isinstance(node.type, MoneyType):
        raise ExpressionError(
            f"negates {checker.describe(tree.operand, number)}, which is no amount.",
            tree.at + 1,
        )
    return checker.builder.add("neg", (number,), node.type)


def conditional(checker: Checker, tree: If) -> int:
    condition = checker.condition(tree.condition, "if")
    then, otherwise = checker.node(tree.then), checker.node(tree.otherwise)
    aligned = checker.align(then, otherwise)
    if aligned is None:
        raise ExpressionError(
            f"gives {checker.describe(tree.then, then)} after then but "
            f"{checker.describe(tree.otherwise, otherwise)} after else.",
            tree.at + 1,
            "Both must have one type.",
        )
    then, otherwise, kind = aligned
    return checker.builder.add("if", (condition, then, otherwise), kind)


def binary(checker: Checker, tree: Binary) -> int:
    left, right = checker.node(tree.left), checker.node(tree.right)
    if tree.operator in _COMPARE:
        return _comparison(checker, tree, left, right)
    if tree.operator in ("in", "not in"):
        number = _membership(checker, tree, left, right)
        if tree.operator == "in":
            return number
        checker.trees.setdefault(number, Binary("in", tree.left, tree.right, tree.at))
        return checker.builder.add("not", (number,), YES_NO)
    if tree.operator in ("+", "-"):
        return _sum(checker, tree, left, right)
    return _product(checker, tree, left, right)


def _comparison(checker: Checker, tree: Binary, left: int, right: int) -> int:
    operation = _COMPARE[tree.operator]
    aligned = checker.align(left, right)
    if aligned is not None:
        left, right, kind = aligned
        if tree.operator in ("==", "!="):
            one, other = checker.kind(left), checker.kind(right)
            if isinstance(one, ChoiceType) and isinstance(other, ChoiceType):
                _options_meet(tree, one, other)
            if is_scalar(kind) or kind == ANY:
                return checker.builder.add(operation, (left, right), YES_NO)
        elif is_ordered(kind) or kind == ANY:
            return checker.builder.add(operation, (left, right), YES_NO)
    message = (
        f"compares {checker.describe(tree.left, left)} with "
        f"{checker.describe(tree.right, right)} by {tree.operator}."
    )
    kinds = (checker.kind(left), checker.kind(right))
    hint = date_hint(kinds[0], tree.right) or date_hint(kinds[1], tree.left)
    if any(isinstance(kind, ChoiceType) and kind.numeric for kind in kinds):
        hint = _TO_NUMBER
    elif any(isinstance(kind, MoneyType) for kind in kinds):
        hint = "Compare money with money of the same currency, or with a written number."
    elif any(isinstance(kind, ListType) for kind in kinds):
        hint = "Ask  in,  any(...) or count(...) of a list."
    raise ExpressionError(message, tree.at + 1, hint)


def _options_meet(tree: Binary, one: ChoiceType, other: ChoiceType) -> None:
    """Refuse a comparison that can never be true, such as with a misspelt option."""
    if set(one.options) & set(other.options):
        return
    if isinstance(tree.left, Literal):
        one, other = other, one
    options_fit(one, other, tree)


def _membership(checker: Checker, tree: Binary, left: int, right: int) -> int:
    kind = checker.kind(right)
    if kind == ANY:
        return checker.builder.add("in", (left, right), YES_NO)
    if not isinstance(kind, ListType):
        raise ExpressionError(
            f"looks for something in {checker.describe(tree.right, right)}, which is no list.",
            tree.at + 1,
            "Ask contains(text, part)." if is_text(kind) else "",
        )
    converted = checker.converted(right, ListType(checker.kind(left)))
    one = checker.kind(left)
    if converted is not None:
        right, kind = converted, checker.kind(converted)
    item = kind.item if isinstance(kind, ListType) else ANY
    if isinstance(one, ChoiceType) and isinstance(item, ChoiceType):
        if isinstance(tree.right, Items):
            options_fit(one, item, tree.right)
        elif isinstance(tree.left, Literal):
            options_fit(item, one, tree.left)
    aligned = checker.converted(left, item)
    if aligned is not None:
        left = aligned
    elif unify(one, item) is None:
        raise ExpressionError(
            f"looks for {checker.describe(tree.left, left)} in a {kind}.", tree.at + 1
        )
    return checker.builder.add("in", (left, right), YES_NO)


def _sum(checker: Checker, tree: Binary, left: int, right: int) -> int:
    one, other = checker.kind(left), checker.kind(right)
    plus = tree.operator == "+"
    if one == DATE and other == DURATION:
        if not plus:
            right = checker.builder.add("neg", (right,), DURATION)
        return checker.builder.add("shift", (left, right), DATE)
    if one == DURATION and other == DATE and plus:
        return checker.builder.add("shift", (right, left), DATE)
    if one == DATE and other == DATE and not plus:
        return checker.builder.add("span", (left, right), DURATION)
    aligned = checker.align(left, right)
    if aligned is not None:
        left, right, kind = aligned
        if kind in (NUMBER, DURATION) or isinstance(kind, MoneyType):
            return checker.builder.add("add" if plus else "sub", (left, right), kind)
    verb, link = ("adds", "and") if plus else ("takes", "from")
    first, second = checker.describe(tree.left, left), checker.describe(tree.right, right)
    if not plus:
        first, second = second, first
    raise ExpressionError(f"{verb} {first} {link} {second}.", tree.at + 1, _sum_hint(one, other))


def _product(checker: Checker, tree: Binary, left: int, right: int) -> int:
    one, other = checker.kind(left), checker.kind(right)
    operation = "mul" if tree.operator == "*" else "div"
    kind: Type | None = None
    if one == NUMBER and other == NUMBER:
        kind = NUMBER
    elif isinstance(one, MoneyType) and other == NUMBER:
        kind = one
    elif operation == "mul" and one == NUMBER and isinstance(other, MoneyType):
        left, right, kind = right, left, other
    elif operation == "div" and one == other and isinstance(one, MoneyType):
        kind = NUMBER
    if kind is None:
        verb, link = ("multiplies", "by") if operation == "mul" else ("divides", "by")
        hint = ""
        if any(isinstance(part, ChoiceType) and part.numeric for part in (one, other)):
            hint = _TO_NUMBER
        raise ExpressionError(
            f"{verb} {checker.describe(tree.left, left)} {link} "
            f"{checker.describe(tree.right, right)}.",
            tree.at + 1,
            hint,
        )
    return checker.builder.add(operation, (left, right), kind)


def _sum_hint(one: Type, other: Type) -> str:
    kinds = (one, other)
    if any(isinstance(kind, MoneyType) for kind in kinds):
        if all(isinstance(kind, MoneyType) for kind in kinds):
            return "Both must be in one currency."
        return "Multiply a rate, or use a tariff."
    if DATE in kinds and NUMBER in kinds:
        return "Say of what: add_days(date, number), or  date + duration('2 weeks')."
    if all(is_text(kind) for kind in kinds) or TEXT in kinds:
        return "Texts cannot be joined in an expression; do it in a text with {names}."
    return ""
