"""One color for each region, voted by what the network guessed there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.regions import RegionMap

_SAMPLES = 1_000_000  # pixels that vote at most, nearly; the guess itself was made at a fraction of the size
_ROUNDS = 8
_REACH = 6.0  # CIELAB: standard deviation of the mean shift's kernel
_AGREES = 12.0  # CIELAB distance within which a pixel agrees with its region's color
_BESIDE_LINE = 0.05  # weight of a pixel that touches a line
_CLEAR = 0.99  # ink from which a pixel is no line
_ONE_COLOR = 0.98  # share of a region's paper that has its one color
_WHITE_LIGHTNESS, _WHITE_CHROMA = 92.0, 6.0  # CIELAB from which a vote is for white paper

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Flats:
    """The colors of count regions.

    colors: count×3 uint8 sRGB, row i for label i + 1. confidence: count float32 in [0, 1], how far the pixels agreed.
    """

    colors: NDArray[np.uint8]
    confidence: NDArray[np.float32]


def vote(color: Pixels, regions: RegionMap, ink: NDArray[np.float32]) -> Flats:
    """Let the pixels of each region vote for its one color.

    color: H×W×3 uint8 sRGB, the network's guess with color running under the lines (`ColorizeResult.color`); ink: H×W
    float32 in [0, 1], 0 ink. Pixels near lines count less. The color is the mode in CIELAB, found from the median by
    mean shift (Comaniciu, Meer: "Mean shift", IEEE TPAMI 24(5), 2002), so haze over a part of a region does not tint
    it. A vote near white is white, (255, 255, 255).
    """
    labels, pixels, weights = _samples(color, regions, ink)
    cancellation.check()
    lab = np.asarray(cv2.cvtColor(pixels[None].astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB), np.float32)[0]
    center = _medians(lab, labels, regions.count, weights)
    for _ in range(_ROUNDS):
        cancellation.check()
        distance = ((lab - center[labels]) ** 2).sum(axis=1)
        center = _means(lab, labels, regions.count, weights * np.exp(distance / (-2.0 * _REACH**2)) + 1e-12)
    agree = weights * (((lab - center[labels]) ** 2).sum(axis=1) <= _AGREES**2)
    total = np.bincount(labels, weights, regions.count)
    confidence = np.bincount(labels, agree, regions.count) / np.maximum(total, 1e-12)
    means = _means(pixels, labels, regions.count, agree + weights * 1e-9)
    colors = np.rint(means).astype(np.uint8)
    white = (center[:, 0] > _WHITE_LIGHTNESS) & (np.hypot(center[:, 1], center[:, 2]) < _WHITE_CHROMA)
    colors[white] = 255
    return Flats(colors, confidence.astype(np.float32))


def paint(flats: Flats, regions: RegionMap) -> Pixels:
    """The regions in their colors: H×W×3 uint8 sRGB."""
    return flats.colors[regions.labels - 1]


def colors_of(
    pixels: Pixels, regions: RegionMap, ink: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The colors that regions have in flats of before, count×3, and which regions have but one (count).

    pixels: H×W×4 uint8 with straight alpha; ink: H×W float32 in [0, 1]. A region has one color when nearly all of its
    paper is opaque and equal; what was erased or painted over in part has none.
    """
    labels = regions.labels.reshape(-1) - 1
    order = np.zeros(regions.count, np.int64)
    clear = np.flatnonzero(ink.reshape(-1) > _CLEAR)
    flat = pixels.reshape(-1, 4)
    order[labels[clear[::-1]]] = clear[::-1]  # the first clear pixel of each region
    some = flat[order]
    area = np.bincount(labels[clear], minlength=regions.count)
    same = (flat[clear] == some[labels[clear]]).all(axis=1)
    agreed = np.bincount(labels[clear], same, regions.count)
    return some[:, :3].copy(), (area > 0) & (some[:, 3] == 255) & (agreed >= _ONE_COLOR * area)


def _samples(
    color: Pixels, regions: RegionMap, ink: NDArray[np.float32]
) -> tuple[NDArray[np.intp], Pixels, NDArray[np.float64]]:
    """Labels from 0, colors and weights of the pixels that vote: every n-th, all of a region that has none of those."""
    step = max(1, int((regions.labels.size / _SAMPLES) ** 0.5))
    chosen = np.zeros(regions.labels.shape, np.bool_)
    chosen[step // 2 :: step, step // 2 :: step] = True
    if step > 1:
        missing = np.bincount(regions.labels[chosen], minlength=regions.count + 1) == 0
        if missing[1:].any():
            chosen |= missing[regions.labels]
    beside = np.asarray(cv2.erode(ink, np.ones((3, 3), np.uint8)), np.float32)[chosen].astype(np.float64)
    weights = 1e-6 + _BESIDE_LINE * ink[chosen].astype(np.float64) ** 2 + (1.0 - _BESIDE_LINE) * beside**2
    return regions.labels[chosen].astype(np.intp) - 1, color[chosen], weights


def _medians(
    values: NDArray[np.float32], labels: NDArray[np.intp], count: int, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """count×3: the weighted median of each channel in each region."""
    total = np.cumsum(np.bincount(labels, weights, count))
    middle = total - np.bincount(labels, weights, count) / 2.0
    result = np.empty((count, values.shape[1]))
    for channel in range(values.shape[1]):
        order = np.lexsort((values[:, channel], labels))
        place = np.searchsorted(np.cumsum(weights[order]), middle)
        result[:, channel] = values[order, channel][np.minimum(place, len(order) - 1)]
    return result


def _means(values: NDArray, labels: NDArray[np.intp], count: int, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """count×3: the weighted means of each region."""
    total = np.maximum(np.bincount(labels, weights, count), 1e-300)
    sums = [np.bincount(labels, weights * values[:, channel], count) for channel in range(values.shape[1])]
    return np.stack(sums, axis=1) / total[:, None]
