"""Changes of color keep paper and ink; warps go where the formula says."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trainer import augmentation

SEEDS = st.integers(0, 10**6)


def blurred_noise(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    noise = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 3.0), np.uint8)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0, 1))
def test_recoloring_keeps_paper_and_ink(seed: int, strength: float) -> None:
    table = augmentation.random_color_table(np.random.default_rng(seed), strength)
    picture = np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8)
    changed = augmentation.apply_color_table(picture, table)
    assert changed[0, 0].min() >= 245
    assert changed[0, 1].max() <= 12


def test_hue_saturation_and_lightness_change_as_asked() -> None:
    red = np.array([[[255, 0, 0]]], np.uint8)
    assert np.abs(augmentation.shift_hsl(red, 120.0, 1.0, 1.0)[0, 0].astype(int) - (0, 255, 0)).max() <= 6
    assert np.ptp(augmentation.shift_hsl(red, 0.0, 0.0, 1.0)) == 0
    assert augmentation.shift_hsl(red, 0.0, 1.0, 2.0).mean() < red.mean()
    assert np.abs(augmentation.shift_hsl(red, 0.0, 1.0, 1.0).astype(int) - red).max() <= 3  # 8 bits of HSL


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_jitter_keeps_paper_ink_and_the_order_of_grays(seed: int) -> None:
    grays = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    changed = augmentation.jitter(grays, np.random.default_rng(seed)).astype(int)
    assert changed[0, 0].tolist() == [0, 0, 0]
    assert changed[0, 255].tolist() == [255, 255, 255]
    assert np.ptp(changed, axis=2).max() == 0
    assert np.diff(changed[0, :, 0]).min() >= 0
    assert len(np.unique(changed)) > 128  # nothing is clipped away


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.lists(st.integers(250, 255), min_size=3, max_size=3))
def test_jitter_does_not_tint_paper_that_is_not_quite_white(seed: int, paper: list[int]) -> None:
    changed = augmentation.jitter(np.array([[paper]], np.uint8), np.random.default_rng(seed)).astype(int)
    assert changed.min() >= 232
    assert np.ptp(changed) <= 4 * np.ptp(paper) + 3


def test_jitter_takes_colors_everywhere() -> None:
    skin = np.array([[[240, 190, 160]]], np.uint8)
    rng = np.random.default_rng(0)
    made = np.array([augmentation.jitter(skin, rng)[0, 0] for _ in range(300)])
    assert set(made.argmax(axis=1)) == {0, 1, 2}
    lightness = (made.max(axis=1).astype(int) + made.min(axis=1)) / 2
    assert lightness.min() < 180
    assert lightness.max() > 210


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(16, 60), st.floats(0.0, 0.25))
def test_warps_keep_the_size_and_no_warp_keeps_the_picture(seed: int, side: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    picture = blurred_noise(rng, side)
    for strengths in (strength, 0.0):
        maps = (
            augmentation.thin_plate_warp((side, side), rng, strengths),
            augmentation.diagonal_warp(side, rng, strengths),
        )
        warped = [augmentation.warp(picture, one) for one in maps]
        assert [one.shape for one in warped] == [picture.shape] * 2
    for still in warped:  # the last was of no strength
        assert np.abs(still.astype(int) - picture).max() <= 4  # remap knows 1/32 of a pixel


def thin_plate_spline(points: NDArray[np.float64], values: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """The textbook's solution (Bookstein, 1989) at every pixel: side × side × 2."""

    def kernel(distance: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(distance > 0, distance**2 * np.log(np.maximum(distance, 1e-300)), 0.0)

    affine = np.column_stack([np.ones(len(points)), points])
    between = kernel(np.linalg.norm(points[:, None] - points[None], axis=-1))
    system = np.block([[between, affine], [affine.T, np.zeros((3, 3))]])
    weights = np.linalg.solve(system, np.concatenate([values, np.zeros((3, 2))]))
    ticks = np.linspace(0.0, 1.0, side)
    pixels = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    to_points = kernel(np.linalg.norm(pixels[:, None] - points[None], axis=-1))
    return (to_points @ weights[:-3] + weights[-3] + pixels @ weights[-2:]).reshape(side, side, 2) * (side - 1)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.sampled_from([33, 64, 256]))
def test_the_diagonal_warp_is_the_exact_spline_with_fixed_corners(seed: int, side: int) -> None:
    points = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0.3, 0.3), (0.7, 0.7)])
    values = points.copy()
    values[4:] += np.random.default_rng(seed).uniform(-0.25, 0.25, (2, 2))
    x, y = augmentation.diagonal_warp(side, np.random.default_rng(seed))
    assert np.abs(np.stack([x, y], axis=-1) - thin_plate_spline(points, values, side)).max() < 0.01
    corners = [(0, 0), (0, side - 1), (side - 1, 0), (side - 1, side - 1)]
    for row, column in corners:
        assert (x[row, column], y[row, column]) == pytest.approx((column, row), abs=1e-3)


def test_the_points_of_the_diagonal_go_as_far_as_asked() -> None:
    rng = np.random.default_rng(1)
    moves = []
    for _ in range(200):
        x, y = augmentation.diagonal_warp(101, rng, 0.25)
        moves += [x[30, 30] - 30, y[30, 30] - 30, x[70, 70] - 70, y[70, 70] - 70]
    assert 24.0 < max(moves) <= 25.001
    assert -25.001 <= min(moves) < -24.0


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_other_hands_draw_no_line_where_there_is_none(seed: int) -> None:
    paper = np.full((24, 20), 255, np.uint8)
    assert (augmentation.vary_line(paper, np.random.default_rng(seed)) == 255).all()
