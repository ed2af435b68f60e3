"""The map without script: a press on the picture is a place, and back."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from townhall.portal import streetmap


def test_a_point_of_the_picture_is_the_place_that_is_drawn_there() -> None:
    for x, y in ((1, 1), (450, 300), (899, 700)):
        place = streetmap.point(x, y)
        assert place is not None
        back = streetmap.pixels(*place)
        assert back == pytest.approx((x, y), abs=0.2)


def test_the_corner_is_what_a_keyboard_sends_and_no_place() -> None:
    assert streetmap.point(0, 0) is None


@pytest.mark.parametrize(("x", "y"), [(-1, 10), (10, -1), (streetmap.WIDTH + 1, 10), (10, 10_000)])
def test_points_outside_are_no_place(x: int, y: int) -> None:
    assert streetmap.point(x, y) is None


def test_a_pressed_point_is_named_after_its_street() -> None:
    from townhall.packs.uk.borough import STREETS

    street = STREETS[0]
    lat, lon = street.points[0]
    x, y = (round(each) for each in streetmap.pixels(lat, lon))
    place = streetmap.point(x, y)
    assert place is not None
    assert streetmap.near(*place).startswith("Near ")
    assert streetmap.near(0.0, 0.0) == ""


def test_the_picture_is_sound_names_every_street_and_stays_small() -> None:
    from townhall.packs.uk.borough import STREETS

    picture = streetmap.svg()
    root = ElementTree.fromstring(picture)
    names = {"".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {street.name for street in STREETS} <= names
    assert len(picture) < 60_000


def test_a_place_that_is_not_a_number_draws_no_pin() -> None:
    drawn = streetmap.drawn_for({"lat": "here", "lon": "nan"})
    assert drawn is not None and drawn["x"] is None
    assert streetmap.drawn_for({"lat": "nan", "lon": "nan"})["x"] is None  # type: ignore[index]
