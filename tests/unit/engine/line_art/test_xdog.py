"""XDoG: equal to its formula, calm on even tones, thicker with σ, any size."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.ndimage import correlate1d

from engine.line_art import xdog as module
from engine.line_art.xdog import EPSILON, SCALE, SHARPNESS, STEEPNESS_SHARP, STEEPNESS_SOFT, gray_of, xdog

sigmas = st.floats(0.3, 0.5)
sizes = st.tuples(st.integers(1, 24), st.integers(1, 24))
pictures = sizes.flatmap(lambda size: arrays.arrays(np.uint8, (*size, 3)))


def excess_by_formula(gray: NDArray[np.float32], sigma: float) -> NDArray[np.float64]:
    """S − ε in double precision, with Gaussian kernels as wide as OpenCV takes them for floats (4σ each way)."""

    def blurred(width: float) -> NDArray[np.float64]:
        taps = round(width * 8 + 1) | 1
        kernel = np.exp(-((np.arange(taps) - taps // 2) ** 2) / (2 * width * width))
        kernel /= kernel.sum()
        rows = correlate1d(gray.astype(np.float64), kernel, axis=0, mode="nearest")
        return correlate1d(rows, kernel, axis=1, mode="nearest")

    return (1 + SHARPNESS) * blurred(sigma) - SHARPNESS * blurred(sigma * SCALE) - EPSILON


def drawing(seed: int, size: int = 96) -> NDArray[np.float32]:
    """Some smooth strokes over flat areas, grey in [0, 1]."""
    random = np.random.default_rng(seed)
    canvas = np.full((size, size), 235, dtype=np.uint8)
    for _ in range(4):
        center = random.integers(10, size - 10, 2).tolist()
        cv2.circle(canvas, center, int(random.integers(8, 28)), int(random.integers(120, 230)), -1, cv2.LINE_AA)
    for _ in range(6):
        start, end = random.integers(0, size, 2).tolist(), random.integers(0, size, 2).tolist()
        cv2.line(canvas, start, end, int(random.integers(0, 90)), int(random.integers(1, 4)), cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


@settings(max_examples=60, deadline=None)
@given(pictures, sigmas, st.booleans())
def test_any_picture_gives_ink_between_0_and_1(pixels: NDArray[np.uint8], sigma: float, sharp: bool) -> None:
    gray = gray_of(pixels)
    before = gray.copy()
    ink = xdog(gray, sigma, sharp)
    assert ink.shape == pixels.shape[:2]
    assert ink.dtype == np.float32
    assert np.isfinite(ink).all()
    assert ink.min() >= 0.0
    assert ink.max() <= 1.0
    assert np.array_equal(gray, before)
    if sharp:
        assert np.isin(ink, (0.0, 1.0)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 255), sizes, sigmas, st.booleans())
def test_an_even_tone_stays_paper(tone: int, size: tuple[int, int], sigma: float, sharp: bool) -> None:
    gray = np.full(size, tone / 255.0, dtype=np.float32)
    assert np.array_equal(xdog(gray, sigma, sharp), np.ones(size, dtype=np.float32))


@pytest.mark.parametrize("tone", [0, 1, 2])
def test_solid_black_is_ink(tone: int) -> None:
    gray = np.full((9, 9), tone / 255.0, dtype=np.float32)
    assert not xdog(gray).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_lines_thicken_with_sigma(seed: int, sharp: bool) -> None:
    gray = drawing(seed)
    areas = [float((1.0 - xdog(gray, sigma, sharp)).sum()) for sigma in (0.3, 0.4, 0.5)]
    assert areas[0] > 0.0
    assert areas[0] <= areas[1] <= areas[2]
    assert areas[0] < areas[2]


@settings(max_examples=40, deadline=None)
@given(pictures, sigmas)
def test_hard_step_equals_the_formula(pixels: NDArray[np.uint8], sigma: float) -> None:
    gray = gray_of(pixels)
    excess = excess_by_formula(gray, sigma)
    expected = np.where(excess >= 0.0, 1.0, 1.0 + np.tanh(STEEPNESS_SHARP * excess))
    decided = np.abs(excess) > 1e-4  # nearer to the threshold, float32 may round to the other side
    assert np.array_equal(xdog(gray, sigma)[decided], expected[decided])


@settings(max_examples=40, deadline=None)
@given(pictures, sigmas)
def test_soft_step_equals_the_formula(pixels: NDArray[np.uint8], sigma: float) -> None:
    gray = gray_of(pixels)
    excess = excess_by_formula(gray, sigma)
    expected = np.where(excess >= 0.0, 1.0, 1.0 + np.tanh(STEEPNESS_SOFT * excess))
    assert np.allclose(xdog(gray, sigma, sharp=False), expected, atol=1e-4)


# 1e9·x saturates the hyperbolic tangent from about 2e-8 on, far below what float32 resolves around these values.
clear_of_zero = st.floats(-40.0, 40.0, width=32).filter(lambda value: value == 0.0 or abs(value) > 1e-7)


@given(arrays.arrays(np.float32, st.integers(1, 40).map(lambda count: (1, count)), elements=clear_of_zero))
def test_quick_step_is_the_steep_hyperbolic_tangent(excess: NDArray[np.float32]) -> None:
    exact = np.where(excess >= 0.0, 1.0, 1.0 + np.tanh(STEEPNESS_SHARP * excess.astype(np.float64)))
    assert np.array_equal(module._hard_step(excess.copy()), exact)


def test_soft_lines_are_gray_where_hard_ones_are_black() -> None:
    gray = drawing(5)
    hard, soft = xdog(gray), xdog(gray, sharp=False)
    assert np.array_equal(soft == 1.0, hard == 1.0)
    between = (soft > 0.05) & (soft < 0.95)
    assert between.sum() > 0.2 * (hard == 0.0).sum()


def test_gray_of_is_luma_over_255() -> None:
    pixels = np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)
    assert np.array_equal(gray_of(pixels)[0], np.array([255, 0, 76, 150, 29], dtype=np.float32) / 255.0)
