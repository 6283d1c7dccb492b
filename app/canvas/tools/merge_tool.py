"""Merging: two regions become one."""

from PySide6.QtGui import QPainter

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP


class MergeTool(RegionTool):
    """A drag from one region to another."""

    draws = True
    takes_colors = False

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._from: Point | None = None
        self._to: Spot | None = None

    def press(self, spot: Spot) -> None:
        super().press(spot)
        outlines = self.context.outlines
        self._from = spot.pixel(outlines.size) if outlines is not None else None
        self._to = spot

    def drag(self, spot: Spot) -> None:
        super().drag(spot)
        self._to = spot

    def act(self, pixel: Point) -> None:
        begin, outlines = self._from, self.context.outlines
        self._from = self._to = None
        if begin is None or outlines is None:
            return
        if outlines.label_at(*begin) != outlines.label_at(*pixel):
            self.context.verbs.merge(begin, pixel)

    def release(self, spot: Spot) -> None:
        super().release(spot)
        self._from = self._to = None

    def cancel(self) -> bool:
        self._from = self._to = None
        return super().cancel()

    def paint(self, painter: QPainter, lens: Lens) -> None:
        outlines = self.context.outlines
        if self._from is not None and outlines is not None:
            overlays.outline(painter, lens.path(outlines.path_of(outlines.label_at(*self._from))), overlays.MERGE)
        super().paint(painter, lens)
        if self._from is not None and self._to is not None:
            ends = [lens.middle(*self._from), lens.point(self._to.x, self._to.y)]
            overlays.line(painter, ends, overlays.MERGE)


SPEC = ToolSpec(
    "merge",
    QT_TRANSLATE_NOOP("Actions", "&Merge Regions"),
    QT_TRANSLATE_NOOP("Actions", "Drag from one region to another to make them one"),
    "J",
    make=MergeTool,
)
