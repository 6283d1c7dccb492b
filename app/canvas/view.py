"""The canvas: paper, color and ink painted at any zoom, with a divider to compare before and after."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app import incoming
from app.canvas.content import Content, ViewMode
from app.canvas.divider import Divider
from app.canvas.heat_legend import HeatLegend
from app.canvas.pyramid import Pyramid
from app.canvas.viewport import Viewport
from app.theme import Theme

WHEEL_STEP = 1.2  # zoom factor of one notch
BUTTON_STEP = 1.5
PAN_STEP = 64.0  # logical pixels of one arrow key
LEGEND_MARGIN = 12
MARK_MS = 4000  # so long a place that was asked for is marked
MARK_RADIUS = 18.0  # logical pixels
SHARP_FROM = 2.0  # from this zoom on pixels are shown as squares


class CanvasView(QWidget):
    """Shows `Content`. The viewport counts in device pixels, so that 1:1 is a picture pixel on a screen pixel."""

    dropped = Signal(object)  # Incoming
    zoom_changed = Signal(float)  # screen pixels a picture pixel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = Content()
        self._viewport = Viewport()
        self._mode = ViewMode.COLORED
        self._fits = True
        self._space = False
        self._pan_from: QPointF | None = None
        self._drop_here = False
        self._mark: tuple[float, float] | None = None
        self._mark_timer = QTimer(self, singleShot=True, interval=MARK_MS)
        self._mark_timer.timeout.connect(self._unmark)
        self._legend = HeatLegend(self)
        self._colors = {"canvas": QColor("#3d3d3d"), "edge": QColor("#1b1b1b"), "accent": QColor("#5f95dc")}
        self._divider = Divider(self)
        self._divider.hide()
        self._divider.moved.connect(self._place_divider)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr("The drawing. The wheel zooms, space or the middle button moves, arrow keys move.")
        )

    @property
    def content(self) -> Content:
        """What is shown."""
        return self._content

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies, in device pixels."""
        return self._viewport

    @property
    def divider(self) -> Divider:
        """The handle between before and after."""
        return self._divider

    @property
    def mode(self) -> ViewMode:
        """What of the drawing is shown."""
        return self._mode

    def set_theme(self, theme: Theme) -> None:
        """Wear the theme's colors."""
        self._colors = {
            "canvas": theme.color("canvas"),
            "edge": theme.color("canvas_edge"),
            "accent": theme.color("accent"),
        }
        self.update()

    def set_content(self, content: Content) -> None:
        """Show this. The zoom stays as long as the size of the drawing does."""
        before, after = self._content.size, content.size
        self._content = content
        if after is not None and before != after:
            self._viewport = replace(self._viewport, picture=after.toTuple())
            self.fit()
        self._place_divider(self._divider.share)
        self.update()

    def set_mode(self, mode: ViewMode) -> None:
        """Show colors, lines, both with the divider between, or an overlay."""
        self._mode = mode
        self._legend.setVisible(mode == ViewMode.CONFIDENCE)
        self._place_divider(self._divider.share)
        self.update()

    def fit(self) -> None:
        """The whole drawing; it stays so when the window is resized, until a person zooms or pans."""
        self._fits = True
        self._mark = None
        self._set_viewport(self._viewport.fitted(24.0 * self.devicePixelRatioF()))

    def zoom_to(self, scale: float) -> None:
        """This many screen pixels a picture pixel, around the center of the view."""
        self._fits = False
        self._set_viewport(self._viewport.zoomed_to(scale, self._viewport.view[0] / 2, self._viewport.view[1] / 2))

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom_to(self._viewport.scale * BUTTON_STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_to(self._viewport.scale / BUTTON_STEP)

    def zoom_at(self, factor: float, position: QPointF) -> None:
        """Zoom with the picture point under `position` (logical pixels) staying there."""
        ratio = self.devicePixelRatioF()
        self._fits = False
        self._set_viewport(self._viewport.zoomed(factor, position.x() * ratio, position.y() * ratio))

    def look_at(self, x: float, y: float, extent: float) -> None:
        """Bring a point of the picture to the middle, `extent` picture pixels around it, and mark it for a while."""
        self._fits = False
        self._set_viewport(self._viewport.looking_at(x, y, extent))
        self._mark = x, y
        self._mark_timer.start()
        self.update()

    def _unmark(self) -> None:
        self._mark = None
        self.update()

    def pan(self, dx: float, dy: float) -> None:
        """Push the picture by logical pixels."""
        ratio = self.devicePixelRatioF()
        self._fits = False
        self._set_viewport(self._viewport.panned(dx * ratio, dy * ratio))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what was looked at in the middle."""
        self._legend.move(LEGEND_MARGIN, self.height() - self._legend.height() - LEGEND_MARGIN)
        self._resize_viewport()

    def event(self, event: QEvent) -> bool:
        """Pinch on a touchpad; a move to a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize_viewport()
        elif isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_at(1.0 + event.value(), event.position())
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, color and ink, as far as they were exposed."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._colors["canvas"])
        if self._content.size is not None:
            ratio = self.devicePixelRatioF()
            painter.scale(1.0 / ratio, 1.0 / ratio)
            exposed = QRectF(event.rect())
            exposed = QRectF(exposed.topLeft() * ratio, exposed.size() * ratio)
            self._paint_picture(painter, exposed)
            painter.resetTransform()
            self._paint_mark(painter)
        if self._drop_here:
            painter.setPen(QPen(self._colors["accent"], 3.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), 8, 8)

    def _paint_picture(self, painter: QPainter, exposed: QRectF) -> None:
        view = self._viewport
        whole = QRectF(view.x, view.y, view.picture[0] * view.scale, view.picture[1] * view.scale)
        painter.setPen(QPen(self._colors["edge"], 1.0))
        painter.drawRect(whole.adjusted(-0.5, -0.5, 0.5, 0.5))
        area = whole.intersected(exposed)
        content = self._content
        if area.isEmpty():
            return
        if content.ink is None:
            if content.picture is not None:
                self._paint_layer(painter, content.picture, area)
            return
        border = self._border()
        before, after = QRectF(area), QRectF(area)
        before.setRight(min(max(border, area.left()), area.right()))
        after.setLeft(before.right())
        if not before.isEmpty():
            self._paint_layer(painter, content.ink, before)
        color = content.overlays.get(self._mode.value, content.color)
        if not after.isEmpty() and color is not None:
            self._paint_layer(painter, color, after)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            self._paint_layer(painter, content.ink, after)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _paint_mark(self, painter: QPainter) -> None:
        if self._mark is None:
            return
        ratio = self.devicePixelRatioF()
        x, y = self._viewport.to_view(self._mark[0] + 0.5, self._mark[1] + 0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((QColor(255, 255, 255), 4.5), (self._colors["accent"], 2.2)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(QPointF(x / ratio, y / ratio), MARK_RADIUS, MARK_RADIUS)

    def _paint_layer(self, painter: QPainter, layer: Pyramid, area: QRectF) -> None:
        """Paint the part of the layer that lies under `area` (device pixels)."""
        view = self._viewport
        image = layer.level(view.scale)
        shrunk = image.width() / layer.size.width(), image.height() / layer.size.height()
        step = view.scale / shrunk[0], view.scale / shrunk[1]
        # Whole pixels of the image and one more around, so that a part painted alone equals the whole.
        left, top = int((area.left() - view.x) / step[0]) - 1, int((area.top() - view.y) / step[1]) - 1
        right, bottom = int((area.right() - view.x) / step[0]) + 2, int((area.bottom() - view.y) / step[1]) + 2
        source = QRect(left, top, right - left, bottom - top).intersected(image.rect())
        target = QRectF(
            view.x + source.x() * step[0],
            view.y + source.y() * step[1],
            source.width() * step[0],
            source.height() * step[1],
        )
        painter.save()
        painter.setClipRect(area)
        smooth = view.scale != 1.0 and view.scale < SHARP_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image, QRectF(source))
        painter.restore()

    def _border(self) -> float:
        """Where before ends and after begins, in device pixels."""
        left, _, right, _ = self._viewport.shown
        if self._content.color is None or self._mode == ViewMode.LINES:
            return right
        if self._mode == ViewMode.COMPARE:
            return left + self._divider.share * (right - left)
        return left

    def _place_divider(self, share: float) -> None:
        left, _, right, _ = self._viewport.shown
        ratio = self.devicePixelRatioF()
        self._divider.place(left / ratio, right / ratio, self.height(), share)
        self._divider.setVisible(self._mode == ViewMode.COMPARE and self._content.color is not None)
        self.update()

    def _set_viewport(self, viewport: Viewport) -> None:
        if viewport.scale >= 1.0 and viewport.scale == round(viewport.scale):
            # On whole pixels nothing is blurred.
            viewport = replace(viewport, x=float(round(viewport.x)), y=float(round(viewport.y)))
        changed = viewport.scale != self._viewport.scale
        self._viewport = viewport
        self._place_divider(self._divider.share)
        if changed:
            self.zoom_changed.emit(viewport.scale)

    def _resize_viewport(self) -> None:
        ratio = self.devicePixelRatioF()
        self._viewport = self._viewport.resized((max(self.width() * ratio, 1.0), max(self.height() * ratio, 1.0)))
        if self._fits:
            self.fit()
        else:
            self._set_viewport(self._viewport)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor; with Shift, or two fingers on a touchpad, pan."""
        event.accept()
        zooms = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        touchpad = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        if touchpad and not zooms:
            pixels = event.pixelDelta()
            if pixels.isNull():
                pixels = event.angleDelta() / 4
            self.pan(pixels.x(), pixels.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not zooms:
            delta = event.angleDelta()
            self.pan((delta.y() or delta.x()) / 2, 0)
        else:
            # Alt turns the vertical wheel into a horizontal one.
            notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.zoom_at(WHEEL_STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan."""
        pans = event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton)
        if pans and self._content.size is not None:
            self._pan_from = event.globalPosition()
            self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._pan_from is not None:
            moved = event.globalPosition() - self._pan_from
            self._pan_from = event.globalPosition()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop panning."""
        self._pan_from = None
        self._update_cursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan; space shows the hand."""
        pans = {
            Qt.Key.Key_Left: (PAN_STEP, 0.0),
            Qt.Key.Key_Right: (-PAN_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, PAN_STEP),
            Qt.Key.Key_Down: (0.0, -PAN_STEP),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space = True
            self._update_cursor()
        elif key in pans and self._content.size is not None:
            self.pan(*pans[key])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Put the hand away."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget a space that is released elsewhere."""
        self._space = False
        self._update_cursor()
        super().focusOutEvent(event)

    def _update_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say that pictures are welcome."""
        if incoming.may_hold_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_drop_here(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the frame away."""
        self._set_drop_here(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the pictures."""
        self._set_drop_here(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(incoming.take(event.mimeData(), self.tr("Dropped picture")))

    def _set_drop_here(self, value: bool) -> None:
        self._drop_here = value
        self.update()
