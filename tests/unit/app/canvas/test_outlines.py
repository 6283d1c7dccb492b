import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.canvas import outlines
from app.canvas.outlines import RegionOutlines
from engine.line_art.regions import RegionMap
from tests.unit.app.canvas.recording import four_regions


@given(st.integers(0, 199), st.integers(0, 99), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_a_pixel_lies_inside_the_outline_of_its_region_only(x: int, y: int, label: int) -> None:
    found = RegionOutlines(four_regions())
    inside = found.path_of(label).contains(QPointF(x + 0.5, y + 0.5))
    assert inside == (found.label_at(x, y) == label)


def test_a_ring_has_two_borders() -> None:
    labels = np.ones((60, 60), np.int32)
    labels[20:40, 20:40] = 2
    found = RegionOutlines(RegionMap(labels, 2, 3, False, np.array([3200, 400])))
    ring = found.path_of(1)
    assert ring.contains(QPointF(10, 10))
    assert not ring.contains(QPointF(30, 30))


def test_large_drawings_are_looked_up_in_every_nth_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "LOOKING_SIZE", 50)
    found = RegionOutlines(four_regions())
    box = found.path_of(4).boundingRect()
    assert (box.left(), box.top(), box.right(), box.bottom()) == pytest.approx((100, 50, 200, 100), abs=4)


def test_a_label_that_is_not_there_has_no_outline() -> None:
    assert RegionOutlines(four_regions()).path_of(9).isEmpty()
