"""How a page looks in a list: small, its colors under its lines."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from app.document.page import Page
from app.images.pyramid import Pyramid

SIDE = 192  # pixels


def thumbnail_of(page: Page, side: int = SIDE) -> QImage:
    """The page's picture in a square of `side` pixels at most; of a stored page the one it was stored with.

    Takes well under a millisecond, as halves of the pictures are there already. A null image for an empty page.
    """
    if page.drawing is None:
        return page.thumbnail or QImage()
    below = page.coloring.view if page.coloring and page.lines else None
    base = below or (page.lines.view if page.lines else page.drawing.view)
    size = base.size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
    if size.width() > base.size.width():
        size = base.size
    image = QImage(size.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    _draw(painter, base, image)
    if below is not None and page.lines is not None:
        if not page.lines.view.has_alpha:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        _draw(painter, page.lines.view, image)
    painter.end()
    return image


def _draw(painter: QPainter, view: Pyramid, image: QImage) -> None:
    scale = image.width() / max(1, view.size.width())
    level = view.level(scale)
    painter.drawImage(QRectF(image.rect()), level, QRectF(level.rect()))
