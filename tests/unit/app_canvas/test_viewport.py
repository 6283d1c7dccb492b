import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.viewport import KEPT_IN_VIEW, MAX_SCALE, MIN_SCALE, Viewport

sizes = st.integers(1, 16384)
views = st.floats(50, 4000)
scales = st.floats(MIN_SCALE, MAX_SCALE)
inside = st.floats(0, 1)


@given(sizes, sizes, views, views, scales, inside, inside)
def test_points_go_there_and_back(w: int, h: int, vw: float, vh: float, scale: float, fx: float, fy: float) -> None:
    view = Viewport((w, h), (vw, vh), scale, 13.5, -7.25)
    x, y = view.to_view(*view.to_picture(fx * vw, fy * vh))
    assert (x, y) == pytest.approx((fx * vw, fy * vh), abs=1e-6)


@given(sizes, sizes, views, views)
def test_fit_shows_everything_in_the_middle(w: int, h: int, vw: float, vh: float) -> None:
    view = Viewport((w, h), (vw, vh)).fitted(margin=20)
    left, top, right, bottom = view.shown
    if view.scale > MIN_SCALE:
        assert right - left == pytest.approx(w * view.scale, abs=1e-6)
        assert bottom - top == pytest.approx(h * view.scale, abs=1e-6)
    assert left + right == pytest.approx(vw, abs=1e-6)
    assert top + bottom == pytest.approx(vh, abs=1e-6)


@given(st.floats(1.01, 3.0), inside, inside)
def test_zoom_keeps_the_point_under_the_cursor(factor: float, fx: float, fy: float) -> None:
    view = Viewport((2000, 1500), (800, 600)).fitted()
    # A point on the picture; beside it the picture may be held back so that it is not lost.
    x, y = view.to_view(fx * 2000, fy * 1500)
    before = view.to_picture(x, y)
    assert view.zoomed(factor, x, y).to_picture(x, y) == pytest.approx(before, abs=1e-6)


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), scales)
def test_the_picture_cannot_be_lost(dx: float, dy: float, scale: float) -> None:
    view = Viewport((300, 200), (800, 600), scale).panned(dx, dy)
    left, top, right, bottom = view.shown
    assert right - left >= min(KEPT_IN_VIEW, 300 * scale) - 1e-6
    assert bottom - top >= min(KEPT_IN_VIEW, 200 * scale) - 1e-6


def test_zoom_has_ends() -> None:
    view = Viewport((100, 100), (500, 500))
    assert view.zoomed(1e9, 0, 0).scale == MAX_SCALE
    assert view.zoomed(1e-9, 0, 0).scale == MIN_SCALE


def test_a_resized_view_looks_at_the_same_place() -> None:
    view = Viewport((4000, 4000), (800, 600), 1.0).panned(-500, -700)
    middle = view.to_picture(400, 300)
    assert view.resized((1000, 900)).to_picture(500, 450) == pytest.approx(middle)


def test_large_pictures_are_not_enlarged_to_fit_and_tiny_ones_are() -> None:
    assert Viewport((500, 400), (800, 600)).fitted().scale == 1.0
    assert Viewport((8, 8), (800, 600)).fitted().scale == 8.0
