import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.canvas.content import Content, ViewMode
from app.canvas.view import CanvasView
from app.images.pyramid import Pyramid


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    ink = np.full((300, 400), 255, np.uint8)
    view.set_content(Content(color=Pyramid(np.zeros((300, 400, 3), np.uint8)), ink=Pyramid(ink)))
    view.set_mode(ViewMode.COMPARE)
    return view


def test_lies_in_the_middle_of_the_picture(canvas: CanvasView) -> None:
    assert canvas.divider.isVisible()
    assert canvas.divider.geometry().center().x() == pytest.approx(250, abs=1)


def test_dragging_follows_the_mouse_and_stops_at_the_ends(canvas: CanvasView, qtbot: QtBot) -> None:
    divider = canvas.divider
    grip = QPoint(divider.width() // 2, divider.height() // 2)
    qtbot.mousePress(divider, Qt.MouseButton.LeftButton, pos=grip)
    for _ in range(2):  # the handle moves with the mouse: the same point of it stays under the cursor
        qtbot.mouseMove(divider, grip + QPoint(50, 0))
    qtbot.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=grip)
    assert divider.share == pytest.approx(0.5 + 100 / 400, abs=0.02)
    qtbot.mousePress(divider, Qt.MouseButton.LeftButton, pos=grip)
    qtbot.mouseMove(divider, grip - QPoint(2000, 0))
    qtbot.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=grip)
    assert divider.share == 0.0


def test_keys(canvas: CanvasView, qtbot: QtBot) -> None:
    divider = canvas.divider
    assert divider.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(divider, Qt.Key.Key_Right)
    assert divider.share == pytest.approx(0.52)
    qtbot.keyClick(divider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert divider.share == pytest.approx(0.42)
    qtbot.keyClick(divider, Qt.Key.Key_End)
    assert divider.share == 1.0
    qtbot.keyClick(divider, Qt.Key.Key_Home)
    assert divider.share == 0.0


def test_hidden_while_there_is_nothing_to_compare(canvas: CanvasView) -> None:
    canvas.set_content(Content(ink=canvas.content.ink))
    assert not canvas.divider.isVisible()


def test_stays_on_the_visible_part_when_zoomed(canvas: CanvasView) -> None:
    canvas.zoom_to(8.0)
    assert canvas.divider.geometry().center().x() == pytest.approx(250, abs=1)
