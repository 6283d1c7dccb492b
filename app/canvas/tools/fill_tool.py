"""Filling: the regions that are clicked, or that a drag runs through, have the current color; no other follows."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP


class FillTool(RegionTool):
    """A click fills a region, or all that are selected where it is one of them; a drag fills many."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._points: list[Point] = []
        self._touched: dict[int, Point] = {}

    def press(self, spot: Spot) -> None:
        super().press(spot)
        self._points, self._touched = [], {}
        self._go_to(spot)

    def drag(self, spot: Spot) -> None:
        super().drag(spot)
        if self._pressed:
            self._go_to(spot)

    def act(self, pixel: Point) -> None:
        outlines, color = self.context.outlines, self.context.color
        touched = self._touched
        if outlines is None:
            return
        if len(touched) < 2 and outlines.label_at(*pixel) in self.context.selected_labels:
            self.context.verbs.fill_all(self.context.selection, color)
        elif len(touched) > 1:
            self.context.verbs.fill_all(tuple(touched.values()), color)
        else:
            self.context.verbs.fill(*pixel, color)

    def release(self, spot: Spot) -> None:
        outlines = self.context.outlines
        if self._pressed and len(self._touched) > 1 and outlines is not None and spot.pixel(outlines.size) is None:
            self._pressed = False  # let go beside the drawing
            self.context.verbs.fill_all(tuple(self._touched.values()), self.context.color)
        super().release(spot)
        self._points, self._touched = [], {}

    def cancel(self) -> bool:
        self._points, self._touched = [], {}
        return super().cancel()

    def paint(self, painter: QPainter, lens: Lens) -> None:
        super().paint(painter, lens)
        outlines = self.context.outlines
        if outlines is not None and len(self._touched) > 1:
            for label in self._touched:
                overlays.outline(painter, lens.path(outlines.path_of(label)))

    def regions_on(self, outlines: RegionOutlines, points: list[Point]) -> dict[int, Point]:
        """The regions that a drag fills."""
        return outlines.labels_along(points)

    def _go_to(self, spot: Spot) -> None:
        outlines = self.context.outlines
        pixel = spot.pixel(outlines.size) if outlines is not None else None
        if outlines is None or pixel is None or spot.alt:
            return
        self._points.append(pixel)
        self._touched |= {
            label: place
            for label, place in self.regions_on(outlines, self._points[-2:]).items()
            if label not in self._touched and (label != outlines.background or self._begins_in_background)
        }

    @property
    def _begins_in_background(self) -> bool:
        """A drag over the figure means the figure, though it crosses the paper between arm and body."""
        outlines = self.context.outlines
        return outlines is not None and outlines.label_at(*self._points[0]) == outlines.background


SPEC = ToolSpec(
    "fill",
    QT_TRANSLATE_NOOP("Actions", "&Fill"),
    QT_TRANSLATE_NOOP("Actions", "Fill a region with the current color, or many with a drag. Alt takes a color"),
    "F",
    make=FillTool,
)
