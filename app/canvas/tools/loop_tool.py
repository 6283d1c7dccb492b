"""What tools have in common that draw a loop around regions."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPainter

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.region_tool import paint_selection
from app.canvas.tools.tool import Lens, Spot

translate = QCoreApplication.translate


class LoopTool:
    """Collects the pixels of a loop, which the release closes; a click means the region there."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True
    color = QColor(overlays.SELECTED)

    def __init__(self, context: ToolContext) -> None:
        self.context = context
        self._points: list[Point] = []
        self._spot: Spot | None = None

    def hover(self, spot: Spot | None) -> bool:
        changed = spot != self._spot
        self._spot = spot
        return changed

    def press(self, spot: Spot) -> None:
        outlines = self.context.outlines
        if outlines is None:
            self.context.said.emit(translate("Tools", "Color a drawing with flats on first."))
        elif spot.pixel(outlines.size) is not None or self.begins_beside:
            self._points = [spot.nearest_pixel(outlines.size)]

    begins_beside = True  # a loop may begin beside the drawing

    def drag(self, spot: Spot) -> None:
        outlines = self.context.outlines
        self._spot = spot
        if self._points and outlines is not None:
            point = spot.nearest_pixel(outlines.size)
            if point != self._points[-1]:
                self._points.append(point)

    def release(self, spot: Spot) -> None:
        self.drag(spot)
        points, self._points = self._points, []
        outlines = self.context.outlines
        if not points or outlines is None:
            return
        self.take(spot, points)

    def take(self, spot: Spot, points: Sequence[Point]) -> None:
        """The loop is closed."""
        outlines = self.context.outlines
        if outlines is None:
            return
        pixel = spot.pixel(outlines.size)
        if len(points) < 3:
            places = (pixel,) if pixel is not None else ()
        else:
            found = outlines.labels_inside(points)
            places = tuple(place for label, place in found.items() if label != outlines.background)
        if places:
            self.act(places)
        else:
            self.context.said.emit(translate("Tools", "No region lies inside with more than half of it."))

    def act(self, places: tuple[Point, ...]) -> None:
        raise NotImplementedError

    def cancel(self) -> bool:
        was, self._points = bool(self._points), []
        return was

    def paint(self, painter: QPainter, lens: Lens) -> None:
        outlines = self.context.outlines
        paint_selection(painter, lens, self.context)
        pixel = self._spot.pixel(outlines.size) if self._spot is not None and outlines is not None else None
        if outlines is not None and pixel is not None and not self._points:
            overlays.outline(painter, lens.path(outlines.path_of(outlines.label_at(*pixel))))
        overlays.corrections(painter, lens, self.context.corrections)
        if len(self._points) > 1:
            overlays.line(painter, [lens.middle(*point) for point in (*self._points, self._points[0])], self.color)
