"""What a document is made of: frozen, each with the image the canvas shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QImage

from app.canvas.pyramid import Pyramid
from engine.request import SIGMA_DEFAULT, ColorizeResult, LineArt, LineMode, Reference

if TYPE_CHECKING:
    from engine.images import Picture

PictureKind = Literal["line_art", "color"]


@dataclass(frozen=True, eq=False)
class Drawing:
    """The picture that is to be colored. kind: what it looks like. path: None if it came from another program."""

    picture: Picture
    kind: PictureKind
    view: Pyramid
    path: Path | None = None


@dataclass(frozen=True)
class LineSettings:
    """How line art is made of the drawing. sigma and sharp matter where lines are extracted."""

    mode: LineMode = "auto"
    sigma: float = SIGMA_DEFAULT
    sharp: bool = True


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


@dataclass(frozen=True, eq=False)
class Coloring:
    """A result, the colors of which the canvas shows under the ink.

    line_art: what it was computed for; the lines may have changed since.
    text: how it was made, for the file it is saved to.
    """

    result: ColorizeResult
    line_art: LineArt
    view: Pyramid
    text: Mapping[str, str]
