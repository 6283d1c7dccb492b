"""Filling: this region alone has the current color."""

from PySide6.QtCore import Qt

from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.language.marking import QT_TRANSLATE_NOOP


class FillTool(RegionTool):
    """A click fills."""

    cursor = Qt.CursorShape.PointingHandCursor

    def act(self, pixel: Point) -> None:
        self.context.verbs.fill(*pixel, self.context.color)


SPEC = ToolSpec(
    "fill",
    QT_TRANSLATE_NOOP("Actions", "&Fill"),
    QT_TRANSLATE_NOOP("Actions", "Fill a region with the current color. Alt takes a color"),
    "F",
    make=FillTool,
)
