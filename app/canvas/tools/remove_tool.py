"""Removing: a correction that is clicked is taken back."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from app.canvas.tools import overlays
from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP


class RemoveTool(RegionTool):
    """The nearest correction goes."""

    cursor = Qt.CursorShape.PointingHandCursor
    takes_colors = False

    def hover(self, spot: Spot | None) -> bool:
        """A stroke may cross many regions: none is outlined."""
        return False

    def act(self, pixel: Point) -> None:
        self.context.verbs.remove_correction_at(*pixel)

    def paint(self, painter: QPainter, lens: Lens) -> None:
        overlays.corrections(painter, lens, self.context.corrections)


SPEC = ToolSpec(
    "remove",
    QT_TRANSLATE_NOOP("Actions", "Remove &Correction"),
    QT_TRANSLATE_NOOP("Actions", "Click a hint, a cut, a join or a closed gap to take it away"),
    "E",
    make=RemoveTool,
)
