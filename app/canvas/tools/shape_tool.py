"""Drawing a region where no line is: a blush, a highlight, a strand of hair over an eye."""

import itertools
import math

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.region_tool import paint_selection
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.stroke_tool import StrokeTool, simplified
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP
from engine.corrections import WIDTH_MAX, Shape

translate = QCoreApplication.translate

CLOSED_NEAR = 14.0  # logical pixels between the ends of a stroke that is an outline
CLOSED_SHARE = 0.15  # of its length: or so near, for its length
TRANSPARENT = 110


class ShapeTool(StrokeTool):
    """A stroke that comes back to where it began is an outline; another one is a region as wide as the brush.

    The region stays within the one in which it begins, or with Shift takes in all that it covers.
    """

    color = QColor(overlays.SHAPE)

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._scale = 1.0  # logical pixels a pixel of the drawing, as it was painted last
        self._spot: Spot | None = None
        self._shift = False

    def hover(self, spot: Spot | None) -> bool:
        self._spot = spot
        return True

    def drag(self, spot: Spot) -> None:
        self._spot = spot
        super().drag(spot)

    def release(self, spot: Spot) -> None:
        self._shift = spot.shift
        super().release(spot)

    def act(self, stroke: tuple[Point, ...]) -> None:
        if self._is_closed(stroke) and len(stroke) > 2:
            shape = Shape(stroke, 0, self._shift)
        else:
            width = min(max(1, round(self.context.brush_size / self._scale)), WIDTH_MAX)
            shape = Shape(stroke, width, self._shift)
        self.context.verbs.draw_region(shape, self.context.color)

    def paint(self, painter: QPainter, lens: Lens) -> None:
        self._scale = lens.scale
        paint_selection(painter, lens, self.context)
        overlays.corrections(painter, lens, self.context.corrections)
        if len(self._points) > 1:
            self._paint_stroke(painter, [lens.middle(*point) for point in self._points])
        elif self._spot is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = self.context.brush_size / 2
            for color, width in ((overlays.DARK, 3.0), (overlays.LIGHT, 1.4)):
                painter.setPen(QPen(color, width))
                painter.drawEllipse(lens.point(self._spot.x, self._spot.y), radius, radius)

    def _paint_stroke(self, painter: QPainter, points: list[QPointF]) -> None:
        fill = QColor(*self.context.color, TRANSPARENT)
        if self._is_closed(simplified(self._points)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(points)
            overlays.line(painter, [*points, points[0]], self.color)
        else:
            pen = QPen(fill, self.context.brush_size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(points)
            overlays.line(painter, points, self.color)

    def _is_closed(self, stroke: tuple[Point, ...]) -> bool:
        if len(stroke) < 3:
            return False
        length = sum(math.dist(one, other) for one, other in itertools.pairwise(stroke))
        between = math.dist(stroke[0], stroke[-1])
        return between <= max(CLOSED_NEAR / self._scale, CLOSED_SHARE * length) and between < length / 2


SPEC = ToolSpec(
    "shape",
    QT_TRANSLATE_NOOP("Actions", "&Draw a Region"),
    QT_TRANSLATE_NOOP(
        "Actions", "Draw an outline, or a stroke as wide as the brush, within a region; with Shift over all. [ ] resize"
    ),
    "D",
    make=ShapeTool,
)
