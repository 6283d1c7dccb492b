"""Regions that the lines leave open and the guess shows to be two: a figure and the paper around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, narrow
from engine.color.figure import to_lab
from engine.line_art.extent import seen_area, seen_side
from engine.line_art.regions import RegionMap, labels_at_edge, paper_of

_SIDE = 768  # pixels on the longer side, at which the guess is looked at
_MOST = 12  # the largest regions only
_LARGE = 0.03  # of the picture, from which a region is looked at
_PART = 0.006  # of the picture, from which the core of a part counts
_CORE = 0.008  # of the longer side: the guess is hazy that far from where its colors change
_SURE_CORE = 0.02  # so far at most where a figure is open, and its color runs around the end of a line
_WHITE_LIGHTNESS, _WHITE_CHROMA = 92.0, 9.0  # CIELAB of paper in a guess
_COLORED = 16.0  # CIELAB distance from white from which a guess is colored
_NEAR = 2.5  # pixels from a line within which a border runs along it
_OPEN = 0.5  # share of a part's border with the paper that may run over paper
_COLORED_SHARE = 0.9  # of a part
_FAINT = 0.15  # of the depth of the darkest strokes: too pale a line to bound regions tells where a border runs

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
    reach = np.asarray(cv2.distanceTransform(paper_of(paper, _FAINT), cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
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
    white = inside & (lab[..., 0] > _WHITE_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < _WHITE_CHROMA)
    colored = inside & (narrow.length(lab - np.array([100.0, 0.0, 0.0], np.float32)) > _COLORED) & ~white
    white_core = _eroded(white, _CORE)
    # A core ends at lines: what of the guess's haze lies beyond one is small then, and goes with what is around it.
    core = _eroded(colored, _CORE) & (depth > 0)
    count, cores, statistics, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8), connectivity=4)
    kept = np.flatnonzero(statistics[:, cv2.CC_STAT_AREA] >= _PART * seen_area(inside.shape))
    kept = kept[kept > 0]
    if not kept.size or white_core.sum() < _PART * seen_area(inside.shape):
        return np.zeros(inside.shape, np.int32), 0
    number = np.zeros(count, np.int32)
    number[kept] = np.arange(len(kept)) + 3
    cores = np.asarray(cores, np.intp)
    sure = _eroded(colored & (depth > 0), _SURE_CORE) & core
    is_broad = np.bincount(cores[sure], minlength=count) > 0
    markers = np.where(sure | ~is_broad[cores], number[cores], 0).astype(np.int32)
    markers[white_core] = 2
    markers[~inside] = 1
    _flood(markers, np.maximum(0.0, 1.0 - depth / max(1.0, float(depth[inside].max()))))
    # The watershed leaves a border of one pixel; it and what is outside take the nearest part of the region.
    empty = (markers < 2).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)
    nearest = np.asarray(nearest, np.intp)
    part_of = np.zeros(int(nearest.max()) + 1, np.int32)
    part_of[nearest[empty == 0]] = markers[empty == 0] - 2
    return _drawn(_between_its_lines(part_of[nearest], inside, depth), inside, colored, depth)


def _between_its_lines(parts: Labels, inside: NDArray[np.bool_], depth: NDArray[np.float32]) -> Labels:
    """Parts without what lies beyond the convex hull of the lines beside them: at an open hem a straight border."""
    lines = (depth == 0.0) | _frame(inside.shape)
    within = np.zeros_like(parts)
    for number in range(1, int(parts.max()) + 1):
        part = (parts == number) & inside
        points = cv2.findNonZero(
            (lines & (cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)).astype(np.uint8)
        )
        if points is None:
            continue
        hull = cv2.fillConvexPoly(np.zeros(parts.shape, np.uint8), cv2.convexHull(points), 1) > 0
        within[hull & (parts == number)] = number
    return within


def _frame(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    frame = np.ones(shape, np.bool_)
    frame[1:-1, 1:-1] = False
    return frame


def _flood(markers: Labels, height: NDArray[np.floating]) -> None:
    """Give each pixel without a marker (0) that of the flood that comes first, low places before high ones, in place.

    height: h×w in [0, 1]. OpenCV floods in the order of the differences between neighbors; on a checkerboard of heights
    above and below the middle these are the heights themselves.
    """
    rows, columns = np.arange(markers.shape[0]), np.arange(markers.shape[1])
    sign = np.where((rows[:, None] + columns) % 2, 1.0, -1.0)
    board = np.clip(np.rint(127.5 + 127.5 * sign * height), 0, 255).astype(np.uint8)
    cv2.watershed(np.dstack([board] * 3), markers)


def _eroded(mask: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """What lies deeper in a mask than a share of the longer side."""
    width = 2 * max(1, round(share * seen_side(mask.shape))) + 1
    return cv2.erode(mask.astype(np.uint8), np.ones((width, width), np.uint8)) > 0


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
