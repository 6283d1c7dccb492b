"""A whole number that is slid or typed."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget


class SliderRow(QWidget):
    """A slider and a spin box with the same value."""

    changed = Signal(int)

    def __init__(self, name: str, least: int, most: int, parent: QWidget | None = None) -> None:
        """name: for those who cannot see the row."""
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.spin = QSpinBox(self)
        self.spin.setKeyboardTracking(False)
        for widget in (self.slider, self.spin):
            widget.setRange(least, most)
            widget.setAccessibleName(name)
        self.setFocusProxy(self.slider)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.spin)
        self.slider.valueChanged.connect(self._moved)
        self.spin.valueChanged.connect(self._moved)

    def value(self) -> int:
        """The number."""
        return self.slider.value()

    def show_value(self, value: int) -> None:
        """Show this, without a signal."""
        for widget in (self.slider, self.spin):
            with QSignalBlocker(widget):
                widget.setValue(value)

    def _moved(self, value: int) -> None:
        self.show_value(value)
        self.changed.emit(value)
