"""Tones: flat gray and screentone, which shade a drawing and bound nothing.

They stay in the line layer as they were drawn. In the ink that regions are looked for in they are paper, else a gray
shirt would have no region at all, and a dotted one hundreds.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from engine import cancellation
from engine.line_art.channels import Mask, broad, dilated, flat_within
from engine.line_art.extent import seen_side

_TONE = 0.12, 0.93  # levels between which a flat gray is a tone
_FLAT = 6  # levels of 256 that neighbors in a tone differ by at most
_WIDTH, _WIDTH_SHARE = 9, 0.012  # pixels, and of the longer side: what is thinner is a line
_LEAST_TONE = 0.002  # share of the picture that tones have
_DOT, _DOT_SHARE = 6, 0.009  # pixels, and of the longer side: the largest dot or hole of a screentone
_NEIGHBORS, _EVEN = 4, 1.7  # that each dot has, and how much farther than the first the last of these may be
_FAR = 3.0  # times its own extent, the farthest that the next dot is
_SIMILAR = 2.0  # times larger or smaller the areas of its neighbors are
_FEWEST = 40  # dots or holes of a screentone

Ink = NDArray[np.float32]


def without_tones(ink: Ink) -> Ink | None:
    """The lines of a drawing without its flat gray and its screentone; None where it has neither.

    ink: H×W float32 in [0, 1], 0 ink. Lines over tones stay. Raises Cancelled.
    """
    level = np.asarray(cv2.convertScaleAbs(ink, alpha=255.0), np.uint8)
    dotted = _without_dots(level)
    cancellation.check()
    flat = _without_gray(level if dotted is None else dotted)
    found = dotted if flat is None else flat
    return None if found is None else found.astype(np.float32) / np.float32(255.0)


def _width(shape: tuple[int, ...]) -> int:
    return max(_WIDTH, round(_WIDTH_SHARE * seen_side(shape))) | 1


def _without_gray(level: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Each pixel divided by the tone around it, which a gray closing finds: it removes what is dark and thin."""
    low, high = (round(255 * bound) for bound in _TONE)
    gray = (level >= low) & (level <= high)
    if np.count_nonzero(gray) < _LEAST_TONE * level.size:
        return None
    width = _width(level.shape)
    tone = broad(gray & flat_within(level, _FLAT), width)
    if np.count_nonzero(tone) < _LEAST_TONE * level.size:
        return None
    around = np.asarray(cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8)), np.uint8)
    lines = np.asarray(cv2.divide(level, around, scale=255.0), np.uint8)
    lines[around < low] = level[around < low]  # black areas
    near = dilated(tone, width)
    return np.where(near, lines, level)


def _without_dots(level: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Without the dots of a screentone, and without the net around the holes of a dark one."""
    dark = level < 128
    dots = _lattice(dark)
    holes = _lattice(~dark)
    if dots is None and holes is None:
        return None
    result = level.copy()
    if holes is not None:
        mask, pitch = holes
        reach = int(pitch) + 1
        closed = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        result = np.where(dilated(mask, reach), np.asarray(closed, np.uint8), level)
    if dots is not None:
        # With their blended rims, but no rim of a line beside.
        rims = dilated(dots[0], 1) & ~(dilated(dark & ~dots[0], 1))
        result[dots[0] | rims] = 255
    return result


def _lattice(mask: Mask) -> tuple[Mask, float] | None:
    """The pieces of `mask` that are small, alike and evenly spread in two directions, and how far apart they are.

    Pieces hang together over sides only, so the squares of a checkered tone are dots.
    """
    _, labels, figures, centers = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    figures = np.asarray(figures)
    extent = figures[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    small = np.flatnonzero(extent <= max(_DOT, round(_DOT_SHARE * seen_side(mask.shape))))
    if len(small) < _FEWEST:
        return None
    cancellation.check()
    places = np.asarray(centers, np.float64)[small]
    found = KDTree(places).query(places, _NEIGHBORS + 1)
    away, near = np.asarray(found[0]), np.asarray(found[1])
    area = figures[small, cv2.CC_STAT_AREA].astype(np.float64)
    alike = area[near[:, 1:]] / area[:, None]
    even = (away[:, -1] <= _EVEN * away[:, 1]) & (away[:, -1] <= _FAR * _EVEN * extent[small] + 2.0)
    even &= ((alike <= _SIMILAR) & (alike >= 1.0 / _SIMILAR)).sum(axis=1) >= _NEIGHBORS - 1
    if np.count_nonzero(even) < _FEWEST:
        return None
    pitch = float(np.median(away[even, 1]))
    # Dots at a tone's edge have fewer neighbors and are cut off: they go with those that they stand beside.
    beside = KDTree(places[even]).query(places)
    beside = np.asarray(beside[0]) <= 1.6 * pitch
    chosen = np.zeros(len(figures), np.bool_)
    chosen[small[even | beside]] = True
    return chosen[np.asarray(labels, np.int32)], pitch
