"""Tests of what the channels of a picture say, and of masks."""

import cv2
import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.line_art.channels import brightest_of, broad, chroma_of, darkest_of, flat_within

MASKS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40)))
PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)))


@given(st.integers(1, 19), MASKS, st.integers(0, 6))
def test_broad_is_an_opening_by_a_disc(width: int, mask: NDArray[np.bool_], grown: int) -> None:
    mask = cv2.dilate(mask.astype(np.uint8), np.ones((2 * grown + 1, 2 * grown + 1), np.uint8)) > 0
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc) > 0
    np.testing.assert_array_equal(broad(mask, width), opened)


@given(PICTURES)
def test_brightest_and_darkest_of_the_channels(pixels: NDArray[np.uint8]) -> None:
    np.testing.assert_array_equal(brightest_of(pixels), pixels.max(axis=2))
    np.testing.assert_array_equal(darkest_of(pixels), pixels.min(axis=2))
    np.testing.assert_array_equal(chroma_of(pixels)[1], pixels.max(axis=2) - pixels.min(axis=2))


@given(PICTURES)
def test_gray_pictures_are_flat_where_each_channel_is(pixels: NDArray[np.uint8]) -> None:
    gray = pixels[..., 0]
    np.testing.assert_array_equal(flat_within(np.dstack([gray] * 3), 6), flat_within(gray, 6))
