"""Regions between the lines of a drawing: every pixel belongs to one, gaps in the lines do not leak.

Trapped-ball segmentation, after Zhang, Chen, Huang, Zhao, Hu, Tong, Chen: "Vectorizing Cartoon Animations", IEEE TVCG
15(4), 2009, §4.1: a ball as wide as the widest gap is moved wherever it fits between the lines, each area that it can
reach is a cell; smaller balls then fill what is left. That cuts shapes at their necks too. What tells a gap from a neck
is the line: the two sides of a gap face each other along the rest of the line, the two sides of a neck only meet in it.
So two cells are one region when the opening between them is long compared with the line between them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.errors import RequestError
from engine.line_art.extent import seen_area, seen_side
from engine.options import GAP_MAX

MOST_CELLS, KEPT_CELLS = 60_000, 20_000  # of more cells than the former only the largest are kept
_SMALLEST_CELL = 4  # pixels; smaller ones belong to what is around them
_DRAWN = 0.08  # depth from which a pixel is drawn on
_INK_SHARE = 0.35  # of the depth of the darkest strokes, from which a pixel is a line
_DISTANCE_ERROR = 1.02  # OpenCV's 5×5 distances are up to 2 % off
_NO_LINE = 4.0  # an opening so many times longer than the line between two cells: there is no line
_OPENINGS = 1.0, 0.4  # two cells are one when their opening is at least such a share of the line between them
_PASSAGE = 1.4  # or at least so many of the narrower one's widths: it is open at both its ends
_BROAD = np.pi / 4  # length of a border in steps along rows and columns → in pixels, mean of all directions
_GAP_LINES, _GAP_SHARE, _GAP_LIMIT = 2.0, 0.004, 0.08  # the guess: lines' widths + share of the longer side; at most
_SLIVER_SHARE, _SLIVER_AREA = 0.0005, 3.0  # a closed sliver has less of the picture; so many squares of a line's width
_LEAST_LIGHT = 0.05  # what a pixel of black counts in the border of a sliver
_SMALLER = 3.0  # each ball is so much smaller than the one before
_ROWS_AT_ONCE = 256

Labels = NDArray[np.int32]
Mask = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class RegionMap:
    """The regions of a drawing.

    labels: H×W int32, 1 … count at every pixel; pixels of lines have the region whose color runs under them.
    gap: pixels; openings in the lines narrower than that are taken as closed.
    simplified: True when there were so many areas (screentone, noise) that small ones were given to larger ones.
    areas: count int64, pixels of paper in each region, lines not counted.
    """

    labels: Labels
    count: int
    gap: int
    simplified: bool
    areas: NDArray[np.int64]

    def relabeled(self, labels: Labels, count: int, paper: NDArray) -> "RegionMap":
        """The same drawing with other regions. labels: H×W int32, 1 … count; paper: H×W, of `paper_of`."""
        areas = np.bincount(labels[paper > 0], minlength=count + 1)[1:]
        return replace(self, labels=labels, count=count, areas=areas.astype(np.int64))


class _Borders(NamedTuple):
    """Pairs of neighboring cells one < other (numbers from 0) and the border of each pair in steps between pixels.

    open: steps from paper to paper; line: all other steps; light: sum of the lightness of the line.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    open: NDArray[np.float64]
    line: NDArray[np.float64]
    light: NDArray[np.float64]


class _Cells(NamedTuple):
    """area: pixels of paper; peak: radius of the largest ball inside, 0 for a mere flank of a neighbor."""

    area: NDArray[np.int64]
    peak: NDArray[np.float32]


def find_regions(ink: NDArray[np.float32], gap: int | None = None) -> RegionMap:
    """The regions between the lines of a drawing.

    ink: H×W float32 in [0, 1], 0 ink, 1 paper. A pixel is a line from about a third of the depth of the darkest strokes
    on, so pencil counts as ink does. gap: 0 to 64 pixels; openings narrower than it are closed; None: twice the width
    of the lines plus 0.4 % of the longer side, at most 8 % of it. Slivers closed in by lines (hatching, grain) join the
    neighbor with whom they share the longest border of the lightest ink.
    Raises RequestError for a gap out of range and Cancelled.
    """
    if gap is not None and not 0 <= gap <= GAP_MAX:
        raise RequestError("The gap to close is {0} pixels; choose one from 0 to {1}.", gap, GAP_MAX)
    paper = paper_of(ink)
    width = line_width(paper)
    if gap is None:
        side = seen_side(ink.shape)
        gap = round(min(GAP_MAX, _GAP_LIMIT * side, _GAP_LINES * width + _GAP_SHARE * side))
    cancellation.check()
    return regions_between(paper, ink, gap, width, seen_area(ink.shape))


def regions_between(paper: Mask, ink: NDArray[np.float32], gap: int, width: float, pixels: int) -> RegionMap:
    """The regions of a drawing, or of a part of it, whose lines are known.

    paper: H×W uint8, 0 on what bounds regions; ink: see `find_regions`; gap: pixels; width: of the drawing's lines,
    see `line_width`; pixels: how many the whole drawing has, see `seen_area`. Raises Cancelled.
    """
    depth = np.asarray(cv2.distanceTransform(paper, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    labels, count = _trapped_balls(paper, depth, gap)
    labels, count, simplified = _without_crumbs(labels, count)
    if count == 0:
        return RegionMap(np.ones(ink.shape, np.int32), 1, gap, simplified, np.zeros(1, np.int64))
    cancellation.check()
    _spread(labels)
    cancellation.check()
    cells = _measure(labels, count, paper, depth)
    del depth
    borders = _find_borders(labels, count, paper, ink)
    cancellation.check()
    number, cells, borders = _merged(cells, borders, partial(_openings_joined, width=width, share=_NO_LINE))
    labels = np.append(0, number + 1).astype(np.int32)[labels]
    # A line of dashes has many openings, no one of which is wide.
    borders = borders._replace(open=_widest_openings(labels, borders, paper, len(cells.area)))
    cancellation.check()
    place = np.arange(len(cells.area))
    rules = [partial(_openings_joined, width=width, share=share) for share in _OPENINGS]
    for rule in (*rules, partial(_slivers_joined, width=width, pixels=pixels)):
        number, cells, borders = _merged(cells, borders, rule)
        place = number[place]
    return RegionMap(np.append(0, place + 1).astype(np.int32)[labels], len(cells.area), gap, simplified, cells.area)


def line_width(paper: Mask) -> float:
    """Width of the lines in pixels: the median length of the runs of ink along rows and columns, 0 without any.

    paper: H×W uint8, 0 on lines. A line has many short runs across it and few long ones along it, and a black area has
    few runs, so the median is near the width of most lines.
    """
    runs = []
    for lines in (paper, paper.T):
        # A thousand rows are plenty; a column of paper at either side ends the runs.
        some = np.pad(lines[:: max(1, lines.shape[0] // 1024)], ((0, 0), (1, 1)), constant_values=1).reshape(-1)
        edges = np.flatnonzero(some[1:] != some[:-1])
        runs.append(edges[1::2] - edges[::2])
    lengths = np.concatenate(runs)
    return float(np.median(lengths)) if lengths.size else 0.0


def labels_at_edge(labels: Labels) -> NDArray[np.int32]:
    """The labels of H×W ones that reach the edge of the picture, each once, in order."""
    return np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))


def paper_of(ink: NDArray[np.float32], share: float = _INK_SHARE) -> Mask:
    """H×W uint8: 1 on paper, 0 on lines, for H×W float32 ink (0 ink, 1 paper). share: of the depth of the darkest
    strokes, from which a pixel is a line."""
    counts = np.zeros(256, np.int64)
    for rows in _strips(ink.shape[0]):
        counts += np.bincount((ink[rows] * np.float32(255.0)).astype(np.uint8).reshape(-1), minlength=256)
    by_depth = counts[::-1]
    by_depth[: int(_DRAWN * 255)] = 0
    if not by_depth.any():
        return np.ones(ink.shape, np.uint8)
    darkest = float(np.searchsorted(np.cumsum(by_depth), 0.9 * by_depth.sum())) / 255.0
    return (ink > 1.0 - max(_DRAWN, share * darkest)).astype(np.uint8)


def _spread(labels: Labels) -> None:
    """Give every pixel of `labels` that has none (0) the nearest one's, in place. Some pixel must have one."""
    empty = (labels == 0).astype(np.uint8)
    nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)[1]
    # OpenCV numbers the pixels that have a label row by row, from 1.
    label_of = np.append(np.int32(0), labels[empty == 0])
    for rows in _strips(labels.shape[0]):
        labels[rows] = label_of[np.asarray(nearest, np.int32)[rows]]


def _trapped_balls(paper: Mask, depth: NDArray[np.float32], gap: int) -> tuple[Labels, int]:
    """Cells 1 … count of the paper, 0 on lines: balls of gap / 2, a third of that and so on, then what none reached."""
    labels, count = np.zeros(paper.shape, np.int32), 0
    centers, free, fits = np.empty_like(labels), paper.copy(), np.empty_like(paper)
    radius = gap / 2.0
    while radius >= 1.0:
        np.greater(depth, _DISTANCE_ERROR * radius, out=fits, casting="unsafe")
        fits &= free
        found = cv2.connectedComponents(fits, labels=centers, connectivity=8, ltype=cv2.CV_32S)[0] - 1
        for rows in _strips(paper.shape[0]):
            cancellation.check()
            _roll(rows, radius, fits, centers, free, labels, count)
        count += found
        radius /= _SMALLER
    # Four neighbors, so that a line of single pixels that only touch at their corners is closed.
    found = cv2.connectedComponents(free, labels=centers, connectivity=4, ltype=cv2.CV_32S)[0] - 1
    for rows in _strips(paper.shape[0]):
        np.copyto(labels[rows], centers[rows] + count, where=free[rows] > 0)
    return labels, count + found


def _roll(rows: slice, radius: float, fits: Mask, centers: Labels, free: Mask, labels: Labels, count: int) -> None:
    """Give to each cell what its ball reaches of `rows`, in place in `labels` and `free`.

    fits: 1 where the center of the ball may be; centers: number of the cell there. What is within a radius of such a
    place is reached, and no line is between.
    """
    around = slice(max(0, rows.start - int(radius) - 1), rows.stop + int(radius) + 1)
    inner = slice(rows.start - around.start, rows.stop - around.start)
    blocked = 1 - fits[around]
    if blocked.all():
        return
    # The center stays a little farther from the lines than the radius; of a large ball no strip may be left along them.
    reach = max(radius, np.floor(_DISTANCE_ERROR * radius))
    away, nearest = cv2.distanceTransformWithLabels(
        blocked, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    reached = (np.asarray(away)[inner] <= reach) & (free[rows] > 0)
    # OpenCV numbers the pixels it measures from row by row, from 1.
    cell = np.append(np.int32(0), centers[around][blocked == 0])
    labels[rows][reached] = cell[np.asarray(nearest, np.int32)[inner][reached]] + count
    free[rows][reached] = 0


def _strips(height: int) -> list[slice]:
    """The rows of a picture in strips, small enough that numpy takes the same memory again for each."""
    return [slice(top, min(top + _ROWS_AT_ONCE, height)) for top in range(0, height, _ROWS_AT_ONCE)]


def _without_crumbs(labels: Labels, count: int) -> tuple[Labels, int, bool]:
    """`labels` without tiny cells, and if there are too many, with the largest only; the new count; if it was so."""
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)
    areas[0] = 0
    kept = np.flatnonzero(areas >= min(_SMALLEST_CELL, max(1, areas.max())))
    simplified = len(kept) > MOST_CELLS
    if simplified:
        kept = kept[np.argsort(-areas[kept], kind="stable")[:KEPT_CELLS]]
    number = np.zeros(count + 1, np.int32)
    number[kept] = np.arange(1, len(kept) + 1)
    return number[labels], len(kept), simplified


def _measure(labels: Labels, count: int, paper: Mask, depth: NDArray[np.float32]) -> _Cells:
    area = np.zeros(count + 1, np.int64)
    for rows in _strips(labels.shape[0]):
        area += np.bincount(labels[rows][paper[rows] > 0], minlength=count + 1)
    # The largest ball of a cell sits on a summit of the distance to the lines; there are few summits.
    summits = np.flatnonzero((depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (paper > 0))
    peak = np.zeros(count + 1, np.float32)
    np.maximum.at(peak, labels.reshape(-1)[summits], depth.reshape(-1)[summits])
    return _Cells(area[1:], peak[1:])


def _find_borders(labels: Labels, count: int, paper: Mask, ink: NDArray[np.float32]) -> _Borders:
    """All borders between cells, counted in pairs of pixels that are neighbors in a row or in a column."""
    parts: list[_Borders] = []
    for first, second in _steps(labels.shape):
        differs = labels[first] != labels[second]
        a, b = labels[first][differs].astype(np.int64) - 1, labels[second][differs].astype(np.int64) - 1
        is_open = (paper[first][differs] & paper[second][differs]).astype(np.float64)
        light = ink[first][differs] * ink[second][differs]
        parts.append(_summed(_Borders(a, b, is_open, 1.0 - is_open, light.astype(np.float64)), count))
    return _summed(_Borders(*(np.concatenate(column) for column in zip(*parts, strict=True))), count)


def _widest_openings(labels: Labels, borders: _Borders, paper: Mask, count: int) -> NDArray[np.float64]:
    """For each border the length of its widest opening, in steps."""
    touching = np.zeros_like(paper)
    for first, second in _steps(labels.shape):
        is_open = (labels[first] != labels[second]) & ((paper[first] & paper[second]) > 0)
        touching[first][is_open] = 1
        touching[second][is_open] = 1
    found, openings = cv2.connectedComponents(touching, connectivity=8, ltype=cv2.CV_32S)
    keys = []
    for first, second in _steps(labels.shape):
        is_open = (labels[first] != labels[second]) & ((paper[first] & paper[second]) > 0)
        a, b = labels[first][is_open].astype(np.int64) - 1, labels[second][is_open].astype(np.int64) - 1
        keys.append((np.minimum(a, b) * count + np.maximum(a, b)) * found + openings[first][is_open])
    opening, length = np.unique(np.concatenate(keys), return_counts=True)
    widest = np.zeros(len(borders.one))
    np.maximum.at(widest, np.searchsorted(borders.one * count + borders.other, opening // found), length)
    return widest


def _steps(shape: tuple[int, ...]) -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """All pairs of pixels that are neighbors in a row or a column, strip by strip: the first ones, the second ones."""
    for rows in _strips(shape[0]):
        above = slice(rows.start, min(rows.stop, shape[0] - 1))
        below = slice(above.start + 1, above.stop + 1)
        yield (rows, slice(None, -1)), (rows, slice(1, None))
        yield (above, slice(None)), (below, slice(None))


def _summed(borders: _Borders, count: int) -> _Borders:
    """One entry for each pair of the `count` cells, whichever of the two came first."""
    low, high = np.minimum(borders.one, borders.other), np.maximum(borders.one, borders.other)
    keys, place = np.unique(low * count + high, return_inverse=True)
    sums = (np.bincount(place, column, len(keys)).astype(np.float64) for column in borders[2:])
    return _Borders(keys // count, keys % count, *sums)


def _merged(
    cells: _Cells, borders: _Borders, joined: Callable[[_Cells, _Borders], NDArray[np.intp]]
) -> tuple[NDArray[np.intp], _Cells, _Borders]:
    """For each cell the number of what it has become a part of, from 0; cells and borders of these.

    In rounds, while `joined` lets any cell join another, what has become one is measured anew.
    """
    number = np.arange(len(cells.area))
    while True:
        target = joined(cells, borders)
        if (target == np.arange(len(target))).all():
            return number, cells, borders
        while (target[target] != target).any():
            target = target[target]
        _, place = np.unique(target, return_inverse=True)
        number = place[number]
        cells, borders = _united(cells, borders, place)


def _united(cells: _Cells, borders: _Borders, place: NDArray[np.intp]) -> tuple[_Cells, _Borders]:
    """Cells and borders when cell i has become a part of cell place[i]."""
    count = int(place.max()) + 1
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, place, cells.peak)
    one, other = place[borders.one], place[borders.other]
    apart = one != other
    rest = (column[apart] for column in borders[2:])
    united = _Cells(np.bincount(place, cells.area).astype(np.int64), peak)
    return united, _summed(_Borders(one[apart], other[apart], *rest), count)


def _openings_joined(cells: _Cells, borders: _Borders, width: float, share: float) -> NDArray[np.intp]:
    """For each cell the larger neighbor to which it is open, by the widest opening, or itself.

    share: an opening is one from this share of the line between the two on.
    """
    # On its way to the middle of the lines at either side, the border of an opening runs through ink.
    line = np.maximum(borders.line - 2.0 * width / _BROAD, 0.0)
    narrower = np.minimum(cells.peak[borders.one], cells.peak[borders.other])
    passage = _BROAD * borders.open >= _PASSAGE * (2.0 * narrower - 1.0)
    may = (borders.open > 0) & (passage | (borders.open >= share * line))
    return _joined(np.lexsort((cells.area, cells.peak)), borders, may, borders.open)


def _slivers_joined(cells: _Cells, borders: _Borders, width: float, pixels: int) -> NDArray[np.intp]:
    """For each sliver the larger neighbor with the longest and lightest border, for other cells themselves."""
    thin = cells.peak < (width + 1.0) / 2.0
    sliver = (thin | (cells.area < _SLIVER_AREA * width**2)) & (cells.area < _SLIVER_SHARE * pixels)
    order = np.lexsort((cells.area, cells.peak, ~sliver))
    border = borders.open + borders.light + _LEAST_LIGHT * borders.line
    return _joined(order, borders, np.ones(len(border), np.bool_), border, sliver)


def _joined(
    order: NDArray[np.intp],
    borders: _Borders,
    may: NDArray[np.bool_],
    length: NDArray[np.float64],
    only: NDArray[np.bool_] | None = None,
) -> NDArray[np.intp]:
    """For each cell the cell that it joins, or itself: of those later in `order`, the one with the longest border.

    may, length: of each border; only: the cells that join others (None: all).
    """
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    lesser = np.where(rank[borders.one] < rank[borders.other], borders.one, borders.other)
    if only is not None:
        may = may & only[lesser]
    chosen = np.flatnonzero(may)
    chosen = chosen[np.lexsort((length[chosen], lesser[chosen]))]  # the longest last, so it is the one that stays
    target = np.arange(len(order))
    target[lesser[chosen]] = borders.one[chosen] + borders.other[chosen] - lesser[chosen]
    return target
