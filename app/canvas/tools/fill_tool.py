"""Filling: this region alone has the current color."""

from PySide6.QtCore import Qt

from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool


class FillTool(RegionTool):
    """A click fills."""

    cursor = Qt.CursorShape.PointingHandCursor

    def act(self, pixel: Point) -> None:
        """Fill it."""
        self.context.verbs.fill(*pixel, self.context.color)
