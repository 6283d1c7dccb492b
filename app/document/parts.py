"""What a document is made of: frozen, each with the image the canvas shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QImage

from app.images.pyramid import Pyramid
from engine.corrections import Corrections
from engine.export.made_by import picture_text
from engine.request import SIGMA_DEFAULT, ColorizeResult, LineArt, LineMode, Reference

if TYPE_CHECKING:
    from engine.color.palette import Palette, Swatch
    from engine.color.shading import ShadingMode
    from engine.finishing import Finished
    from engine.images import Picture
    from engine.inspection import Doubt
    from engine.line_art.regions import RegionMap

PictureKind = Literal["line_art", "color"]
OverlayKind = Literal["regions", "confidence"]
OVERLAY_KINDS: tuple[OverlayKind, ...] = ("regions", "confidence")
SHADING_MODES: tuple[ShadingMode, ...] = ("off", "soft", "cel")


@dataclass(frozen=True, eq=False)
class Drawing:
    """The picture that is to be colored.

    kind: what it looks like. path: None if it came from another program. line_art: what a layered file that Nurie wrote
    holds, lines and flats; None for any other picture.
    """

    picture: Picture
    kind: PictureKind
    view: Pyramid
    path: Path | None = None
    line_art: LineArt | None = None


@dataclass(frozen=True)
class LineSettings:
    """How line art is made of the drawing. sigma and sharp matter where lines are extracted.

    black, white, despeckle: see `engine.line_art.cleaning.Cleaning`.
    """

    mode: LineMode = "auto"
    sigma: float = SIGMA_DEFAULT
    sharp: bool = True
    black: int = 0
    white: int = 255
    despeckle: int = 0

    def makes_same_lines(self, made: Lines) -> bool:
        """Whether `made` are the lines of these settings. Sigma does not touch the artist's own ink."""
        if made.line_art.extracted:
            return self == made.settings
        return replace(self, sigma=made.settings.sigma, sharp=made.settings.sharp) == made.settings


@dataclass(frozen=True, eq=False)
class Lines:
    """Line art of the drawing, made with `settings`."""

    line_art: LineArt
    settings: LineSettings
    view: Pyramid


@dataclass(frozen=True, eq=False)
class ReferenceItem:
    """One reference of the strip."""

    reference: Reference
    thumbnail: QImage


@dataclass(frozen=True)
class FinishSettings:
    """What is made of the network's guess.

    flats: one color for each region. locked: of the palette. gap: pixels, None for automatic. palette: one that was
    loaded, None for the references' own. edits: swatches a person changed, by what they were; they outlive a coloring.
    corrections: of regions and their colors, in pixels of the drawing, with which they go.
    """

    flats: bool = True
    locked: bool = True
    shading: ShadingMode = "off"
    gap: int | None = None
    palette: Palette | None = None
    edits: Mapping[Swatch, Swatch] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)

    def needs_finishing(self, before: FinishSettings) -> bool:
        """Whether a coloring finished as `before` must be finished anew; repainting is enough for edits."""
        return replace(self, edits={}) != replace(before, edits={})

    def edited(self, base: Palette) -> Palette:
        """The palette with the edits of its swatches."""
        return replace(base, swatches=tuple(self.edits.get(one, one) for one in base.swatches))


@dataclass(frozen=True, eq=False)
class Coloring:
    """A finished result, the colors of which the canvas shows under the ink.

    finished: for the lines of then, which may have changed since. settings: how it was finished. view: flats or guess,
    with its shading. base: the palette before `settings.edits`, a swatch for each of `finished.palette`. shares: of the
    area, in [0, 1], one a swatch. doubts: the worst first. model, sha256: who made it.
    """

    result: ColorizeResult
    finished: Finished
    settings: FinishSettings
    view: Pyramid
    model: str
    sha256: str
    base: Palette | None = None
    shares: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> dict[str, str]:
        """How it was made, for the file it is saved to."""
        return picture_text(self.finished.request, self.result, self.model, self.sha256, self.finished)


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
