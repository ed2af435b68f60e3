"""The flow of a service as a picture: states in columns, transitions as arrows.

The picture is an SVG of plain shapes with classes, so that it follows the colour
scheme and the strict content security policy; beside it the page says the same
in words.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from townhall.catalogue.engine.definition import Definition, State
from townhall.foundation.text import pick

BOX_WIDTH, BOX_HEIGHT = 168, 52
GAP_X, GAP_Y = 92, 28
MARGIN = 14
CHARACTERS = 21


@dataclass(frozen=True, slots=True)
class Box:
    """One state, placed. kind: "auto", "person" or "end"."""

    name: str
    kind: str
    lines: tuple[str, ...]
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition: an SVG path with the words on it."""

    path: str
    words: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws, in pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def transitions(state: State) -> Iterator[tuple[str, str]]:
    """Yield (what leads there, state) for every way out of a state."""
    yield from state.to.items()
    for branch in state.branches:
        yield "", branch.go
    if state.doubt:
        yield "doubt", state.doubt


def leads(definition: Definition, state: State) -> list[tuple[str, str]]:
    """Return the ways out with the standard ones that a table leaves unsaid."""
    found = list(dict.fromkeys(transitions(state)))
    named = {action for action, _ in found}
    standard = {"grant": "granted", "refuse": "refused", "part_grant": "part_granted"}
    found += [
        (action, standard[action])
        for action in state.can
        if action in standard and action not in named and standard[action] in definition.flow
    ]
    return [(action, target) for action, target in found if target in definition.flow]


def draw(definition: Definition) -> Picture | None:
    """Return the picture of a definition's flow; None for guidance, which has none."""
    if not definition.flow:
        return None
    columns = _columns(definition)
    boxes: dict[str, Box] = {}
    for column, names in enumerate(columns):
        for row, name in enumerate(names):
            state = definition.flow[name]
            boxes[name] = Box(
                name=name,
                kind="end" if state.end else "auto" if state.is_automatic else "person",
                lines=_wrapped(pick(state.title) or name.replace("_", " ")),
                x=MARGIN + column * (BOX_WIDTH + GAP_X),
                y=MARGIN + row * (BOX_HEIGHT + GAP_Y),
            )
    arrows = [
        _arrow(boxes[name], boxes[target], action)
        for name, state in definition.flow.items()
        for action, target in leads(definition, state)
    ]
    return Picture(
        width=2 * MARGIN + len(columns) * BOX_WIDTH + (len(columns) - 1) * GAP_X,
        height=2 * MARGIN + max(map(len, columns)) * (BOX_HEIGHT + GAP_Y),
        boxes=tuple(boxes.values()),
        arrows=tuple(arrows),
    )


def _columns(definition: Definition) -> list[list[str]]:
    """Put each state in the column of its distance from the start, ends in the last one."""
    start = next(iter(definition.flow))
    distance = {start: 0}
    queue = deque([start])
    while queue:
        name = queue.popleft()
        for _, target in leads(definition, definition.flow[name]):
            if target not in distance:
                distance[target] = distance[name] + 1
                queue.append(target)
    last = 1 + max(
        distance.get(name, 0) for name, state in definition.flow.items() if not state.end
    )
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for name, state in definition.flow.items():
        columns[last if state.end else distance.get(name, last)].append(name)
    return [names for names in columns if names]


def _arrow(start: Box, end: Box, action: str) -> Arrow:
    words = action.replace("_", " ")
    if end.x > start.x:
        x1, x2 = start.x + BOX_WIDTH, end.x - 7
        bend = (x2 - x1) // 2
        path = (
            f"M{x1} {start.middle} C{x1 + bend} {start.middle} "
            f"{x2 - bend} {end.middle} {x2} {end.middle}"
        )
        return Arrow(path, words, (x1 + x2) // 2, (start.middle + end.middle) // 2 - 5)
    # Back, or within a column: below the boxes.
    low = max(start.y, end.y) + BOX_HEIGHT + GAP_Y // 2
    x1, x2 = start.x + BOX_WIDTH // 2, end.x + BOX_WIDTH // 2
    path = f"M{x1} {start.y + BOX_HEIGHT} C{x1} {low} {x2} {low} {x2} {end.y + BOX_HEIGHT + 7}"
    return Arrow(path, words, (x1 + x2) // 2, low)


def _wrapped(words: str) -> tuple[str, ...]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > CHARACTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1][: CHARACTERS - 1] + "…"]
    return tuple(lines)
