"""What lies on a reference sheet: its figures, and what is laid beside them: bands, color chips, frames, lettering.

Everything is looked at with no side longer than 768 pixels; lengths below are in these.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color import figure, sheet_furniture, sheet_shapes
from engine.color.sheet_shapes import Piece, View

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]
Color = tuple[int, int, int]
Aside = Literal["band", "chip", "frame", "lettering", "mark"]

SEEN = 768  # pixels on the longer side
MOST_PIECES = 400  # on a sheet; what has more is a pattern, a page, or noise
MOST_FIGURES = 12
SET_ASIDE = -1

_LEAST_GROUND = 0.2  # share of a sheet
_FRAMED = 0.12  # of the sheet's longer side, that both sides of a frame have at least
_DEEPEST = 3  # frames in frames
_CHIP = 0.2  # of the sheet's longer side, that no side of a chip exceeds
_BAND_LONG, _BAND_SHAPE = 0.6, 3.0  # share of the sheet's side, and how many times longer than wide
_CLUMP = 0.006  # of the sheet's longer side: pieces no further apart belong together
_NEAR = 0.08  # of the sheet's longer side: how far a loose part is from its figure
_MAIN, _PART = 0.01, 0.06  # of the sheet that its largest figure takes; of that figure that another one takes
_LARGE = 0.25  # of the largest figure that another picture takes which does not look like it
_TALL = 0.2  # of the largest figure's longer side
_COMMON, _COVERED = 3, 0.55  # colors, and share of the area, that figures of one character have in common
_OVERLAP = 0.3  # of the smaller box, from which two figures are one
_STACKED, _ROW = 0.08, 0.8  # of the sheet's longer side between a head and its body; how alike heights in a row are


@dataclass(frozen=True, eq=False)
class Sheet:
    """labels: h×w int32, 0 for the ground, 1 … figures for what belongs to a figure, -1 for what was set aside.

    figures: how many, from the top left to the bottom right. chips: colors of the color chips. aside: how many of what
    was set aside.
    """

    labels: Labels
    figures: int
    chips: tuple[Color, ...]
    aside: Counter[Aside]


def find(pixels: NDArray[np.uint8], opaque: Mask | None = None, counted: Mask | None = None) -> Sheet | None:
    """The sheet that a picture is; None for any other picture, and where this is not sure.

    pixels: h×w×3 uint8, no side longer than `SEEN`. opaque: h×w, where something is, of a picture with transparency.
    counted: h×w, what of it counts.
    """
    view = View.of(pixels)
    pieces = _Pieces(view)
    area = np.ones(pixels.shape[:2], np.bool_) if counted is None else counted
    if min(pixels.shape[:2]) < 32 or not area.any():
        return None
    ground = area & ~opaque if opaque is not None else sheet_shapes.ground(view, area)
    if ground is None or ground.mean() < _LEAST_GROUND * area.mean():
        return None
    pieces.add(area & ~ground)
    if pieces.too_many:
        return None
    return _Sorted(view, pieces).sheet()


@dataclass
class _Pieces:
    """Connected pieces of a sheet, those taken apart that are frames around others."""

    view: View
    found: list[Piece] = field(default_factory=list)
    frames: list[Piece] = field(default_factory=list)
    too_many: bool = False

    def add(self, shown: Mask, depth: int = 0, at: tuple[int, int] = (0, 0)) -> None:
        """Take in what is shown; at: where its corner lies in the sheet."""
        for piece in sheet_shapes.connected(self.view, shown, MOST_PIECES + 1, at=at):
            if len(self.found) + len(self.frames) > MOST_PIECES:
                self.too_many = True
                return
            inside = self._framed(piece) if depth < _DEEPEST else None
            if inside is None:
                self.found.append(piece)
            else:
                self.frames.append(piece)
                self.add(inside, depth + 1, (piece.x, piece.y))

    def _framed(self, piece: Piece) -> Mask | None:
        """What stands in the piece, if it is a frame or a card around figures; a frame that is hollow has nothing."""
        if piece.shape != "box" or min(piece.size) < _FRAMED * self.view.side:
            return None
        if piece.area < 0.35 * piece.filled_area:
            return np.zeros(piece.size, np.bool_)
        card = piece.card
        if card is None:
            return None
        tall = min(piece.size) * 0.4
        inner = piece.on_card(MOST_PIECES)
        worthy = [one for one in inner if max(one.size) > tall and len(one.colors) > 1 and not one.is_even]
        return card.content if worthy else None


class _Sorted:
    """Sorts pieces into figures and what is set aside."""

    def __init__(self, view: View, pieces: _Pieces) -> None:
        self.view = view
        self.labels = np.zeros(view.pixels.shape[:2], np.int32)
        self.aside: Counter[Aside] = Counter()
        self.chips: list[Color] = []
        for frame in pieces.frames:
            self._set_aside(frame, "frame")  # what stands in it is labeled afterwards
            if frame.card is not None:
                frame.paint(self.labels, 0, frame.card.ground)
        self.left = list(pieces.found)

    def sheet(self) -> Sheet | None:
        self._take(sheet_furniture.chips(self.left, _CHIP * self.view.side), "chip")
        self._take([one for one in self.left if self._is_band(one)], "band")
        self._take(sheet_furniture.lettering(self.view, self.left), "lettering")
        clumps = self._clumps()
        figures = self._figures(clumps)
        furnished = self.aside["chip"] + self.aside["band"] > 0
        if not figures or len(figures) > MOST_FIGURES or (len(figures) == 1 and not furnished):
            return None
        self._label(_in_reading_order(figures), clumps, sure=len(figures) > 1)
        return Sheet(self.labels, int(self.labels.max()), tuple(dict.fromkeys(self.chips)), self.aside)

    def _take(self, pieces: list[Piece], kind: Aside) -> None:
        for piece in pieces:
            self._set_aside(piece, kind)
            if kind == "chip":
                self.chips += sheet_furniture.chip_colors(piece)
        self.left = [one for one in self.left if one not in pieces]

    def _set_aside(self, piece: Piece, kind: Aside) -> None:
        piece.paint(self.labels, SET_ASIDE)
        self.aside[kind] += max(1, len(sheet_furniture.chip_colors(piece))) if kind == "chip" else 1

    def _is_band(self, piece: Piece) -> bool:
        """A bar of one color along a side of the sheet, or one through it with lettering in it."""
        if piece.shape != "box" or piece.card is None:
            return False
        height, width = self.view.pixels.shape[:2]
        long = max(piece.height / height, piece.width / width)
        borders = sum((piece.x == 0, piece.y == 0, piece.x + piece.width == width, piece.y + piece.height == height))
        if max(piece.size) < _BAND_SHAPE * min(piece.size) or (long < _BAND_LONG and borders < 2):
            return False
        inside = piece.on_card(MOST_PIECES)
        if not borders and len(inside) < 3:
            return False
        return all(one.is_drawn_alike or one.is_even or max(one.size) < 0.03 * self.view.side for one in inside)

    def _clumps(self) -> list[Piece]:
        """The pieces that are left, those together that nearly touch; the largest first."""
        reach = max(1, round(_CLUMP * self.view.side / 2))
        shown = np.zeros(self.labels.shape, np.bool_)
        for piece in self.left:
            shown[piece.box] |= piece.mask
        found = sheet_shapes.connected(self.view, shown, MOST_PIECES, reach)
        return sorted(_untangled(self.view, found), key=lambda one: -one.area)

    def _figures(self, clumps: list[Piece]) -> list[Piece]:
        """Those of the clumps that show the same character, or are as large as if they did."""
        if not clumps or clumps[0].area < _MAIN * self.labels.size or len(clumps[0].colors) < 2:
            return []
        main = clumps[0]
        known, figures = list(main.colors), [main]
        for one in clumps[1:]:
            if one.area >= _PART * main.area and max(one.size) >= _TALL * max(main.size):
                common, covered = sheet_shapes.likeness(one, known)
                if common >= min(_COMMON, len(main.colors)) and covered >= _COVERED:
                    figures.append(one)
                    known += one.colors
        if len(figures) > 1:
            figures += [one for one in clumps[1:] if one.area >= _LARGE * main.area and one not in figures]
        return figures

    def _label(self, figures: list[Piece], clumps: list[Piece], *, sure: bool) -> None:
        """Give every clump to a figure, or set it aside: small ones that are far from all."""
        for number, one in enumerate(figures, 1):
            one.paint(self.labels, number)
        for one in clumps:
            if one in figures:
                continue
            gaps = [sheet_shapes.gap(one, other) for other in figures]
            nearest = int(np.argmin(gaps))
            is_small = one.area < 0.01 * max(other.area for other in figures)
            if sure and is_small and gaps[nearest] > _NEAR * self.view.side:
                self._set_aside(one, "mark")
            else:
                one.paint(self.labels, nearest + 1)


def _untangled(view: View, clumps: list[Piece]) -> list[Piece]:
    """The clumps, those as one that one figure drawn with gaps may have: a box in another, a head over its body."""
    joined = list(clumps)
    while True:
        pair = next(
            (
                (first, other)
                for number, first in enumerate(joined)
                for other in joined[number + 1 :]
                if _entangled(first, other) or _stacked(first, other, _STACKED * view.side)
            ),
            None,
        )
        if pair is None:
            return joined
        joined = [one for one in joined if one not in pair]
        joined.append(sheet_shapes.together(view, *pair))


def _entangled(first: Piece, other: Piece) -> bool:
    across, down = _shared(first, other)
    smaller = min(first.width * first.height, other.width * other.height)
    return across > 0 and down > 0 and across * down > _OVERLAP * smaller


def _stacked(first: Piece, other: Piece, reach: float) -> bool:
    """Whether one is close above the other and not as high: figures in rows are of about one height."""
    across, down = _shared(first, other)
    narrower, lower = min(first.width, other.width), min(first.height, other.height)
    return -reach < down and across > 0.6 * narrower and lower < _ROW * max(first.height, other.height)


def _shared(first: Piece, other: Piece) -> tuple[int, int]:
    """How many columns and rows the boxes share; negative where there is a gap between."""
    across = min(first.x + first.width, other.x + other.width) - max(first.x, other.x)
    down = min(first.y + first.height, other.y + other.height) - max(first.y, other.y)
    return across, down


def _in_reading_order(pieces: list[Piece]) -> list[Piece]:
    """From the top to the bottom, and in each row from the left to the right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.y + one.height / 2):
        middle = piece.y + piece.height / 2
        if rows and any(one.y <= middle <= one.y + one.height for one in rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda one: one.x)]


def shrunk(reference_pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with no side longer than `SEEN`."""
    height, width = reference_pixels.shape[:2]
    scale = SEEN / max(height, width)
    if scale >= 1.0:
        return reference_pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(reference_pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def is_on_paper(pixels: NDArray[np.uint8], labels: Labels) -> bool:
    """Whether the ground of a sheet is white paper."""
    ground = pixels[labels == 0]
    return bool(len(ground)) and float(figure.is_paper(figure.to_lab(ground)).mean()) > 0.9
