"""Splitting: regions are cut along a stroke."""

from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.stroke_tool import StrokeTool
from app.language.marking import QT_TRANSLATE_NOOP
from engine.corrections import Stroke


class SplitTool(StrokeTool):
    """Draws freely."""

    def act(self, stroke: Stroke) -> None:
        self.context.verbs.split(stroke)


SPEC = ToolSpec(
    "split",
    QT_TRANSLATE_NOOP("Actions", "&Split Regions"),
    QT_TRANSLATE_NOOP("Actions", "Draw a stroke along which regions are cut"),
    "X",
    make=SplitTool,
)
