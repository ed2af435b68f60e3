"""Pictures of the law: everything is on them, nothing lies on anything else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from townhall.portal import rulepictures
from townhall.portal.rulepictures import BOX_HEIGHT, BOX_WIDTH, MOST, Entry, Step

TODAY = date(2026, 6, 1)


def entries(count: int) -> list[Entry]:
    return [Entry(f"Rule number {each}", f"/rules/r{each}", "rule") for each in range(count)]


@given(st.integers(0, 20), st.integers(0, 20))
def test_boxes_never_overlap_and_lie_within_the_picture(below: int, above: int) -> None:
    picture = rulepictures.graph(Entry("Here", "/here", "rule"), entries(below), entries(above))
    for number, box in enumerate(picture.boxes):
        assert box.x >= 0 and box.x + BOX_WIDTH <= picture.width
        assert box.y >= 0 and box.y + BOX_HEIGHT <= picture.height
        for other in picture.boxes[number + 1 :]:
            apart = abs(box.x - other.x) >= BOX_WIDTH or abs(box.y - other.y) >= BOX_HEIGHT
            assert apart
    assert len(picture.arrows) == min(below, MOST) + min(above, MOST)
    assert sum(box.kind == "here" for box in picture.boxes) == 1
    assert not any(box.href for box in picture.boxes if box.kind in ("here", "more"))


@given(st.text(max_size=120))
def test_words_fit_into_a_box(words: str) -> None:
    lines = rulepictures.wrapped(words)
    assert 1 <= len(lines) <= 2
    assert all(len(line) <= rulepictures.CHARACTERS + 1 for line in lines)


@given(
    st.lists(st.integers(-100, 10_000), min_size=1, max_size=30),
    st.integers(1, 900),
)
def test_a_plot_stays_within_its_frame(values: list[int], days: int) -> None:
    steps = [
        Step(date(2010, 1, 1) + timedelta(days=days * number), Decimal(value), str(value))
        for number, value in enumerate(values)
    ]
    plot = rulepictures.plot(steps, TODAY)
    if len(set(values)) < 2:
        assert plot is None, "what never changed needs no picture"
        return
    assert plot is not None
    assert len(plot.dots) == len(steps)
    assert len(plot.years) <= rulepictures.YEARS
    for mark in (*plot.dots, *plot.labels, *plot.years):
        assert 0 <= mark.x <= plot.width and 0 <= mark.y <= plot.height
    assert 0 <= plot.today <= plot.width
