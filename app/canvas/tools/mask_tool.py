"""Masking a reference: a brush or a rectangle says which parts of it do not count, or count again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

translate = QCoreApplication.translate

VEIL, BACK = QColor(230, 70, 60, 130), QColor(70, 170, 90, 130)  # of what is ignored, and of what counts again
SIZE_MIN, SIZE_MAX, SIZE_DEFAULT = 1, 500, 40  # logical pixels across


@dataclass
class Brush:
    """How the mask is painted. ignores: else it brings back. size: of the brush, logical pixels across."""

    ignores: bool = True
    rectangle: bool = False
    size: int = SIZE_DEFAULT


class MaskTool:
    """Works in the reference view. With Alt it does the opposite: brings back, or ignores."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True

    def __init__(self, context: ToolContext, index: int, mask: NDArray[np.bool_], brush: Brush) -> None:
        """index: of the reference. mask: H×W, True where it counts."""
        self.context = context
        self.index = index
        self.mask = mask
        self.brush = brush
        self._points: list[tuple[float, float]] = []
        self._alt = False
        self._scale = 1.0  # logical pixels a pixel of the reference, as it was painted last
        self._pointer: Spot | None = None
        self._done = False  # the stroke stays to be seen until the veil has it

    def hover(self, spot: Spot | None) -> bool:
        self._pointer = spot
        return True

    def press(self, spot: Spot) -> None:
        self._points, self._alt, self._done = [(spot.x, spot.y)], spot.alt, False

    def drag(self, spot: Spot) -> None:
        self._pointer = spot
        if self._done or not self._points:
            return
        if self.brush.rectangle:
            self._points[1:] = [(spot.x, spot.y)]
        else:
            self._points.append((spot.x, spot.y))

    def release(self, spot: Spot) -> None:
        if self._done or not self._points:
            return
        self.drag(spot)
        self._done = True
        mask = self.masked()
        if mask is None:
            self._points = []
        else:
            self.apply(mask)

    def apply(self, mask: NDArray[np.bool_]) -> None:
        """Ask for the mask that was painted."""
        if mask.any():
            self.context.verbs.mask_reference(self.index, None if mask.all() else mask)
        else:
            self._points = []
            self.context.said.emit(translate("Tools", "Something of a reference must count: leave a part of it."))

    def masked(self) -> NDArray[np.bool_] | None:
        """The mask with the stroke: H×W, True where the reference counts; None where it changes nothing."""
        import cv2
        import numpy as np

        height, width = self.mask.shape
        thick = 0 if self.brush.rectangle else max(1, round(self.brush.size / self._scale))
        (left, top), (right, bottom) = _box(self._points)
        # Large references are common: only the box around the stroke is looked at.
        left, top = max(left - thick, 0), max(top - thick, 0)
        right, bottom = min(right + thick + 1, width), min(bottom + thick + 1, height)
        if right <= left or bottom <= top:
            return None
        stroke = np.zeros((bottom - top, right - left), np.uint8)
        if self.brush.rectangle:
            stroke[...] = 1
        else:
            points = np.floor(np.asarray(self._points, np.float64)).astype(np.int32) - (left, top)
            cv2.polylines(stroke, [points.astype(np.int32)], False, 1, thick)
            for x, y in points.tolist():
                cv2.circle(stroke, (x, y), thick // 2, 1, -1)
        box = slice(top, bottom), slice(left, right)
        part = self.mask[box] & (stroke == 0) if self._ignores else self.mask[box] | (stroke > 0)
        if (part == self.mask[box]).all():
            return None
        mask = self.mask.copy()
        mask[box] = part
        return mask

    def cancel(self) -> bool:
        was, self._points = bool(self._points) and not self._done, []
        return was

    def settle(self, mask: NDArray[np.bool_]) -> None:
        """The mask is this now, and the view shows it."""
        self.mask = mask
        if self._done:
            self._points = []

    def paint(self, painter: QPainter, lens: Lens) -> None:
        self._scale = lens.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(VEIL if self._ignores else BACK)
        painter.drawPath(self._shape(lens))
        if self._pointer is not None and not self.brush.rectangle:
            place, radius = lens.point(self._pointer.x, self._pointer.y), self.brush.size / 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for color, width in ((overlays.DARK, 3.0), (overlays.LIGHT, 1.4)):
                painter.setPen(QPen(color, width))
                painter.drawEllipse(place, radius, radius)

    @property
    def _ignores(self) -> bool:
        return self.brush.ignores != self._alt

    def _shape(self, lens: Lens) -> QPainterPath:
        path = QPainterPath()
        if not self._points:
            return path
        if self.brush.rectangle:
            (left, top), (right, bottom) = _box(self._points)
            path.addRect(QRectF(left, top, right - left + 1, bottom - top + 1))
            return lens.path(path)
        path.moveTo(lens.point(*self._points[0]))
        for point in self._points[1:] or self._points:
            path.lineTo(lens.point(*point))
        outliner = QPainterPathStroker(QPen(VEIL, self.brush.size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        outliner.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        stroke = outliner.createStroke(path)
        stroke.setFillRule(Qt.FillRule.WindingFill)
        return stroke


class FigureTool(MaskTool):
    """Corrects where the figure is: of a reference in its view, or with the index -1 of the drawing on the canvas."""

    def apply(self, mask: NDArray[np.bool_]) -> None:
        """See `MaskTool.apply`."""
        if not mask.any():
            self._points = []
            self.context.said.emit(translate("Tools", "There must be a figure: leave a part of it."))
        elif self.index < 0:
            self.context.verbs.mask_figure(mask)
        else:
            self.context.verbs.mask_reference_figure(self.index, mask)


def _box(points: list[tuple[float, float]]) -> tuple[Point, Point]:
    """The first and the last pixel of the box around all points."""
    xs, ys = [math.floor(x) for x, _ in points], [math.floor(y) for _, y in points]
    return (min(xs), min(ys)), (max(xs), max(ys))


SPEC = ToolSpec(
    "mask",
    QT_TRANSLATE_NOOP("Actions", "Mas&k Reference"),
    QT_TRANSLATE_NOOP("Actions", "Paint over the parts of a reference that are not to count"),
    "K",
    needs="references",
)
