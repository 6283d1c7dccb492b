"""Color that moves inside regions, as far as that of the references does: flats for cels, a painted surface else."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, narrow
from engine.color import figure
from engine.color.compose import STRIP_ROWS
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.flats import Flats, filled
from engine.line_art.regions import RegionMap
from engine.palette import Palette
from engine.request import Reference

# Chosen on held-out characters of our own, half of them in watercolor.
_FLAT, _SOFT = 2.0, 5.0  # CIEDE2000 of a swatch's pixels from it, up to which it is flat and from which it is soft
_QUANTILE = 0.75  # of those pixels
_OWN = 14.0  # CIEDE2000 up to which a pixel is its nearest swatch's; a palette of a file need not have its color
_MOST_PIXELS = 1 << 16  # of a reference that are looked at
_FURTHEST = 25.0  # CIELAB: no color moves further from its region's
_DOUBT = 2.0  # a soft region of confidence 1 - 1 / this is left to the guess, as one of more is in part

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


def softness(references: Sequence[Reference], palette: Palette) -> Floats:
    """n: how soft each swatch of a palette is in the references, from 0 (one even color) to 1 (painted).

    A swatch of which the references have nothing is flat. References of weight 0 do not count.
    """
    swatches = to_lab(palette.colors())
    found, weights = np.zeros(len(swatches)), np.zeros(len(swatches))
    for reference in references:
        if reference.weight <= 0.0:
            continue
        cancellation.check()
        part = figure.of(reference)
        pixels = part.pixels[part.colored]
        lab = to_lab(np.ascontiguousarray(pixels[:: max(1, len(pixels) // _MOST_PIXELS)]))
        nearest = narrow.total(np.square(lab[:, None] - swatches[None])).argmin(axis=1)
        difference = ciede2000(lab, swatches[nearest])
        is_own = difference <= _OWN
        for number in np.unique(nearest[is_own]):
            own = difference[(nearest == number) & is_own]
            found[number] += reference.weight * len(own) * float(np.quantile(own, _QUANTILE))
            weights[number] += reference.weight * len(own)
    spread = found / np.maximum(weights, 1e-9)
    return np.clip((spread - _FLAT) / (_SOFT - _FLAT), 0.0, 1.0).astype(np.float32)


def paint_moving(guess: Pixels, regions: RegionMap, flats: Flats, voted: Flats, amount: Floats) -> Pixels:
    """The regions in their flat colors, which move inside as the guess does: H×W×3 uint8.

    guess: H×W×3 uint8 with color running under the lines; voted: the colors that `flats.vote` gave it; amount: count,
    from 0 (flat) to 1. The doubtful of soft regions stand between their flat and the guess. What is white then stays
    white. Raises Cancelled.
    """
    colors = _settled(flats, voted, amount)
    table = np.zeros((len(colors) + 1, 4), np.uint8)
    table[1:, :3] = colors
    white = (colors == 255).all(axis=1)
    share = np.append(np.float32(0.0), np.where(white, np.float32(0.0), amount)).astype(np.float32)
    shift = np.concatenate([np.zeros((1, 3), np.float32), to_lab(colors) - to_lab(voted.colors)])
    center = np.concatenate([np.zeros((1, 3), np.float32), to_lab(voted.colors)])
    painted = np.empty_like(guess)
    for top in range(0, len(guess), STRIP_ROWS):
        cancellation.check()
        rows = slice(top, top + STRIP_ROWS)
        labels = regions.labels[rows]
        painted[rows] = filled(labels, table)
        moving = share[labels] > 0.0
        if not moving.any():
            continue
        own = labels[moving]
        step = to_lab(np.ascontiguousarray(guess[rows][moving])) - center[own]
        length = np.linalg.norm(step, axis=1, keepdims=True)
        step *= np.minimum(1.0, _FURTHEST / np.maximum(length, 1e-6)) * share[own, None]
        painted[rows][moving] = _to_pixels(center[own] + shift[own] + step)
    return painted


def _settled(flats: Flats, voted: Flats, amount: Floats) -> Pixels:
    """count×3: the flats, but of soft regions in doubt what is between them and the guess."""
    trust = np.clip(1.0 - _DOUBT * amount * (1.0 - flats.confidence), 0.0, 1.0).astype(np.float32)[:, None]
    own, given = to_lab(flats.colors), to_lab(voted.colors)
    sure_white = (flats.colors == 255).all(axis=1) & (flats.confidence > 1.0 - 1.0 / _DOUBT)
    kept = (amount <= 0.0) | (trust[:, 0] >= 1.0) | sure_white
    return np.where(kept[:, None], flats.colors, _to_pixels(np.asarray(given + (own - given) * trust, np.float32)))


def _to_pixels(lab: Floats) -> Pixels:
    """n×3 CIELAB → n×3 uint8 sRGB."""
    rgb = cv2.cvtColor(np.ascontiguousarray(lab, np.float32)[None], cv2.COLOR_LAB2RGB)[0]
    return np.clip(np.rint(rgb * 255.0), 0, 255).astype(np.uint8)
