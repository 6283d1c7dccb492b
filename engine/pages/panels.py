"""The panels of a comic page: frames that are drawn, and parts that straight gutters divide.

A page is cut along gutters again and again, as by Nagy and Seth ("Hierarchical representation of optically scanned
documents", ICPR 1984), here at any angle, and only where straight borders at both sides show that it is a gutter: the
frames of panels, or the ends of many lines that were cut off there. In what is left, frames are pieces of ink that run
around all of themselves.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation

_SLANTS = tuple(sign * angle for angle in range(1, 41) for sign in (1, -1))  # degrees
_LEAST_GUTTER = 0.006  # of the page's seen side
_BESIDE = 3  # pixels beside a gutter in which a frame is looked for
_FRAMED, _HALF_FRAMED = 0.6, 0.3  # share of a gutter's length at which ink lies right beside it
_CROSSED, _CLEAR = 0.3, 0.015  # share of a gutter's length that balloons or figures may cross; that specks may
_CROSSING = 0.4  # share of a gutter's length within which all lies that crosses it
_CUT_ENDS, _CUT_SPREAD = 3, 0.4  # lines that end at a gutter without frames, and how much of its length they take up
_STRAIGHT_SIDES = 3  # of a panel without a frame, along which art was cut off
_ENDS = 0.3  # share of the ink farther from a gutter that there is right beside it where art was cut off
_AROUND = 0.9  # share of a frame's outline that is ink or the edge of the page
_FULL = 0.93  # of its outline's area that a frame of four or five corners has at least
_LEAST_PANEL = 0.015  # of the page
_LEAST_SIDE = 0.06  # of the page's shorter side, that a panel's shorter one has
_COVERED, _ALONE = 0.45, 0.5  # share of the page's drawn part that all panels cover; of the page that a single one does
_OUTSIDE = 0.08  # share of the ink that may lie outside all panels
_MOST_DEPTH = 8

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]
Polygon = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outline:
    """A panel's outline, N×2 (x, y) in pixels, and whether ink runs along it."""

    polygon: Polygon
    framed: bool


def find_panels(content: Mask) -> list[Outline]:
    """The panels of a page in reading order, from the left and from the top; none where it is not sure to be one.

    content: h×w, True where something is drawn on a page with white gutters, or where it is not black on one with black
    gutters; a picture of some hundred pixels is enough. Raises Cancelled.
    """
    height, width = content.shape
    total = int(np.count_nonzero(content))
    if not total or min(height, width) < 16:
        return []
    y, x = np.nonzero(content)
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    found: list[Outline] = []
    for cell, points, cut, frames in _cells(np.column_stack([x, y]).astype(np.float64), page, content.shape, 0):
        if frames:
            found += frames
        elif cut:
            outline = _frameless(points, cell, content.shape)
            found += [] if outline is None else [outline]
    return _in_order(found) if _is_page(found, content) else []


def _cells(
    points: Points, cell: Polygon, size: tuple[int, ...], depth: int
) -> Iterator[tuple[Polygon, Points, bool, list[Outline]]]:
    """The parts that gutters cut a cell into, with the points of each, whether it was cut at all, and its frames.

    What is in frames is not cut any further: a line of a figure in it may be as straight.
    """
    cancellation.check()
    frames = _frames(points, size)
    framed = _held(points, frames, size) >= 1.0 - _OUTSIDE
    may = depth < _MOST_DEPTH and len(points) > 0
    # Two panels that a balloon joins have a frame around both of them.
    cuts = _best_cuts(points, cell, min(size), only_frames=framed) if may else None
    if cuts is None:
        yield cell, points, depth > 0, frames
        return
    normal, places = cuts
    at = points @ normal
    bounds = [-np.inf, *places, np.inf]
    for low, high in itertools.pairwise(bounds):
        inside = points[(at >= low) & (at < high)]
        part = _clipped(_clipped(cell, normal, low), -normal, -high)
        if len(inside) and len(part) >= 3:
            yield from _cells(inside, part, size, depth + 1)


def _held(points: Points, outlines: list[Outline], size: tuple[int, ...]) -> float:
    """The share of the points that lie in outlines or on them."""
    if not outlines or not len(points):
        return 0.0
    inside = _filled(outlines, size)
    return float((inside[points[:, 1].astype(np.intp), points[:, 0].astype(np.intp)] > 0).mean())


def _filled(outlines: list[Outline], size: tuple[int, ...]) -> NDArray[np.uint8]:
    inside = np.zeros(size, np.uint8)
    for one in outlines:
        corners = [np.rint(one.polygon).astype(np.int32)]
        cv2.fillPoly(inside, corners, 1)
        cv2.polylines(inside, corners, True, 1, 3)
    return inside


def _best_cuts(
    points: Points, cell: Polygon, side: int, *, only_frames: bool
) -> tuple[NDArray[np.float64], list[float]] | None:
    """A direction (unit normal) and the places along it of the gutters there; level and upright ones come first.

    only_frames: only those that are level or upright, and between frames.
    """
    best: tuple[float, NDArray[np.float64], list[float]] | None = None
    for straight in (True,) if only_frames else (True, False):
        for angle in (0,) if straight else _SLANTS:
            for turned in (0, 90):
                turn = np.deg2rad(angle + turned)
                places, worth = _Cutting(points, cell, np.array([np.sin(turn), np.cos(turn)]), side).cuts(only_frames)
                if places and (best is None or worth > best[0]):
                    best = worth, np.array([np.sin(turn), np.cos(turn)]), places
        if best is not None:
            return best[1], best[2]
    return None


class _Cutting:
    """What is drawn in a cell, along a direction and across it."""

    def __init__(self, points: Points, cell: Polygon, normal: NDArray[np.float64], side: int) -> None:
        at = points @ normal
        self._cell, self._normal, self._side = cell, normal, side
        self._start = int(np.floor(at.min()))
        self._bins = (at - self._start).astype(np.intp)
        self._counts = np.bincount(self._bins)
        along = np.array([normal[1], -normal[0]])
        self._along = points @ along
        self._longest = float(np.ptp(cell @ along))

    def cuts(self, only_frames: bool) -> tuple[list[float], float]:
        """The middles of the gutters, and how sure the surest of them is."""
        places: list[float] = []
        worth, counts = 0.0, self._counts
        is_level = bool(np.abs(self._normal).max() > 0.9999)
        for few, crossed in ((_CLEAR, False), (_CROSSED, True)) if is_level else ((_CLEAR, False),):
            for low, high in _runs(counts <= few * self._longest):
                width, middle = high - low, self._start + (low + high) / 2.0
                if width < max(3.0, _LEAST_GUTTER * self._side) or any(abs(middle - one) < width for one in places):
                    continue
                if min(low, len(counts) - high) < _LEAST_SIDE * self._side:
                    continue
                sure = self._sure(low, high, few, middle, crossed or only_frames)
                if sure > 0.0:
                    places.append(middle)
                    worth = max(worth, sure + 0.01 * width)
        return sorted(places), worth

    def _sure(self, low: int, high: int, few: float, middle: float, only_frames: bool) -> float:
        """How much of a run of bins' length has ink right beside it, where it is a gutter; 0 where it is none."""
        counts, bins = self._counts, self._bins
        chord = _chord(self._cell, self._normal, middle)
        if chord < _LEAST_SIDE * self._side or counts[low:high].mean() > few * chord:
            return 0.0
        if not _is_framed(counts, low, high, chord) and (only_frames or not _is_cut(counts, low, high)):
            return 0.0
        within = self._along[(bins >= low) & (bins < high)]
        near = self._along[(bins >= low - _BESIDE) & (bins < high + _BESIDE)]
        if len(within):
            # A gutter is open at its ends; what closes a run of bins there is a frame around it.
            closed = within.min() < near.min() + 2 * _BESIDE or within.max() > near.max() - 2 * _BESIDE
            if closed or np.ptp(within) > _CROSSING * chord:
                return 0.0
        before = _border(self._along[(bins >= low - _BESIDE) & (bins < low)], chord)
        after = _border(self._along[(bins >= high) & (bins < high + _BESIDE)], chord)
        return min(before[0], after[0]) if _is_gutter(before, after, only_frames) else 0.0


def _is_framed(counts: NDArray[np.intp], low: int, high: int, chord: float) -> bool:
    return max(counts[max(0, low - _BESIDE) : low].max(), counts[high : high + _BESIDE].max()) >= _FRAMED * chord


def _is_cut(counts: NDArray[np.intp], low: int, high: int) -> bool:
    """Whether as much is drawn right beside a gutter as farther from it: what is round thins out before it ends."""
    far = max(4 * _BESIDE, (high - low))
    before, after = counts[max(0, low - far) : low][::-1], counts[high : high + far]
    return all(side[:_BESIDE].max() >= _ENDS * np.median(side) for side in (before, after))


def _border(along: NDArray[np.float64], chord: float) -> tuple[float, int, float]:
    """Share of a gutter's length with ink right beside it, how many pieces that is, and the share they spread over."""
    if not len(along):
        return 0.0, 0, 0.0
    places = np.unique(along.astype(np.intp))
    pieces = 1 + int(np.count_nonzero(np.diff(places) > _BESIDE))
    return len(places) / chord, pieces, float(places[-1] - places[0]) / chord


def _is_gutter(before: tuple[float, int, float], after: tuple[float, int, float], only_frames: bool) -> bool:
    low, high = sorted((before[0], after[0]))
    if low >= _FRAMED:
        return True
    if only_frames:
        return False
    cut = [pieces >= _CUT_ENDS and spread >= _CUT_SPREAD for _, pieces, spread in (before, after)]
    return all(cut) or (high >= _FRAMED and (low >= _HALF_FRAMED or any(cut)))


def _runs(flags: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _chord(polygon: Polygon, normal: NDArray[np.float64], at: float) -> float:
    """Length within a convex polygon of the line at this place along `normal`."""
    along = np.array([normal[1], -normal[0]])
    away = polygon @ normal - at
    places = []
    for one, two, first, second in zip(polygon, np.roll(polygon, -1, 0), away, np.roll(away, -1), strict=True):
        if (first < 0) != (second < 0):
            places.append(float((one + (two - one) * first / (first - second)) @ along))
    return max(places) - min(places) if len(places) >= 2 else 0.0


def _clipped(polygon: Polygon, normal: NDArray[np.float64], low: float) -> Polygon:
    """What of a convex polygon lies beyond `low` along `normal`."""
    if not np.isfinite(low) or not len(polygon):
        return polygon
    away = polygon @ normal - low
    kept: list[NDArray[np.float64]] = []
    for one, two, first, second in zip(polygon, np.roll(polygon, -1, 0), away, np.roll(away, -1), strict=True):
        if first >= 0:
            kept.append(one)
        if (first < 0) != (second < 0):
            kept.append(one + (two - one) * first / (first - second))
    return np.asarray(kept, np.float64).reshape(-1, 2)


def _frames(points: Points, size: tuple[int, ...]) -> list[Outline]:
    """The pieces of ink among these points that run around themselves with four corners or so, none in another."""
    ink = _drawn(points, size)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    labels = np.asarray(labels, np.int32)
    least = _LEAST_SIDE * min(size)
    frames: list[tuple[float, Polygon]] = []
    for number in np.argsort(-statistics[1:, cv2.CC_STAT_WIDTH].astype(np.int64) * statistics[1:, cv2.CC_STAT_HEIGHT]):
        left, top, width, height = (int(value) for value in statistics[number + 1, :4])
        if min(width, height) < least or width * height < _LEAST_PANEL * ink.size:
            continue
        box = slice(top, top + height), slice(left, left + width)
        piece = (labels[box] == number + 1).astype(np.uint8)
        polygon = _around(piece, (left, top), size)
        if polygon is None:
            continue
        middle = tuple(float(value) for value in polygon.mean(axis=0))
        if any(cv2.pointPolygonTest(other.astype(np.float32), middle, False) > 0 for _, other in frames):
            continue
        frames.append((float(cv2.contourArea(polygon.astype(np.float32))), polygon))
    return [Outline(polygon, True) for _, polygon in frames]


def _around(piece: NDArray[np.uint8], corner: tuple[int, int], size: tuple[int, ...]) -> Polygon | None:
    """The outline of a piece of ink (h×w, its upper left corner at `corner`) that runs around itself, or None."""
    hull = np.asarray(cv2.convexHull(cv2.findNonZero(piece)), np.float32).reshape(-1, 2)
    if len(hull) < 3:
        return None
    area = float(cv2.contourArea(hull))
    corners = np.asarray(cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True)).reshape(-1, 2)
    if not 4 <= len(corners) <= 6 or min(area, float(cv2.contourArea(corners))) < _FULL * max(area, 1.0):
        return None
    outline = np.zeros(piece.shape, np.uint8)
    cv2.polylines(outline, [np.rint(corners).astype(np.int32)], True, 1)
    near = np.asarray(cv2.dilate(piece, np.ones((5, 5), np.uint8)), np.uint8) > 0
    y, x = np.nonzero(outline)
    at_edge = (x + corner[0] <= 2) | (y + corner[1] <= 2)
    at_edge |= (x + corner[0] >= size[1] - 3) | (y + corner[1] >= size[0] - 3)
    drawn = near[y, x]
    if (drawn | at_edge).mean() < _AROUND or drawn.mean() < 0.5 * _AROUND:
        return None
    return hull.astype(np.float64) + np.asarray(corner, np.float64)


def _frameless(points: Points, cell: Polygon, size: tuple[int, ...]) -> Outline | None:
    """The outline of what is drawn in a cell without a frame of its own; None where it is too little for a panel."""
    hull = np.asarray(cv2.convexHull(points.astype(np.float32)), np.float64).reshape(-1, 2)
    if len(hull) < 3 or float(cv2.contourArea(hull.astype(np.float32))) < _LEAST_PANEL * size[0] * size[1]:
        return None
    width, height = np.ptp(hull, axis=0)
    if min(width, height) < _LEAST_SIDE * min(size):
        return None
    part = _boxed(hull, cell)
    cut = [_is_straight(points, one, two) for one, two in zip(part, np.roll(part, -1, 0), strict=True)]
    return Outline(part, False) if sum(cut) >= min(len(cut), _STRAIGHT_SIDES) else None


def _is_straight(points: Points, one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    """Whether what is drawn ends all along a side: round shapes only touch it."""
    length = float(np.hypot(*(two - one)))
    if length < 2 * _BESIDE:
        return True
    along = (two - one) / length
    away = np.abs((points - one) @ np.array([-along[1], along[0]]))
    places = (points[away <= _BESIDE] - one) @ along
    share, pieces, spread = _border(places[(places >= 0) & (places <= length)], length)
    return share >= _FRAMED or (pieces >= _CUT_ENDS and spread >= _CUT_SPREAD)


def _boxed(hull: Polygon, cell: Polygon) -> Polygon:
    """The smallest part of a cell with sides along its own that holds a hull: what panels without frames are."""
    part = cell
    for one, two in zip(cell, np.roll(cell, -1, 0), strict=True):
        step = two - one
        length = float(np.hypot(*step))
        if length < 1.0:
            continue
        normal = np.array([-step[1], step[0]]) / length
        if float((cell.mean(axis=0) - one) @ normal) < 0:
            normal = -normal
        part = _clipped(part, normal, float((hull @ normal).min()) - 0.5)
    return part if len(part) >= 3 else hull


def _drawn(points: Points, size: tuple[int, ...]) -> NDArray[np.uint8]:
    ink = np.zeros(size, np.uint8)
    ink[points[:, 1].astype(np.intp), points[:, 0].astype(np.intp)] = 1
    return ink


def _is_page(found: list[Outline], content: Mask) -> bool:
    """Whether these panels are sure to make a page: nearly all that is drawn is in them, and they are most of it."""
    if not found:
        return False
    inside = _filled(found, content.shape)
    if len(found) == 1 and not (found[0].framed and inside.mean() >= _ALONE and _is_level(found[0].polygon)):
        return False
    rows, columns = np.flatnonzero(content.any(axis=1)), np.flatnonzero(content.any(axis=0))
    drawn_part = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    outside = int(np.count_nonzero(content & (inside == 0)))
    covered = int(np.count_nonzero(inside)) >= _COVERED * int(drawn_part)
    return covered and outside <= _OUTSIDE * int(np.count_nonzero(content))


def _is_level(polygon: Polygon) -> bool:
    """Whether a polygon is nearly the box around it."""
    width, height = np.ptp(polygon, axis=0)
    return float(cv2.contourArea(polygon.astype(np.float32))) >= 0.96 * float(width) * float(height)


def _in_order(found: list[Outline]) -> list[Outline]:
    """Rows from the top, in each from the left: a panel is in the row of one that it is beside for the most part."""
    left = sorted(found, key=lambda one: float(one.polygon[:, 1].min()))
    ordered: list[Outline] = []
    while left:
        first = left[0]
        top, bottom = float(first.polygon[:, 1].min()), float(first.polygon[:, 1].max())
        row = [
            one
            for one in left
            if float(one.polygon[:, 1].min()) < top + 0.5 * (bottom - top)
            and float(one.polygon[:, 1].min()) - top < 0.5 * float(np.ptp(one.polygon[:, 1]))
        ]
        ordered += sorted(row, key=lambda one: float(one.polygon[:, 0].min()))
        left = [one for one in left if all(one is not other for other in row)]
    return ordered
