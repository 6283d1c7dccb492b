"""Colour under the lines, and lines over the colour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.compose import fill_under_lines, lay_under_ink, shrink_ink


def test_lines_in_the_guess_vanish_into_the_color_beside_them() -> None:
    guess = np.zeros((40, 40, 3), np.uint8)
    guess[:, :20], guess[:, 20:] = (200, 40, 40), (40, 40, 200)
    ink = np.ones((40, 40), np.float32)
    ink[:, 19:21] = 0.0
    ink[10, :] = 0.0
    guess[ink == 0.0] = 0
    filled = fill_under_lines(guess, ink)
    assert np.abs(filled[:, :17].astype(int) - (200, 40, 40)).max() < 12
    assert np.abs(filled[:, 23:].astype(int) - (40, 40, 200)).max() < 12
    assert filled[:, 19].max(axis=1).min() > 60  # not black under the line


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_one_color_stays_one_color(height: int, width: int, level: int) -> None:
    rng = np.random.default_rng(height * 41 + width)
    guess = np.full((height, width, 3), level, np.uint8)
    ink = (rng.random((height, width)) > 0.5).astype(np.float32)
    assert np.abs(fill_under_lines(guess, ink).astype(int) - level).max() <= 1


def test_paper_leaves_the_color_and_ink_makes_it_black() -> None:
    color = np.random.default_rng(0).integers(0, 256, (2100, 3, 3), dtype=np.uint8)
    ink = np.ones((2100, 3), np.float32)
    ink[1500:] = 0.0
    image = lay_under_ink(color, ink)
    np.testing.assert_array_equal(image[:1500], color[:1500])
    assert image[1500:].max() == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(200, 700), st.integers(1, 3))
def test_thin_lines_stay_dark_when_shrunk(side: int, thickness: int) -> None:
    ink = np.ones((side, side), np.float32)
    ink[side // 2 : side // 2 + thickness] = 0.0
    small = shrink_ink(ink, (64, 64))
    assert small.min() < 0.8
    assert small.max() == pytest.approx(1.0)
    assert small.shape == (64, 64)


def test_nothing_changes_at_the_same_size() -> None:
    ink = np.random.default_rng(0).random((30, 20), dtype=np.float32)
    np.testing.assert_array_equal(shrink_ink(ink, (30, 20)), ink)
