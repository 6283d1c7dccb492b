"""How tools paint over a picture: strokes that are seen on any color, dots, outlines, and corrections there are."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.canvas.tools.tool import Lens
from engine.corrections import RGB, Corrections

DOT, SQUARE = 7.0, 6.0  # logical pixels: radius of a hint, half the side of a fill
SPLIT, MERGE, GAP, HOVER = QColor("#e8643c"), QColor("#3f9d5a"), QColor("#2e86de"), QColor("#1f6fd0")
FOLLOW, SELECTED, SHAPE = QColor("#e08a1e"), QColor("#c2339b"), QColor("#8a4fd0")
LIGHT, DARK = QColor(255, 255, 255), QColor(20, 20, 20)


def line(painter: QPainter, points: Sequence[QPointF], color: QColor, *, dashed: bool = False) -> None:
    """A thin line with a light border."""
    for ink, width in ((LIGHT, 4.0), (color, 2.0)):
        pen = QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        if dashed and ink is color:
            pen.setDashPattern([2.5, 2.5])
        painter.setPen(pen)
        painter.drawPolyline(list(points))


def outline(painter: QPainter, path: QPainterPath, color: QColor = HOVER, *, dashed: bool = False) -> None:
    """The border of a region."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((LIGHT, 4.0), (color, 2.0)):
        pen = QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        if dashed and ink is color:
            pen.setDashPattern([3.0, 2.5])
        painter.setPen(pen)
        painter.drawPath(path)


def dot(painter: QPainter, place: QPointF, color: RGB | None, radius: float = DOT) -> None:
    """A round mark, filled where it stands for a color."""
    painter.setBrush(QColor(*color) if color is not None else Qt.BrushStyle.NoBrush)
    for ink, width in ((DARK, 4.0), (LIGHT, 2.0)):
        painter.setPen(QPen(ink, width))
        painter.drawEllipse(place, radius, radius)


def square(painter: QPainter, place: QPointF, color: RGB) -> None:
    """A square mark of a color."""
    area = QRectF(place.x() - SQUARE, place.y() - SQUARE, 2 * SQUARE, 2 * SQUARE)
    painter.setBrush(QColor(*color))
    for ink, width in ((DARK, 4.0), (LIGHT, 2.0)):
        painter.setPen(QPen(ink, width))
        painter.drawRect(area)


def corrections(painter: QPainter, lens: Lens, there: Corrections) -> None:
    """Cuts, closed gaps and drawn regions as lines, joins as a line with two rings, hints as dots, fills as squares."""
    for stroke in there.splits:
        line(painter, [lens.middle(*point) for point in stroke], SPLIT, dashed=True)
    for stroke in there.gaps:
        line(painter, [lens.middle(*point) for point in stroke], GAP)
    for pair in there.merges:
        ends = [lens.middle(*point) for point in pair]
        line(painter, ends, MERGE)
        for end in ends:
            dot(painter, end, (MERGE.red(), MERGE.green(), MERGE.blue()), 4.0)
    for shape in there.shapes:
        points = [lens.middle(*point) for point in (shape.points if shape.width else (*shape.points, shape.points[0]))]
        line(painter, points, SHAPE, dashed=True)
    for hint in there.hints:
        if hint.spread:
            dot(painter, lens.middle(hint.x, hint.y), hint.color)
        else:
            square(painter, lens.middle(hint.x, hint.y), hint.color)
