"""From syntax tree to typed graph: names, types, and what to write instead.

The one implicit conversion is that of a literal: a bare number beside money is
read in the currency, and beside a choice of numbers as the option so written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from . import check_forms
from .errors import ExpressionError
from .functions import Form, Function
from .graph import Body, Builder
from .hints import date_hint, did_you_mean, wrong_count
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
    DURATION,
    NUMBER,
    TEXT,
    YES_NO,
    ChoiceType,
    ListType,
    MoneyType,
    RecordType,
    Type,
    accepts,
    is_ordered,
    is_scalar,
    is_text,
    unify,
)
from .values import Money

MAX_NESTED_LISTS: Final = 3
_COMPARE: Final = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


class ItemRef(NamedTuple):
    """Data of an `item` node."""

    level: int  # 0: the innermost list
    path: tuple[str, ...]  # within the item
    dotted: str  # how a person would name it, such as children.age


@dataclass(frozen=True, slots=True)
class _Item:
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
        self.items: list[_Item] = []

    # --- entry points

    def node(self, tree: Tree) -> int:
        """Add the tree to the graph, and return its number."""
        match tree:
            case Literal():
                number = self._literal(tree)
            case Name():
                number = self.name(tree)
            case Binary():
                number = self._binary(tree)
            case Connective():
                parts = tuple(self.condition(part, tree.operator) for part in tree.parts)
                number = self.builder.add(tree.operator, parts, YES_NO)
            case Unary():
                number = self._unary(tree)
            case If():
                number = self._if(tree)
            case Call():
                number = self._call(tree)
            case Items():
                number = self._list(tree)
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
        converted = self._converted(number, wanted)
        if converted is not None:
            return converted
        if isinstance(wanted, ChoiceType) and isinstance(self.kind(number), ChoiceType):
            self._options_fit(wanted, self.builder[number].type, tree)
        raise ExpressionError(
            f"{place} {self.describe(tree, number)}, but {wanted} is needed.",
            tree.at + 1,
            date_hint(wanted, tree),
        )

    def condition(self, tree: Tree, place: str) -> int:
        """Add a tree that must be yes or no."""
        number = self.node(tree)
        if self.kind(number) in (YES_NO, ANY):
            return number
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
                return tree.dotted if isinstance(kind, MoneyType) else f"{tree.dotted} ({kind})"
        return str(kind)

    # --- leaves

    def _literal(self, tree: Literal) -> int:
        value = tree.value
        if isinstance(value, bool):
            kind: Type = YES_NO
        elif isinstance(value, Decimal):
            kind = NUMBER
        else:
            # A written-out text is a choice of one: misspelt options are found.
            kind = ChoiceType((value,))
        return self.builder.add("literal", (), kind, value)

    def name(self, tree: Name) -> int:
        """Resolve a name: field of an item, then datum, then parameter."""
        root, rest = tree.path[0], tree.path[1:]
        for level, item in enumerate(reversed(self.items)):
            if root == "it" and level == 0:
                return self._item(tree, level, item, rest)
            if isinstance(item.type, RecordType) and root in item.type.fields:
                return self._item(tree, level, item, tree.path)
        kind = self.scope.type_of(root)
        if kind is not None:
            kind = self._walk(tree, kind, root, rest)
            self.names.add(tree.dotted)
            return self.builder.add("name", (), kind, tree.path)
        parameters = self.scope.parameters
        if parameters is not None and tree.dotted in parameters:
            return check_forms.rate_node(self, tree.dotted, None, tree)
        raise self._unknown_name(tree, root)

    def today(self) -> int:
        """Add the reference date."""
        self.names.add("today")
        return self.builder.add("name", (), DATE, ("today",))

    def _item(self, tree: Name, level: int, item: _Item, path: tuple[str, ...]) -> int:
        kind = self._walk(tree, item.type, tree.path[0] if path == tree.path else "it", path)
        dotted = ".".join(part for part in (item.prefix, *path) if part)
        if item.prefix:
            self.names.add(dotted)
        return self.builder.add("item", (), kind, ItemRef(level, path, dotted))

    def _walk(self, tree: Name, kind: Type, start: str, path: tuple[str, ...]) -> Type:
        """Follow the parts of a dotted name to its type."""
        done = start
        for part in path:
            if kind == ANY:
                return ANY
            if isinstance(kind, ListType):
                raise ExpressionError(
                    f'takes "{part}" of {done}, which is a list.',
                    tree.at + 1,
                    f"Say of which item: any({done}, {part} == ...), sum({done}, {part}).",
                )
            fields = kind.fields if isinstance(kind, RecordType) else {}
            if part not in fields:
                raise self._unknown_part(tree, part, done, kind, fields)
            kind = fields[part]
            done = f"{done}.{part}" if done != part else done
        return kind

    def _unknown_part(
        self, tree: Name, part: str, done: str, kind: Type, fields: Iterable[str]
    ) -> ExpressionError:
        names = list(fields)
        if not names:
            return ExpressionError(
                f'takes "{part}" of {done}, which is {kind} and has no parts.', tree.at + 1
            )
        hint = did_you_mean(part, names, f"{done}.")
        listing = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
        return ExpressionError(
            f'uses "{tree.dotted}", which does not exist.',
            tree.at + 1,
            f"{hint} {done} has: {listing}.".strip(),
        )

    def _unknown_name(self, tree: Name, root: str) -> ExpressionError:
        known = [*self.scope.names, "today"]
        if self.scope.parameters is not None:
            known.extend(self.scope.parameters.keys())
        for item in self.items:
            known.extend(item.type.fields if isinstance(item.type, RecordType) else ())
        hint = did_you_mean(tree.dotted, known) or did_you_mean(root, known)
        if not hint and self.scope.function(root):
            hint = f"{root} is a function: write {root}(...)."
        if not hint:
            shown = sorted(self.scope.names)[:12]
            hint = f"Known names: {', '.join(shown) or 'none'}."
        return ExpressionError(f'uses "{tree.dotted}", which does not exist.', tree.at + 1, hint)

    def _list(self, tree: Items) -> int:
        numbers = [self.node(item) for item in tree.items]
        if not numbers:
            raise ExpressionError("has an empty list.", tree.at + 1, "Name at least one item.")
        kind: Type = self.kind(numbers[0])
        for item, number in zip(tree.items, numbers, strict=True):
            joined = unify(kind, self.kind(number))
            if joined is None:
                raise ExpressionError(
                    f"mixes {kind} and {self.kind(number)} in one list.", item.at + 1
                )
            kind = joined
        return self.builder.add("list", tuple(numbers), ListType(kind))

    # --- operators

    def _unary(self, tree: Unary) -> int:
        if tree.operator == "not":
            return self.builder.add("not", (self.condition(tree.operand, "not"),), YES_NO)
        number = self.node(tree.operand)
        node = self.builder[number]
        if node.operation == "literal" and isinstance(node.data, Decimal):
            return self.builder.add("literal", (), NUMBER, -node.data)
        if node.type not in (NUMBER, DURATION) and not isinstance(node.type, MoneyType):
            raise ExpressionError(
                f"negates {self.describe(tree.operand, number)}, which is no amount.",
                tree.at + 1,
            )
        return self.builder.add("neg", (number,), node.type)

    def _if(self, tree: If) -> int:
        condition = self.condition(tree.condition, "if")
        then, otherwise = self.node(tree.then), self.node(tree.otherwise)
        aligned = self.align(then, otherwise)
        if aligned is None:
            raise ExpressionError(
                f"gives {self.describe(tree.then, then)} after then but "
                f"{self.describe(tree.otherwise, otherwise)} after else.",
                tree.at + 1,
                "Both must have one type.",
            )
        then, otherwise, kind = aligned
        return self.builder.add("if", (condition, then, otherwise), kind)

    def _binary(self, tree: Binary) -> int:
        left, right = self.node(tree.left), self.node(tree.right)
        if tree.operator in _COMPARE:
            return self._comparison(tree, left, right)
        if tree.operator in ("in", "not in"):
            number = self._membership(tree, left, right)
            if tree.operator == "in":
                return number
            return self.builder.add("not", (number,), YES_NO)
        if tree.operator in ("+", "-"):
            return self._sum(tree, left, right)
        return self._product(tree, left, right)

    def _comparison(self, tree: Binary, left: int, right: int) -> int:
        operation = _COMPARE[tree.operator]
        aligned = self.align(left, right)
        if aligned is not None:
            left, right, kind = aligned
            if tree.operator in ("==", "!="):
                one, other = self.kind(left), self.kind(right)
                if isinstance(one, ChoiceType) and isinstance(other, ChoiceType):
                    self._options_meet(tree, one, other)
                if is_scalar(kind) or kind == ANY:
                    return self.builder.add(operation, (left, right), YES_NO)
            elif is_ordered(kind) or kind == ANY:
                return self.builder.add(operation, (left, right), YES_NO)
        message = (
            f"compares {self.describe(tree.left, left)} with "
            f"{self.describe(tree.right, right)} by {tree.operator}."
        )
        kinds = (self.kind(left), self.kind(right))
        hint = date_hint(kinds[0], tree.right) or date_hint(kinds[1], tree.left)
        if any(isinstance(kind, ChoiceType) and kind.numeric for kind in kinds):
            hint = "A choice is a text: turn it into a number with number(...)."
        elif any(isinstance(kind, MoneyType) for kind in kinds):
            hint = "Compare money with money of the same currency, or with a written number."
        elif any(isinstance(kind, ListType) for kind in kinds):
            hint = "Ask  in,  any(...) or count(...) of a list."
        raise ExpressionError(message, tree.at + 1, hint)

    def _options_meet(self, tree: Binary, one: ChoiceType, other: ChoiceType) -> None:
        if set(one.options) & set(other.options):
            return
        if isinstance(tree.left, Literal):
            one, other = other, one
        self._options_fit(one, other, tree)

    def _options_fit(self, wanted: ChoiceType, given: Type, tree: Tree) -> None:
        options = given.options if isinstance(given, ChoiceType) else ()
        for option in options:
            if option not in wanted.options:
                hint = did_you_mean(option, wanted.options)
                listing = ", ".join(wanted.options[:12])
                raise ExpressionError(
                    f"uses '{option[:40]}', which is not one of the options.",
                    tree.at + 1,
                    f"{hint} The options are: {listing}.".strip(),
                )

    def _membership(self, tree: Binary, left: int, right: int) -> int:
        kind = self.kind(right)
        if kind == ANY:
            return self.builder.add("in", (left, right), YES_NO)
        if not isinstance(kind, ListType):
            raise ExpressionError(
                f"looks for something in {self.describe(tree.right, right)}, which is no list.",
                tree.at + 1,
                "Ask contains(text, part)." if is_text(kind) else "",
            )
        converted = self._converted(right, ListType(self.kind(left)))
        one = self.kind(left)
        if converted is not None:
            right, kind = converted, self.kind(converted)
        item = kind.item if isinstance(kind, ListType) else ANY
        if isinstance(one, ChoiceType) and isinstance(item, ChoiceType):
            if isinstance(tree.right, Items):
                self._options_fit(one, item, tree.right)
            elif isinstance(tree.left, Literal):
                self._options_fit(item, one, tree.left)
        aligned = self._converted(left, item)
        if aligned is not None:
            left = aligned
        elif unify(one, item) is None:
            raise ExpressionError(
                f"looks for {self.describe(tree.left, left)} in a {kind}.", tree.at + 1
            )
        return self.builder.add("in", (left, right), YES_NO)

    def _sum(self, tree: Binary, left: int, right: int) -> int:
        one, other = self.kind(left), self.kind(right)
        plus = tree.operator == "+"
        if one == DATE and other == DURATION:
            if not plus:
                right = self.builder.add("neg", (right,), DURATION)
            return self.builder.add("shift", (left, right), DATE)
        if one == DURATION and other == DATE and plus:
            return self.builder.add("shift", (right, left), DATE)
        if one == DATE and other == DATE and not plus:
            return self.builder.add("span", (left, right), DURATION)
        aligned = self.align(left, right)
        if aligned is not None:
            left, right, kind = aligned
            if kind in (NUMBER, DURATION) or isinstance(kind, MoneyType):
                return self.builder.add("add" if plus else "sub", (left, right), kind)
        verb, link = ("adds", "and") if plus else ("takes", "from")
        first, second = self.describe(tree.left, left), self.describe(tree.right, right)
        if not plus:
            first, second = second, first
        raise ExpressionError(
            f"{verb} {first} {link} {second}.", tree.at + 1, _sum_hint(one, other)
        )

    def _product(self, tree: Binary, left: int, right: int) -> int:
        one, other = self.kind(left), self.kind(right)
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
                hint = "A choice is a text: turn it into a number with number(...)."
            raise ExpressionError(
                f"{verb} {self.describe(tree.left, left)} {link} "
                f"{self.describe(tree.right, right)}.",
                tree.at + 1,
                hint,
            )
        return self.builder.add(operation, (left, right), kind)

    # --- conversion of literals

    def align(self, left: int, right: int) -> tuple[int, int, Type] | None:
        """Bring two nodes to one type; None if their types cannot meet."""
        one, other = self.kind(left), self.kind(right)
        kind = unify(one, other)
        if kind is not None:
            return left, right, kind
        converted = self._converted(right, one)
        if converted is not None:
            return left, converted, one
        converted = self._converted(left, other)
        if converted is not None:
            return converted, right, other
        return None

    def _converted(self, number: int, wanted: Type) -> int | None:
        """Return the node in the wanted type, converting literals; None if it does not fit."""
        node = self.builder[number]
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
            parts = [self._converted(part, inner) for part in node.inputs[len(keep) :]]
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

    # --- calls

    def _call(self, tree: Call) -> int:
        function = self.scope.function(tree.name)
        if function is None:
            names = [function.name for function in self.scope.functions]
            hint = did_you_mean(tree.name, names) or f"Functions: {', '.join(sorted(names))}."
            raise ExpressionError(f'calls "{tree.name}", which is no function.', tree.at + 1, hint)
        if isinstance(function, Form):
            return check_forms.FORMS[function.name](self, tree)
        return self._function(function, tree)

    def _function(self, function: Function, tree: Call) -> int:
        wanted = list(function.parameters)
        given = len(tree.arguments)
        if function.variadic and wanted and given >= len(wanted) - 1:
            wanted = wanted[:-1] + wanted[-1:] * (given - len(wanted) + 1)
        if given != len(wanted):
            raise wrong_count(tree, function.usage)
        numbers = []
        for argument, kind in zip(tree.arguments, wanted, strict=True):
            number = self.node(argument)
            numbers.append(self.fit(number, kind, argument, f"gives {tree.name}"))
        return self.builder.add("call", tuple(numbers), function.result, function.name)

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
        self.items.append(_Item(prefix, kind))
        try:
            root = self.node(tree)
            body = Body(self.builder.build(), root, tuple(self.trees.items()))
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
