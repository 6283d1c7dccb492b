"""What the canvas shows, and which of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QSize

from app.images.pyramid import Pyramid


class ViewMode(Enum):
    """What of the drawing is shown."""

    COLORED = "colored"
    LINES = "lines"
    COMPARE = "compare"
    REGIONS = "regions"
    CONFIDENCE = "confidence"
    SIDE_BY_SIDE = "side_by_side"
    WITH_REFERENCE = "with_reference"
    FIGURE = "figure"


@dataclass(frozen=True, eq=False)
class Content:
    """What the canvas shows. picture: shown as it is until there is ink. color and ink: layers;
    ink multiplies, or covers where it has an alpha.

    overlays: shown in place of the color, by the value of the mode that they belong to.
    """

    picture: Pyramid | None = None
    color: Pyramid | None = None
    ink: Pyramid | None = None
    overlays: Mapping[str, Pyramid] = field(default_factory=dict)

    @property
    def size(self) -> QSize | None:
        """Size of the drawing in pixels, None where there is none."""
        shown = self.ink or self.picture
        return shown.size if shown else None
