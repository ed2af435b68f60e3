"""“What if?”: which of number and slider counts, and where the curve lies."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from townhall.catalogue.engine.whatif import Range
from townhall.portal import curves, trying


def tried(now: str = "100") -> Range:
    datum: Any = SimpleNamespace(name="gift", type="money", currency="GBP")
    return Range(datum, Decimal(now), Decimal(0), Decimal(1_000), Decimal(10))


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, "100"),
        ({"at": "250", "slide": "100", "was": "100"}, "250"),  # typed, by button
        ({"at": "100", "slide": "300", "was": "100"}, "300"),  # the slider was moved
        ({"at": "250", "slide": "300", "was": "100"}, "250"),  # both: what was typed is meant
        ({"at": "£1,234.56", "slide": "100", "was": "100"}, "1000"),  # not beyond the end
        ({"at": "-5", "was": "100"}, "0"),
        ({"at": "NaN", "was": "100"}, "100"),
        ({"at": "1e999999", "was": "100"}, "1000"),
        ({"at": "abc", "slide": "70", "was": "100"}, "70"),
        ({"at": "", "slide": "", "was": ""}, "100"),
    ],
)
def test_what_was_moved_counts(asked: dict[str, str], wanted: str) -> None:
    assert trying._wanted(tried(), asked) == Decimal(wanted)


def word(number: Decimal) -> str:
    return f"{number:f}"


def test_a_curve_fills_the_picture_and_keeps_its_marks_on_the_line() -> None:
    points = [(Decimal(at), Decimal(at) * 2) for at in (0, 5, 10)]
    found = curves.draw(points, [("now", points[1])], word_x=word, word_y=word)
    assert found is not None
    first, middle, last = (each.split(",") for each in found.line.split())
    assert float(first[0]) == curves.LEFT
    assert float(last[0]) == curves.WIDTH - curves.RIGHT
    assert float(last[1]) == curves.TOP
    assert float(first[1]) == found.base
    assert [found.marks[0].x, found.marks[0].y] == [float(each) for each in middle]
    assert (found.least_x, found.most_x, found.most_y) == ("0", "10", "20")


def test_a_flat_curve_and_a_single_point_do_not_divide_by_zero() -> None:
    flat = [(Decimal(0), Decimal(0)), (Decimal(10), Decimal(0))]
    found = curves.draw(flat, [], word_x=word, word_y=word)
    assert found is not None
    assert "nan" not in found.line
    assert curves.draw(flat[:1], [], word_x=word, word_y=word) is None
