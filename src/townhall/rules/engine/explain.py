"""The trace of an evaluation: what led to the result, down to the facts.

A trace keeps what decided. Of an `and` that is false it shows the parts that
are false, of an `or` that is true those that are true, of an `if` the branch
taken, of `any(...)` the items that hold. `words` turns it into sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from . import trace_data, words
from .errors import AbsentUsed
from .frame import MAX_ITEMS, OFFSET, Frame
from .graph import Body, Node
from .values import ABSENT, Special, Value

if TYPE_CHECKING:
    from .interpreter import Program

MAX_ITEM_STEPS: Final = 50  # items of a list that a trace shows

_KINDS: Final = {
    "literal": "literal",
    "name": "fact",
    "item": "fact",
    "rate": "rate",
    "tariff": "rate",
    "call": "function",
    "add_working_days": "function",
    "working_days_between": "function",
}
# Operations whose result, once it is this value, rests only on parts that are it too.
_DECIDES: Final = {"and": False, "or": True, "any": True, "all": False}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an evaluation, with the steps it rests on.

    Attributes
    ----------
    text
        This part of the expression, in canonical writing.
    value
        What it gave; `UNKNOWN` or `ABSENT` included.
    children
        The steps it rests on.
    kind
        `operation`, `fact`, `rate`, `literal`, `function` or `law`.
    note
        The law behind a rate, as the parameter file cites it.
    operation
        The operation of the graph, for a reader that words it.
    name
        Dotted name of a fact, key of a rate, name of a function.
    unit
        Of a rate, such as `GBP/week`.
    since
        First day of the row of a rate.
    item
        Which item of a list the step is about, counted from 1; 0 for none.
    told
        Of a step of the law: its words, as (language, words).
    why
        Of the first step of the law: its reason alone, as (language, words).
    """

    text: str
    value: Value
    children: tuple[Step, ...] = ()
    kind: str = "operation"
    note: str = ""
    operation: str = ""
    name: str = ""
    unit: str = ""
    since: date | None = None
    item: int = 0
    told: tuple[tuple[str, str], ...] = ()
    why: tuple[tuple[str, str], ...] = ()

    def render(
        self,
        language: str = "en",
        labels: Mapping[str, str] | None = None,
        show: Callable[[str, Value], str] | None = None,
    ) -> str:
        """Return the trace in words, one step a line, indented by depth.

        Parameters
        ----------
        language
            `en` or `cy`; any other is rendered in English.
        labels
            Words for dotted names, keys of rates and names of functions.
        show
            How to write the value of a fact, given its dotted name.
        """
        lines = words.Wording(language, labels, show).lines(self)
        return "\n".join("  " * level + line for level, line in lines)

    def lines(
        self,
        language: str = "en",
        labels: Mapping[str, str] | None = None,
        show: Callable[[str, Value], str] | None = None,
    ) -> tuple[tuple[int, str], ...]:
        """Return what `render` does as (depth, words), for nested markup."""
        return tuple(words.Wording(language, labels, show).lines(self))

    def deciding(self) -> tuple[Step, ...]:
        """Return the smallest steps that settled the result: the short reason.

        They are the comparisons and facts at the ends of the `and`, `or`, `not`
        and `if` above them.
        """
        found: list[Step] = []
        for step in self._ends():
            if step not in found:
                found.append(step)
        return tuple(found)

    def _ends(self) -> Iterator[Step]:
        if self.operation in ("and", "or", "not", "if"):
            for child in self.children:
                if child.kind != "literal":
                    yield from child._ends()
        else:
            yield self

    def facts(self) -> tuple[str, ...]:
        """Return the dotted names of the facts below, in order of appearance."""
        found: dict[str, None] = {}
        waiting = [self]
        while waiting:
            step = waiting.pop()
            if step.kind == "fact":
                found[step.name] = None
            waiting.extend(reversed(step.children))
        return tuple(found)

    def to_data(self) -> dict[str, Any]:
        """Return the trace as plain JSON data, to be stored with a decision."""
        return trace_data.encode(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Step:
        """Return a trace that was stored; it reads word for word as before.

        Raises
        ------
        ValueError
            If the data are not those of a trace.
        """
        return trace_data.decode(cls, data)


def trace_of(program: Program, frame: Frame, number: int) -> Step:
    """Return the steps that led to the value of a node.

    Parameters
    ----------
    program, frame
        The compiled graph, and its evaluated frame.
    number
        The node.
    """
    frame[1][0] = MAX_ITEMS
    return _Tracer(program).step(frame, number)


class _Tracer:
    def __init__(self, program: Program) -> None:
        self.program = program

    def step(self, frame: Frame, number: int, item: int = 0) -> Step:
        node = self.program.graph[number]
        note, unit, since = self._law(frame, node)
        return Step(
            text=self.program.texts[number],
            value=_shown(frame[number + OFFSET]),
            children=tuple(self._children(frame, number, node)),
            kind=_KINDS.get(node.operation, "operation"),
            note=note,
            operation=node.operation,
            name=_name(node),
            unit=unit,
            since=since,
            item=item,
        )

    def _children(self, frame: Frame, number: int, node: Node) -> Iterator[Step]:
        inputs: Sequence[int] = node.inputs
        if isinstance(node.data, Body):
            yield self.step(frame, inputs[0])
            yield from self._items(frame, number, node)
            return
        if node.operation == "if":
            taken = frame[inputs[0] + OFFSET]
            if taken is True:
                inputs = inputs[:2]
            elif taken is False:
                inputs = (inputs[0], inputs[2])
        elif node.operation == "rate":
            inputs = ()  # the day is in the row that is named
        elif node.operation == "tariff":
            inputs = inputs[1:]
        decided = _DECIDES.get(node.operation)
        value = frame[number + OFFSET]
        for part in inputs:
            found = frame[part + OFFSET]
            if value is decided and found is not decided and node.operation in ("and", "or"):
                continue
            yield self.step(frame, part)

    def _items(self, frame: Frame, number: int, node: Node) -> Iterator[Step]:
        items = frame[node.inputs[0] + OFFSET]
        if not isinstance(items, (list, tuple)):
            return
        body, root = self.program.bodies[number], node.data.root
        inner = _Tracer(body)
        captured = tuple(part + OFFSET for part in node.inputs[1:])
        decided, value = _DECIDES.get(node.operation), frame[number + OFFSET]
        left = MAX_ITEM_STEPS
        for position, item in enumerate(items, start=1):
            part = body.item_frame(frame, captured, item)
            if value is decided and part[root + OFFSET] is not decided:
                continue
            yield inner.step(part, root, position)
            left -= 1
            if left == 0:
                return

    def _law(self, frame: Frame, node: Node) -> tuple[str, str, date | None]:
        """Return the citation, the unit and the first day of a rate's row."""
        parameters = self.program.scope.parameters
        day = frame[node.inputs[0] + OFFSET] if node.inputs else None
        if node.operation not in ("rate", "tariff") or not parameters or not isinstance(day, date):
            return "", "", None
        parameter = parameters[node.data]
        row = parameter.row(day)
        return row.cite, parameter.unit, row.start


def _shown(value: Value) -> Value:
    """Return the value of a step; a datum that is absent shows as such."""
    if value.__class__ is Special and isinstance(value.error, AbsentUsed):
        return ABSENT
    return value


def _name(node: Node) -> str:
    if node.operation == "name":
        return ".".join(node.data)
    if node.operation == "item":
        return node.data.dotted or "it"
    return node.data if node.operation in ("rate", "tariff", "call", "matches") else ""
