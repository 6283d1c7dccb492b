"""The ink's own color: a layer that on white is the drawing, and over colors keeps the color of every stroke.

A pixel of a drawing mixes paper with ink, p = (1 − a)·white + a·ink, and only p is known. Where a stroke is solid (a
pixel like all its neighbors) a is 1 and the ink is p. Beside it, at the stroke's edge, the ink is that of the stroke.
Strokes too thin to be solid anywhere are the palest parts of an ink: of all pixels of the same hue the darkest say how
dark it gets. Gray of such strokes, and gray that fills areas (tone), is black ink that covers a part of the paper.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.channels import Mask, Pixels, broad, chroma_of, flat_within
from engine.line_art.extent import seen_side

_FLAT = 6  # levels within which neighbors are one solid color
_DRAWN = 24  # depth below white from which a pixel is drawn on
_TINTED, _TINTED_SHARE = 14, 0.12  # chroma, and of the depth, from which ink has a hue
_COLORED = 24  # chroma of ink that is colored for sure
_FEWEST = 12  # pixels; less is dust
_BLACK = 12  # level up to which gray ink is black
_GRAY_SHARE = 0.02  # of what is drawn on: solid strokes in gray are meant to be gray from this share on
_TONE_WIDTH, _TONE_SHARE = 9, 0.015  # pixels, and of the longer side: gray that is broader is tone
_REACH = 3.0  # pixels from a solid stroke to its edge
_ALIKE = 0.97  # cosine between the depths of an edge and of its stroke
_BINS = 12  # a side, in which directions of color are collected
_DARKEST = 95.0  # percentile of the depths of a hue that is its ink
_ROWS_AT_ONCE = 256

Floats = NDArray[np.float32]


def own_layer(pixels: Pixels, grainy: bool = False) -> Pixels | None:
    """The line layer of a drawing in the ink's own color; None when all ink is black, or gray of no solid strokes.

    pixels: H×W×3 uint8 sRGB on white paper. grainy: a scan, in which no stroke is solid. Returns H×W×4 uint8 with
    straight alpha; laid on white (normal) it is `pixels` again, but for rounding. Raises Cancelled.
    """
    depth = np.asarray(cv2.bitwise_not(pixels), np.uint8)
    deepest = chroma_of(depth)[0]
    has_hue = is_colored(pixels)
    solid, gray = _solid(pixels, deepest) if not grainy else (np.zeros(deepest.shape, np.bool_), False)
    if not has_hue and not gray:
        return None
    cancellation.check()
    strengths = _strengths(depth, deepest)
    away, nearest = _nearest(solid)
    solid_depths = np.concatenate([np.zeros((1, 3), np.uint8), depth[solid]])
    layer = np.zeros((*deepest.shape, 4), np.uint8)
    for top in range(0, len(layer), _ROWS_AT_ONCE):
        cancellation.check()
        rows = slice(top, top + _ROWS_AT_ONCE)
        drawn = np.nonzero(deepest[rows])
        own = depth[rows][drawn].astype(np.float32)
        ink = np.where((away[rows][drawn] <= _REACH)[:, None], solid_depths[nearest[rows][drawn]], np.uint8(0)).astype(
            np.float32
        )
        layer[rows][drawn] = _unmixed(own, ink, strengths)
    return layer


def is_colored(pixels: Pixels) -> bool:
    """Whether the ink of H×W×3 `pixels` on white has a color other than gray anywhere.

    Looked at after a small blur, in which the fringes of a scanner at both sides of a black line cancel out.
    """
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 1.0), np.uint8)
    chroma = chroma_of(blurred)[1]
    deep = 255 - blurred.min(axis=2)
    tinted = (chroma >= _COLORED) & (chroma >= _TINTED_SHARE * deep)
    return int(np.count_nonzero(tinted)) >= _FEWEST


def _solid(pixels: Pixels, deepest: NDArray[np.uint8]) -> tuple[Mask, bool]:
    """Where a stroke is solid, tone left out, and whether solid strokes are gray on purpose."""
    brightest, chroma = chroma_of(pixels)
    drawn = deepest >= _DRAWN
    solid = drawn & flat_within(pixels, _FLAT)
    neutral = solid & ((chroma < _COLORED) | (chroma < _TINTED_SHARE * deepest))
    gray = neutral & (brightest > _BLACK)
    width = max(_TONE_WIDTH, round(_TONE_SHARE * seen_side(deepest.shape))) | 1
    tone = broad(gray, width) if gray.any() else gray
    gray &= ~tone
    meant = int(np.count_nonzero(gray)) >= max(_FEWEST, _GRAY_SHARE * int(np.count_nonzero(drawn)))
    return (solid & ~tone, True) if meant else (solid & ~tone & ~gray, False)


def _nearest(solid: Mask) -> tuple[Floats, NDArray[np.int32]]:
    """For each pixel the distance to the nearest solid one, and its number as they are read, from 1."""
    if not solid.any():
        return np.full(solid.shape, np.inf, np.float32), np.zeros(solid.shape, np.int32)
    away, nearest = cv2.distanceTransformWithLabels(
        (~solid).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    return np.asarray(away, np.float32), np.asarray(nearest, np.int32)


def _strengths(depth: Pixels, deepest: NDArray[np.uint8]) -> Floats:
    """How deep the ink of each direction of color gets: a cube of lengths, 0 where none was seen."""
    some = slice(None, None, max(1, deepest.shape[0] // 2048)), slice(None, None, max(1, deepest.shape[1] // 2048))
    own = depth[some][deepest[some] >= _DRAWN].astype(np.float32)
    own = own[_has_hue(own)]
    place, length = _direction(own)
    order = np.lexsort((length, place))
    place, length = place[order], length[order]
    bins, first, counts = np.unique(place, return_index=True, return_counts=True)
    cube = np.zeros((_BINS + 1) ** 3, np.float32)
    cube[bins] = length[first + ((counts - 1) * (_DARKEST / 100.0)).astype(np.intp)] if len(bins) else 0.0
    cube = cube.reshape((_BINS + 1,) * 3)
    # Of pale pixels the direction is uncertain, so that the dark ones of their ink may be in the next bin.
    around = np.zeros_like(cube)
    framed = np.pad(cube, 1)
    for offset in np.ndindex(3, 3, 3):
        near = tuple(slice(start, start + _BINS + 1) for start in offset)
        around = np.maximum(around, framed[near])
    return around.reshape(-1)


def _has_hue(depths: Floats) -> Mask:
    """Which of n×3 depths are of a colored ink, and not of black or gray."""
    deepest = depths.max(axis=1)
    chroma = deepest - depths.min(axis=1)
    return (chroma >= _TINTED) & (chroma >= _TINTED_SHARE * deepest)


def _direction(depths: Floats) -> tuple[NDArray[np.intp], Floats]:
    """For n×3 depths the bin of their direction, and their lengths."""
    length = np.maximum(np.linalg.norm(depths, axis=1), np.float32(1e-6))
    steps = np.rint(depths / length[:, None] * _BINS).astype(np.intp)
    return (steps[:, 0] * (_BINS + 1) + steps[:, 1]) * (_BINS + 1) + steps[:, 2], length.astype(np.float32)


def _unmixed(depths: Floats, inks: Floats, strengths: Floats) -> Pixels:
    """n×3 depths and those of the solid strokes beside them (0 without one) → n×4 color and alpha."""
    deepest = depths.max(axis=1)
    least = deepest / np.float32(255.0)  # with less alpha the ink would be darker than black
    place, length = _direction(depths)
    strength = strengths[place]
    alpha = np.where(_has_hue(depths) & (strength > 0), length / np.maximum(strength, length), least)
    square = np.square(inks).sum(axis=1)
    along = (depths * inks).sum(axis=1)
    beside = (square > 0) & (along >= _ALIKE * length * np.sqrt(square))
    alpha = np.where(beside, along / np.maximum(square, 1.0), alpha)
    alpha = np.maximum(np.rint(np.clip(alpha, least, 1.0) * 255.0), 1.0)
    color = np.clip(np.rint(255.0 - depths * (255.0 / alpha)[:, None]), 0.0, 255.0)
    return np.concatenate([color, alpha[:, None]], axis=1).astype(np.uint8)
