"""What was painted once, kept in squares of the view, so that a pushed picture is painted only where it is new."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from app.canvas.painting import on_whole_pixels
from app.canvas.viewport import Viewport

SIDE = 256  # device pixels
LEAST_KEPT = 96  # tiles, 24 MiB
KEPT_VIEWS = 3  # so many times what is seen at once

Render = Callable[[QPainter, Viewport, QRectF], None]


class TileCache:
    """Tiles lie on whole device pixels, counted from the corner of the picture: a push leaves them as they are."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[str, int, int], QImage] = {}
        self._shape: tuple[object, ...] = ()

    def clear(self) -> None:
        """What is shown has changed."""
        self._tiles.clear()

    def paint(self, painter: QPainter, viewport: Viewport, exposed: QRect, name: str, render: Render) -> None:
        """Paint `exposed`, in device pixels of the view.

        name: of the way it is rendered, one of several that are kept side by side. render: paints all of a rectangle of
        the view, its painter counts as the view does.
        """
        shape = viewport.picture, viewport.scale, viewport.matrix
        if shape != self._shape:
            self._tiles.clear()
            self._shape = shape
        moved = on_whole_pixels(viewport)
        corner = QPoint(int(moved.x), int(moved.y))
        part = exposed.translated(-corner)
        columns = range(math.floor(part.left() / SIDE), math.floor(part.right() / SIDE) + 1)
        rows = range(math.floor(part.top() / SIDE), math.floor(part.bottom() / SIDE) + 1)
        for row in rows:
            for column in columns:
                place = corner + QPoint(column * SIDE, row * SIDE)
                painter.drawImage(place, self._tile((name, column, row), moved, place, render))
        self._forget(max(LEAST_KEPT, KEPT_VIEWS * len(rows) * len(columns)))

    def _tile(self, key: tuple[str, int, int], viewport: Viewport, place: QPoint, render: Render) -> QImage:
        tile = self._tiles.pop(key, None)
        if tile is None:
            tile = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
            painter = QPainter(tile)
            painter.translate(-place)
            render(painter, viewport, QRectF(place.x(), place.y(), SIDE, SIDE))
            painter.end()
        self._tiles[key] = tile  # at the end: those used last go last
        return tile

    def _forget(self, kept: int) -> None:
        for key in list(self._tiles)[: max(0, len(self._tiles) - kept)]:
            del self._tiles[key]
