"""From syntax tree to typed graph: names, types, and what to write instead.

The one implicit conversion is that of a literal: a bare number beside money is
read in the currency, and beside a choice of numbers as the option so written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from . import check_forms, check_names, check_operators
from .errors import ExpressionError
from .functions import Form, Function
from .graph import Body, Builder
from .hints import date_hint, did_you_mean, options_fit, short, wrong_count
from .scope import Scope
from .syntax import (
    Binary,
    Call,
    Connective,
    If,
    Items,
    Literal,
    Name,
    Tree,
    Unary,
    canonical,
)
from .types import (
    ANY,
    DATE,
    NUMBER,
    YES_NO,
    ChoiceType,
    ListType,
    MoneyType,
    Type,
    accepts,
    unify,
)
from .values import Money

MAX_NESTED_LISTS: Final = 3


@dataclass(frozen=True, slots=True)
class Item:
    """The item of the list whose condition is being read."""

    prefix: str
    type: Type


class Checker:
    """Types one tree. Collects the graph, and the names and parameters used."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.builder = Builder()
        self.trees: dict[int, Tree] = {}
        self.names: set[str] = set()
        self.parameters: set[str] = set()
        self.items: list[Item] = []
        self.resolved: dict[int, str] = {}  # where a name stands, to its dotted name

    # --- entry points

    def node(self, tree: Tree) -> int:
        """Add the tree to the graph, and return its number."""
        number = _READERS[tree.__class__](self, tree)
        self.trees.setdefault(number, tree)
        return number

    def kind(self, number: int) -> Type:
        """Return the type of a node."""
        return self.builder[number].type

    def fit(self, number: int, wanted: Type, tree: Tree, place: str) -> int:
        """Return a node of the wanted type: the same, or a converted literal.

        Raises
        ------
        ExpressionError
            If the node's type does not fit.
        """
        converted = self.converted(number, wanted)
        if converted is not None:
            return converted
        given = self.kind(number)
        if isinstance(wanted, ChoiceType) and isinstance(given, ChoiceType):
            options_fit(wanted, given, tree)
        raise ExpressionError(
            f"{place} {self.describe(tree, number)}, but {wanted} is needed.",
            tree.at + 1,
            date_hint(wanted, tree),
        )

    def condition(self, tree: Tree, place: str) -> int:
        """Add a tree that must be yes or no."""
        number = self.node(tree)
        if self.kind(number) == YES_NO:
            return number
        if self.kind(number) == ANY:
            return self.builder.add("cast", (number,), YES_NO)
        raise ExpressionError(
            f"uses {self.describe(tree, number)} with {place}, which needs yes or no.",
            tree.at + 1,
            "Compare it with something, such as  == 1.",
        )

    def describe(self, tree: Tree, number: int) -> str:
        """Name the tree and its type for a person: `months (number)`."""
        kind = self.kind(number)
        match tree:
            case Literal(value=str() as value):
                return f"the text '{value[:40]}'"
            case Literal(value=Decimal()):
                return f"the number {canonical(tree)}"
            case Name():
                words = kind.currency if isinstance(kind, MoneyType) else str(kind)
                return f"{tree.dotted} ({words})"
        return str(kind)

    def today(self) -> int:
        """Add the reference date."""
        self.names.add("today")
        return self.builder.add("name", (), DATE, ("today",))

    # --- conversion of literals

    def align(self, left: int, right: int) -> tuple[int, int, Type] | None:
        """Bring two nodes to one type; None if their types cannot meet."""
        one, other = self.kind(left), self.kind(right)
        kind = unify(one, other)
        if kind is not None:
            return left, right, kind
        converted = self.converted(right, one)
        if converted is not None:
            return left, converted, one
        converted = self.converted(left, other)
        if converted is not None:
            return converted, right, other
        return None

    def converted(self, number: int, wanted: Type) -> int | None:
        """Return the node in the wanted type, converting literals; None if it does not fit."""
        node = self.builder[number]
        if node.type == ANY and wanted != ANY:
            return self.builder.add("cast", (number,), wanted)
        if accepts(wanted, node.type):
            return number
        new: int | None = None
        if node.operation == "literal" and isinstance(node.data, Decimal):
            new = self._converted_literal(node.data, wanted)
        elif node.operation in ("if", "least", "greatest", "list"):
            keep = node.inputs[:1] if node.operation == "if" else ()
            inner = wanted
            if node.operation == "list":
                if not isinstance(wanted, ListType):
                    return None
                inner = wanted.item
            parts = [self.converted(part, inner) for part in node.inputs[len(keep) :]]
            fitting = tuple(part for part in parts if part is not None)
            if len(fitting) == len(parts):
                new = self.builder.add(node.operation, keep + fitting, wanted)
        if new is not None and number in self.trees:
            self.trees.setdefault(new, self.trees[number])
        return new

    def _converted_literal(self, value: Decimal, wanted: Type) -> int | None:
        if isinstance(wanted, MoneyType) and wanted.currency == self.scope.currency:
            return self.builder.add("literal", (), wanted, Money(value, wanted.currency))
        if isinstance(wanted, ChoiceType) and wanted.numeric:
            for option in wanted.options:
                if Decimal(option) == value:
                    return self.builder.add("literal", (), ChoiceType((option,)), option)
        return None

    def body(self, tree: Tree, source: Tree, kind: Type) -> tuple[Body, tuple[int, ...]]:
        """Read what is evaluated for each item of a list.

        Returns the body, and the nodes of this graph for the names in it.
        """
        if len(self.items) >= MAX_NESTED_LISTS:
            raise ExpressionError(
                f"looks into lists within lists more than {MAX_NESTED_LISTS} deep.", tree.at + 1
            )
        prefix = self.prefix(source)
        outer, trees = self.builder, self.trees
        self.builder, self.trees = Builder(), {}
        self.items.append(Item(prefix, kind))
        try:
            graph, root, moved = self.builder.build(self.node(tree))
            body = Body(graph, root, moved_trees(self.trees, moved))
        finally:
            self.items.pop()
            self.builder, self.trees = outer, trees
        names = tuple(
            self.builder.add("name", (), node.type, node.data)
            for node in body.graph
            if node.operation == "name"
        )
        return body, names

    def prefix(self, source: Tree) -> str:
        """Return the dotted name of a list, or nothing if it has none."""
        if not isinstance(source, Name):
            return ""
        node = self.builder[self.node(source)]
        if node.operation == "item":
            return str(node.data.dotted)
        return source.dotted if node.operation == "name" else ""


def moved_trees(
    trees: Mapping[int, Tree], moved: Mapping[int, int]
) -> tuple[tuple[int, Tree], ...]:
    """Return what the nodes were read from, under the numbers of the built graph."""
    return tuple((moved[number], tree) for number, tree in trees.items() if number in moved)


def _literal(checker: Checker, tree: Literal) -> int:
    value = tree.value
    if isinstance(value, bool):
        kind: Type = YES_NO
    elif isinstance(value, Decimal):
        kind = NUMBER
    else:
        # A written-out text is a choice of one: misspelt options are found.
        kind = ChoiceType((value,))
    return checker.builder.add("literal", (), kind, value)


def _list(checker: Checker, tree: Items) -> int:
    numbers = [checker.node(item) for item in tree.items]
    if not numbers:
        raise ExpressionError("has an empty list.", tree.at + 1, "Name at least one item.")
    kind: Type = checker.kind(numbers[0])
    for item, number in zip(tree.items, numbers, strict=True):
        joined = unify(kind, checker.kind(number))
        if joined is None:
            raise ExpressionError(
                f"mixes {kind} and {checker.kind(number)} in one list.", item.at + 1
            )
        kind = joined
    return checker.builder.add("list", tuple(numbers), ListType(kind))


def _call(checker: Checker, tree: Call) -> int:
    function = checker.scope.function(tree.name)
    if function is None:
        names = [function.name for function in checker.scope.functions]
        hint = did_you_mean(tree.name, names) or f"Functions: {', '.join(sorted(names))}."
        raise ExpressionError(
            f'calls "{short(tree.name)}", which is no function.', tree.at + 1, hint
        )
    if isinstance(function, Form):
        return check_forms.FORMS[function.name](checker, tree)
    return _function(checker, function, tree)


def _function(checker: Checker, function: Function, tree: Call) -> int:
    wanted = list(function.parameters)
    given = len(tree.arguments)
    if function.variadic and wanted and given >= len(wanted) - 1:
        wanted = wanted[:-1] + wanted[-1:] * (given - len(wanted) + 1)
    if given != len(wanted):
        raise wrong_count(tree, function.usage)
    numbers = []
    for argument, kind in zip(tree.arguments, wanted, strict=True):
        number = checker.node(argument)
        numbers.append(checker.fit(number, kind, argument, f"gives {tree.name}"))
    return checker.builder.add("call", tuple(numbers), function.result, function.name)


_READERS: Final[Mapping[type, Callable[[Checker, Any], int]]] = {
    Literal: _literal,
    Name: check_names.resolve,
    Items: _list,
    Unary: check_operators.unary,
    Binary: check_operators.binary,
    Connective: check_operators.connective,
    If: check_operators.conditional,
    Call: _call,
}
