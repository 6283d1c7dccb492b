"""The before/after divider: a line with a grip on the canvas, moved by mouse or keys."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

WIDTH = 30
STEP, LARGE_STEP = 0.02, 0.10


class Divider(QWidget):
    """Sits on the canvas over the border between before and after. `share` is what of the picture is shown before."""

    moved = Signal(float)  # the new share, in [0, 1]

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._span = (0.0, 1.0)  # left and right end of its way, in the parent's coordinates
        self._share = 0.5
        self._grip = 0.0  # where inside the widget it was taken
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Compare divider"))
        self.setAccessibleDescription(self.tr("Left and Right move it; lines before it, colors after it."))
        self.setToolTip(self.tr("Drag to compare lines and colors (Left, Right; with Shift in larger steps)"))
        self.resize(WIDTH, 100)

    @property
    def share(self) -> float:
        """What of the visible picture is shown before, in [0, 1]."""
        return self._share

    def place(self, left: float, right: float, height: int, share: float) -> None:
        """Lie over the visible picture, which goes from `left` to `right`."""
        self._span = (left, max(right, left + 1.0))
        self._share = share
        x = left + share * (self._span[1] - left)
        self.setGeometry(round(x - WIDTH / 2), 0, WIDTH, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()  # the canvas pans with the others
            return
        self._grip = event.position().x() - WIDTH / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = self.mapToParent(event.position()).x() - self._grip
        self.set_share((x - self._span[0]) / (self._span[1] - self._span[0]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        targets = {
            Qt.Key.Key_Left: self._share - step,
            Qt.Key.Key_Right: self._share + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self.set_share(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self.width() / 2, self.height() / 2
        for color, width in ((QColor(0, 0, 0, 110), 3.0), (QColor(255, 255, 255), 1.4)):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        accent = self.palette().highlight().color()
        painter.setPen(QPen(accent if self.hasFocus() else QColor(0, 0, 0, 120), 2.4 if self.hasFocus() else 1.2))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(QRectF(x - 11, y - 11, 22, 22))
        painter.setPen(QPen(QColor(60, 60, 60), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for side in (-1, 1):
            painter.drawPolyline(
                [QPointF(x + side * 3, y - 3.6), QPointF(x + side * 6.6, y), QPointF(x + side * 3, y + 3.6)]
            )

    def set_share(self, share: float) -> None:
        """Move to this share, as a hand would."""
        share = min(max(share, 0.0), 1.0)
        if share != self._share:
            self._share = share
            self.moved.emit(share)
