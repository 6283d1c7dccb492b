"""Selecting regions, to be colored together."""

from collections.abc import Sequence

from app.canvas.tools import overlays
from app.canvas.tools.context import Point, ToolContext
from app.canvas.tools.loop_tool import LoopTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Spot
from app.language.marking import QT_TRANSLATE_NOOP


class SelectTool(LoopTool):
    """A click selects a region, a loop those inside; with Shift beside those that are selected."""

    color = overlays.SELECTED

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._adds = False

    def take(self, spot: Spot, points: Sequence[Point]) -> None:
        self._adds = spot.shift
        outlines = self.context.outlines
        if outlines is not None and len(points) < 3 and spot.pixel(outlines.size) is None:
            self.context.select(())
        else:
            super().take(spot, points)

    def act(self, places: tuple[Point, ...]) -> None:
        self.context.select(places, adds=self._adds)


SPEC = ToolSpec(
    "select",
    QT_TRANSLATE_NOOP("Actions", "S&elect Regions"),
    QT_TRANSLATE_NOOP("Actions", "Click regions or draw around them to select them; Shift adds"),
    "W",
    make=SelectTool,
)
