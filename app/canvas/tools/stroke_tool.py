"""What tools have in common that draw a stroke over the drawing."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPainter

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.region_tool import paint_selection
from app.canvas.tools.tool import Lens, Spot
from engine.corrections import Stroke

translate = QCoreApplication.translate

ROUGHNESS = 0.7  # pixels that a kept stroke may lie beside the hand's


class StrokeTool:
    """Collects the pixels that the pointer goes over."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True
    color = QColor(overlays.SPLIT)
    straight = False

    def __init__(self, context: ToolContext) -> None:
        self.context = context
        self._points: list[Point] = []

    def hover(self, spot: Spot | None) -> bool:
        return False

    def press(self, spot: Spot) -> None:
        outlines = self.context.outlines
        if outlines is None:
            self.context.said.emit(translate("Tools", "Color a drawing with flats on first."))
        else:
            self._points = [spot.nearest_pixel(outlines.size)]

    def drag(self, spot: Spot) -> None:
        outlines = self.context.outlines
        if not self._points or outlines is None:
            return
        point = spot.nearest_pixel(outlines.size)
        if self.straight:
            self._points[1:] = [point]
        elif point != self._points[-1]:
            self._points.append(point)

    def release(self, spot: Spot) -> None:
        """It ends, and takes effect where it is more than a point."""
        self.drag(spot)
        points, self._points = self._points, []
        stroke = simplified(points)
        if len(stroke) > 1:
            self.act(stroke)

    def act(self, stroke: Stroke) -> None:
        raise NotImplementedError

    def cancel(self) -> bool:
        was, self._points = bool(self._points), []
        return was

    def paint(self, painter: QPainter, lens: Lens) -> None:
        paint_selection(painter, lens, self.context)
        overlays.corrections(painter, lens, self.context.corrections)
        if len(self._points) > 1:
            overlays.line(painter, [lens.middle(*point) for point in self._points], self.color)


def simplified(points: Sequence[Point]) -> Stroke:
    """The stroke with fewer points where it is nearly straight (Douglas and Peucker, 1973)."""
    import cv2
    import numpy as np

    apart = [point for number, point in enumerate(points) if not number or point != points[number - 1]]
    if len(apart) < 3:
        return tuple(apart)
    kept = cv2.approxPolyDP(np.asarray(apart, np.int32).reshape(-1, 1, 2), ROUGHNESS, False).reshape(-1, 2)
    return tuple((int(x), int(y)) for x, y in kept)
