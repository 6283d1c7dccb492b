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


angles = st.one_of(st.sampled_from([0.0, 90.0, 180.0, 270.0]), st.floats(0, 359.99))


@given(sizes, sizes, scales, angles, st.booleans(), inside, inside)
def test_points_go_there_and_back_turned_and_mirrored(
    w: int, h: int, scale: float, angle: float, mirrored: bool, fx: float, fy: float
) -> None:
    view = Viewport((w, h), (800, 600), scale, 13.5, -7.25, angle, mirrored)
    point = fx * w, fy * h
    assert view.to_picture(*view.to_view(*point)) == pytest.approx(point, abs=1e-6)


@given(angles, st.booleans(), st.floats(-720, 720), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_turning_keeps_the_point_it_turns_around(
    angle: float, mirrored: bool, degrees: float, fx: float, fy: float
) -> None:
    view = Viewport((2000, 1500), (800, 600), angle=angle, mirrored=mirrored).fitted()
    around = view.to_view(fx * 2000, fy * 1500)
    turned = view.turned(degrees, *around)
    assert 0.0 <= turned.angle < 360.0
    assert turned.to_picture(*around) == pytest.approx((fx * 2000, fy * 1500), abs=1e-6)


def test_turning_goes_clockwise_as_seen() -> None:
    for view in (Viewport((400, 400), (800, 800)).fitted(), Viewport((400, 400), (800, 800), mirrored=True).fitted()):
        x, y = view.to_view(0 if not view.mirrored else 400, 0)  # what is seen at the top left
        turned = view.turned(90, 400, 400)
        assert (x, y) == pytest.approx((200, 200))
        assert turned.to_view(*view.to_picture(x, y)) == pytest.approx((600, 200))


def test_a_mirror_exchanges_left_and_right_and_nothing_else() -> None:
    view = Viewport((300, 200), (800, 600), angle=30).fitted()
    seen = view.mirrored_at(400)
    x, y = view.to_view(10, 20)
    assert seen.to_view(10, 20) == pytest.approx((800 - x, y))
    assert seen.mirrored_at(400) == view


@given(angles, st.booleans())
def test_fit_shows_every_corner_when_turned(angle: float, mirrored: bool) -> None:
    view = Viewport((3000, 1000), (800, 600), angle=angle, mirrored=mirrored).fitted(margin=20)
    for corner in ((0, 0), (3000, 0), (0, 1000), (3000, 1000)):
        x, y = view.to_view(*corner)
        assert 19.99 <= x <= 780.01
        assert 19.99 <= y <= 580.01


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), scales, angles, st.booleans())
def test_a_turned_picture_cannot_be_lost(dx: float, dy: float, scale: float, angle: float, mirrored: bool) -> None:
    view = Viewport((300, 200), (800, 600), scale, angle=angle, mirrored=mirrored).panned(dx, dy)
    shares = [number / 40 for number in range(41)]
    corners = [view.to_picture(x, y) for x in (0, 400, 800) for y in (0, 300, 600)]
    points = [view.to_view(300 * across, 200 * down) for across in shares for down in shares]
    assert any(0 <= x <= 800 and 0 <= y <= 600 for x, y in points) or any(
        0 <= x <= 300 and 0 <= y <= 200 for x, y in corners
    )


@given(st.integers(1, 4000), st.integers(1, 4000), st.floats(40, 3000), st.floats(40, 3000))
def test_a_picture_fills_a_small_view_as_well_as_a_large_one(w: int, h: int, vw: float, vh: float) -> None:
    view = Viewport((w, h), (vw, vh)).fitted()
    if MIN_SCALE < view.scale < 1.0:
        left, top, right, bottom = view.shown
        assert max((right - left) / vw, (bottom - top) / vh) > 0.85 or max(vw, vh) > 7 * min(vw, vh)
