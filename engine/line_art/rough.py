"""A pale rough under the inks: the construction sketch in light blue or red that an inker draws over.

It bounds nothing and is not in the line layer, but it is not thrown away: it becomes a layer of its own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.channels import Mask, Pixels, broad, chroma_of, dilated, hue_of
from engine.line_art.extent import seen_side

_TINTED = 28  # chroma from which a pixel says what hue the rough has
_FAINTEST = 5  # chroma at its palest edges
_BRIGHT = 180  # of its brightest channel, at least
_SHARE = 0.001  # of the picture that such pixels must have
_ONE_HUE, _MOST = 30.0, 0.9  # degrees around the rough's hue, and the share of the tint within
_SKIN = 15.0, 95.0  # degrees: nobody sketches in skin color or yellow, but figures are filled with them
_PALE, _LEAST = 150.0, 100.0  # luma and darkest channel of its strokes
_STROKE, _BROAD_SHARE = 0.035, 0.3  # of the longer side: strokes are thinner, but for such a share where they cross
_UNDER = 0.12  # share of the rough that lies beside ink
_FREE = 0.25  # share of its outline that lies against paper: a colored area ends at ink
_INK, _INK_SHARE = 0.45, 0.15  # level below which a pixel is ink; depth of the inks, of the rough's
_REACH = 2  # pixels around the strokes over which they blend with paper
_OVER = 1.6  # a pixel more vivid than the rough by so much is no part of it
_CLEAR = 247.0  # level from which what is left of a pixel is paper
_GRAY, _STRAY = 16, 0.02  # chroma from which ink has a color, and the share of such pixels in gray inks
_ROWS_AT_ONCE = 512

Floats = NDArray[np.float32]


class Rough(NamedTuple):
    """pixels: H×W×3 uint8, the drawing without its rough. layer: H×W×4 uint8, straight alpha, the rough alone."""

    pixels: Pixels
    layer: Pixels


class _Tint(NamedTuple):
    """hue: degrees. color: of a full stroke, 3 floats of 255. chroma: of it."""

    hue: float
    color: Floats
    chroma: float


def split_rough(pixels: Pixels) -> Rough | None:
    """Take a pale rough of one hue away from under dark inks; None where there is none.

    pixels: H×W×3 uint8 sRGB on white paper. Pixels away from the rough stay as they are, bit for bit; where ink blends
    into it, the ink's share is kept. Raises Cancelled.
    """
    if not may_have_rough(pixels):
        return None
    brightest, chroma = chroma_of(pixels)
    cancellation.check()
    tint = _tint_of(pixels, brightest, chroma)
    if tint is None:
        return None
    ink = _ink_under(brightest, chroma, tint)
    cancellation.check()
    strokes = (chroma >= 0.4 * tint.chroma) & (ink > 2.0 * _INK * 255.0 - 40.0) & _has_hue(pixels, chroma, tint)
    if not _is_sketched(strokes, ink, tint):
        return None
    cancellation.check()
    reached = dilated(strokes, _REACH + 1)
    if _is_gray(ink, chroma, reached):
        # Whatever has its hue is the rough then: the tips, too, that look out of an ink and are mixed with it.
        tips = (chroma >= _TINTED) & (ink >= _INK * 255.0) & _has_hue(pixels, chroma, tint)
        reached |= dilated(tips & ~reached, _REACH + 1)
    near = reached & (chroma >= _FAINTEST) & (chroma <= _OVER * tint.chroma * ink / 255.0)
    near &= _has_hue(pixels, chroma, tint, loose=True)
    return _parted(pixels, near, ink, chroma, tint)


def may_have_rough(pixels: Pixels) -> bool:
    """A quick look at some of H×W×3 `pixels` on white: whether there is pale color beside dark ink."""
    step = max(1, seen_side(pixels.shape) // 1024)
    some = np.ascontiguousarray(pixels[::step, ::step])
    brightest, chroma = chroma_of(some)
    pale = (chroma >= _TINTED) & (brightest >= _BRIGHT)
    return float(pale.mean()) >= _SHARE and bool((brightest < _INK * 255.0).any())


def _tint_of(pixels: Pixels, brightest: NDArray[np.uint8], chroma: NDArray[np.uint8]) -> _Tint | None:
    """The color of the rough, when nearly all pale color is of one hue, and there is no other color."""
    # The pale edges of a dark stroke are no rough, so only what is pale all around counts.
    pale = (chroma >= _TINTED) & ~dilated(brightest < _BRIGHT, 2)
    tinted = np.flatnonzero(pale)
    if len(tinted) < _SHARE * chroma.size:
        return None
    tinted = tinted[:: max(1, len(tinted) // 200_000)]
    colors = pixels.reshape(-1, 3)[tinted]
    weight = chroma.reshape(-1)[tinted].astype(np.float64)
    angle = np.radians(hue_of(colors).astype(np.float64))
    hue = float(np.degrees(np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())))
    near = np.abs((np.degrees(angle) - hue + 180.0) % 360.0 - 180.0) <= _ONE_HUE
    # Ink of another color may lie over the rough; but the pale color is all the rough's.
    if _SKIN[0] < hue < _SKIN[1] or weight[near].sum() < _MOST * weight.sum():
        return None
    own = colors[near]
    own_chroma = (own.max(axis=1) - own.min(axis=1)).astype(np.float64)
    full = own[own_chroma >= 0.85 * np.percentile(own_chroma, 90)]
    color = np.median(full, axis=0).astype(np.float32)
    if float(color @ np.array([0.299, 0.587, 0.114], np.float32)) < _PALE or float(color.min()) < _LEAST:
        return None
    return _Tint(hue, color, float(color.max() - color.min()))


def _ink_under(brightest: NDArray[np.uint8], chroma: NDArray[np.uint8], tint: _Tint) -> Floats:
    """H×W, 0 to 255: the ink alone, in pixels where it lies over the rough.

    A pixel is s·((1 − t)·255 + t·rough) with the ink s in [0, 1] and the share t of the rough. Of that the chroma is
    s·t·C and the brightest channel s·(255 − t·m), with C the rough's chroma and m what its brightest channel lacks.
    """
    lacks = float(255.0 - tint.color.max()) / tint.chroma
    return np.minimum(brightest.astype(np.float32) + chroma.astype(np.float32) * np.float32(lacks), 255.0)


def _has_hue(pixels: Pixels, chroma: NDArray[np.uint8], tint: _Tint, loose: bool = False) -> Mask:
    """Where the color is of the tint's hue; loose: of pixels of little chroma, whose hue is noise, all."""
    found = np.zeros(chroma.shape, np.bool_)
    for top in range(0, len(chroma), _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        some = np.nonzero(chroma[rows] >= _FAINTEST)
        off = np.abs((hue_of(pixels[rows][some]) - np.float32(tint.hue) + 180.0) % 360.0 - 180.0)
        near = off <= 1.5 * _ONE_HUE
        found[rows][some] = near | (chroma[rows][some] < _TINTED // 2) if loose else near
    return found


def _is_sketched(strokes: Mask, ink: Floats, tint: _Tint) -> bool:
    """Whether the tinted pixels are strokes, and dark inks lie over them."""
    count = int(np.count_nonzero(strokes))
    if count == 0:
        return False
    inked = ink < _INK * 255.0
    depth = float((255.0 - ink[inked]).sum())
    own = count * (255.0 - float(tint.color.mean()))
    if depth < _INK_SHARE * own:
        return False
    width = max(7, round(_STROKE * seen_side(strokes.shape))) | 1
    if np.count_nonzero(broad(strokes, width)) > _BROAD_SHARE * count:
        return False
    if np.count_nonzero(strokes & dilated(inked, 4)) < _UNDER * count:
        return False  # an outline in a pale color goes its own way; a rough runs along the inks
    around = dilated(strokes, 2) & ~strokes
    # The blended rim of ink is as wide as that of the rough, so look a little beyond both.
    free = around & ~dilated(inked, 3)
    return bool(np.count_nonzero(free) >= _FREE * max(1, np.count_nonzero(around)))


def _is_gray(ink: Floats, chroma: NDArray[np.uint8], reached: Mask) -> bool:
    """Whether the inks have no color of their own. reached: where the rough mixes with them."""
    inked = (ink < _INK * 255.0) & ~reached
    return bool(np.count_nonzero(inked & (chroma >= _GRAY)) <= _STRAY * np.count_nonzero(inked))


def _parted(pixels: Pixels, near: Mask, ink: Floats, chroma: NDArray[np.uint8], tint: _Tint) -> Rough:
    rest, layer = pixels.copy(), np.zeros((*near.shape, 4), np.uint8)
    for top in range(0, len(near), _ROWS_AT_ONCE):
        cancellation.check()
        rows = slice(top, top + _ROWS_AT_ONCE)
        some = near[rows]
        level = ink[rows][some]
        clear = np.where(level >= _CLEAR, 255.0, np.rint(level))
        rest[rows][some] = clear[:, None].astype(np.uint8)
        share = chroma[rows][some] * (255.0 / tint.chroma) / np.maximum(level, 1.0)
        layer[rows][some, :3] = np.rint(tint.color).astype(np.uint8)
        layer[rows][some, 3] = np.clip(np.rint(share * 255.0), 0, 255).astype(np.uint8)
    layer[layer[..., 3] == 0] = 0
    return Rough(rest, layer)
