"""A reference's background painted white."""

import cv2
import numpy as np
import pytest

from engine.color import figure
from engine.request import Reference


def scene(size: int = 160, background: tuple[int, int, int] = (90, 150, 200), noise: float = 6.0) -> Reference:
    """A red figure before a background that is not quite even."""
    rng = np.random.default_rng(3)
    pixels = np.full((size, size, 3), background, np.float32) + rng.normal(0.0, noise, (size, size, 3)).astype(
        np.float32
    )
    cv2.ellipse(pixels, (size // 2, size // 2), (size // 4, size // 3), 0, 0, 360, (200.0, 60.0, 60.0), -1)
    return Reference(pixels.clip(0, 255).astype(np.uint8), None, "scene")


@pytest.mark.parametrize("size", [64, 160, 700])
def test_a_figure_comes_to_stand_on_paper(size: int) -> None:
    before = scene(size)
    after = figure.on_paper(before)
    assert after is not None and after.name == "scene"
    white = (after.pixels == 255).all(axis=2)
    middle = slice(size * 3 // 8, size * 5 // 8)
    assert not white[middle, middle].any()
    assert white[: size // 10].mean() > 0.98 and white[:, -size // 10 :].mean() > 0.98
    np.testing.assert_array_equal(after.pixels[~white], before.pixels[~white])


def test_the_same_picture_is_cut_in_the_same_way() -> None:
    one, other = figure.on_paper(scene()), figure.on_paper(scene())
    assert one is not None and other is not None
    np.testing.assert_array_equal(one.pixels, other.pixels)


def test_paper_and_what_has_no_figure_stay() -> None:
    assert figure.on_paper(scene(background=(255, 255, 255), noise=0.0)) is None
    assert figure.on_paper(Reference(np.full((64, 64, 3), (90, 150, 200), np.uint8))) is None
    assert figure.on_paper(Reference(np.full((4, 300, 3), 128, np.uint8))) is None
