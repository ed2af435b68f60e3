"""Resolving a name: field of a list's item, then datum, then dated parameter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import check_forms
from .errors import ExpressionError
from .graph import ItemRef
from .hints import did_you_mean, short
from .syntax import Name
from .types import ANY, ListType, RecordType, Type

if TYPE_CHECKING:
    from .check import Checker, Item


def resolve(checker: Checker, tree: Name) -> int:
    """Add the name to the graph, and return its node.

    Raises
    ------
    ExpressionError
        If nothing has that name, or a part is taken of something without it.
    """
    root, rest = tree.path[0], tree.path[1:]
    for level, item in enumerate(reversed(checker.items)):
        if root == "it" and level == 0:
            return _item(checker, tree, level, item, rest)
        if isinstance(item.type, RecordType) and root in item.type.fields:
            return _item(checker, tree, level, item, tree.path)
    kind = checker.scope.type_of(root)
    if kind is not None:
        if rest:
            kind = _walk(tree, kind, root, rest)
        checker.names.add(tree.dotted)
        checker.resolved[tree.at] = tree.dotted
        return checker.builder.add("name", (), kind, tree.path)
    parameters = checker.scope.parameters
    if parameters is not None and tree.dotted in parameters:
        return check_forms.rate_node(checker, tree.dotted, None, tree)
    raise _unknown_name(checker, tree, root)


def _item(checker: Checker, tree: Name, level: int, item: Item, path: tuple[str, ...]) -> int:
    """Add a part of the item that a list's condition looks at."""
    start = "it" if path != tree.path else (item.prefix or "the item")
    kind = _walk(tree, item.type, start, path)
    dotted = ".".join(part for part in (item.prefix, *path) if part)
    if item.prefix:
        checker.names.add(dotted)
        checker.resolved[tree.at] = dotted
    return checker.builder.add("item", (), kind, ItemRef(level, path, dotted))


def _walk(tree: Name, kind: Type, start: str, path: tuple[str, ...]) -> Type:
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
            raise _unknown_part(tree, part, done, kind, fields)
        kind = fields[part]
        done = f"{done}.{part}"
    return kind


def _unknown_part(
    tree: Name, part: str, done: str, kind: Type, fields: Iterable[str]
) -> ExpressionError:
    names = list(fields)
    if not names:
        return ExpressionError(
            f'takes "{short(part)}" of {short(done)}, which is {kind} and has no parts.',
            tree.at + 1,
        )
    hint = did_you_mean(part, names, f"{done}.")
    listing = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return ExpressionError(
        f'uses "{short(tree.dotted)}", which does not exist.',
        tree.at + 1,
        f"{hint} {done} has: {listing}.".strip(),
    )


def _unknown_name(checker: Checker, tree: Name, root: str) -> ExpressionError:
    scope = checker.scope
    known = [*scope.names, "today"]
    if scope.parameters is not None:
        known.extend(scope.parameters.keys())
    for item in checker.items:
        known.extend(item.type.fields if isinstance(item.type, RecordType) else ())
    hint = did_you_mean(tree.dotted, known) or did_you_mean(root, known)
    if not hint and scope.function(root):
        hint = f"{root} is a function: write {root}(...)."
    if not hint:
        shown = sorted(scope.names)
        listing = ", ".join(shown[:12]) + (" ..." if len(shown) > 12 else "")
        hint = f"Known names: {listing or 'none'}."
    return ExpressionError(f'uses "{short(tree.dotted)}", which does not exist.', tree.at + 1, hint)
