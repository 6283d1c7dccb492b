"""How a picture view is handled: mouse, wheel, keys, pen and fingers."""

import math

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas.picture_view import PictureView
from app.canvas.tools.tool import NO_KEYS, Keys

WHEEL_STEP = 1.2  # zoom factor of one notch
TURN_NOTCH = 5.0  # degrees of one notch with R held
ZOOM_DRAG = 160.0  # logical pixels of a drag with Ctrl and space that make the picture e times larger
PAN_STEP, FINE_PAN_STEP = 64.0, 8.0  # logical pixels of one arrow key, and with Shift
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HandledView(PictureView):
    """The left button belongs to the tool; space or the middle button push, R turns.

    Space with Ctrl zooms, with Shift turns.
    """

    entered = Signal()  # Enter, while there is no tool that it could use, or it is an answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: set[int] = set()  # space and R
        self._pan_from: QPointF | None = None
        self._turn_from: float | None = None  # the angle of the pointer around the middle
        self._zoom_from: tuple[QPointF, QPointF] | None = None  # where it began, and where the pointer was last
        self._answers = False
        self._fingers: dict[int, QPointF] = {}  # where they were, by their numbers

    def await_answer(self, waits: bool = True) -> None:
        """Something is shown that Enter says yes to, until the tool is moved, used or chosen.

        Otherwise it would paint what was only looked at, with whatever tool and color happen to be there.
        """
        self._answers = waits

    def event(self, event: QEvent) -> bool:
        """Gestures of a touchpad, fingers, and Esc while a stroke is drawn."""
        if isinstance(event, QNativeGestureEvent) and self._gesture(event):
            return True
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape and self.is_in_stroke:
                event.accept()  # it ends the stroke, not what the program is doing
                return True
            return super().event(event)
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor; turn while R is held; with Shift, or two fingers on a touchpad, pan."""
        event.accept()
        zooms = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        touchpad = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        # Alt turns the vertical wheel into a horizontal one.
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if Qt.Key.Key_R in self._held:
            self._turn_around(TURN_NOTCH * notches, *self._placed(event.position()))
        elif touchpad and not zooms:
            pixels = event.pixelDelta()
            if pixels.isNull():
                pixels = event.angleDelta() / 4
            self.pan(pixels.x(), pixels.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not zooms:
            delta = event.angleDelta()
            self.pan((delta.y() or delta.x()) / 2, 0)
        else:
            self.zoom_at(WHEEL_STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.picture_size is None:
            return
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        with_space = event.button() == Qt.MouseButton.LeftButton and Qt.Key.Key_Space in self._held
        if with_space and event.modifiers() & control:
            self._zoom_from = event.position(), event.position()
        elif with_space and event.modifiers() & shift:
            self._turn_from = self._angle_at(event.position())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position(), event.globalPosition(), _keys(event))
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._pan_from = event.globalPosition()
        self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_on(event.position(), event.globalPosition(), _keys(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._end(event.position(), _keys(event))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The tip of a pen is a mouse; its other end erases."""
        if event.pointerType() != QPointingDevice.PointerType.Eraser:
            event.ignore()  # Qt makes mouse events of it
            return
        event.accept()
        if event.type() == QEvent.Type.TabletRelease and self.picture_size is not None:
            spot = self.spot_at(event.position())
            self.spot_erased.emit(spot.x, spot.y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows push; + - 0 zoom; space and R change what the mouse does; Enter uses the tool in the middle."""
        step = FINE_PAN_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else PAN_STEP
        pans = {
            Qt.Key.Key_Left: (step, 0.0),
            Qt.Key.Key_Right: (-step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        views = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Space, Qt.Key.Key_R):
            self._held.add(key)
            self._update_cursor()
        elif key in pans and self.picture_size is not None:
            self.await_answer(False)
            self.pan(*pans[key])
            self.aim()
        elif key in views and self.picture_size is not None:
            views[key]()
        elif key in ENTER_KEYS and self.picture_size is not None:
            self._enter(_keys(event), bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))
        elif key == Qt.Key.Key_Escape and self.cancel_tool():
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in self._held and not event.isAutoRepeat():
            self._held.discard(event.key())
            self._update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._held.clear()
        self._update_cursor()
        super().focusOutEvent(event)

    def _begin(self, position: QPointF, pushed_at: QPointF, keys: Keys) -> None:
        if Qt.Key.Key_R in self._held:
            self._turn_from = self._angle_at(position)
        elif self.tool is None or Qt.Key.Key_Space in self._held:
            self._pan_from = pushed_at
        else:
            self._aims = False
            self.await_answer(False)
            self.begin_tool(position, keys=keys)

    def _go_on(self, position: QPointF, pushed_at: QPointF, keys: Keys) -> None:
        if self._zoom_from is not None:
            around, before = self._zoom_from
            way = position - before
            self.zoom_at(math.exp((way.x() - way.y()) / ZOOM_DRAG), around)
            self._zoom_from = around, position
        elif self._pan_from is not None:
            moved = pushed_at - self._pan_from
            self._pan_from = pushed_at
            self.pan(moved.x(), moved.y())
        elif self._turn_from is not None:
            angle = self._angle_at(position)
            self.turn(angle - self._turn_from)
            self._turn_from = angle
        elif self.is_in_stroke:
            self.drag_tool(position, keys=keys)
        else:
            self._aims = False
            self.hover_tool(position, keys=keys)

    def _end(self, position: QPointF, keys: Keys) -> None:
        if self.is_in_stroke and self._pan_from is None:
            self.end_tool(position, keys=keys)
        self._pan_from = self._turn_from = self._zoom_from = None
        self._update_cursor()

    def _angle_at(self, position: QPointF) -> float:
        x, y = self._placed(position)
        return math.degrees(math.atan2(y - self._center[1], x - self._center[0]))

    def aim(self) -> None:
        """Keys have moved the picture under the tool, which is used in the middle now."""
        if self.tool is None:
            return
        self._aims = True
        middle = QPointF(*self._center) / self.devicePixelRatioF()
        if self.is_in_stroke:
            self.drag_tool(middle)
        else:
            self.hover_tool(middle)

    def _enter(self, keys: Keys, modified: bool) -> None:
        if self.tool is not None and (modified or not self._answers):
            self._use_in_the_middle(keys)
        elif not modified:
            self.entered.emit()

    def _use_in_the_middle(self, keys: Keys) -> None:
        """Enter: a click for a tool that is done with one, else the beginning or the end of a stroke."""
        middle = QPointF(*self._center) / self.devicePixelRatioF()
        self._aims = True
        if self.is_in_stroke:
            self.end_tool(middle, keys=keys)
            return
        self.begin_tool(middle, keys=keys)
        if self.tool is not None and not self.tool.draws:
            self.end_tool(middle, keys=keys)

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_at(1.0 + event.value(), event.position())
        elif event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
            self._turn_around(event.value(), *self._placed(event.position()))
        else:
            return False
        return True

    def _touch(self, event: QTouchEvent) -> bool:
        """One finger is a mouse, two push, zoom and turn."""
        points = event.points()
        if event.type() == QEvent.Type.TouchBegin:
            on_child = bool(points) and self.childAt(points[0].position().toPoint()) is not None
            if self.picture_size is None or on_child:
                event.ignore()  # Qt makes mouse events of it, which buttons and the divider understand
                return False
        event.accept()
        if not points:
            return True
        first = points[0]
        if event.type() == QEvent.Type.TouchCancel:
            self.cancel_tool()
        elif len(points) > 1:
            self.cancel_tool()
            self._pan_from = self._turn_from = None
            one, other = points[0], points[1]
            if one.id() in self._fingers and other.id() in self._fingers:
                before = self._fingers[one.id()], self._fingers[other.id()]
                self.pinch(before, (one.position(), other.position()))
        elif first.state() == QEventPoint.State.Pressed:
            self._begin(first.position(), first.globalPosition(), NO_KEYS)
        elif first.state() == QEventPoint.State.Released:
            self._end(first.position(), NO_KEYS)
        elif self._pan_from is not None or self._turn_from is not None or self.is_in_stroke:
            self._go_on(first.position(), first.globalPosition(), NO_KEYS)
        released = QEventPoint.State.Released
        self._fingers = {point.id(): point.position() for point in points if point.state() != released}
        return True

    def _update_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif Qt.Key.Key_R in self._held:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif Qt.Key.Key_Space in self._held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            super()._update_cursor()


def _keys(event: QMouseEvent | QKeyEvent) -> Keys:
    """Ctrl counts as Alt, too: many desktops keep Alt and a click for moving windows."""
    held, of = event.modifiers(), Qt.KeyboardModifier
    ctrl = bool(held & of.ControlModifier)
    return Keys(bool(held & of.AltModifier) or ctrl, bool(held & of.ShiftModifier), ctrl)
