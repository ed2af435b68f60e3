"""Pictures of the law: what a rule rests on and what rests on it, and a rate over time.

Plain shapes with classes, so that they follow the colour scheme and the strict content security
policy; beside each the page says the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from townhall.foundation.text import gettext

BOX_WIDTH, BOX_HEIGHT = 214, 50
GAP_X, GAP_Y = 84, 14
MARGIN = 10
CHARACTERS = 25
MOST = 8
"""Most boxes in a column; the rest is counted in the last."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule, fact or rate to be drawn. kind: "rule", "fact", "rate"."""

    title: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """An entry, placed; without an address it only counts others."""

    lines: tuple[str, ...]
    title: str
    href: str
    kind: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Graph:
    """The neighbourhood of a rule."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


def graph(middle: Entry, below: Sequence[Entry], above: Sequence[Entry]) -> Graph:
    """Return the picture: on the left what the rule rests on, on the right what rests on it."""
    columns = [column for column in (below, [middle], above) if column]
    columns = [_shortened(column) for column in columns]
    tallest = max(len(column) for column in columns)
    height = 2 * MARGIN + tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y
    placed: list[list[Box]] = []
    for number, column in enumerate(columns):
        taken = len(column) * (BOX_HEIGHT + GAP_Y) - GAP_Y
        top = (height - taken) // 2
        x = MARGIN + number * (BOX_WIDTH + GAP_X)
        placed.append(
            [
                _box(entry, x, top + row * (BOX_HEIGHT + GAP_Y), here=entry is middle)
                for row, entry in enumerate(column)
            ]
        )
    at = 1 if below else 0
    centre = placed[at][0]
    arrows = [_arrow(box, centre) for box in (placed[0] if below else ())]
    arrows += [_arrow(centre, box) for box in (placed[-1] if above else ())]
    width = 2 * MARGIN + len(columns) * BOX_WIDTH + (len(columns) - 1) * GAP_X
    return Graph(width, height, tuple(box for column in placed for box in column), tuple(arrows))


def _shortened(column: Sequence[Entry]) -> list[Entry]:
    if len(column) <= MOST:
        return list(column)
    more = len(column) - MOST + 1
    told = gettext("and %(num)s more") % {"num": more}
    return [*column[: MOST - 1], Entry(told, "", "more")]


def _box(entry: Entry, x: int, y: int, *, here: bool) -> Box:
    kind = "here" if here else entry.kind
    return Box(wrapped(entry.title), entry.title, "" if here else entry.href, kind, x, y)


def _arrow(start: Box, end: Box) -> str:
    x1, x2 = start.x + BOX_WIDTH, end.x - 7
    bend = (x2 - x1) // 2
    return (
        f"M{x1} {start.middle} C{x1 + bend} {start.middle} "
        f"{x2 - bend} {end.middle} {x2} {end.middle}"
    )


def wrapped(words: str) -> tuple[str, ...]:
    """Return words in at most two lines that fit into a box."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > CHARACTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1][: CHARACTERS - 1] + "…"]
    return tuple(line if len(line) <= CHARACTERS + 1 else line[:CHARACTERS] + "…" for line in lines)


# --- a rate over time

PLOT_WIDTH, PLOT_HEIGHT = 640, 200
YEARS = 6
"""Most years that are written below a plot."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 14, 14, 30, 30


@dataclass(frozen=True, slots=True)
class Step:
    """A value from one day on."""

    start: date
    value: Decimal
    words: str
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place. anchor: "start", "middle" or "end"."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    """A stepped line from the first value to the last."""

    line: str
    area: str
    dots: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    years: tuple[Mark, ...]
    today: float
    width: int = PLOT_WIDTH
    height: int = PLOT_HEIGHT
    base: int = PLOT_HEIGHT - _BOTTOM


def plot(steps: Sequence[Step], today: date) -> Plot | None:
    """Return the plot of a rate; None where it never changed."""
    if len({step.value for step in steps}) < 2:
        return None
    first = steps[0].start
    last = max(steps[-1].start, today)
    days = max(1, (last - first).days) * 1.06
    highest = max(step.value for step in steps)
    lowest = min(Decimal(0), *(step.value for step in steps))
    span = (highest - lowest) or Decimal(1)

    def x(day: date) -> float:
        return round(_LEFT + (day - first).days / days * (PLOT_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: Decimal) -> float:
        share = float((value - lowest) / span)
        return round(PLOT_HEIGHT - _BOTTOM - share * (PLOT_HEIGHT - _TOP - _BOTTOM), 1)

    points = [f"M{x(first)} {y(steps[0].value)}"]
    for step in steps[1:]:
        points += [f"H{x(step.start)}", f"V{y(step.value)}"]
    end = PLOT_WIDTH - _RIGHT
    line = " ".join([*points, f"H{end}"])
    base = PLOT_HEIGHT - _BOTTOM
    return Plot(
        line=line,
        area=f"{line} V{base} H{_LEFT} Z",
        dots=tuple(Mark(x(step.start), y(step.value), step.words) for step in steps),
        labels=(
            Mark(_LEFT, y(steps[0].value) - 9, steps[0].words, "start"),
            Mark(end, y(steps[-1].value) - 9, steps[-1].words, "end"),
        ),
        years=tuple(_years(first, last, x)),
        today=x(today),
    )


def _years(first: date, last: date, x: Callable[[date], float]) -> list[Mark]:
    years = range(first.year + 1, last.year + 1)
    every = max(1, -(-len(years) // YEARS))
    return [Mark(x(date(year, 1, 1)), PLOT_HEIGHT - 9, str(year)) for year in years[::every]]
