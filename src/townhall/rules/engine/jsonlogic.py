"""Expressions as JSON-logic, for pages that show or hide questions at once.

The page's answer is a courtesy: the server's always wins. So only what means
the same there is exported; for anything else the export is None, and the page
waits for the server.

Values on the page: texts, dates (`2026-04-06`) and options are strings, numbers
and money (major units) are numbers, yes/no is a boolean, a list an array, a
record an object. What is not known, or absent, is null or missing.

See https://jsonlogic.com/operations.html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .graph import Body, Graph, Node
from .types import DATE, NUMBER, YES_NO, ListType, MoneyType, Type, is_text
from .values import Money

if TYPE_CHECKING:
    from .expression import Expression


class _NoEquivalentError(Exception):
    """A part of the expression means nothing in JSON-logic."""


def export(expression: Expression) -> Any | None:
    """Return the expression as JSON-logic, or None if it has no equivalent.

    Parameters
    ----------
    expression
        The expression. Rates, tariffs, durations, rounding, and the functions
        of packs have no equivalent.
    """
    try:
        return _export(expression.graph, expression.root, ())
    except _NoEquivalentError:
        return None


def _export(graph: Graph, number: int, within: tuple[str, ...]) -> Any:
    """Export one node; `within` is how a reducer reaches the item, if there is one."""
    node = graph[number]
    if node.operation == "literal":
        return _literal(node.data)
    if node.operation == "name":
        if within:
            raise _NoEquivalentError  # an item's condition sees only the item
        return {"var": ".".join(node.data)}
    if node.operation == "item":
        if node.data.level:
            raise _NoEquivalentError
        return {"var": ".".join((*within[1:], *node.data.path))}
    if node.operation in _LISTS:
        return _over_list(graph, node, within)
    make = _OPERATIONS.get(node.operation)
    if make is None:
        raise _NoEquivalentError
    kinds = tuple(graph[part].type for part in node.inputs)
    return make(kinds, [_export(graph, part, within) for part in node.inputs])


def _literal(value: Any) -> Any:
    match value:
        case bool() | str():
            return value
        case Decimal():
            return _number(value)
        case Money(amount=amount):
            return _number(amount)
        case date():
            return value.isoformat()
    raise _NoEquivalentError


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _always(operator: str) -> Callable[[tuple[Type, ...], list[Any]], Any]:
    def make(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
        return {operator: parts}

    return make


def _equal(soft: str, strict: str) -> Callable[[tuple[Type, ...], list[Any]], Any]:
    """Equality: the strict one, except of numbers, where 1 is 1.0."""

    def make(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
        if all(_is_amount(kind) for kind in kinds):
            return {soft: parts}
        if all(is_text(kind) or kind in (DATE, YES_NO) for kind in kinds):
            return {strict: parts}
        raise _NoEquivalentError

    return make


def _of(operator: str, *, dates: bool) -> Callable[[tuple[Type, ...], list[Any]], Any]:
    """An operation of numbers and money, and of dates if ISO texts serve as well."""

    def make(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
        if all(_is_amount(kind) or (dates and kind == DATE) for kind in kinds):
            return {operator: parts}
        raise _NoEquivalentError

    return make


def _is_amount(kind: Type) -> bool:
    return kind == NUMBER or isinstance(kind, MoneyType)


def _not(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
    return {"!": parts}


def _present(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
    return {"!==": [parts[0], None]}


def _in(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
    if not isinstance(kinds[1], ListType):
        raise _NoEquivalentError  # of a text it would look for a part
    return {"in": parts}


def _list(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
    return parts


def _number_of(kinds: tuple[Type, ...], parts: list[Any]) -> Any:
    return {"+": parts}  # JSON-logic's unary plus reads a number from a text


def _over_list(graph: Graph, node: Node, within: tuple[str, ...]) -> Any:
    """Lists: `some`, `all`, and sums by `reduce`."""
    if not isinstance(node.data, Body):
        raise _NoEquivalentError
    source = _export(graph, node.inputs[0], within)
    body = node.data
    if node.operation == "any":
        return {"some": [source, _export(body.graph, body.root, ("item",))]}
    if node.operation == "all":
        # JSON-logic says no of an empty list; ours says yes.
        each = {"all": [source, _export(body.graph, body.root, ("item",))]}
        return {"if": [{"!": [source]}, True, each]}
    if node.operation not in ("sum", "count"):
        raise _NoEquivalentError
    value = _export(body.graph, body.root, ("item", "current"))
    if node.operation == "count":
        value = {"if": [value, 1, 0]}
    return {"reduce": [source, {"+": [{"var": "accumulator"}, value]}, 0]}


_LISTS: Final = frozenset({"any", "all", "count", "sum", "min", "max"})
_OPERATIONS: Final[Mapping[str, Callable[[tuple[Type, ...], list[Any]], Any]]] = {
    "and": _always("and"),
    "or": _always("or"),
    "not": _not,
    "if": _always("if"),
    "in": _in,
    "eq": _equal("==", "==="),
    "ne": _equal("!=", "!=="),
    "lt": _of("<", dates=True),
    "le": _of("<=", dates=True),
    "gt": _of(">", dates=True),
    "ge": _of(">=", dates=True),
    "add": _of("+", dates=False),
    "sub": _of("-", dates=False),
    "mul": _of("*", dates=False),
    "div": _of("/", dates=False),
    "neg": _of("-", dates=False),
    "least": _of("min", dates=False),
    "greatest": _of("max", dates=False),
    "list": _list,
    "present": _present,
    "number": _number_of,
}
