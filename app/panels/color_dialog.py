"""Choosing a color by hue, saturation and value beside the drawing, which stays in reach."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

HUE, SATURATION, VALUE = range(3)
MOST = (359, 255, 255)  # of each, as QColor counts them
STOPS = 12  # colors of a slider's gradient
BAR, HANDLE = 18, 5.0  # pixels


class ColorDialog(QDialog):
    """A window of its own that blocks nothing. Says the color while it is chosen, so that the picture can follow."""

    currentColorChanged = Signal(QColor)
    colorSelected = Signal(QColor)

    def __init__(self, color: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parts = [max(color.hsvHue(), 0), color.hsvSaturation(), color.value()]
        self._color = QColor(color)
        self.before, self.now = _Chip(color, self), _Chip(color, self)
        self.digits = QLineEdit(color.name(), self)
        self.digits.setMaxLength(7)
        self.digits.setAccessibleName(self.tr("Color in digits, #rrggbb"))
        self.sliders = [_ColorSlider(most, self) for most in MOST]
        self.boxes = [QSpinBox(self) for _ in MOST]
        names = (self.tr("&Hue"), self.tr("&Saturation"), self.tr("&Value"))
        grid = QGridLayout()
        for row, (name, slider, box) in enumerate(zip(names, self.sliders, self.boxes, strict=True)):
            label = QLabel(name, self)
            label.setBuddy(slider)
            slider.setAccessibleName(name.replace("&", ""))
            box.setRange(0, MOST[row])
            box.setAccessibleName(name.replace("&", ""))
            for column, widget in enumerate((label, slider, box)):
                grid.addWidget(widget, row, column)
            slider.valueChanged.connect(lambda value, part=row: self._set_part(part, value))
            box.valueChanged.connect(lambda value, part=row: self._set_part(part, value))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        top = QHBoxLayout()
        top.setSpacing(0)
        for chip in (self.before, self.now):
            top.addWidget(chip, 1)
        top.addSpacing(8)
        top.addWidget(self.digits)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(grid)
        layout.addWidget(buttons)
        self.before.setToolTip(self.tr("The color of before"))
        self.digits.textEdited.connect(self._take_digits)
        self.accepted.connect(lambda: self.colorSelected.emit(self._color))
        self.resize(360, self.sizeHint().height())
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Many window managers give a tool window no keys of their own accord: digits and Esc went past it."""
        super().showEvent(event)
        self.activateWindow()
        self.digits.setFocus()
        self.digits.selectAll()

    def currentColor(self) -> QColor:
        """The color that is chosen now."""
        return QColor(self._color)

    def setCurrentColor(self, color: QColor | str) -> None:
        """Choose this."""
        chosen = QColor(color)
        if chosen != self._color:
            # Gray has no hue, black no saturation: the sliders stay where they were.
            self._parts[VALUE] = chosen.value()
            if chosen.value():
                self._parts[SATURATION] = chosen.hsvSaturation()
            if chosen.hsvHue() >= 0:
                self._parts[HUE] = chosen.hsvHue()
            self._use(chosen)

    def _set_part(self, part: int, value: int) -> None:
        self._parts[part] = value
        self._use(QColor.fromHsv(*self._parts))

    def _take_digits(self, text: str) -> None:
        if re.fullmatch("#?[0-9a-fA-F]{6}", text.strip()):
            self.setCurrentColor(f"#{text.strip().removeprefix('#')}")

    def _use(self, color: QColor) -> None:
        self._color = color
        self._show()
        self.currentColorChanged.emit(QColor(color))

    def _show(self) -> None:
        self.now.show_color(self._color)
        if not self.digits.hasFocus():
            self.digits.setText(self._color.name())
        for part, (slider, box) in enumerate(zip(self.sliders, self.boxes, strict=True)):
            for widget in (slider, box):
                with QSignalBlocker(widget):
                    widget.setValue(self._parts[part])
            slider.show_colors([self._at(part, MOST[part] * stop / STOPS) for stop in range(STOPS + 1)])

    def _at(self, part: int, value: float) -> QColor:
        """The color with another hue, saturation or value."""
        parts = [*self._parts]
        parts[part] = round(value)
        return QColor.fromHsv(*parts)


class _Chip(QWidget):
    def __init__(self, color: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = color
        self.setMinimumSize(48, 28)

    def show_color(self, color: QColor) -> None:
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._color)


class _ColorSlider(QSlider):
    """Shows what each place of it comes to."""

    def __init__(self, most: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._colors: list[QColor] = []
        self.setRange(0, most)
        self.setPageStep(max(1, most // 16))

    def show_colors(self, colors: list[QColor]) -> None:
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, BAR + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(HANDLE, (self.height() - BAR) / 2, self.width() - 2 * HANDLE, BAR)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for number, color in enumerate(self._colors):
            gradient.setColorAt(number / max(1, len(self._colors) - 1), color)
        accent = self.palette().highlight().color()
        painter.setPen(QPen(accent if self.hasFocus() else self.palette().mid().color(), 1.4))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        x = bar.left() + bar.width() * self.value() / max(1, self.maximum())
        for color, width in ((QColor(0, 0, 0), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))
