import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from app.images import qt_images
from app.images.pyramid import SMALLEST_SIDE, Pyramid


@given(st.integers(1, 700), st.integers(1, 700), st.booleans())
@settings(max_examples=25, deadline=None)
def test_levels_halve_whatever_the_size(width: int, height: int, gray: bool) -> None:
    pyramid = Pyramid(np.full((height, width) if gray else (height, width, 3), 90, np.uint8))
    assert (pyramid.size.width(), pyramid.size.height()) == (width, height)
    smallest = pyramid.level(1e-6)
    assert max(smallest.width(), smallest.height()) < 2 * SMALLEST_SIDE
    assert smallest.pixelColor(0, 0) == QColor(90, 90, 90)


def test_the_level_is_never_enlarged_and_at_most_halved() -> None:
    pyramid = Pyramid(np.zeros((2048, 2048), np.uint8))
    for scale in (4.0, 1.0, 0.99, 0.51, 0.5, 0.3, 0.25, 0.13):
        used = scale * 2048 / pyramid.level(scale).width()
        assert used > 0.5
        assert used <= max(scale, 1.0) + 1e-9


def test_halves_are_means() -> None:
    pixels = np.zeros((512, 512), np.uint8)
    pixels[:, ::2] = 200
    half = Pyramid(pixels).level(0.5)
    assert half.width() == 256
    assert (qt_images.view_of(half) == 100).all()


def test_formats_paint_without_conversion() -> None:
    assert Pyramid(np.zeros((4, 4), np.uint8)).full.format() == QImage.Format.Format_Grayscale8
    assert Pyramid(np.zeros((4, 4, 3), np.uint8)).full.format() == QImage.Format.Format_RGB32
