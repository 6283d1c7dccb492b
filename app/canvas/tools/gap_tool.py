"""Closing a gap: a short line between two ends bounds regions as the artist's lines do, and is not seen."""

from PySide6.QtGui import QColor

from app.canvas.tools import overlays
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.stroke_tool import StrokeTool
from app.language.marking import QT_TRANSLATE_NOOP
from engine.corrections import Stroke


class GapTool(StrokeTool):
    """Draws straight from press to release."""

    color = QColor(overlays.GAP)
    straight = True

    def act(self, stroke: Stroke) -> None:
        self.context.verbs.close_gap(stroke)


SPEC = ToolSpec(
    "gap",
    QT_TRANSLATE_NOOP("Actions", "Close a &Gap"),
    QT_TRANSLATE_NOOP("Actions", "Draw a short line between two ends; it is not seen, but color stops there"),
    "G",
    make=GapTool,
)
