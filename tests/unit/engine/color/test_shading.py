"""Shading on painted disks whose light and shade are known."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.shading import Shading, find_shading
from engine.line_art.regions import RegionMap, find_regions
from engine.options import ShadingMode

SKIN, SHADED, CLOTH = (240, 200, 180), (190, 130, 115), (70, 90, 160)
MODES: tuple[ShadingMode, ...] = ("soft", "cel")


def two_disks(side: int = 200) -> tuple[NDArray[np.float32], RegionMap, NDArray[np.uint8]]:
    """Ink, regions and flats of two disks of the same skin that touch in one line, on paper."""
    drawn, flats = np.full((side, 2 * side), 255, np.uint8), np.full((side, 2 * side, 3), 255, np.uint8)
    radius = side // 2 - side // 20
    for x in (side // 2 + side // 20, side * 3 // 2 - side // 20):
        cv2.circle(flats, (x, side // 2), radius, SKIN, -1)
        cv2.circle(drawn, (x, side // 2), radius, 0, max(3, side // 100))
    ink = (drawn / 255.0).astype(np.float32)
    regions = find_regions(ink, 4)
    assert regions.count >= 3
    flats = np.full((regions.count + 1, 3), SKIN, np.uint8)
    flats[regions.labels[0, 0]] = 255
    return ink, regions, flats[regions.labels]


def shaded(flats: NDArray[np.uint8], regions: RegionMap) -> NDArray[np.uint8]:
    """The lower part of the left disk in the shade, up to the line."""
    guess = flats.copy()
    side = flats.shape[0]
    low = np.arange(side)[:, None] > side * 6 // 10
    guess[low & (regions.labels == regions.labels[side // 2, side // 2])] = SHADED
    return guess


def laid(shading: Shading, flats: NDArray[np.uint8]) -> NDArray[np.float64]:
    under = flats / 255.0 * (shading.multiply / 255.0)
    return 255.0 * (under + shading.screen / 255.0 * (1.0 - under))


def gray(pixels: NDArray) -> NDArray[np.float64]:
    return pixels @ np.array([0.299, 0.587, 0.114])


def found(
    guess: NDArray[np.uint8],
    flats: NDArray[np.uint8],
    ink: NDArray[np.float32],
    regions: RegionMap,
    mode: ShadingMode,
) -> Shading:
    shading = find_shading(guess, flats, ink, regions, mode)
    assert shading is not None
    return shading


def test_off_and_flat_guesses_have_no_shading() -> None:
    ink, regions, flats = two_disks()
    assert find_shading(shaded(flats, regions), flats, ink, regions, "off") is None
    for mode in MODES:
        assert find_shading(flats, flats, ink, regions, mode) is None


@pytest.mark.parametrize("mode", MODES)
def test_shade_comes_back_over_the_flats(mode: ShadingMode) -> None:
    ink, regions, flats = two_disks()
    guess = shaded(flats, regions)
    shading = found(guess, flats, ink, regions, mode=mode)
    result = laid(shading, flats)
    assert np.abs(gray(result[150, 100]) - gray(np.array(SHADED))) < 12
    assert np.abs(result[150, 100] - SHADED).max() < 25  # warm, as in the guess
    np.testing.assert_array_equal(shading.multiply[60, 100], 255)
    assert shading.screen.max() == 0


@pytest.mark.parametrize("mode", MODES)
def test_light_comes_back_over_the_flats(mode: ShadingMode) -> None:
    ink, regions, flats = two_disks()
    guess = flats.copy()
    flats[flats[..., 0] == SKIN[0]] = guess[guess[..., 0] == SKIN[0]] = CLOTH
    cv2.circle(guess, (100, 70), 25, (120, 135, 190), -1)
    shading = found(guess, flats, ink, regions, mode=mode)
    assert np.abs(laid(shading, flats)[70, 100] - (120, 135, 190)).max() < 15
    assert shading.screen[150, 100].max() == 0
    assert shading.multiply.min() == 255


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("side", [200, 1100])
def test_nothing_crosses_a_line(mode: ShadingMode, side: int) -> None:
    """Neither into the disk beside it nor onto the paper, at working size and when it is enlarged."""
    ink, regions, flats = two_disks(side)
    shading = found(shaded(flats, regions), flats, ink, regions, mode=mode)
    elsewhere = regions.labels != regions.labels[side // 2, side // 2]
    assert (shading.multiply[elsewhere] == 255).all()
    assert (shading.screen == 0).all()
    # And the shade reaches the line everywhere: none of its pixels is left over.
    within = ~elsewhere & (ink == 1.0) & (np.arange(side)[:, None] > side * 0.66)
    assert gray(shading.multiply[within]).max() < 225


@pytest.mark.parametrize("mode", MODES)
def test_a_flat_of_another_color_changes_nothing(mode: ShadingMode) -> None:
    """An artist locked the region to dark cloth: it must not become all shade, or all light."""
    ink, regions, flats = two_disks()
    guess = shaded(flats, regions)
    locked = np.where((flats == SKIN).all(axis=2)[..., None], np.array(CLOTH, np.uint8), flats)
    first, second = (found(guess, colors, ink, regions, mode=mode) for colors in (flats, locked))
    np.testing.assert_array_equal(first.multiply, second.multiply)
    np.testing.assert_array_equal(first.screen, second.screen)


@pytest.mark.parametrize("mode", MODES)
def test_paper_stays_white(mode: ShadingMode) -> None:
    ink, regions, flats = two_disks()
    guess = shaded(flats, regions)
    guess[:, :, 0] = np.minimum(guess[:, :, 0], np.linspace(255, 120, 400).astype(np.uint8))
    shading = found(guess, flats, ink, regions, mode=mode)
    paper = flats.min(axis=2) == 255
    assert (laid(shading, flats)[paper] == 255).all()


def test_noise_and_haze_are_no_shading() -> None:
    ink, regions, flats = two_disks()
    noise = np.random.default_rng(0).normal(0.0, 12.0, (*ink.shape, 1))
    haze = np.linspace(-6.0, 6.0, ink.shape[1])[None, :, None]
    guess = np.clip(flats + noise + haze, 0, 255).astype(np.uint8)
    for mode in MODES:
        shading = find_shading(guess, flats, ink, regions, mode)
        assert shading is None or float((255 - gray(shading.multiply)).mean()) < 0.2


def test_cel_shading_has_one_tone_with_a_clean_border() -> None:
    ink, regions, flats = two_disks()
    ramp = np.clip((np.arange(200) - 80) / 60.0, 0.0, 1.0)[:, None, None]
    noise = np.random.default_rng(0).normal(0.0, 10.0, (*ink.shape, 1))
    guess = np.clip(flats + ramp * (np.array(SHADED) - SKIN) + noise, 0, 255).astype(np.uint8)
    shading = found(guess, flats, ink, regions, mode="cel")
    disk = regions.labels == regions.labels[100, 100]
    tones, counts = np.unique(shading.multiply[disk], axis=0, return_counts=True)
    common = np.argsort(-counts)[:2]
    assert counts[common].sum() > 0.97 * disk.sum()  # the rest smooths the border
    assert tones[common].max(axis=1).tolist().count(255) == 1
    dark = (gray(shading.multiply) < 250) & disk
    parts = (
        cv2.connectedComponents(dark.astype(np.uint8))[0],
        cv2.connectedComponents((disk & ~dark).astype(np.uint8))[0],
    )
    assert parts == (2, 2)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(MODES))
def test_strength_is_bounded_for_any_guess(seed: int, mode: ShadingMode) -> None:
    rng = np.random.default_rng(seed)
    ink, regions, flats = two_disks(80)
    small = rng.integers(0, 256, (4, 8, 3), np.uint8)
    guess = np.asarray(cv2.resize(small, (160, 80), interpolation=cv2.INTER_CUBIC), np.uint8)
    shading = find_shading(guess, flats, ink, regions, mode)
    if shading is not None:
        assert gray(shading.multiply).min() >= 0.55 * 255 - 1
        assert gray(shading.screen).max() <= 0.35 * 255 + 1
        assert not ((shading.multiply < 255).any(axis=2) & (shading.screen > 0).any(axis=2)).any()


@given(st.integers(1, 8), st.integers(1, 8), st.sampled_from(MODES))
@settings(max_examples=20, deadline=None)
def test_tiny_pictures(height: int, width: int, mode: ShadingMode) -> None:
    guess = np.random.default_rng(height * 9 + width).integers(0, 256, (height, width, 3), np.uint8)
    ink = np.ones((height, width), np.float32)
    flats = np.full((height, width, 3), CLOTH, np.uint8)
    shading = find_shading(guess, flats, ink, find_regions(ink, 0), mode)
    if shading is not None:
        assert shading.multiply.shape == shading.screen.shape == (height, width, 3)
