"""Closing a gap: a short line between two ends bounds regions as the artist's lines do, and is not seen."""

from PySide6.QtGui import QColor

from app.canvas.tools import overlays
from app.canvas.tools.stroke_tool import StrokeTool
from engine.corrections import Stroke


class GapTool(StrokeTool):
    """Draws straight from press to release."""

    color = QColor(overlays.GAP)
    straight = True

    def act(self, stroke: Stroke) -> None:
        """Close it."""
        self.context.verbs.close_gap(stroke)
