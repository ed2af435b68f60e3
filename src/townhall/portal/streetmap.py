"""A street map that needs no script and no outside server.

The pack's `borough` module has the plan (bounds, streets, river, greens); it is drawn once
as SVG. In a form the map is an `<input type="image">`: a press on it sends the form with the
point, in pixels of a picture of fixed size, and `point` turns that into a latitude and longitude.
A pack without a plan has no map, and places are then described in words.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

from townhall.foundation import settings as configuration
from townhall.foundation.text import gettext

WIDTH = 900
Point = tuple[float, float]


@cache
def _plan() -> ModuleType | None:
    name = f"townhall.packs.{configuration.current().pack}.borough"
    if importlib.util.find_spec(name) is None:
        return None
    module = importlib.import_module(name)
    return module if hasattr(module, "BOUNDS") and hasattr(module, "STREETS") else None


@cache
def _height() -> int:
    plan = _plan()
    assert plan is not None
    south, west, north, east = plan.BOUNDS
    # A degree of longitude is shorter than one of latitude; both sides of the plan in metres.
    metres_high = (north - south) * 111_320
    metres_wide = (east - west) * 111_320 * math.cos(math.radians((north + south) / 2))
    return round(WIDTH * metres_high / metres_wide)


def pixels(lat: float, lon: float) -> tuple[float, float]:
    """Return where a place lies on the picture."""
    plan = _plan()
    assert plan is not None
    south, west, north, east = plan.BOUNDS
    return (
        round((lon - west) / (east - west) * WIDTH, 1),
        round((north - lat) / (north - south) * _height(), 1),
    )


def point(x: int, y: int) -> Point | None:
    """Return latitude and longitude of a point pressed on the picture.

    None if there is no map, the point lies outside, or it is the corner (0, 0): that is
    what a browser sends when the picture is pressed by keyboard.
    """
    plan = _plan()
    if plan is None or (x, y) == (0, 0) or not (0 <= x <= WIDTH and 0 <= y <= _height()):
        return None
    south, west, north, east = plan.BOUNDS
    lat = north - y / _height() * (north - south)
    lon = west + x / WIDTH * (east - west)
    return round(lat, 6), round(lon, 6)


def near(lat: float, lon: float) -> str:
    """Return a place in words ("near Mill Lane"), empty if no street is near."""
    plan = _plan()
    if plan is None or not hasattr(plan, "nearest_street"):
        return ""
    street, metres = plan.nearest_street(lat, lon)
    return gettext("Near %(street)s") % {"street": street.name} if metres <= 150 else ""


def drawn_for(value: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the picture for a `place` question, with a pin where a point is chosen."""
    if _plan() is None:
        return None
    x = y = None
    try:
        if value.get("lat") and value.get("lon"):
            x, y = pixels(float(value["lat"]), float(value["lon"]))
    except ValueError:
        x = y = None
    inside = x is not None and y is not None and 0 <= x <= WIDTH and 0 <= y <= _height()
    return {
        "src": f"/map.svg?v={digest()}",
        "width": WIDTH,
        "height": _height(),
        "x": x if inside else None,
        "y": y if inside else None,
        "alt": gettext("Street map. Press the place, or describe it in words below."),
    }


@cache
def digest() -> str:
    """Return the hash of the picture, for its address."""
    return hashlib.sha256(svg()).hexdigest()[:10]


@cache
def svg() -> bytes:
    """Return the map as an SVG picture.

    Raises
    ------
    LookupError
        if the pack has no plan of a town.
    """
    plan = _plan()
    if plan is None:
        raise LookupError("This pack has no plan of a town.")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{_height()}"'
        f' viewBox="0 0 {WIDTH} {_height()}" font-family="Inter, system-ui, sans-serif">',
        f'<rect width="{WIDTH}" height="{_height()}" fill="#f3efe7"/>',
        *_greens(plan),
        *_river(plan),
        *_streets(plan.STREETS),
        "</svg>",
    ]
    return "\n".join(parts).encode()


def _line(points: Iterable[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in (pixels(*each) for each in points))


def _reading(points: Iterable[Point]) -> list[Point]:
    """Return a line in the direction in which its name is read: rightwards, or upwards if steep."""
    at = [pixels(*each) for each in points]
    across, down = at[-1][0] - at[0][0], at[-1][1] - at[0][1]
    turned = across < 0 if abs(across) >= abs(down) else down > 0
    return at[::-1] if turned else at


def _smooth(at: Sequence[Point]) -> str:
    """Return a path that passes the middles of a line's pieces in curves."""
    path = f"M{at[0][0]:g},{at[0][1]:g}"
    for here, after in pairwise(at[1:]):
        middle = (here[0] + after[0]) / 2, (here[1] + after[1]) / 2
        path += f" Q{here[0]:g},{here[1]:g} {middle[0]:g},{middle[1]:g}"
    return path + f" L{at[-1][0]:g},{at[-1][1]:g}"


def _greens(plan: ModuleType) -> Iterable[str]:
    for name, corners in getattr(plan, "GREENS", ()):
        yield f'<polygon points="{_line(corners)}" fill="#cfe3c4"/>'
        at = [pixels(*corner) for corner in corners]
        x = sum(each[0] for each in at) / len(at)
        y = sum(each[1] for each in at) / len(at)
        yield (
            f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-size="8.500"'
            f' fill="#33552a" font-style="italic">{escape(name)}</text>'
        )


def _river(plan: ModuleType) -> Iterable[str]:
    if not hasattr(plan, "RIVER"):
        return
    line = _smooth([pixels(*each) for each in plan.RIVER])
    yield (
        f'<path id="river" d="{line}" fill="none" stroke="#a9cfdd" stroke-width="17"'
        ' stroke-linejoin="round"/>'
    )
    yield (
        '<text font-size="10" fill="#235466" font-style="italic" dy="3.500">'
        f'<textPath href="#river" startOffset="12%">{escape(plan.RIVER_NAME)}</textPath></text>'
    )


def _streets(streets: Sequence[Any]) -> Iterable[str]:
    lines = [(street, _line(street.points)) for street in streets]
    for width, colour in ((9, "#cfc6b6"), (7, "#ffffff")):
        for street, line in lines:
            thick = width if street.homes else width + 2
            yield (
                f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{thick}"'
                ' stroke-linecap="round" stroke-linejoin="round"/>'
            )
    for order, (street, _) in enumerate(lines):
        path = "M" + " L".join(f"{x:g},{y:g}" for x, y in _reading(street.points))
        yield f'<path id="s{order}" d="{path}" fill="none"/>'
        yield (
            '<text font-size="6.800" fill="#4a4338" dy="2.300" text-anchor="middle">'
            f'<textPath href="#s{order}" startOffset="50%">{escape(street.name)}</textPath></text>'
        )
