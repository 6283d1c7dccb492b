"""Which parts of a drawing are looked at by themselves: the panels of a page, the pictures of a strip."""

import threading
import weakref
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.extent import seen_side
from engine.options import PanelMode
from engine.pages.panels import Outline, find_panels
from engine.pages.windows import Box, windows_of, with_margin
from engine.request import LineArt

_SIDE = 700  # pixels of the seen side at which panels are looked for
_LONG = 2.0  # times as long as wide, from which a drawing is looked at in pieces
_FIGURE = 5.0  # times as long as wide, up to which a picture that stands free is one figure
_EDGE, _AT_EDGES = 0.05, 0.15  # of its width, along each side; share of its length with ink on both sides, at most
_LEAST_SIDE = 48  # pixels of the shorter side, below which there is nothing to be told apart
_INK = 0.6  # below it a pixel is drawn on
_BLACK_WIDTH = 0.008  # of the seen side: black gutters are broader
_BLACK_REACH = 0.85  # share of the rows and of the columns in which there is some of them
_FRAME_INK, _FRAME_MOST = 0.15, 0.05  # share of ink that tells a frame; share of a panel's side that it is wide at most
_ROWS_AT_ONCE = 1024

Mask = NDArray[np.bool_]
Ink = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Panel:
    """One panel of a page. polygon: N×2 (x, y) in pixels of the drawing, its frame within. border: pixels from the
    polygon inwards that are frame. framed: whether ink runs along it."""

    polygon: NDArray[np.float64]
    border: int
    framed: bool

    def box(self, size: tuple[int, int]) -> Box:
        """The box around it in a drawing of this height and width."""
        low, high = np.floor(self.polygon.min(axis=0)), np.ceil(self.polygon.max(axis=0)) + 1
        (left, top), (right, bottom) = np.maximum(low, 0).astype(int), high.astype(int)
        return Box(int(top), min(int(bottom), size[0]), int(left), min(int(right), size[1]))

    def inside(self, box: Box) -> Mask:
        """True in the pixels of a box that lie in the polygon."""
        mask = np.zeros(box.size, np.uint8)
        cv2.fillPoly(mask, [np.rint(self.polygon - (box.left, box.top)).astype(np.int32)], 1)
        return mask > 0

    def core(self, box: Box) -> Mask:
        """True in the pixels of a box that lie within the frame. The edge of the drawing is no frame."""
        inside = np.pad(self.inside(box).astype(np.uint8), 1)
        deep = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)
        return np.asarray(deep, np.float32)[1:-1, 1:-1] > self.border


@dataclass(frozen=True, eq=False)
class View:
    """A part that is looked at by itself: a box, and the panel (from 0) that it is of, None outside all panels."""

    box: Box
    panel: int | None = None


@dataclass(frozen=True, eq=False)
class Layout:
    """How a drawing of `size` (height, width) is looked at. views: in order; those of a strip may overlap the one
    before."""

    size: tuple[int, int]
    panels: tuple[Panel, ...]
    views: tuple[View, ...]

    def panel_at(self, x: int, y: int) -> int | None:
        """The panel (from 0) that a pixel lies in, the smallest of several; None outside all."""
        holding = [
            (float(cv2.contourArea(one.polygon.astype(np.float32))), number)
            for number, one in enumerate(self.panels)
            if cv2.pointPolygonTest(one.polygon.astype(np.float32), (x, y), False) >= 0
        ]
        return min(holding)[1] if holding else None

    def ink(self, ink: Ink, view: View) -> Ink:
        """What of H×W ink is seen in a view: without the frame and without what is beyond it."""
        seen = ink[view.box.slices].copy()
        if view.panel is not None:
            seen[~self.panels[view.panel].core(view.box)] = 1.0
        return seen

    def bounded(self, ink: Ink) -> Ink:
        """H×W ink with a line around the panels that have no frame: what was cut off there is open to the gutter."""
        open_ones = [np.rint(panel.polygon).astype(np.int32) for panel in self.panels if not panel.framed]
        if not open_ones:
            return ink
        closed = ink.copy()
        cv2.polylines(closed, open_ones, True, 0.0)
        return closed

    def mask(self, view: View) -> Mask | None:
        """True in the pixels of a view's box that belong to it; None: all do."""
        return None if view.panel is None else self.panels[view.panel].inside(view.box)


_KNOWN: "weakref.WeakKeyDictionary[LineArt, Layout | None]" = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def layout_of(line_art: LineArt, mode: PanelMode) -> Layout | None:
    """How a drawing is looked at in parts; None where it is looked at as one. It is kept as long as the line art.

    Raises Cancelled.
    """
    if mode == "off":
        return None
    with _LOCK:
        if line_art in _KNOWN:
            return _KNOWN[line_art]
    found = find_layout(line_art.layer)
    with _LOCK:
        _KNOWN[line_art] = found
    return found


def known_layout(line_art: LineArt) -> Layout | None:
    """What `layout_of` found before, without looking; None for nothing, too."""
    with _LOCK:
        return _KNOWN.get(line_art)


def find_layout(ink: Ink) -> Layout | None:
    """`layout_of` for H×W float32 ink, 0 ink, 1 paper."""
    size = ink.shape[0], ink.shape[1]
    if min(size) < _LEAST_SIDE:
        return None
    drawn, scale = _reduced(ink)
    if not drawn.any():
        return None
    if max(size) < _LONG * min(size):
        panels = [_panel(ink, one, scale) for one in _panels(drawn)]
        views = [view for number, panel in enumerate(panels) for view in _views_in(panel, number, size, drawn, scale)]
        return Layout(size, tuple(panels), tuple(views)) if panels else None
    return _strip(ink, drawn, scale)


def _strip(ink: Ink, drawn: Mask, scale: float) -> Layout | None:
    """A long drawing: its pictures, and the panels among them."""
    size = ink.shape[0], ink.shape[1]
    panels: list[Panel] = []
    views: list[View] = []
    pieces = windows_of(drawn, min(drawn.shape), whole=True)
    for piece in pieces:
        cancellation.check()
        inner = drawn[piece.slices]
        found = [Outline(one.polygon + np.array([piece.left, piece.top]), one.framed) for one in _panels(inner)]
        if len(pieces) == 1 and not found and _is_figure(inner):
            return None
        for outline in found:
            panels.append(_panel(ink, outline, scale))
            views += _views_in(panels[-1], len(panels) - 1, size, drawn, scale)
        if not found:
            boxes = [_full(box.moved(piece), scale, size) for box in windows_of(inner, min(drawn.shape), whole=False)]
            views += [View(_tight(ink, box) if len(boxes) == 1 else box) for box in boxes]
    if len(views) == 1 and views[0].panel is None and views[0].box.size == size:
        return None
    return Layout(size, tuple(panels), tuple(views))


def _is_figure(drawn: Mask) -> bool:
    """Whether a long picture is a figure, looked at as a whole: its parts are known by where they are in it."""
    long = drawn if drawn.shape[0] >= drawn.shape[1] else drawn.T
    columns, rows = np.flatnonzero(long.any(axis=0)), np.flatnonzero(long.any(axis=1))
    long = long[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edge = max(1, round(_EDGE * long.shape[1]))
    at_edges = (long[:, :edge].any(axis=1) & long[:, -edge:].any(axis=1)).mean()
    return long.shape[0] <= _FIGURE * long.shape[1] and bool(at_edges <= _AT_EDGES)


def _tight(ink: Ink, box: Box) -> Box:
    """A box with a margin around what is drawn in it, to the pixel: equal figures get equal boxes."""
    drawn = ink[box.slices] < _INK
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return box
    top, left = box.top + int(rows[0]), box.left + int(columns[0])
    exact = Box(top, box.top + int(rows[-1]) + 1, left, box.left + int(columns[-1]) + 1)
    return with_margin(exact, ink.shape, min(ink.shape))


def _views_in(panel: Panel, number: int, size: tuple[int, int], drawn: Mask, scale: float) -> list[View]:
    """A panel as one view, or a long one in several."""
    box = panel.box(size)
    if max(box.size) < _LONG * min(box.size):
        return [View(box, number)]
    small = Box(*(round(value / scale) for value in (box.top, box.bottom, box.left, box.right)))
    inner = drawn[small.slices].copy()
    edge = max(1, round(panel.border / scale) + 1)
    inner[:edge] = inner[-edge:] = False
    inner[:, :edge] = inner[:, -edge:] = False
    pieces = [
        _full(one.moved(small), scale, size).within(box) for one in windows_of(inner, min(inner.shape), whole=False)
    ]
    return [View(one, number) for one in pieces] or [View(box, number)]


def _panels(drawn: Mask) -> list[Outline]:
    """The panels on black gutters where these reach the edge of the page, else those on white ones."""
    black = _black_gutters(drawn)
    found = [] if black is None else find_panels(~black)
    return found if len(found) > 1 else find_panels(drawn)


def _black_gutters(drawn: Mask) -> Mask | None:
    """What is broad and black from the edge of the picture inwards; None where there is little of it."""
    if min(drawn.shape) < 32:
        return None
    width = max(3, round(_BLACK_WIDTH * seen_side(drawn.shape))) | 1
    square = np.ones((width, width), np.uint8)
    # What is beyond the page is black, too.
    black = np.pad(drawn.astype(np.uint8), width, constant_values=1)
    broad = np.asarray(cv2.dilate(cv2.erode(black, square), square), np.uint8)[width:-width, width:-width] > 0
    labels = np.asarray(cv2.connectedComponents(broad.astype(np.uint8), connectivity=8)[1], np.int32)
    is_outer = np.zeros(int(labels.max()) + 1, np.bool_)
    is_outer[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    is_outer[0] = False
    outer = is_outer[labels]
    reach = outer.any(axis=0).mean(), outer.any(axis=1).mean()
    return outer if min(reach) >= _BLACK_REACH else None


def _panel(ink: Ink, outline: Outline, scale: float) -> Panel:
    """An outline at the reduced size as a panel of the drawing."""
    height, width = ink.shape
    polygon = (outline.polygon + 0.5) * scale - 0.5
    middle = polygon.mean(axis=0)
    # The reduced outline may run on either pixel; half a one more, so that the frame is inside.
    away = polygon - middle
    polygon = middle + away * (1.0 + scale / np.maximum(np.abs(away).max(axis=0), 1.0))
    polygon = np.clip(polygon, 0.0, (width - 1, height - 1))
    panel = Panel(polygon, 0, outline.framed)
    return Panel(polygon, _frame_width(ink, panel, scale), outline.framed)


def _frame_width(ink: Ink, panel: Panel, scale: float) -> int:
    """How far the ink of a frame reaches into its polygon, in pixels, one of paper more."""
    box = panel.box((ink.shape[0], ink.shape[1]))
    inside = np.pad(panel.inside(box).astype(np.uint8), 1)
    deep = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)[1:-1, 1:-1]
    least = int(np.ceil(scale)) + 1
    most = max(least + 1, round(_FRAME_MOST * min(box.size)))
    near = (deep > 0) & (deep < most)
    # Where the page ends, there is no frame.
    rows, columns = np.nonzero(near)
    height, width = ink.shape
    kept = (rows + box.top > most) & (rows + box.top < height - most)
    kept &= (columns + box.left > most) & (columns + box.left < width - most)
    if not kept.any():
        return least
    bins = deep[rows[kept], columns[kept]].astype(np.intp)
    dark = ink[box.slices][rows[kept], columns[kept]] < _INK
    share = np.bincount(bins, dark, most) / np.maximum(np.bincount(bins, minlength=most), 1)
    start = np.flatnonzero(share[: 2 * least + 2] > _FRAME_INK)
    if not len(start):
        return least
    light = np.flatnonzero(share[start[0] :] <= _FRAME_INK)
    end = start[0] + (light[0] if len(light) else len(share))
    return int(min(end + 1, most))


def _reduced(ink: Ink) -> tuple[Mask, float]:
    """True where anything is drawn, at some hundred pixels; how many pixels of the drawing one of it is."""
    height, width = ink.shape
    scale = max(1.0, seen_side(ink.shape) / _SIDE)
    size = max(1, round(height / scale)), max(1, round(width / scale))
    drawn = np.empty(size, np.bool_)
    for top in range(0, size[0], _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, size[0])
        rows = slice(top * height // size[0], -(-bottom * height // size[0]))
        dark = (ink[rows] < _INK).astype(np.uint8) * np.uint8(255)
        small = cv2.resize(dark, (size[1], bottom - top), interpolation=cv2.INTER_AREA)
        drawn[top:bottom] = np.asarray(small) > 24
    return drawn, scale


def _full(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """A box at the reduced size as one of the drawing."""
    return Box(
        int(box.top * scale), min(size[0], int(np.ceil(box.bottom * scale))),
        int(box.left * scale), min(size[1], int(np.ceil(box.right * scale))),
    )  # fmt: skip
