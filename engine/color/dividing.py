"""Regions that the lines leave open and the guess shows to be two: a figure and the paper around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.color.figure import to_lab
from engine.line_art.extent import seen_area, seen_side
from engine.line_art.regions import RegionMap, labels_at_edge, paper_of

_SIDE = 768  # pixels on the longer side, at which the guess is looked at
_MOST = 12  # the largest regions only
_LARGE = 0.03  # of the picture, from which a region is looked at
_PART = 0.006  # of the picture, from which the core of a part counts
_CORE = 0.008  # of the longer side: the guess is hazy that far from where its colors change
_WHITE_LIGHTNESS, _WHITE_CHROMA = 92.0, 9.0  # CIELAB of paper in a guess
_COLORED = 16.0  # CIELAB distance from white from which a guess is colored
_NEAR = 2.5  # pixels from a line within which a border runs along it
_OPEN = 0.5  # share of a part's border with the paper that may run over paper
_COLORED_SHARE = 0.9  # of a part

Labels = NDArray[np.int32]


def divide(
    regions: RegionMap, guess: NDArray[np.uint8], ink: NDArray[np.float32], only: NDArray[np.integer] | None = None
) -> RegionMap:
    """Divide regions in which the guess has both paper and color, each in large parts, at the narrowest passages.

    guess: H×W×3 uint8 sRGB with color running under the lines; ink: H×W float32 in [0, 1], 0 ink. An outline that is
    open wider than the gap setting, as where a picture ends before the figure does, would else pour the paper's white
    into the figure, or the figure's color over the paper. Only regions that reach the edge of the picture are divided:
    closed ones are what the artist drew. only: no other labels than these are divided.

    A watershed (Beucher, Lantuéjoul, 1979) floods the region from both parts, deep places between the lines first, so
    that the floods meet where it is narrow. A part that lines bound for less than half, or that is not colored nearly
    all over, is haze in the guess and stays. Returns the same map where nothing is to be divided.
    """
    height, width = regions.labels.shape
    scale = min(1.0, _SIDE / seen_side((height, width)))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    rows, columns = (np.arange(few) * many // few for few, many in zip(size, (height, width), strict=True))
    small = regions.labels[rows[:, None], columns]
    open_ones = _at_edge_and_large(small, regions.count)
    if only is not None:
        open_ones = open_ones[np.isin(open_ones, only)]
    if not open_ones.size:
        return regions
    lab = to_lab(np.asarray(cv2.resize(guess, size[::-1], interpolation=cv2.INTER_AREA), np.uint8))
    paper = np.asarray(cv2.resize(ink, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
    reach = np.asarray(cv2.distanceTransform(paper_of(paper), cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    labels, count = regions.labels, regions.count
    for label in open_ones:
        cancellation.check()
        parts, found = _parts(small == label, lab, reach)
        if found:
            inside = labels == label
            far = parts[np.arange(height)[:, None] * size[0] // height, np.arange(width) * size[1] // width]
            labels = np.where(inside & (far > 0), far + count, labels).astype(np.int32)
            count += found
    if count == regions.count:
        return regions
    return regions.relabeled(labels, count, paper_of(ink))


def _at_edge_and_large(small: Labels, count: int) -> NDArray[np.int32]:
    areas = np.bincount(small.reshape(-1), minlength=count + 1)
    edge = labels_at_edge(small)
    chosen = edge[areas[edge] >= _LARGE * seen_area(small.shape)]
    return chosen[np.argsort(-areas[chosen], kind="stable")][:_MOST]


def _parts(inside: NDArray[np.bool_], lab: NDArray[np.float32], depth: NDArray[np.float32]) -> tuple[Labels, int]:
    """h×w numbers of the colored parts of a region from 1, 0 for its paper and elsewhere the nearest's; how many."""
    core = 2 * max(1, round(_CORE * seen_side(inside.shape))) + 1
    square = np.ones((core, core), np.uint8)
    white = inside & (lab[..., 0] > _WHITE_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < _WHITE_CHROMA)
    colored = inside & (np.linalg.norm(lab - np.array([100.0, 0.0, 0.0], np.float32), axis=2) > _COLORED) & ~white
    white_core = cv2.erode(white.astype(np.uint8), square)
    count, cores, statistics, _ = cv2.connectedComponentsWithStats(cv2.erode(colored.astype(np.uint8), square))
    kept = np.flatnonzero(statistics[:, cv2.CC_STAT_AREA] >= _PART * seen_area(inside.shape))
    kept = kept[kept > 0]
    if not kept.size or white_core.sum() < _PART * seen_area(inside.shape):
        return np.zeros(inside.shape, np.int32), 0
    number = np.zeros(count, np.int32)
    number[kept] = np.arange(len(kept)) + 3
    markers = np.asarray(number[np.asarray(cores, np.intp)], np.int32)
    markers[white_core > 0] = 2
    markers[~inside] = 1
    shallow = 255 - np.minimum(depth * (255.0 / max(1.0, float(depth[inside].max()))), 255.0)
    cv2.watershed(np.dstack([shallow.astype(np.uint8)] * 3), markers)
    # The watershed leaves a border of one pixel; it and what is outside take the nearest part of the region.
    empty = (markers < 2).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)
    nearest = np.asarray(nearest, np.intp)
    part_of = np.zeros(int(nearest.max()) + 1, np.int32)
    part_of[nearest[empty == 0]] = markers[empty == 0] - 2
    return _drawn(part_of[nearest], inside, colored, depth)


def _drawn(
    parts: Labels, inside: NDArray[np.bool_], colored: NDArray[np.bool_], depth: NDArray[np.float32]
) -> tuple[Labels, int]:
    """Only those parts that lines bound nearly all around and that are colored nearly all over, numbered anew: a haze
    in the guess is neither."""
    paper = np.where(inside & (parts == 0), np.uint8(1), np.uint8(0))
    beside = (cv2.dilate(paper, np.ones((3, 3), np.uint8)) > 0) & (parts > 0) & inside
    count = int(parts.max()) + 1
    held = np.where(inside, parts, 0).reshape(-1)
    border = np.bincount(parts[beside], minlength=count)
    opened = np.bincount(parts[beside & (depth > _NEAR)], minlength=count)
    share = np.bincount(held, colored.reshape(-1), count) / np.maximum(np.bincount(held, minlength=count), 1)
    good = (opened <= _OPEN * border) & (share >= _COLORED_SHARE)
    good[0] = False
    number = np.zeros(count, np.int32)
    number[good] = np.arange(1, int(good.sum()) + 1)
    return number[parts], int(good.sum())
