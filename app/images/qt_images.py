"""The only place where Qt images and numpy arrays meet. Every function may be called off the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage that owns its memory: RGB32 from H×W×3 uint8, Grayscale8 from H×W uint8, and ARGB32_Premultiplied from
    H×W×4 uint8 with straight alpha.

    RGB32 and not RGB888, because that is what Qt paints without converting.
    """
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        image = QImage(QSize(width, height), QImage.Format.Format_Grayscale8)
        view_of(image)[...] = pixels
        return image
    if pixels.shape[2] == 4:
        image = QImage(QSize(width, height), QImage.Format.Format_ARGB32_Premultiplied)
        alpha = pixels[..., 3:].astype(np.uint16)
        view_of(image)[..., :3] = (pixels[..., 2::-1] * alpha + 127) // 255
        view_of(image)[..., 3:] = pixels[..., 3:]
        return image
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    target = view_of(image)
    drawn = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA, dst=target)
    if not np.shares_memory(drawn, target):
        target[...] = drawn
    return image


def view_of(image: QImage) -> NDArray[np.uint8]:
    """The image's own memory, writable: H×W×4 uint8 (blue, green, red, unused) of RGB32, H×W uint8 of Grayscale8.

    The view lives no longer than the image.
    """
    import numpy as np

    height, width = image.height(), image.width()
    channels = 1 if image.format() == QImage.Format.Format_Grayscale8 else 4
    rows = np.frombuffer(image.bits(), np.uint8).reshape(height, image.bytesPerLine())[:, : width * channels]
    return rows if channels == 1 else rows.reshape(height, width, channels)


def from_qimage(image: QImage) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """H×W×3 uint8 sRGB flattened on white, and the alpha, H×W uint8 (None where every pixel is opaque)."""
    import numpy as np

    has_alpha = image.hasAlphaChannel()
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = converted.height(), converted.width()
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(height, converted.bytesPerLine())
    rgba = rows[:, : width * 4].reshape(height, width, 4)
    if not has_alpha or rgba[..., 3].min() == 255:
        return rgba[..., :3].copy(), None
    alpha = rgba[..., 3].copy()
    share = alpha[..., None].astype(np.uint16)
    flat = (rgba[..., :3] * share + 255 * (255 - share) + 127) // 255
    return flat.astype(np.uint8), alpha


def thumbnail(pixels: NDArray[np.uint8], side: int) -> QImage:
    """The picture (H×W×3 uint8) made to fit a square of `side` pixels, never enlarged."""
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return to_qimage(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8))
