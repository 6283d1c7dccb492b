"""The colors that a reopened drawing has already, finished without a network and without references."""

import numpy as np
from numpy.typing import NDArray

from engine.color import names
from engine.color.swatches import PAPER, WHITE, with_paper
from engine.palette import Palette, Swatch
from engine.request import ColorizeRequest, ColorizeResult, LineArt
from engine.sentences import Sentence

_MOST = 64  # swatches; paint of an artist's brush has any number of colors
_LEAST = 1e-4  # of the painted area that a color must have for a swatch
_NOTE = Sentence("The colors are those of the file.")

Pixels = NDArray[np.uint8]


def can_color(request: ColorizeRequest) -> bool:
    """Whether all colors of the drawing come from its own file."""
    return not request.references and request.line_art.flats is not None


def guess_of(line_art: LineArt) -> ColorizeResult:
    """The flats on paper, as if a network had guessed them. line_art: with flats."""
    flats = line_art.flats
    assert flats is not None
    color = np.where(flats[..., 3:] == 255, flats[..., :3], np.uint8(255))
    return ColorizeResult(color, line_art.layer, "cpu", "fp32", line_art.size, (_NOTE,))


def palette_of(flats: Pixels) -> Palette:
    """The colors in H×W×4 flats, the largest area first, and white paper."""
    packed = np.ascontiguousarray(flats).view(np.uint32)[..., 0][flats[..., 3] == 255]
    colors, counts = np.unique(packed, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] >= _LEAST * packed.size][:_MOST]
    found = colors[order].view(np.uint8).reshape(-1, 4)[:, :3].tolist()
    called = names.unique([names.name_of(color) for color in found])
    swatches = [Swatch(name, (r, g, b)) for name, (r, g, b) in zip(called, found, strict=True)]
    return with_paper(Palette(tuple(swatches) or (Swatch(PAPER, WHITE),)))
