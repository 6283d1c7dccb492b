"""A color hint: this region has the current color, and regions in doubt that are like it follow."""

from PySide6.QtGui import QPainter

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import overlays
from app.canvas.tools.context import Point
from app.canvas.tools.region_tool import RegionTool
from app.canvas.tools.spec import ToolSpec
from app.canvas.tools.tool import Lens, Spot
from app.language.marking import QT_TRANSLATE_NOOP


class HintTool(RegionTool):
    """A click places a dot; with Shift it is a fill, which no region follows. What would follow is outlined before."""

    def hover(self, spot: Spot | None) -> bool:
        alone = self._is_alone
        return super().hover(spot) or alone != self._is_alone

    def release(self, spot: Spot) -> None:
        self._spot = spot
        super().release(spot)

    def act(self, pixel: Point) -> None:
        if self._is_alone:
            self.context.verbs.fill(*pixel, self.context.color)
        else:
            self.context.verbs.hint(*pixel, self.context.color)

    def paint_region(self, painter: QPainter, lens: Lens, outlines: RegionOutlines) -> None:
        if not self._is_alone:
            for label in self.context.followers(self._label):
                overlays.outline(painter, lens.path(outlines.path_of(label)), overlays.FOLLOW, dashed=True)
        super().paint_region(painter, lens, outlines)

    @property
    def _is_alone(self) -> bool:
        return self._spot is not None and self._spot.shift


SPEC = ToolSpec(
    "hint",
    QT_TRANSLATE_NOOP("Actions", "Color &Hint"),
    QT_TRANSLATE_NOOP(
        "Actions",
        "Say which color a region has; outlined doubtful ones follow. Shift: only this one. Alt takes a color",
    ),
    "H",
    make=HintTool,
)
