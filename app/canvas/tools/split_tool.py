"""Splitting: regions are cut along a stroke."""

from app.canvas.tools.stroke_tool import StrokeTool
from engine.corrections import Stroke


class SplitTool(StrokeTool):
    """Draws freely."""

    def act(self, stroke: Stroke) -> None:
        """Cut."""
        self.context.verbs.split(stroke)
