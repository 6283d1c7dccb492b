"""The lasso: the regions inside a loop have the current color."""

from app.canvas.tools import overlays
from app.canvas.tools.context import Point
from app.canvas.tools.loop_tool import LoopTool
from app.canvas.tools.spec import ToolSpec
from app.language.marking import QT_TRANSLATE_NOOP


class LassoTool(LoopTool):
    """Regions that lie inside with more than half of them are meant."""

    color = overlays.HOVER

    def act(self, places: tuple[Point, ...]) -> None:
        self.context.verbs.fill_all(places, self.context.color)


SPEC = ToolSpec(
    "lasso",
    QT_TRANSLATE_NOOP("Actions", "L&asso Fill"),
    QT_TRANSLATE_NOOP("Actions", "Draw around regions to give all inside the current color"),
    "L",
    make=LassoTool,
)
