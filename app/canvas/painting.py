"""Painting a picture through a viewport: the layers, the grid between pixels. The painter counts in device pixels."""

import math
from dataclasses import replace

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from app.canvas.viewport import Viewport
from app.images.pyramid import Pyramid

SHARP_FROM = 2.0  # from this scale on pixels are shown as squares
GRID_FROM = 8.0  # from this scale on a grid can be seen between them
_LONGEST = 32_767  # pixels of a picture that Qt scales right: it counts in 16 bits before the point
GRID_COLOR = QColor(128, 128, 128, 90)  # seen on black as on white


def transform_of(viewport: Viewport) -> QTransform:
    """From picture to view."""
    return QTransform(*viewport.matrix, viewport.x, viewport.y)


def on_whole_pixels(viewport: Viewport) -> Viewport:
    """The same with the picture's corner on a device pixel, as tiles have it."""
    return replace(viewport, x=float(round(viewport.x)), y=float(round(viewport.y)))


def outline_of(viewport: Viewport) -> QPolygonF:
    """The border of the picture, in the view."""
    return transform_of(viewport).map(QPolygonF(QRectF(0, 0, *viewport.picture)))


def seen_through(viewport: Viewport, area: QRectF) -> QRectF:
    """The box of the picture around what lies under `area` of the view."""
    corners = (area.topLeft(), area.topRight(), area.bottomLeft(), area.bottomRight())
    points = [viewport.to_picture(corner.x(), corner.y()) for corner in corners]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return QRectF(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)


def paint_layer(painter: QPainter, layer: Pyramid, viewport: Viewport, area: QRectF) -> None:
    """Paint the part of the layer that lies under `area` of the view."""
    image = layer.level(viewport.scale)
    across, down = layer.size.width() / image.width(), layer.size.height() / image.height()
    seen = seen_through(viewport, area)
    # Whole pixels of the image and one more around, so that a part painted alone equals the whole.
    left, top = math.floor(seen.left() / across) - 1, math.floor(seen.top() / down) - 1
    right, bottom = math.ceil(seen.right() / across) + 1, math.ceil(seen.bottom() / down) + 1
    source = QRectF(QRect(left, top, right - left, bottom - top).intersected(image.rect()))
    if source.isEmpty():
        return
    target = QRectF(source.x() * across, source.y() * down, source.width() * across, source.height() * down)
    if max(image.width(), image.height()) > _LONGEST:
        image, source = image.copy(source.toRect()), QRectF(0, 0, source.width(), source.height())
    is_exact = viewport.scale == 1.0 and viewport.is_upright
    painter.save()
    painter.setClipRect(area)
    painter.setTransform(transform_of(viewport), True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.scale < SHARP_FROM and not is_exact)
    painter.drawImage(target, image, source)
    painter.restore()


def paint_grid(painter: QPainter, viewport: Viewport, area: QRectF) -> None:
    """Lines between the pixels under `area`; none while pixels are small."""
    if viewport.scale < GRID_FROM:
        return
    viewport = on_whole_pixels(viewport)
    seen = seen_through(viewport, area).intersected(QRectF(0, 0, *viewport.picture))
    left, top, right, bottom = seen.left(), seen.top(), seen.right(), seen.bottom()
    lines = [QLineF(x, top, x, bottom) for x in range(math.ceil(left), math.floor(right) + 1)]
    lines += [QLineF(left, y, right, y) for y in range(math.ceil(top), math.floor(bottom) + 1)]
    pen = QPen(GRID_COLOR, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    pen.setCosmetic(True)
    painter.save()
    painter.setTransform(transform_of(viewport), True)
    painter.setPen(pen)
    painter.drawLines(lines)
    painter.restore()
