"""Picking from a reference: first a place of it, in the reference view, then regions of the drawing."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, Source, ToolContext
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP
from engine.corrections import RGB

translate = QCoreApplication.translate


class PickTool(RegionTool):
    """On the canvas: a click gives a region the color of the place that was picked."""

    def act(self, pixel: Point) -> None:
        source = self.context.source
        if source is None:
            self.context.said.emit(translate("Tools", "Click a place in the reference view first."))
        else:
            self.context.verbs.pick(source.index, source.x, source.y, *pixel)


class SourceTool:
    """In the reference view: a click picks a place; with Alt only its color is taken."""

    cursor = Qt.CursorShape.CrossCursor
    draws = False

    def __init__(self, context: ToolContext, index: int, size: tuple[int, int]) -> None:
        """index: of the reference that is shown. size: its width and height."""
        self.context = context
        self.index = index
        self.size = size
        self._pressed = False

    def hover(self, spot: Spot | None) -> bool:
        return False

    def press(self, spot: Spot) -> None:
        self._pressed = True

    def drag(self, spot: Spot) -> None:
        pass  # the place under the pointer at the release counts

    def release(self, spot: Spot) -> None:
        pixel = spot.pixel(self.size)
        pressed, self._pressed = self._pressed, False
        color = self.context.reference_color(self.index, *pixel) if pressed and pixel is not None else None
        if color is None or pixel is None:
            return
        self.context.set_color(color)
        if not spot.alt:
            self._pick(pixel, color)

    def cancel(self) -> bool:
        was, self._pressed = self._pressed, False
        return was

    def paint(self, painter: QPainter, lens: Lens) -> None:
        source = self.context.source
        if source is not None and source.index == self.index:
            overlays.dot(painter, lens.middle(source.x, source.y), source.color)

    def _pick(self, pixel: Point, color: RGB) -> None:
        self.context.set_source(Source(self.index, *pixel, color))
        self.context.said.emit(translate("Tools", "Now click the regions of the drawing that are this color."))


SPEC = ToolSpec(
    "pick",
    QT_TRANSLATE_NOOP("Actions", "P&ick From Reference"),
    QT_TRANSLATE_NOOP("Actions", "Click a place in the reference view, then the regions that are this color"),
    "I",
    make=PickTool,
)
