"""A color hint: this region has the current color, and regions in doubt that are like it follow."""

from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.language.marking import QT_TRANSLATE_NOOP


class HintTool(RegionTool):
    """A click places a dot."""

    def act(self, pixel: Point) -> None:
        self.context.verbs.hint(*pixel, self.context.color)


SPEC = ToolSpec(
    "hint",
    QT_TRANSLATE_NOOP("Actions", "Color &Hint"),
    QT_TRANSLATE_NOOP("Actions", "Say which color a region has; doubtful regions like it follow. Alt takes a color"),
    "H",
    make=HintTool,
)
