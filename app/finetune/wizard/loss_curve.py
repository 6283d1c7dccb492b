"""How the loss falls: a curve over the steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.language import numbers

MARGIN, LEFT = 6, 46
POINTS_MAX = 400  # more cannot be told apart on a screen


class LossCurve(QWidget):
    """Highest and lowest value are written beside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[tuple[int, float]] = []
        self._steps = 1
        self.setMinimumSize(QSize(200, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Loss"))
        self.setToolTip(self.tr("How far the colors are off in training; it should fall"))

    @property
    def values(self) -> list[tuple[int, float]]:
        """Step and loss of what is drawn, at most a few hundred."""
        return self._values

    def show_losses(self, losses: Sequence[tuple[int, float]], steps: int) -> None:
        """Draw these; steps: of the whole training."""
        stride = -(-len(losses) // POINTS_MAX) or 1
        self._values = list(losses[::stride])
        self._steps = max(steps, 1)
        if losses:
            self.setAccessibleDescription(
                self.tr("{0} at step {1}").format(numbers.decimal(losses[-1][1], 4), losses[-1][0])
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(LEFT, MARGIN, -MARGIN, -MARGIN)
        painter.fillRect(frame, self.palette().base())
        painter.setPen(QPen(self.palette().midlight().color(), 1.0))
        painter.drawRect(frame)
        muted = self.palette().placeholderText().color()
        painter.setPen(muted)
        if len(self._values) < 2:
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self.tr("How much is left to learn is drawn here."))
            return
        low, high = min(loss for _, loss in self._values), max(loss for _, loss in self._values)
        right = Qt.AlignmentFlag.AlignRight
        beside = QRectF(0, frame.top(), LEFT - MARGIN, frame.height())
        painter.drawText(beside, right | Qt.AlignmentFlag.AlignTop, numbers.decimal(high, 3))
        painter.drawText(beside, right | Qt.AlignmentFlag.AlignBottom, numbers.decimal(low, 3))
        painter.setPen(QPen(self.palette().highlight().color(), 2.0))
        painter.drawPolyline(self._line(frame.adjusted(2, 4, -2, -4), low, high))

    def _line(self, frame: QRectF, low: float, high: float) -> QPolygonF:
        span = max(high - low, 1e-9)
        return QPolygonF(
            [
                QPointF(
                    frame.left() + frame.width() * min(step / self._steps, 1.0),
                    frame.bottom() - frame.height() * (loss - low) / span,
                )
                for step, loss in self._values
            ]
        )
