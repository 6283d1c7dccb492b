"""A picture ready to be painted at any zoom: itself and its halves, so that painting never rescales more than twice
the pixels on screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.images import qt_images

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST_SIDE = 128


class Pyramid:
    """Images of one picture, each half as large as the one before."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        """pixels: H×W×3, H×W×4 (straight alpha) or H×W uint8. To be called off the GUI thread: 16 MP take 30 ms."""
        import cv2

        levels = [qt_images.to_qimage(pixels)]
        while max(levels[-1].width(), levels[-1].height()) >= 2 * SMALLEST_SIDE:
            source = levels[-1]
            half = QImage(QSize((source.width() + 1) // 2, (source.height() + 1) // 2), source.format())
            small = cv2.resize(qt_images.view_of(source), half.size().toTuple(), interpolation=cv2.INTER_AREA)
            qt_images.view_of(half)[...] = small
            levels.append(half)
        self._levels = tuple(levels)

    @property
    def size(self) -> QSize:
        """Size of the picture itself."""
        return self._levels[0].size()

    @property
    def has_alpha(self) -> bool:
        """Whether what lies below is seen through it."""
        return self._levels[0].hasAlphaChannel()

    @property
    def levels(self) -> tuple[QImage, ...]:
        """The picture itself and its halves."""
        return self._levels

    @property
    def full(self) -> QImage:
        """The picture itself."""
        return self._levels[0]

    def level(self, scale: float) -> QImage:
        """The image to paint at `scale` device pixels a picture pixel: the smallest that need not be enlarged."""
        index = 0 if scale >= 1.0 else math.floor(math.log2(1.0 / scale) + 1e-9)
        return self._levels[min(index, len(self._levels) - 1)]


class Stretched(Pyramid):
    """A small picture that is shown at another size, such as a preview."""

    def __init__(self, pixels: NDArray[np.uint8], size: QSize) -> None:
        """pixels: as of a `Pyramid`; size: at which it is shown."""
        super().__init__(pixels)
        self._size = size

    @property
    def size(self) -> QSize:
        """The size at which it is shown."""
        return self._size

    def level(self, scale: float) -> QImage:
        """See `Pyramid.level`; scale: device pixels a pixel of what is shown."""
        return super().level(scale * self._size.width() / self.full.width())
