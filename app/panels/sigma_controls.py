"""The slider and the number for the thickness of lines (σ)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QWidget

from app.panels.number_box import NumberBox
from engine.options import SIGMA_MAX, SIGMA_MIN

STEPS = 100  # of the slider for 1.0 of σ: 0.01 each


def sigma_controls(name: str, number_name: str, tip: str, parent: QWidget) -> tuple[QSlider, QDoubleSpinBox]:
    """Both cover the same range; who makes them keeps them equal. name, number_name: for those who cannot see them."""
    slider = QSlider(Qt.Orientation.Horizontal, parent)
    slider.setRange(round(SIGMA_MIN * STEPS), round(SIGMA_MAX * STEPS))
    slider.setPageStep(5)
    slider.setAccessibleName(name)
    spin = NumberBox(parent)
    spin.setRange(SIGMA_MIN, SIGMA_MAX)
    spin.setSingleStep(1 / STEPS)
    spin.setDecimals(2)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(number_name)
    for widget in (slider, spin):
        widget.setToolTip(tip)
    return slider, spin
