"""Turning, mirroring, comparing, pen and fingers."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.content import ViewMode
from app.canvas.view import CanvasView
from app.images.pyramid import Pyramid
from tests.unit.app.canvas.views import NO_KEYS, drag, place, quarters, seen

RED, GREEN, BLUE, YELLOW, WHITE, BLACK = (
    (220, 0, 0),
    (0, 200, 0),
    (0, 0, 240),
    (230, 220, 0),
    (255, 255, 255),
    (0, 0, 0),
)
WIDTH, HEIGHT = 640, 480


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.show()
    view.set_content(quarters())
    return view


def corners(view: CanvasView) -> list[tuple[int, ...]]:
    """What is seen around the middle of the widget: above left, above right, below left, below right."""
    x, y = view.width() / 2, view.height() / 2
    return [seen(view, x + dx, y + dy) for dy in (-20, 20) for dx in (-20, 20)]


def test_turning(canvas: CanvasView) -> None:
    assert corners(canvas) == [RED, GREEN, BLUE, YELLOW]
    canvas.turn(90)
    assert corners(canvas) == [BLUE, RED, YELLOW, GREEN]
    canvas.turn(-180)
    assert corners(canvas) == [GREEN, YELLOW, RED, BLUE]
    canvas.reset()
    assert corners(canvas) == [RED, GREEN, BLUE, YELLOW]


def test_mirroring(canvas: CanvasView) -> None:
    canvas.mirror()
    assert corners(canvas) == [GREEN, RED, YELLOW, BLUE]
    canvas.turn(90)
    assert corners(canvas) == [YELLOW, GREEN, BLUE, RED]
    canvas.reset()
    assert canvas.viewport.mirrored is False


def test_what_was_seen_whole_is_seen_whole_when_turned(canvas: CanvasView) -> None:
    canvas.set_content(quarters(2000, 400))
    canvas.turn(90)
    left, top, right, bottom = canvas.viewport.bounds
    assert left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT
    canvas.zoom_to(1.0)
    canvas.turn(10)
    assert canvas.viewport.scale == 1.0


def test_r_turns_with_the_mouse_and_the_wheel(canvas: CanvasView, qtbot: QtBot) -> None:
    qtbot.keyPress(canvas, Qt.Key.Key_R)
    assert canvas.cursor().shape() == Qt.CursorShape.SizeAllCursor
    drag(canvas, [QPointF(500, 240), QPointF(400, 400), QPointF(320, 400)])
    assert canvas.viewport.angle == pytest.approx(90)
    position = QPointF(320, 240)
    turn = QWheelEvent(
        position, position, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turn)
    assert canvas.viewport.angle == pytest.approx(95)
    qtbot.keyRelease(canvas, Qt.Key.Key_R)
    drag(canvas, [QPointF(500, 240), QPointF(400, 400)])
    assert canvas.viewport.angle == pytest.approx(95)


def test_side_by_side(canvas: CanvasView) -> None:
    canvas.set_content(quarters(60, 60))
    canvas.set_mode(ViewMode.SIDE_BY_SIDE)
    assert not canvas.divider.isVisible()
    x, y = WIDTH / 4, HEIGHT / 2
    assert seen(canvas, x - 9, y - 9) == WHITE
    assert seen(canvas, 3 * x - 9, y - 9) == RED
    # Both halves show the same place, and the same place is under the pointer in both.
    canvas.zoom_at(2.0, QPointF(3 * x, y))
    left, right = canvas.spot_at(QPointF(x + 11, y + 7)), canvas.spot_at(QPointF(3 * x + 11, y + 7))
    assert (left.x, left.y) == pytest.approx((right.x, right.y))
    assert canvas.viewport.view[0] == WIDTH / 2
    canvas.set_mode(ViewMode.COLORED)
    assert canvas.viewport.view[0] == WIDTH


def test_b_shows_what_was_before_while_it_is_held(canvas: CanvasView, qtbot: QtBot) -> None:
    qtbot.keyPress(canvas, Qt.Key.Key_B)
    assert corners(canvas) == [WHITE] * 4
    qtbot.keyRelease(canvas, Qt.Key.Key_B)
    assert corners(canvas) == [RED, GREEN, BLUE, YELLOW]
    canvas.set_mode(ViewMode.LINES)
    qtbot.keyPress(canvas, Qt.Key.Key_B)
    assert corners(canvas) == [RED, GREEN, BLUE, YELLOW]


def test_blinking(canvas: CanvasView) -> None:
    canvas.blink(True)
    shown = [corners(canvas)[0]]
    for _ in range(2):
        canvas._blink_timer.timeout.emit()
        shown.append(corners(canvas)[0])
    assert shown == [WHITE, RED, WHITE]
    canvas.blink(False)
    assert corners(canvas)[0] == RED


def test_hidden_layers(canvas: CanvasView) -> None:
    all_ink = Pyramid(np.zeros((100, 200), np.uint8))
    canvas.set_content(replace(canvas.content, ink=all_ink))
    assert corners(canvas) == [BLACK] * 4
    canvas.set_layers(ink=False, colors=None)
    assert corners(canvas) == [RED, GREEN, BLUE, YELLOW]
    canvas.set_layers(ink=False, colors=Pyramid(np.full((100, 200, 3), 255, np.uint8)))
    assert corners(canvas) == [WHITE] * 4


def test_the_tip_of_a_pen_is_a_mouse_and_its_other_end_erases(canvas: CanvasView) -> None:
    erased: list[tuple[float, float]] = []
    canvas.spot_erased.connect(lambda x, y: erased.append((x, y)))
    point = place(canvas, 30, 40)
    for pen in (QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser):
        device = QPointingDevice(
            "pen", 1, QPointingDevice.DeviceType.Stylus, pen, QPointingDevice.Capability.Position, 1, 1
        )
        for kind in (QTabletEvent.Type.TabletPress, QTabletEvent.Type.TabletRelease):
            event = QTabletEvent(
                kind, device, point, canvas.mapToGlobal(point), 0.5, 0, 0, 0, 0, 0, NO_KEYS,
                Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
            )  # fmt: skip
            QApplication.sendEvent(canvas, event)
            assert event.isAccepted() == (pen == QPointingDevice.PointerType.Eraser)
    assert erased == [pytest.approx((30.5, 40.5))]


def test_two_fingers_push_zoom_and_turn(canvas: CanvasView) -> None:
    device = QTest.createTouchDevice()
    before = canvas.spot_at(QPointF(300, 240)), canvas.spot_at(QPointF(340, 240))
    QTest.touchEvent(canvas, device).press(0, QPoint(300, 240), canvas).press(1, QPoint(340, 240), canvas).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(320, 200), canvas).move(1, QPoint(320, 280), canvas).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(320, 200), canvas).release(1, QPoint(320, 280), canvas).commit()
    assert canvas.viewport.scale == pytest.approx(2.0)
    assert canvas.viewport.angle == pytest.approx(90)
    after = canvas.spot_at(QPointF(320, 200)), canvas.spot_at(QPointF(320, 280))
    for one, other in zip(before, after, strict=True):
        assert (one.x, one.y) == pytest.approx((other.x, other.y), abs=0.6)


def test_one_finger_pushes_as_the_mouse_does(canvas: CanvasView) -> None:
    device = QTest.createTouchDevice()
    x, y = canvas.viewport.x, canvas.viewport.y
    QTest.touchEvent(canvas, device).press(0, QPoint(300, 240), canvas).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(330, 230), canvas).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(330, 230), canvas).commit()
    assert (canvas.viewport.x, canvas.viewport.y) == (x + 30, y - 10)


def test_fine_steps_with_shift(canvas: CanvasView, qtbot: QtBot) -> None:
    x = canvas.viewport.x
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.viewport.x == x - 8


def test_plus_minus_and_zero(canvas: CanvasView, qtbot: QtBot) -> None:
    scale = canvas.viewport.scale
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.viewport.scale == scale * 1.5
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.viewport.scale < scale
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.viewport.scale == scale
