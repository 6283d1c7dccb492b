"""The status bar: what is being done, how far it is, and where on the drawing one looks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from app.language import engine_words, numbers
from app.style.plain_text import plain_tip

PROGRESS_WIDTH = 140


class StatusBar(QStatusBar):
    """Message and progress at the left, size and zoom at the right."""

    def __init__(self, cancel: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.message = _Message(self)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAccessibleName(self.tr("Status"))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(PROGRESS_WIDTH)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = QToolButton(self)
        self.cancel.setDefaultAction(cancel)
        self.cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.cancel.setIconSize(QSize(16, 16))
        self.cancel.setAutoRaise(True)
        self.cancel.setAccessibleName(self.tr("Stop"))
        self.size_label = QLabel(self)
        self.zoom_label = QLabel(self)
        self._tip = ""
        self._said = ""
        for widget in (self.bar, self.cancel):
            self.addWidget(widget)
        self.addWidget(self.message, 1)
        for widget in (self.size_label, self.zoom_label):
            self.addPermanentWidget(widget)
        self.show_work(None)

    def show_message(self, text: str) -> None:
        """What is going on, or what happened last."""
        self._said = engine_words.said(text)
        self._show()

    def show_tip(self, text: str) -> None:
        """What the action under the pointer does; empty: none. Qt's own way would lay it over the progress."""
        self._tip = text
        self._show()

    def _show(self) -> None:
        text = self._tip or self._said
        self.message.setText(text)
        self.message.setToolTip(plain_tip(text))

    def show_work(self, fraction: float | None, can_cancel: bool = False) -> None:
        """How far it is, in [0, 1]; None: nothing is measured."""
        self.bar.setVisible(fraction is not None)
        if fraction is not None:
            self.bar.setValue(round(1000 * fraction))
        self.cancel.setVisible(can_cancel)

    def show_size(self, size: QSize | None) -> None:
        """Size of the drawing."""
        self.size_label.setText(self.tr("{0} × {1}").format(size.width(), size.height()) if size else "")

    def show_zoom(self, scale: float | None) -> None:
        """Screen pixels a picture pixel."""
        if scale is None:
            self.zoom_label.setText("")
            return
        self.zoom_label.setText(numbers.percent(scale, 0 if scale >= 0.1 else 1))


class _Message(QLabel):
    """A line that never makes the window wider: what does not fit is left to the tool tip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
