"""A view of a picture that is zoomed, pushed, turned and mirrored, and that a tool can work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.canvas import painting
from app.canvas.pinch import pinched
from app.canvas.tiles import TileCache
from app.canvas.tools import overlays
from app.canvas.tools.tool import NO_KEYS, Keys, Lens, Spot, Tool
from app.canvas.viewport import Viewport
from app.style.theme import Theme

BUTTON_STEP = 1.5  # zoom factor
TURN_STEP = 15.0  # degrees
MARK_MS = 4000  # so long a place that was asked for is marked
MARK_RADIUS = 18.0  # logical pixels
FLASH_MS, FLASHES = 180, 5  # of places that changed by themselves: so long it is lit, and dark; how many of both
AIM_RADIUS = 9.0


@dataclass(frozen=True)
class Pane:
    """A part of the widget that shows the picture through the viewport. rect: device pixels. name: what it shows.
    overlaid: whether tools work there and what they know is seen.
    """

    rect: QRect
    name: str = ""
    overlaid: bool = True


class PictureView(QWidget):
    """Paints by `_render`. The viewport counts in device pixels, so that 1:1 is a picture pixel on a screen pixel."""

    zoom_changed = Signal(float)  # screen pixels a picture pixel
    spot_erased = Signal(float, float)  # a place of the picture that the eraser end of a pen touched

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = Viewport()
        self._fits = True
        self._grid = True
        self._tiles = TileCache()
        self._tool: Tool | None = None
        self._tool_pane: Pane | None = None  # where its button went down
        self._aims = False  # whether the tool is used by keys, at the middle of the view
        self._mark: tuple[float, float] | None = None
        self._mark_timer = QTimer(self, singleShot=True, interval=MARK_MS)
        self._mark_timer.timeout.connect(self._unmark)
        self._lit: tuple[QPainterPath, ...] = ()  # what is outlined, whatever the tool
        self._flashing: tuple[QPainterPath, ...] = ()
        self._flashes = 0  # that are left; odd ones are lit
        self._flash_timer = QTimer(self, interval=FLASH_MS)
        self._flash_timer.timeout.connect(self._flash_on)
        self._colors = {"canvas": QColor("#3d3d3d"), "edge": QColor("#1b1b1b"), "accent": QColor("#5f95dc")}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)

    @property
    def picture_size(self) -> QSize | None:
        """Size of the picture in pixels, None where there is none."""
        return None

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies, in device pixels."""
        return self._viewport

    @property
    def tool(self) -> Tool | None:
        """What the pointer does; None pushes the picture."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Work with this from now on; what was begun with the one before is left."""
        if self._tool is not None:
            self._tool.cancel()
            self._tool.hover(None)
        self._tool, self._tool_pane, self._aims = tool, None, False
        self._update_cursor()
        self.update()

    def set_grid(self, shown: bool) -> None:
        """Whether a grid is seen between large pixels."""
        self._grid = shown
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._colors = {
            "canvas": theme.color("canvas"),
            "edge": theme.color("canvas_edge"),
            "accent": theme.color("accent"),
        }
        self._repaint_all()

    def fit(self) -> None:
        """The whole picture; it stays so when the window is resized, until a person zooms or pans."""
        self._fits = True
        self._mark = None
        self._set_viewport(self._viewport.fitted(24.0 * self.devicePixelRatioF()))

    def zoom_to(self, scale: float) -> None:
        """This many screen pixels a picture pixel, around the center of the view."""
        self._move(self._viewport.zoomed_to(scale, *self._center))

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom_to(self._viewport.scale * BUTTON_STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_to(self._viewport.scale / BUTTON_STEP)

    def zoom_at(self, factor: float, position: QPointF) -> None:
        """Zoom with the picture point under `position` (logical pixels) staying there."""
        self._move(self._viewport.zoomed(factor, *self._placed(position)))

    def turn(self, degrees: float) -> None:
        """Turn clockwise around the middle of the view."""
        self._turn_around(degrees, *self._center)

    def mirror(self) -> None:
        """Exchange left and right of what is seen; again to go back."""
        self._turned(self._viewport.mirrored_at(self._center[0]))

    def reset(self) -> None:
        """Upright, not mirrored, the whole picture."""
        self._viewport = replace(self._viewport, angle=0.0, mirrored=False)
        self.fit()

    def look_at(self, x: float, y: float, extent: float) -> None:
        """Bring a point of the picture to the middle, `extent` picture pixels around it, and mark it for a while."""
        self._move(self._viewport.looking_at(x, y, extent))
        self._mark = x, y
        self._mark_timer.start()
        self.update()

    def light(self, paths: Sequence[QPainterPath]) -> None:
        """Outline these places, in pixels of the picture, until others are lit."""
        self._lit = tuple(paths)
        self.update()

    @property
    def lit(self) -> tuple[QPainterPath, ...]:
        """What is outlined."""
        return self._lit

    def flash(self, paths: Sequence[QPainterPath]) -> None:
        """Let these places flash: they changed without being touched."""
        self._flashing, self._flashes = tuple(paths), FLASHES if paths else 0
        if paths:
            self._flash_timer.start()
        self.update()

    @property
    def flashing(self) -> int:
        """How many places flash."""
        return len(self._flashing) if self._flashes else 0

    def pan(self, dx: float, dy: float) -> None:
        """Push the picture by logical pixels."""
        ratio = self.devicePixelRatioF()
        self._move(self._viewport.panned(dx * ratio, dy * ratio))

    def pinch(self, before: tuple[QPointF, QPointF], now: tuple[QPointF, QPointF]) -> None:
        """Move, scale and turn the picture with two fingers; in logical pixels."""
        old, new = (tuple(self._placed(point) for point in pair) for pair in (before, now))
        self._turned(pinched(self._viewport, (old[0], old[1]), (new[0], new[1])))

    def spot_at(self, position: QPointF, *, keys: Keys = NO_KEYS) -> Spot:
        """The place of the picture under a point of the widget (logical pixels)."""
        return Spot(
            *self._viewport.to_picture(*self._placed(position, self._tool_pane)), keys.alt, keys.shift, keys.ctrl
        )

    def begin_tool(self, position: QPointF, *, keys: Keys = NO_KEYS) -> None:
        """The tool's button goes down there."""
        if self._tool is not None:
            self._tool_pane = self._pane_at(position)
            self._tool.press(self.spot_at(position, keys=keys))
            self.update()

    def drag_tool(self, position: QPointF, *, keys: Keys = NO_KEYS) -> None:
        """It moves."""
        if self._tool is not None:
            self._tool.drag(self.spot_at(position, keys=keys))
            self.update()

    def end_tool(self, position: QPointF, *, keys: Keys = NO_KEYS) -> None:
        """It goes up: the tool acts."""
        if self._tool is not None:
            self._tool.release(self.spot_at(position, keys=keys))
            self._tool_pane = None
            self.update()

    def cancel_tool(self) -> bool:
        """Leave what the tool has begun. Returns whether there was anything."""
        self._tool_pane = None
        left = self._tool is not None and self._tool.cancel()
        self.update()
        return left

    @property
    def is_in_stroke(self) -> bool:
        """Whether the tool's button is down."""
        return self._tool_pane is not None

    def hover_tool(self, position: QPointF | None, *, keys: Keys = NO_KEYS) -> None:
        """The pointer is over this point, or nowhere."""
        if self._tool is not None:
            spot = self.spot_at(position, keys=keys) if position is not None else None
            if self._tool.hover(spot):
                self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._resize_viewport()

    def event(self, event: QEvent) -> bool:
        """A move to a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize_viewport()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._update_cursor()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_tool(None)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture and what lies over it, as far as it was exposed."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self.picture_size is None:
            painter.fillRect(event.rect(), self._colors["canvas"])
        else:
            painter.scale(1.0 / ratio, 1.0 / ratio)
            exposed = QRectF(QPointF(event.rect().topLeft()) * ratio, event.rect().size().toSizeF() * ratio)
            for pane in self._panes():
                self._paint_in_pane(painter, pane, exposed.toAlignedRect().intersected(pane.rect))
            painter.resetTransform()
        self._paint_over(painter)

    def _panes(self) -> tuple[Pane, ...]:
        """Where the picture is seen: once, over all of the widget."""
        return (Pane(QRect(QPoint(), self._device_size)),)

    def _render(self, name: str, painter: QPainter, viewport: Viewport, area: QRectF) -> None:
        """Paint the picture where it lies inside `area`, in device pixels of the view. name: see `Pane`."""

    def _paint_pane(self, painter: QPainter, pane: Pane, exposed: QRect) -> None:
        """Paint `exposed`, counted from the corner of the pane."""
        self._paint_tiles(painter, pane.name, exposed)

    def _paint_over(self, painter: QPainter) -> None:
        """Paint over everything, in logical pixels."""

    def _paint_tiles(self, painter: QPainter, name: str, exposed: QRect) -> None:
        def render(tile: QPainter, viewport: Viewport, area: QRectF) -> None:
            tile.fillRect(area, self._colors["canvas"])
            self._render(name, tile, viewport, area)
            tile.setRenderHint(QPainter.RenderHint.Antialiasing, not viewport.is_upright)
            tile.setPen(QPen(self._colors["edge"], 1.0))
            outline = painting.outline_of(viewport)
            if viewport.is_upright:
                tile.drawRect(outline.boundingRect().adjusted(-0.5, -0.5, 0.5, 0.5))
            else:
                tile.drawPolygon(outline)

        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        self._tiles.paint(painter, self._viewport, exposed, name, render)
        painter.restore()

    def _paint_in_pane(self, painter: QPainter, pane: Pane, exposed: QRect) -> None:
        if exposed.isEmpty():
            return
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.setClipRect(exposed)
        painter.translate(pane.rect.topLeft())
        inside = exposed.translated(-pane.rect.topLeft())
        self._paint_pane(painter, pane, inside)
        if not pane.overlaid:
            painter.restore()
            return
        if self._grid:
            painting.paint_grid(painter, self._viewport, QRectF(inside))
        painter.scale(ratio, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lens = Lens(self._viewport, ratio)
        for path in self._lit:
            overlays.outline(painter, lens.path(path), self._colors["accent"])
        if self._flashes % 2:
            fill = QColor(self._colors["accent"])
            fill.setAlpha(110)
            for path in self._flashing:
                painter.fillPath(lens.path(path), fill)
                overlays.outline(painter, lens.path(path), self._colors["accent"])
        if self._tool is not None:
            self._tool.paint(painter, lens)
            if self._aims:
                self._paint_aim(painter)
        if self._mark is not None:
            for color, width in ((QColor(255, 255, 255), 4.5), (self._colors["accent"], 2.2)):
                painter.setPen(QPen(color, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(lens.point(self._mark[0] + 0.5, self._mark[1] + 0.5), MARK_RADIUS, MARK_RADIUS)
        painter.restore()

    def _paint_aim(self, painter: QPainter) -> None:
        """A cross in the middle: where keys use the tool."""
        middle = QPointF(*self._center) / self.devicePixelRatioF()
        for color, width in ((QColor(255, 255, 255), 3.5), (QColor(0, 0, 0), 1.4)):
            painter.setPen(QPen(color, width))
            painter.drawLine(middle - QPointF(AIM_RADIUS, 0), middle + QPointF(AIM_RADIUS, 0))
            painter.drawLine(middle - QPointF(0, AIM_RADIUS), middle + QPointF(0, AIM_RADIUS))

    @property
    def _center(self) -> tuple[float, float]:
        """The middle of the view in device pixels."""
        return self._viewport.view[0] / 2, self._viewport.view[1] / 2

    @property
    def _device_size(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))

    def _pane_at(self, position: QPointF) -> Pane:
        panes = self._panes()
        point = (position * self.devicePixelRatioF()).toPoint()
        return next((pane for pane in panes if pane.rect.contains(point)), panes[0])

    def _placed(self, position: QPointF, pane: Pane | None = None) -> tuple[float, float]:
        """A point of the widget (logical pixels) in the coordinates of the viewport."""
        corner = (pane or self._pane_at(position)).rect.topLeft()
        ratio = self.devicePixelRatioF()
        return position.x() * ratio - corner.x(), position.y() * ratio - corner.y()

    def _turn_around(self, degrees: float, x: float, y: float) -> None:
        self._turned(self._viewport.turned(degrees, x, y))

    def _turned(self, viewport: Viewport) -> None:
        if self._fits and viewport.scale == self._viewport.scale:
            # What was seen whole is seen whole.
            self._viewport = viewport
            self.fit()
        else:
            self._move(viewport)

    def _move(self, viewport: Viewport) -> None:
        self._fits = False
        self._set_viewport(viewport)

    def _set_viewport(self, viewport: Viewport) -> None:
        if viewport.scale >= 1.0 and viewport.scale == round(viewport.scale):
            # On whole pixels nothing is blurred.
            viewport = replace(viewport, x=float(round(viewport.x)), y=float(round(viewport.y)))
        changed = viewport.scale != self._viewport.scale
        self._viewport = viewport
        self._viewport_set()
        self.update()
        if changed:
            self.zoom_changed.emit(viewport.scale)

    def _viewport_set(self) -> None:
        """The picture lies elsewhere."""

    def _resize_viewport(self) -> None:
        pane = self._panes()[0].rect
        self._viewport = self._viewport.resized((float(max(pane.width(), 1)), float(max(pane.height(), 1))))
        if self._fits:
            self.fit()
        else:
            self._set_viewport(self._viewport)

    def _set_picture_size(self, size: QSize | None) -> None:
        """Fit a picture of another size; the zoom stays as long as the size does."""
        if size is not None and size.toTuple() != self._viewport.picture:
            self._viewport = replace(self._viewport, picture=size.toTuple())
            self.fit()

    def _repaint_all(self) -> None:
        self._tiles.clear()
        self.update()

    def _flash_on(self) -> None:
        self._flashes = max(0, self._flashes - 1)
        if not self._flashes:
            self._flash_timer.stop()
            self._flashing = ()
        self.update()

    def _unmark(self) -> None:
        self._mark = None
        self.update()

    def _update_cursor(self) -> None:
        if self._tool is not None:
            self.setCursor(self._tool.cursor)
        else:
            self.unsetCursor()
