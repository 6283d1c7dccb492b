"""Colored trace lines vanish from the ink, black lines stay whole, and a drawing in one colored ink is left alone."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.line_art.regions import find_regions
from engine.line_art.trace import split_trace

Pixels = NDArray[np.uint8]
Ink = NDArray[np.float32]
Color = tuple[int, int, int]
SIDE, FINE = 160, 4  # drawn so many times larger, then averaged: true anti-aliasing
RED, BLUE, GREEN, BLACK = (230, 20, 20), (30, 60, 230), (20, 160, 40), (0, 0, 0)

sizes = st.tuples(st.integers(1, 30), st.integers(1, 30))


def canvas() -> Pixels:
    return np.full((SIDE * FINE, SIDE * FINE, 3), 255, np.uint8)


def fine(picture: Pixels) -> Pixels:
    return np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def circle(picture: Pixels, color: Color = BLACK, thickness: int = 3) -> None:
    cv2.circle(picture, (SIDE * FINE // 2, SIDE * FINE // 2), 60 * FINE, color, thickness * FINE)


def borders(picture: Pixels, red: Color = RED, blue: Color = BLUE) -> None:
    """A straight border across the circle, and a curved one that touches it below."""
    cv2.line(picture, (4 * FINE, 40 * FINE), (150 * FINE, 90 * FINE), red, 2 * FINE)
    cv2.ellipse(picture, (SIDE * FINE // 2, 100 * FINE), (30 * FINE, 41 * FINE), 0, 0, 360, blue, 2 * FINE)


def drawing(trace_on_top: bool, red: Color = RED, blue: Color = BLUE) -> Pixels:
    picture = canvas()
    if trace_on_top:
        circle(picture)
        borders(picture, red, blue)
    else:
        borders(picture, red, blue)
        circle(picture)
    return fine(picture)


def ink_of(pixels: Pixels) -> Ink:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255.0


def circle_alone() -> Ink:
    picture = canvas()
    circle(picture)
    return ink_of(fine(picture))


@pytest.mark.parametrize(
    "colors", [(RED, BLUE), (GREEN, BLUE), ((0, 100, 20), RED), ((255, 120, 120), (120, 160, 255))]
)
def test_what_is_left_is_the_black_drawing(colors: tuple[Color, Color]) -> None:
    pixels = drawing(False, *colors)
    parts = split_trace(pixels, ink_of(pixels))
    assert parts is not None
    assert np.abs(parts[0] - circle_alone()).max() < 0.03


def test_a_black_line_goes_on_under_the_trace() -> None:
    pixels = drawing(trace_on_top=True)
    parts = split_trace(pixels, ink_of(pixels))
    assert parts is not None
    upper = slice(0, 125)  # below, the blue border lies along the black line and hides it
    lines, wanted = parts[0][upper], circle_alone()[upper]
    assert (lines[wanted > 0.99] > 0.98).all()
    assert (lines[wanted == 0.0] < 0.3).all()
    assert np.abs(lines - wanted).mean() < 0.0005


@pytest.mark.parametrize("trace_on_top", [True, False])
def test_the_mask_has_the_trace_and_nothing_else_changes(trace_on_top: bool) -> None:
    pixels = drawing(trace_on_top)
    ink = ink_of(pixels)
    before = ink.copy(), pixels.copy()
    parts = split_trace(pixels, ink)
    assert parts is not None
    lines, mask = parts
    assert np.array_equal(ink, before[0])
    assert np.array_equal(pixels, before[1])
    assert (lines.dtype, mask.dtype) == (np.float32, np.bool_)
    assert np.array_equal(lines[~mask], ink[~mask])
    away = cv2.dilate((circle_alone() < 1.0).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    assert (lines[mask & away] == 1.0).all()
    assert (lines[away] > 0.98).all()


def test_the_trace_bounds_regions() -> None:
    pixels = drawing(trace_on_top=False)
    ink = ink_of(pixels)
    parts = split_trace(pixels, ink)
    assert parts is not None
    assert find_regions(ink, 0).count > find_regions(parts[0], 0).count == 2


def test_yellow_paper_and_grain() -> None:
    grain = np.random.default_rng(0).normal(0.0, 2.0, (SIDE, SIDE, 3))
    pixels = np.clip(drawing(False) * np.array([0.98, 0.95, 0.85]) + grain, 0, 255).astype(np.uint8)
    ink = np.minimum(ink_of(pixels) / 0.95, 1.0)
    parts = split_trace(pixels, ink)
    assert parts is not None
    assert parts[1].mean() < 0.06
    bare = parts[0][circle_alone() > 0.99]
    assert np.count_nonzero(bare < 0.85) < 15
    assert bare.min() > 0.5


@pytest.mark.parametrize("color", [BLUE, RED, (90, 120, 220), (110, 70, 30), BLACK])
def test_a_drawing_in_one_ink_has_no_trace(color: Color) -> None:
    picture = canvas()
    circle(picture, color)
    borders(picture, color, color)
    pixels = fine(picture)
    assert split_trace(pixels, ink_of(pixels)) is None


def test_brown_lines_and_broad_fills_are_no_trace() -> None:
    picture = canvas()
    circle(picture)
    cv2.line(picture, (100, 200), (500, 300), (110, 70, 30), 2 * FINE)
    cv2.circle(picture, (320, 320), 25 * FINE, RED, -1)
    pixels = fine(picture)
    assert split_trace(pixels, ink_of(pixels)) is None


def test_a_speck_is_no_trace() -> None:
    pixels = np.repeat((circle_alone() * 255).astype(np.uint8)[..., None], 3, axis=2)
    pixels[80:82, 80:82] = RED
    assert split_trace(pixels, ink_of(pixels)) is None


@settings(max_examples=80, deadline=None)
@given(sizes.flatmap(lambda size: arrays.arrays(np.uint8, (*size, 3), elements=st.sampled_from([0, 90, 200, 255]))))
def test_any_picture(pixels: Pixels) -> None:
    ink = ink_of(pixels)
    parts = split_trace(pixels, ink)
    if parts is not None:
        lines, mask = parts
        assert mask.any()
        assert np.array_equal(lines[~mask], ink[~mask])
        assert lines.min() >= 0.0
        assert lines.max() <= 1.0
