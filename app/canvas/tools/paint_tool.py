"""Painting with regions: a brush gives the current color to the regions it runs over."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.fill_tool import FillTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP


class PaintTool(FillTool):
    """As filling by a drag, but small regions need only be covered for the most part."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._scale = 1.0  # logical pixels a pixel of the drawing, as it was painted last

    def hover(self, spot: Spot | None) -> bool:
        super().hover(spot)
        return True

    def regions_on(self, outlines: RegionOutlines, points: list[Point]) -> dict[int, Point]:
        return outlines.labels_under(points, self.context.brush_size / self._scale)

    def paint(self, painter: QPainter, lens: Lens) -> None:
        self._scale = lens.scale
        super().paint(painter, lens)
        if self._spot is not None:
            place, radius = lens.point(self._spot.x, self._spot.y), self.context.brush_size / 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for color, width in ((overlays.DARK, 3.0), (overlays.LIGHT, 1.4)):
                painter.setPen(QPen(color, width))
                painter.drawEllipse(place, radius, radius)


SPEC = ToolSpec(
    "paint",
    QT_TRANSLATE_NOOP("Actions", "&Paint Regions"),
    QT_TRANSLATE_NOOP("Actions", "Paint over regions to give them the current color; [ and ] change the brush"),
    "P",
    make=PaintTool,
)
