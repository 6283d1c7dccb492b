"""One color for each region, voted by what the network guessed there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, narrow
from engine.color.figure import to_lab
from engine.line_art.regions import RegionMap, labels_at_edge, paper_of

_SAMPLES = 512 * 512  # pixels of a grid that vote at least; the guess itself was made at about that size
_FEW = 32  # pixels of the grid that stand for a region at least; for others the grid is finer
_ROUNDS = 8
_REACH = 6.0  # CIELAB: standard deviation of the mean shift's kernel
_AGREES = 12.0  # CIELAB distance within which a pixel agrees with its region's color
_BESIDE_LINE = 0.05  # weight of a pixel that touches a line
_CLEAR = 0.99  # ink from which a pixel is no line
_PIXELS_AT_ONCE = 1 << 20
_ONE_COLOR = 0.98  # share of a region's paper that has its one color
_LARGE, _PART = 0.03, 0.01  # shares of the picture and of a region: what paint divides, and its parts
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
    """Find the one color of each region by a vote of its pixels.

    color: H×W×3 uint8 sRGB, the network's guess with color running under the lines (`ColorizeResult.color`); ink: H×W
    float32 in [0, 1], 0 ink. Pixels near lines count less. The color is the mode in CIELAB, found from the median by
    mean shift (Comaniciu, Meer: "Mean shift", IEEE TPAMI 24(5), 2002), so haze over a part of a region does not tint
    it. A vote near white is white, (255, 255, 255). Raises Cancelled.
    """
    places = sampled(regions)
    clear = ink.reshape(-1)[places].astype(np.float64)
    beside = np.asarray(cv2.erode(ink, np.ones((3, 3), np.uint8)), np.float32).reshape(-1)[places]
    weights = 1e-6 + _BESIDE_LINE * clear**2 + (1.0 - _BESIDE_LINE) * beside.astype(np.float64) ** 2
    cancellation.check()
    labels, pixels, weights = _together(regions.labels.reshape(-1)[places], color.reshape(-1, 3)[places], weights)
    lab = to_lab(pixels)
    center = _medians(lab, labels, regions.count, weights)
    for _ in range(_ROUNDS):
        cancellation.check()
        center = _means(lab, labels, regions.count, weights * _kernel(lab, center[labels]))
    kernel = weights * _kernel(lab, center[labels])
    agree = weights * (narrow.total(np.square(lab - center[labels])) <= _AGREES**2)
    total = np.bincount(labels, weights, regions.count)
    confidence = np.bincount(labels, agree, regions.count) / np.maximum(total, 1e-12)
    colors = np.rint(_means(pixels, labels, regions.count, kernel)).astype(np.uint8)
    colors[(center[:, 0] > _WHITE_LIGHTNESS) & (np.hypot(center[:, 1], center[:, 2]) < _WHITE_CHROMA)] = 255
    return Flats(colors, confidence.astype(np.float32))


def _together(
    labels: NDArray[np.int32], pixels: Pixels, weights: NDArray[np.float64]
) -> tuple[NDArray[np.intp], Pixels, NDArray[np.float64]]:
    """Votes of one color in one region as one vote with their weight: the guess is smooth, so a few are left of them.

    labels from 1, n; pixels n×3; weights n → m labels from 0, m×3, m.
    """
    channels = pixels.astype(np.int64)
    keys = labels.astype(np.int64) << 24 | channels[:, 0] << 16 | channels[:, 1] << 8 | channels[:, 2]
    order = np.argsort(keys)
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    few = keys[starts]
    colors = np.stack([few >> 16 & 255, few >> 8 & 255, few & 255], axis=-1).astype(np.uint8)
    return (few >> 24).astype(np.intp) - 1, colors, np.add.reduceat(weights[order], starts)


def paint(flats: Flats, regions: RegionMap) -> Pixels:
    """The regions in their colors: H×W×3 uint8 sRGB."""
    table = np.zeros((len(flats.colors) + 1, 4), np.uint8)
    table[1:, :3] = flats.colors
    return filled(regions.labels, table)


def filled(labels: NDArray[np.int32], table: Pixels) -> Pixels:
    """The pixels of h×w labels in their colors of a table n×4: h×w×3."""
    # Four bytes taken at once are several times faster than rows of three or four.
    packed = table.view(np.uint32)[:, 0][labels].view(np.uint8).reshape(*labels.shape, 4)
    return np.asarray(cv2.cvtColor(packed, cv2.COLOR_RGBA2RGB), np.uint8)


def colors_of(
    pixels: Pixels, regions: RegionMap, ink: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The colors that regions have in earlier flats, count×3, and which regions have only one (count).

    pixels: H×W×4 uint8 with straight alpha; ink: H×W float32 in [0, 1]. A region has one color when nearly all of its
    paper is opaque and equal (of a region that is all ink, nearly all of it); what was erased or painted over in part
    has none. Raises Cancelled.
    """
    packed = np.ascontiguousarray(pixels).view(np.uint32).reshape(-1)
    labels, flat_ink = regions.labels.reshape(-1), ink.reshape(-1)
    color = _commonest(packed, labels, flat_ink, sampled(regions), regions.count)
    counts = np.zeros((4, regions.count + 1), np.int64)
    for start in range(0, packed.size, _PIXELS_AT_ONCE):
        cancellation.check()
        some = slice(start, start + _PIXELS_AT_ONCE)
        own, clear, same = labels[some], flat_ink[some] > _CLEAR, packed[some] == color[labels[some]]
        for row, chosen in enumerate((clear, clear & same, slice(None), same)):
            counts[row] += np.bincount(own[chosen], minlength=regions.count + 1)
    paper, same_paper, area, same_area = counts[:, 1:]
    share = np.where(paper > 0, same_paper / np.maximum(paper, 1), same_area / np.maximum(area, 1))
    colors = color[1:].view(np.uint8).reshape(-1, 4)
    return colors[:, :3].copy(), (colors[:, 3] == 255) & (share >= _ONE_COLOR)


def divided_by_paint(regions: RegionMap, pixels: Pixels, ink: NDArray[np.float32]) -> RegionMap:
    """Divide large regions that reach the edge of the picture along the colors of earlier flats.

    pixels, ink: see `colors_of`; what is transparent is a color too. An outline was open there, and the guess divided
    the figure from the paper (see `engine.color.dividing`); another guess would do so elsewhere. Closed regions are
    what the lines make them. Returns the same map where nothing is to be divided. Raises Cancelled.
    """
    packed, labels = np.ascontiguousarray(pixels).view(np.uint32)[..., 0], regions.labels
    large = np.append(0, regions.areas) >= _LARGE * labels.size
    is_open = np.zeros(regions.count + 1, np.bool_)
    edge = labels_at_edge(labels)
    is_open[edge] = large[edge]
    places = sampled(regions)
    places = places[is_open[labels.reshape(-1)[places]]]
    keys, counts = np.unique(_keys(packed, labels, places), return_counts=True)
    owner, colors = keys >> 32, (keys & 0xFFFFFFFF).astype(np.uint32)
    part = counts >= _PART * np.bincount(owner, counts, regions.count + 1)[owner]
    part[_largest(owner, counts)] = False  # it keeps the label
    if not part.any():
        return regions
    divided = labels.copy()
    for number, index in enumerate(np.flatnonzero(part), regions.count + 1):
        cancellation.check()
        divided[(labels == owner[index]) & (packed == colors[index])] = number
    count = regions.count + int(part.sum())
    return regions.relabeled(divided, count, paper_of(ink))


def sampled(regions: RegionMap) -> NDArray[np.intp]:
    """Places in the flat picture of pixels that stand for the regions: those of a grid, which is finer for small ones.

    However large the picture and however many regions, they are few; a picture of up to a million pixels has all.
    """
    height, width = regions.labels.shape
    step = 1
    while height * width >= _SAMPLES * 4 * step**2:
        step *= 2
    places, unmet = [], np.ones(regions.count + 1, np.bool_)
    while unmet[1:].any():
        cancellation.check()
        grid = regions.labels[step // 2 :: step, step // 2 :: step]
        met = unmet.copy()
        if step > 1:
            met &= np.bincount(grid.reshape(-1), minlength=len(unmet)) >= _FEW
        rows, columns = np.nonzero(met[grid])
        places.append((rows * step + step // 2) * width + columns * step + step // 2)
        unmet &= ~met
        if step == 1:
            break
        step //= 2
    return np.concatenate(places)


def _commonest(
    packed: NDArray[np.uint32],
    labels: NDArray[np.int32],
    ink: NDArray[np.float32],
    places: NDArray[np.intp],
    count: int,
) -> NDArray[np.uint32]:
    """count + 1 colors, for each label the one most of its pixels at `places` have; those of paper come first."""
    keys, place = np.unique(_keys(packed, labels, places), return_inverse=True)
    keys = keys[_largest(keys >> 32, np.bincount(place, 1e-6 + (ink[places] > _CLEAR), len(keys)))]
    color = np.zeros(count + 1, np.uint32)
    color[keys >> 32] = (keys & 0xFFFFFFFF).astype(np.uint32)
    return color


def _keys(packed: NDArray[np.uint32], labels: NDArray[np.int32], places: NDArray[np.intp]) -> NDArray[np.int64]:
    """Label and color of the pixels at `places` in one number."""
    return labels.reshape(-1)[places].astype(np.int64) << 32 | packed.reshape(-1)[places]


def _largest(owner: NDArray[np.int64], votes: NDArray) -> NDArray[np.intp]:
    """For each owner the index of its entry with most votes."""
    order = np.lexsort((votes, owner))
    return order[np.flatnonzero(np.diff(owner[order], append=-1))]


def _kernel(lab: NDArray[np.float32], center: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(narrow.total(np.square(lab - center)) / (-2.0 * _REACH**2)) + 1e-12


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
