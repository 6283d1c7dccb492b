"""What a document is made of: frozen, each with the image the canvas shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QImage

from app.images.pyramid import Pyramid
from engine.options import FinishOptions, LineOptions, Options
from engine.pipeline import Made
from engine.request import ColorizeResult, LineArt, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.finishing import Finished
    from engine.images import Picture
    from engine.inspection import Check
    from engine.line_art.regions import RegionMap
    from engine.options import ShadingMode
    from engine.palette import Palette

PictureKind = Literal["line_art", "color"]
OverlayKind = Literal["regions", "confidence"]
OVERLAY_KINDS: tuple[OverlayKind, ...] = ("regions", "confidence")
SHADING_MODES: tuple[ShadingMode, ...] = ("off", "soft", "cel")


@dataclass(frozen=True, eq=False)
class Drawing:
    """The picture to color.

    kind: what it looks like. path: None if it came from another program. line_art: what a layered file that Nurie wrote
    holds, lines and flats; None for any other picture.
    """

    picture: Picture
    kind: PictureKind
    view: Pyramid
    path: Path | None = None
    line_art: LineArt | None = None


@dataclass(frozen=True, eq=False)
class FigureMask:
    """Where the figure of a drawing is, as a person says. inside: H×W of the drawing."""

    inside: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lines:
    """Line art of the drawing, made with `settings`."""

    line_art: LineArt
    settings: LineOptions
    view: Pyramid


@dataclass(frozen=True, eq=False)
class ReferenceItem:
    """One reference of the strip.

    is_line_art: whether it looks like a drawing rather than like colors. figures: how many a sheet is cut into; 0 for
    what is no sheet. lacking: sentences on why there are no colors to take.
    """

    reference: Reference
    thumbnail: QImage
    is_line_art: bool = False
    figures: int = 0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Coloring:
    """A finished result, the colors of which the canvas shows under the ink.

    finished: for the lines of then, which may have changed since. options: what it was made with. view: flats or guess,
    with its shading. shares: of the area, in [0, 1], one a swatch of `finished.palette`. checks: the worst first.
    model, sha256: who made it.
    """

    result: ColorizeResult
    finished: Finished
    options: Options
    view: Pyramid
    model: str
    sha256: str
    shares: tuple[float, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def settings(self) -> FinishOptions:
        """How it was finished, as it was asked for."""
        return self.options.finish

    @property
    def base(self) -> Palette | None:
        """The palette before the edits of its swatches."""
        return self.finished.base

    def made(self, picture: Picture | None = None) -> Made:
        """What is written of it. picture: the drawing's, for resolution and color profile."""
        return Made(self.result, self.finished, self.options, self.model, self.sha256, picture)

    @property
    def text(self) -> dict[str, str]:
        """How it was made, for the file it is saved to."""
        return self.made().text


@dataclass(frozen=True, eq=False)
class Overlay:
    """What the canvas shows in place of the colors: the regions apart, or how sure their colors are.

    regions: those it shows.
    """

    kind: OverlayKind
    regions: RegionMap
    view: Pyramid


@dataclass(frozen=True)
class LayerChoice:
    """Which layers are seen, from the top to the bottom."""

    lines: bool = True
    shading: bool = True
    colors: bool = True
    paper: bool = True

    @property
    def hides_colors(self) -> bool:
        """Whether what lies under the lines is not all there."""
        return not (self.shading and self.colors and self.paper)
