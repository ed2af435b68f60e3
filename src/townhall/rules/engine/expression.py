"""An expression that was read, checked and is ready to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from . import names, syntax
from .check import Checker, moved_trees
from .explain import Step, trace_of
from .frame import OFFSET
from .graph import Graph
from .interpreter import Program
from .parser import parse_tree
from .primitives import special_inside
from .scope import Scope
from .types import Type, is_scalar
from .unknowns import waited_for
from .values import UNKNOWN, Special, Value


class Outcome(NamedTuple):
    """What an evaluation gave.

    Attributes
    ----------
    value
        The result, or `UNKNOWN`; never `ABSENT`. A list or record with something
        unknown inside is unknown.
    unknown
        If it is unknown: the dotted names it still waits for. They suffice:
        once they are known, so is the result. Empty if the result is known.
    step
        The trace, if it was asked for.
    """

    value: Value
    unknown: frozenset[str] = frozenset()
    step: Step | None = None

    @property
    def known(self) -> bool:
        """Whether there is a result."""
        return self.value is not UNKNOWN


class Expression:
    """A checked expression; immutable, and safe to share between threads.

    Make one with `parse`.

    Attributes
    ----------
    text
        As the author wrote it.
    tree
        Its syntax tree.
    type
        The type of its result.
    graph, root
        The typed graph, and the number of the node that is the result.
    trees
        What each node was read from.
    resolved
        Where in the text a name stands, to the dotted name it means.
    names
        Every datum that it uses, dotted, such as `vehicle.keeper`. Parts of the
        items of a list appear beside the list: `children`, `children.age`.
    roots
        The first parts of `names`.
    parameters
        Keys of the rates and tariffs that it uses.
    scope
        What it was read in.
    """

    def __init__(self, text: str, tree: syntax.Tree, checker: Checker, root: int) -> None:
        self.text = text
        self.tree = tree
        self.graph: Graph
        self.graph, self.root, moved = checker.builder.build(root)
        self.type: Type = self.graph[self.root].type
        self.trees: Mapping[int, syntax.Tree] = dict(moved_trees(checker.trees, moved))
        self.resolved: Mapping[int, str] = checker.resolved
        self.names = frozenset(checker.names)
        self.roots = frozenset(name.partition(".")[0] for name in checker.names)
        self.parameters = frozenset(checker.parameters)
        self.scope: Scope = checker.scope
        self._scalar = is_scalar(self.type)

    def __repr__(self) -> str:
        return f"<Expression {self.canonical}>"

    @cached_property
    def canonical(self) -> str:
        """The expression in one fixed way of writing."""
        return syntax.canonical(self.tree)

    @cached_property
    def unguarded(self) -> frozenset[str]:
        """Dotted names used where no `present(...)` makes sure that they are there.

        `names.unguarded` takes further knowledge into account.
        """
        return names.unguarded(self)

    @cached_property
    def program(self) -> Program:
        """The graph compiled for the interpreter."""
        return Program(self.graph, self.scope, self.trees)

    def evaluate(self, values: Mapping[str, Value], trace: bool = False) -> Outcome:
        """Evaluate with what is known.

        Parameters
        ----------
        values
            Root name to value. A name that is missing is unknown; `None` and
            `ABSENT` say that the datum is not there. Only the `roots` of the
            expression are asked for, each once, so the mapping may be lazy.
        trace
            Whether to give the steps that led to the result.

        Raises
        ------
        AbsentUsed
            If a datum that is absent matters, and no `present(...)` guards it.
        MissingParameter
            If a rate or tariff has no row for the day.
        EvaluationError
            If the values have no result otherwise (zero divisor, a date beyond
            the calendar, a number too large, a value of the wrong type).
        """
        program = self.program
        frame = program.run(values)
        value = frame[self.root + OFFSET]
        unknown: frozenset[str] = frozenset()
        if value.__class__ is Special or not self._scalar:
            special = special_inside(value)
            if special is not None and special.error is not None:
                raise special.error
            if special is not None:
                value = UNKNOWN
                unknown = waited_for(program, frame, self.root)
        step = trace_of(program, frame, self.root) if trace else None
        return Outcome(value, unknown, step)


def parse(text: str, scope: Scope, expect: Type | None = None) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text
        The expression, as in a service definition.
    scope
        The names, functions and parameters that it may use.
    expect
        The type that its result must have. A written number is converted where
        money is expected.

    Raises
    ------
    ExpressionError
        If it cannot be read, uses a name that does not exist, or its types do
        not fit; the message says what to write instead.
    """
    tree = parse_tree(text)
    checker = Checker(scope)
    root = checker.node(tree)
    if expect is not None:
        root = checker.fit(root, expect, tree, "gives")
    return Expression(text, tree, checker, root)
