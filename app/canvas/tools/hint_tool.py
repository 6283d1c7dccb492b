"""A color hint: this region has the current color, and regions in doubt that are like it follow."""

from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool


class HintTool(RegionTool):
    """A click places a dot."""

    def act(self, pixel: Point) -> None:
        """Place it."""
        self.context.verbs.hint(*pixel, self.context.color)
