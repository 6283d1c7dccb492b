"""What tools have in common that are done with a click on a region."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.tool import Lens, Spot

translate = QCoreApplication.translate


class RegionTool:
    """The region under the pointer is outlined. With Alt the color under the pointer is taken instead."""

    cursor = Qt.CursorShape.CrossCursor
    draws = False
    takes_colors = True

    def __init__(self, context: ToolContext) -> None:
        self.context = context
        self._spot: Spot | None = None  # where the pointer is
        self._label = 0  # of the region there when it was looked up last, 0 none
        self._pressed = False

    def hover(self, spot: Spot | None) -> bool:
        self._spot = spot
        label = self._label_at(spot)
        changed = label != self._label
        self._label = label
        return changed

    def press(self, spot: Spot) -> None:
        self._pressed = True
        self.hover(spot)

    def drag(self, spot: Spot) -> None:
        # The region under the pointer at the release counts.
        self.hover(spot)

    def release(self, spot: Spot) -> None:
        if not self._pressed:
            return  # it was left
        self._pressed = False
        outlines = self.context.outlines
        if outlines is None:
            self.context.said.emit(translate("Tools", "Color a drawing with flats on first."))
            return
        pixel = spot.pixel(outlines.size)
        if pixel is None:
            return
        if spot.alt and self.takes_colors:
            self.context.take_color_at(pixel)
        else:
            self.act(pixel)

    def act(self, pixel: Point) -> None:
        raise NotImplementedError

    def cancel(self) -> bool:
        pressed, self._pressed = self._pressed, False
        return pressed

    def paint(self, painter: QPainter, lens: Lens) -> None:
        outlines = self.context.outlines
        self._label = self._label_at(self._spot)  # the regions may be others by now
        paint_selection(painter, lens, self.context)
        if outlines is not None and self._label > 0:
            self.paint_region(painter, lens, outlines)
        overlays.corrections(painter, lens, self.context.corrections)

    def paint_region(self, painter: QPainter, lens: Lens, outlines: RegionOutlines) -> None:
        """The region under the pointer."""
        overlays.outline(painter, lens.path(outlines.path_of(self._label)))

    def _label_at(self, spot: Spot | None) -> int:
        outlines = self.context.outlines
        pixel = spot.pixel(outlines.size) if spot is not None and outlines is not None else None
        return outlines.label_at(*pixel) if outlines is not None and pixel is not None else 0


def paint_selection(painter: QPainter, lens: Lens, context: ToolContext) -> None:
    """The regions that are selected."""
    outlines = context.outlines
    if outlines is not None:
        for label in context.selected_labels:
            overlays.outline(painter, lens.path(outlines.path_of(label)), overlays.SELECTED)
