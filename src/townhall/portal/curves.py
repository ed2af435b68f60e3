"""A small curve as a picture: drawn on the server, read out in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 600
HEIGHT: Final = 200
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 34, 30

Point = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that stands out: `kind` is now or then."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Where everything lies, in units of the picture, and the words at its ends."""

    line: str
    area: str
    marks: tuple[Mark, ...]
    least_x: str
    most_x: str
    least_y: str
    most_y: str
    base: float
    width: int = WIDTH
    height: int = HEIGHT


def draw(
    points: Sequence[Point],
    marks: Sequence[tuple[str, Point]],
    *,
    word_x: Callable[[Decimal], str],
    word_y: Callable[[Decimal], str],
) -> Curve | None:
    """Return the curve through some points; None if there are fewer than two.

    Parameters
    ----------
    marks
        Kind and place of the points that stand out.
    word_x, word_y
        How to write a number of each axis.
    """
    if len(points) < 2:
        return None
    seen = [*points, *(point for _, point in marks)]
    low_x, high_x = min(x for x, _ in seen), max(x for x, _ in seen)
    low_y, high_y = min(Decimal(0), *(y for _, y in seen)), max(y for _, y in seen)

    def place(point: Point) -> tuple[float, float]:
        across = (point[0] - low_x) / (high_x - low_x or 1)
        up = (point[1] - low_y) / (high_y - low_y or 1)
        x = LEFT + float(across) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - float(up) * (HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    placed = [place(point) for point in points]
    line = " ".join(f"{x},{y}" for x, y in placed)
    base = float(HEIGHT - BOTTOM)
    return Curve(
        line=line,
        area=f"{placed[0][0]},{base} {line} {placed[-1][0]},{base}",
        marks=tuple(Mark(kind, *place(point)) for kind, point in marks),
        least_x=word_x(low_x),
        most_x=word_x(high_x),
        least_y=word_y(low_y),
        most_y=word_y(high_y),
        base=base,
    )
