"""Cleaning ink: levels, and specks that go while lines stay whole."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import RequestError
from engine.images import Picture
from engine.line_art.cleaning import Cleaning, cleaned
from engine.line_art.prepare import prepare
from engine.request import LineArt

Ink = NDArray[np.float32]


def a_line(*specks: tuple[int, int, int]) -> Ink:
    """A slanting line of one pixel, and squares (x, y, side)."""
    canvas = np.full((80, 120), 255, np.uint8)
    cv2.line(canvas, (5, 10), (110, 40), 0, 1, cv2.LINE_8)
    for x, y, side in specks:
        canvas[y : y + side, x : x + side] = 60
    return canvas.astype(np.float32) / 255.0


def test_as_it_is_nothing_changes() -> None:
    art = LineArt(a_line((50, 60, 2)))
    assert cleaned(art, Cleaning()) is art


def test_dots_up_to_the_size_go_and_the_line_stays() -> None:
    art = LineArt(a_line((50, 60, 2), (70, 60, 3), (90, 60, 4)))
    ink = cleaned(art, Cleaning(despeckle=3)).ink
    np.testing.assert_array_equal(ink, a_line((90, 60, 4)))
    assert (art.ink[60, 50], ink[60, 50]) == (np.float32(60 / 255), 1.0)


def test_a_pale_part_holds_a_line_together() -> None:
    ink = a_line()
    line = ink < 0.5
    ink[:, 55:60] = np.where(line[:, 55:60], np.float32(0.95), ink[:, 55:60])
    ink[:, 62:65] = np.where(line[:, 62:65], np.float32(0.95), ink[:, 62:65])  # between them two pixels of full ink
    np.testing.assert_array_equal(cleaned(LineArt(ink), Cleaning(despeckle=8)).ink, ink)


def test_a_dot_that_touches_a_line_by_a_corner_is_part_of_it() -> None:
    ink = np.ones((20, 40), np.float32)
    ink[10, 5:35] = 0.0
    ink[9, 35] = 0.0
    np.testing.assert_array_equal(cleaned(LineArt(ink), Cleaning(despeckle=4)).ink, ink)


levels = st.tuples(st.integers(0, 254), st.integers(1, 255)).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), levels, st.integers(0, 12))
def test_ink_stays_ink_and_lines_longer_than_a_speck_stay(seed: int, pair: tuple[int, int], size: int) -> None:
    random = np.random.default_rng(seed)
    ink = (random.integers(0, 256, (40, 60)) / 255.0).astype(np.float32)
    ink[random.random(ink.shape) < 0.9] = 1.0
    black, white = pair
    after = cleaned(LineArt(ink), Cleaning(black, white, size)).ink
    assert after.dtype == np.float32 and after.min() >= 0.0 and after.max() <= 1.0
    stretched = cleaned(LineArt(ink), Cleaning(black, white)).ink
    assert (np.diff(stretched.reshape(-1)[np.argsort(ink.reshape(-1), kind="stable")]) >= 0.0).all()
    assert np.isin(after, [1.0]).sum() >= np.isin(stretched, [1.0]).sum()
    gone = after != stretched
    assert (after[gone] == 1.0).all()
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((stretched < 0.98).astype(np.uint8), connectivity=8)
    for number in range(1, count):
        part = gone[labels == number]
        assert part.all() or not part.any()
        if boxes[number, 2:4].max() > size:
            assert not part.any()


def test_levels_lift_the_gray_of_a_scan_and_deepen_its_lines() -> None:
    ink = np.full((20, 20), 230 / 255, np.float32)
    ink[10] = 40 / 255
    after = cleaned(LineArt(ink, outline=ink.copy()), Cleaning(40, 230))
    for layer in (after.ink, after.layer):
        assert (layer[10] == 0.0).all()
        assert (np.delete(layer, 10, axis=0) == 1.0).all()


def test_lines_of_a_picture_are_cleaned_where_they_are_made() -> None:
    gray = np.rint(255.0 * a_line((50, 60, 2))).astype(np.uint8)
    picture = Picture(np.dstack([gray] * 3), None, None, None, "scan")
    assert prepare(picture, "ink").ink[60, 50] < 0.5
    assert prepare(picture, "ink", cleaning=Cleaning(despeckle=3)).ink[60, 50] == 1.0
    assert prepare(picture, "extract", cleaning=Cleaning(despeckle=8)).ink[55:70, 45:60].min() == 1.0


@pytest.mark.parametrize("values", [(10, 10, 0), (-1, 255, 0), (0, 256, 0), (0, 255, -1), (0, 255, 65)])
def test_values_out_of_range_are_refused(values: tuple[int, int, int]) -> None:
    with pytest.raises(RequestError, match="choose"):
        Cleaning(*values)
