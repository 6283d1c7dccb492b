"""The canvas: paper, color and ink painted at any zoom, with three ways to compare before and after."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas.content import Content, ViewMode
from app.canvas.divider import Divider
from app.canvas.handled_view import HandledView
from app.canvas.heat_legend import HeatLegend
from app.canvas.painting import outline_of, paint_layer
from app.canvas.picture_view import Pane
from app.canvas.tools.tool import NO_KEYS, Keys
from app.canvas.viewport import Viewport
from app.images import incoming
from app.images.pyramid import Pyramid

LEGEND_MARGIN = 12
BLINK_MS = 700  # so long before and after are seen in turn
BEFORE, AFTER, REFERENCE = "before", "after", "reference"  # what panes and tiles show


class CanvasView(HandledView):
    """Shows `Content`."""

    dropped = Signal(object)  # Incoming
    mode_changed = Signal()
    reference_clicked = Signal(float, float)  # a place of the reference beside the drawing
    color_picked = Signal(int, int)  # the pixel whose color is wanted
    menu_asked = Signal(QPoint, int, int)  # where on the screen, and the pixel there; -1 beside the drawing
    panels_toggled = Signal()  # hide the panels, or show them again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = Content()
        self._reference: Pyramid | None = None
        self._mode = ViewMode.COLORED
        self._shows_ink = True
        self._layered: Pyramid | None = None  # the colors without the layers that are hidden
        self._figure: Pyramid | None = None  # the drawing with a veil over all but its figure
        self._preview: Pyramid | None = None  # the colors that are being painted
        self._drop_here = False
        self._peeks = False
        self._picks = False  # a click with Ctrl or Alt has begun
        self._blink_timer = QTimer(self, interval=BLINK_MS)
        self._blink_timer.timeout.connect(lambda: self.peek(not self._peeks))
        self._legend = HeatLegend(self)
        self._divider = Divider(self)
        self._divider.hide()
        self._divider.moved.connect(self._place_divider)
        self.setAcceptDrops(True)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr(
                "The drawing. The wheel zooms, space or the middle button moves, R and the mouse turn, arrow keys "
                "move, Enter uses the tool in the middle, B held shows what was before, Tab hides the panels, "
                "Shift+Tab goes on."
            )
        )

    def kept(self) -> tuple[bool, Viewport, float]:
        """How the picture is seen: whether all of it is shown, from where, and where the divider is."""
        return self._fits, self._viewport, self._divider.share

    def keep(self, value: tuple[bool, Viewport, float]) -> None:
        self._fits, viewport, share = value
        self._set_viewport(viewport)
        self._resize_viewport()
        self._divider.set_share(share)

    @property
    def content(self) -> Content:
        """What is shown."""
        return self._content

    @property
    def picture_size(self) -> QSize | None:
        """Size of the drawing."""
        return self._content.size

    @property
    def divider(self) -> Divider:
        """The handle between before and after."""
        return self._divider

    @property
    def mode(self) -> ViewMode:
        """What of the drawing is shown."""
        return self._mode

    def set_content(self, content: Content) -> None:
        """Show this. The zoom stays as long as the size of the drawing does."""
        self._content = content
        self._set_picture_size(content.size)
        self._place_divider(self._divider.share)
        self._repaint_all()

    def set_layers(self, *, ink: bool, colors: Pyramid | None) -> None:
        """Whether lines are laid over the colors, and what is shown in place of the colors of the content."""
        self._shows_ink, self._layered = ink, colors
        self._repaint_all()

    def set_figure(self, figure: Pyramid | None) -> None:
        """What is shown under the lines in the mode of the figure; None: not known yet."""
        self._figure = figure
        self._repaint_all()

    def set_preview(self, preview: Pyramid | None) -> None:
        """What stands in the place of the colors while these are painted; None: nothing is being painted."""
        self._preview = preview
        self._repaint_all()

    def set_mode(self, mode: ViewMode) -> None:
        """Show colors, lines, both in one of the ways to compare, or an overlay."""
        self._mode = mode
        self._legend.setVisible(mode == ViewMode.CONFIDENCE)
        self._resize_viewport()
        self._repaint_all()
        self.mode_changed.emit()

    def set_reference(self, reference: Pyramid | None) -> None:
        """What stands beside the colors in the mode that shows a reference."""
        self._reference = reference
        self.update()

    def peek(self, before: bool) -> None:
        """Show what was before, or in the mode of lines what came after."""
        if before != self._peeks:
            self._peeks = before
            self.update()

    def blink(self, on: bool) -> None:
        """Show before and after in turn."""
        self.peek(on)
        if on:
            self._blink_timer.start()
        else:
            self._blink_timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._legend.move(LEGEND_MARGIN, self.height() - self._legend.height() - LEGEND_MARGIN)
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """With Ctrl or Alt a color is picked, whatever the tool; the right button asks for a menu."""
        picks = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and event.modifiers() & picks and not self._held and self.picture_size is not None:
            self._picks = True
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._picks and event.button() == Qt.MouseButton.LeftButton:
            self._picks = False
            pixel = self._pixel_at(event.position())
            if pixel is not None:
                self.color_picked.emit(*pixel)
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        pixel = self._pixel_at(QPointF(event.pos()))
        self.menu_asked.emit(event.globalPos(), *(pixel or (-1, -1)))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Tab hides the panels, as in painting programs; Shift+Tab goes on to the next control.

        By its key: Qt asks for the next control, too, when a button on the canvas that has the focus vanishes.
        """
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and (event.key(), event.modifiers()) == (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        ):
            self.panels_toggled.emit()
            return True
        return super().event(event)

    def _pixel_at(self, position: QPointF) -> tuple[int, int] | None:
        size = self.picture_size
        return self.spot_at(position).pixel((size.width(), size.height())) if size is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_B and not event.modifiers():
            self.peek(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_B:
            if not event.isAutoRepeat():
                self.peek(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self._blink_timer.isActive():
            self.peek(False)
        super().focusOutEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.may_hold_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_drop_here(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_drop_here(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_drop_here(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(incoming.take(event.mimeData(), self.tr("Dropped picture")))

    def _panes(self) -> tuple[Pane, ...]:
        size = self._device_size
        if not self._is_halved:
            return (Pane(QRect(QPoint(), size), BEFORE if self._mode == ViewMode.LINES else AFTER),)
        half = size.width() // 2
        left, right = QRect(0, 0, half, size.height()), QRect(size.width() - half, 0, half, size.height())
        if self._mode == ViewMode.WITH_REFERENCE:
            # The drawing first: tools, and the place of the picture, go by the first pane.
            return Pane(right, AFTER), Pane(left, REFERENCE, overlaid=False)
        return Pane(left, BEFORE), Pane(right, AFTER)

    @property
    def _is_halved(self) -> bool:
        return self._mode in (ViewMode.SIDE_BY_SIDE, ViewMode.WITH_REFERENCE)

    def _paint_pane(self, painter: QPainter, pane: Pane, exposed: QRect) -> None:
        name = pane.name
        if name == REFERENCE:
            self._paint_reference(painter, pane.rect.size())
            return
        if self._peeks:
            name = AFTER if name == BEFORE else BEFORE
        if self._mode == ViewMode.COMPARE and not self._peeks:
            border = round(self._border)
            before, after = QRect(exposed), QRect(exposed)
            before.setRight(min(border - 1, exposed.right()))
            after.setLeft(max(border, exposed.left()))
            for part, shown in ((before, BEFORE), (after, AFTER)):
                if part.isValid():
                    self._paint_tiles(painter, shown, part)
        else:
            self._paint_tiles(painter, name, exposed)

    def _render(self, name: str, painter: QPainter, viewport: Viewport, area: QRectF) -> None:
        content = self._content
        if content.ink is None:
            if content.picture is not None:
                paint_layer(painter, content.picture, viewport, area)
            return
        own = self._figure if self._mode == ViewMode.FIGURE else None
        color = own or self._preview or content.overlays.get(self._mode.value, self._layered or content.color)
        if name == BEFORE or color is None:
            if content.ink.has_alpha:
                paper = QPainterPath()
                paper.addPolygon(outline_of(viewport))
                painter.fillPath(paper, Qt.GlobalColor.white)  # a brush that is set would stay for the border
            paint_layer(painter, content.ink, viewport, area)
            return
        paint_layer(painter, color, viewport, area)
        if self._shows_ink:
            self._lay_ink(painter, content.ink, viewport, area)

    def _paint_reference(self, painter: QPainter, size: QSize) -> None:
        """The reference whole, or what is missing."""
        area, reference = QRectF(QPointF(), size.toSizeF()), self._reference
        painter.fillRect(area, self._colors["canvas"])
        if reference is None:
            painter.setPen(self.palette().text().color())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("Add a reference to see it here."))
            return
        paint_layer(painter, reference, self._reference_viewport(reference, size), area)

    def _reference_viewport(self, reference: Pyramid, size: QSize) -> Viewport:
        width, height = reference.size.width(), reference.size.height()
        whole = Viewport(picture=(width, height), view=(float(size.width()), float(size.height())))
        return whole.fitted(24.0 * self.devicePixelRatioF())

    def begin_tool(self, position: QPointF, *, keys: Keys = NO_KEYS) -> None:
        """On the reference beside the drawing a click takes a color instead."""
        pane = self._pane_at(position)
        if pane.overlaid:
            super().begin_tool(position, keys=keys)
        elif self._reference is not None:
            place = self._reference_viewport(self._reference, pane.rect.size()).to_picture(
                *self._placed(position, pane)
            )
            self.reference_clicked.emit(*place)

    def hover_tool(self, position: QPointF | None, *, keys: Keys = NO_KEYS) -> None:
        """Nothing is under the pointer where the reference is."""
        if position is not None and not self._pane_at(position).overlaid:
            position = None
        super().hover_tool(position, keys=keys)

    def _lay_ink(self, painter: QPainter, ink: Pyramid, viewport: Viewport, area: QRectF) -> None:
        # Black ink multiplies, as its layer does in a file; ink of another color covers.
        if not ink.has_alpha:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        paint_layer(painter, ink, viewport, area)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _paint_over(self, painter: QPainter) -> None:
        if self._is_halved and self.picture_size is not None:
            painter.setPen(QPen(self._colors["edge"], 2.0))
            painter.drawLine(QPointF(self.width() / 2, 0), QPointF(self.width() / 2, self.height()))
        if self._drop_here:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._colors["accent"], 3.0))
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), 8, 8)

    @property
    def _border(self) -> float:
        """Where before ends and after begins, in device pixels."""
        left, _, right, _ = self._viewport.shown
        if self._content.color is None:
            return right
        return left + self._divider.share * (right - left)

    def _place_divider(self, share: float) -> None:
        left, _, right, _ = self._viewport.shown
        ratio = self.devicePixelRatioF()
        self._divider.place(left / ratio, right / ratio, self.height(), share)
        self._divider.setVisible(self._mode == ViewMode.COMPARE and self._content.color is not None)
        self.update()

    def _viewport_set(self) -> None:
        self._place_divider(self._divider.share)

    def _set_drop_here(self, value: bool) -> None:
        self._drop_here = value
        self.update()
