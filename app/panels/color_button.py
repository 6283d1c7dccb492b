"""A button that shows the current color of the tools and asks for another."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from engine.corrections import RGB

SIDE, PAD = 30, 5


class ColorButton(QToolButton):
    """A chip of color. What a click does is the action's."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor(Qt.GlobalColor.white)
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)
        self.setAccessibleName(action.text().replace("&", "").rstrip("…"))

    @property
    def color(self) -> QColor:
        """What it shows."""
        return self._color

    def set_color(self, color: RGB) -> None:
        """Show this."""
        self._color = QColor(*color)
        self.setAccessibleDescription(self._color.name())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().highlight().color()
        framed = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(accent if framed else self.palette().text().color(), 2.0 if framed else 1.2))
        painter.setBrush(self._color)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(PAD, PAD, -PAD, -PAD), 4, 4)
