"""Says what the colors of the confidence view mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.images import heat

BAR, PAD, GAP = QSize(96, 10), 10, 8


class HeatLegend(QWidget):
    """A bar from sure to doubtful with its two words, on the canvas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = self.tr("sure"), self.tr("doubtful")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Confidence, from pale (sure) to dark (doubtful)"))
        self.resize(self.sizeHint())
        self.hide()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = sum(metrics.horizontalAdvance(word) for word in self._words)
        return QSize(words + BAR.width() + 2 * (PAD + GAP), metrics.height() + PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.window())
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setPen(palette.windowText().color())
        inside = self.rect().adjusted(PAD, 0, -PAD, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._words[0])
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._words[1])
        left = PAD + self.fontMetrics().horizontalAdvance(self._words[0]) + GAP
        bar = QRectF(left, (self.height() - BAR.height()) / 2, BAR.width(), BAR.height())
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for number, stop in enumerate(heat.STOPS):
            gradient.setColorAt(number / (len(heat.STOPS) - 1), QColor(*stop))
        painter.setPen(QPen(palette.mid().color(), 1.0))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 2, 2)
