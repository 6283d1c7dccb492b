"""A color is chosen by sliders or digits, beside the drawing."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.panels.color_dialog import HUE, SATURATION, VALUE, ColorDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[ColorDialog]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = ColorDialog(QColor(200, 40, 40), window)
    made.show()
    yield made
    window.close()


def test_it_blocks_nothing_and_tells_each_change(dialog: ColorDialog, qtbot: QtBot) -> None:
    told: list[str] = []
    dialog.currentColorChanged.connect(lambda color: told.append(color.name()))
    assert not dialog.isModal() and dialog.isVisible()
    dialog.sliders[HUE].setFocus()
    qtbot.keyClick(dialog.sliders[HUE], Qt.Key.Key_Right)
    assert told == [dialog.currentColor().name()] and dialog.currentColor().hsvHue() == 1
    dialog.digits.clear()
    qtbot.keyClicks(dialog.digits, "3050f0")
    assert told[-1] == "#3050f0" and dialog.sliders[VALUE].value() == 240
    dialog.boxes[SATURATION].setValue(0)
    assert dialog.currentColor().hsvSaturation() == 0
    dialog.boxes[SATURATION].setValue(200)
    assert dialog.currentColor().hsvHue() == QColor("#3050f0").hsvHue(), "gray on the way does not lose the hue"


def test_ok_tells_what_was_chosen_and_the_bar_shows_it(dialog: ColorDialog, qtbot: QtBot) -> None:
    dialog.setCurrentColor("#00c000")
    slider = dialog.sliders[HUE]
    shown = slider.grab().toImage()
    colors = {shown.pixelColor(x, shown.height() // 2).hsvHue() // 30 for x in range(8, shown.width() - 8, 4)}
    assert len(colors) >= 10, "all hues are seen"
    with qtbot.waitSignal(dialog.colorSelected) as chosen:
        dialog.accept()
    assert chosen.args == [QColor("#00c000")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.integers(0, 0xFFFFFF))
def test_digits_are_kept_to_the_last(dialog: ColorDialog, number: int) -> None:
    dialog.setCurrentColor(f"#{number:06x}")
    assert dialog.currentColor().name() == f"#{number:06x}"
