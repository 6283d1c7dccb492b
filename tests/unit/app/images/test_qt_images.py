import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtGui import QImage

from app.images import qt_images

sides = st.integers(1, 37)
pictures = st.tuples(sides, sides).flatmap(lambda size: arrays(np.uint8, (*size, 3)))


@given(pictures)
@settings(deadline=None, max_examples=40)
def test_color_there_and_back(pixels: np.ndarray) -> None:
    back, alpha = qt_images.from_qimage(qt_images.to_qimage(pixels))
    np.testing.assert_array_equal(back, pixels)
    assert alpha is None


@given(pictures)
@settings(deadline=None, max_examples=40)
def test_gray_there_and_back(pixels: np.ndarray) -> None:
    back, _ = qt_images.from_qimage(qt_images.to_qimage(pixels[..., 0]))
    np.testing.assert_array_equal(back, np.repeat(pixels[..., :1], 3, axis=2))


@given(pictures, st.integers(0, 254))
@settings(deadline=None, max_examples=40)
def test_transparency_is_flattened_on_white(pixels: np.ndarray, alpha: int) -> None:
    height, width = pixels.shape[:2]
    rgba = np.dstack((pixels, np.full((height, width), alpha, np.uint8)))
    image = QImage(rgba.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
    flat, found = qt_images.from_qimage(image)
    assert found is not None
    assert (found == alpha).all()
    expected = pixels * (alpha / 255) + 255 * (1 - alpha / 255)
    assert np.abs(flat - expected).max() <= 0.51


def test_a_slice_is_copied_whole() -> None:
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)[1:5, 2:7]
    back, _ = qt_images.from_qimage(qt_images.to_qimage(pixels))
    np.testing.assert_array_equal(back, pixels)


def test_the_image_does_not_need_the_array() -> None:
    pixels = np.full((4, 4, 3), 9, np.uint8)
    image = qt_images.to_qimage(pixels)
    pixels[...] = 200
    assert image.pixelColor(0, 0).red() == 9


def test_thumbnails_fit_and_are_never_enlarged() -> None:
    wide = qt_images.thumbnail(np.zeros((10, 4000, 3), np.uint8), 100)
    assert (wide.width(), wide.height()) == (100, 1)
    small = qt_images.thumbnail(np.zeros((5, 8, 3), np.uint8), 100)
    assert (small.width(), small.height()) == (8, 5)
