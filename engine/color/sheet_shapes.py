"""Shapes on a reference sheet: connected pieces, boxes, discs, what lies in them, their colors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine import narrow
from engine.color.figure import to_lab

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]
Color = tuple[int, int, int]
Box = tuple[slice, slice]
Shape = Literal["box", "disc", "other"]

_SQUARE = np.ones((3, 3), np.uint8)
_SMOOTH = 12  # levels of 256 within 3×3 pixels, what lossy files and gradients have
_ALIKE = 5.0  # CIELAB around an even ground that is ground, too
_RIM = 0.35  # share of the rim from which what lies along it is the ground
_BOX, _DISC = 0.92, 0.92  # share of its box, or of the ellipse in it, that a piece takes
_MOST_TRIMMED = 0.03  # of the square of the sheet's longer side
_DEPTHS = (2, 4, 7)  # pixels from the outside of a piece, at which the ground of a card begins behind its outline
_CARD_RIM = 0.7
EVEN = 7.0  # CIELAB between the 10 % and 90 % of one color
SAME, _LIKE = (
    12.0,
    15.0,
)  # CIELAB that one color of a piece stands for, and that the colors of two pieces may differ by
_SHADE = 0.5  # how much lightness counts between pieces: one may be shaded and the other not
_LEAST_COLOR = 0.025  # share of a piece
_MOST_COLORS = 12
_INK_SPREAD = 7.0  # CIELAB beside that line, root of the mean square
_SAMPLES = 4000


@dataclass(frozen=True, eq=False)
class View:
    """A sheet as it is looked at: pixels h×w×3 uint8; lab h×w×3; smooth h×w, where a pixel is as its neighbors are."""

    pixels: NDArray[np.uint8]
    lab: Floats
    smooth: Mask

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> View:
        """A view of a picture."""
        spread = np.asarray(cv2.subtract(cv2.dilate(pixels, _SQUARE), cv2.erode(pixels, _SQUARE)), np.uint8)
        return cls(pixels, to_lab(pixels), narrow.largest(spread) <= _SMOOTH)

    @property
    def side(self) -> int:
        """The longer side in pixels."""
        return max(self.pixels.shape[:2])

    def within(self, box: Box) -> View:
        """A part of it."""
        return View(self.pixels[box], self.lab[box], self.smooth[box])


@dataclass(frozen=True, eq=False)
class Card:
    """A piece of one ground with or without something on it. ground, content: h×w of the piece's box."""

    ground: Mask
    content: Mask


class Piece:
    """A piece of a sheet. mask: its pixels in its box, the corner of which is at x, y."""

    def __init__(self, view: View, x: int, y: int, mask: Mask) -> None:
        self.view, self.x, self.y, self.mask = view, x, y, mask
        self.height, self.width = mask.shape
        self.area = int(mask.sum())

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.height, self.width

    @property
    def box(self) -> Box:
        """Its rows and columns."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @cached_property
    def seen(self) -> View:
        """The view of its box."""
        return self.view.within(self.box)

    def paint(self, labels: NDArray[np.int32], value: int, where: Mask | None = None) -> None:
        """Give its pixels, or those of its box that are named, a label."""
        labels[self.box][self.mask if where is None else where] = value

    @cached_property
    def filled(self) -> Mask:
        """In its box, with all that lies within its outline."""
        outlines, _ = cv2.findContours(self.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        return cv2.drawContours(np.zeros(self.size, np.uint8), outlines, -1, 1, cv2.FILLED) > 0

    @cached_property
    def filled_area(self) -> int:
        """Pixels of `filled`."""
        return int(self.filled.sum())

    def is_around(self, x: float, y: float) -> bool:
        """Whether a place of the sheet lies within its convex hull."""
        return cv2.pointPolygonTest(self._hull, (x - self.x, y - self.y), False) >= 0

    @cached_property
    def _hull(self) -> NDArray[np.int32]:
        return np.asarray(cv2.convexHull(np.argwhere(self.mask)[:, ::-1].astype(np.int32)), np.int32)

    @cached_property
    def shape(self) -> Shape:
        """Upright rectangles, rounded ones too, and circles are told from all else, without what lossy files add."""
        first = _shape(self.filled)
        return first if first != "other" or self.area > _MOST_TRIMMED * self.view.side**2 else _shape(self._trimmed)

    @cached_property
    def _trimmed(self) -> Mask:
        """Its filled box without the pixels at its edge that are more like the ground than like itself."""
        beside = ~self.mask
        if not beside.any():
            return self.filled
        far = narrow.length(self.seen.lab - np.median(self.seen.lab[beside], axis=0))
        own = (self.filled & (far > 0.4 * np.percentile(far[self.mask], 75))).astype(np.uint8)
        outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        if not outlines:
            return self.filled
        x, y, width, height = cv2.boundingRect(max(outlines, key=cv2.contourArea))
        return (
            cv2.drawContours(np.zeros(self.size, np.uint8), outlines, -1, 1, cv2.FILLED)[y : y + height, x : x + width]
            > 0
        )

    @cached_property
    def card(self) -> Card | None:
        """What it is if one ground begins behind its outline; None else."""
        for depth in _DEPTHS:
            inner = _eroded(self.filled, depth)
            if not inner.any():
                return None
            found = ground(self.seen, inner, _CARD_RIM)
            if found is not None:
                return Card(found, inner & ~found)
        return None

    def on_card(self, most: int) -> list[Piece]:
        """The pieces that lie on it, if it is a card."""
        return [] if self.card is None else connected(self.view, self.card.content, most, at=(self.x, self.y))

    @property
    def is_even(self) -> bool:
        """Whether it is of one color behind its outline."""
        return self.even_color is not None

    @cached_property
    def even_color(self) -> Color | None:
        """The one color that it has behind its outline; None where it has more."""
        for depth in sorted({1, 2, 4, min(self.size) // 4, min(self.size) // 3}):
            inner = _eroded(self.filled, depth)
            if int(inner.sum()) < 4 or min(self.size) - 2 * depth < 0.25 * min(self.size):
                return None
            lab = self.seen.lab[inner]
            spread = np.abs(np.percentile(lab, 90, axis=0) - np.percentile(lab, 10, axis=0))
            if float(spread.max()) < EVEN:
                return median_color(self.seen.pixels[inner])
        return None

    @cached_property
    def colors(self) -> list[Floats]:
        """CIELAB of the colors that even parts of it have, the largest first."""
        return [color for color, _ in self._colors]

    @cached_property
    def is_drawn_alike(self) -> bool:
        """Whether all of it is of one ink, mixed with its ground at the edges: its colors lie along a line."""
        lab = self.seen.lab[self.mask]
        lab = lab[:: max(1, len(lab) // _SAMPLES)]
        if len(lab) < 3:
            return True
        across = np.linalg.svd(lab - lab.mean(axis=0), compute_uv=False)[1:] / np.sqrt(len(lab))
        return bool(np.hypot(*across) < _INK_SPREAD)

    @cached_property
    def samples(self) -> Floats:
        """CIELAB of some of its pixels, those in even parts where it has any."""
        even = self.mask & self.seen.smooth
        lab = self.seen.lab[even if even.sum() >= 9 else self.mask]
        return lab[:: max(1, len(lab) // _SAMPLES)]

    @cached_property
    def _colors(self) -> list[tuple[Floats, float]]:
        left, total = self.samples, max(1, len(self.samples))
        found: list[tuple[Floats, float]] = []
        while len(left) >= _LEAST_COLOR * total and len(found) < _MOST_COLORS:
            _cells, index, counts = np.unique(
                np.floor(left / 8.0).astype(np.int64), axis=0, return_inverse=True, return_counts=True
            )
            center = left[index.reshape(-1) == int(counts.argmax())].mean(axis=0)
            near = narrow.length(left - center) < SAME
            if near.mean() * len(left) >= _LEAST_COLOR * total:
                found.append((center, float(near.sum()) / total))
            elif counts.max() < _LEAST_COLOR * total / 4:
                break
            left = left[~near]
        return found


def _shape(filled: Mask) -> Shape:
    height, width = filled.shape
    if min(height, width) < 4:
        return "other"
    if filled.sum() >= _BOX * height * width:
        return "box"
    y, x = np.mgrid[:height, :width]
    disc = ((x + 0.5) / (width / 2) - 1) ** 2 + ((y + 0.5) / (height / 2) - 1) ** 2 <= 1.0
    same = float((disc & filled).sum()) / max(1.0, float((disc | filled).sum()))
    return "disc" if same >= _DISC and max(height, width) <= 1.2 * min(height, width) else "other"


def rim(area: Mask) -> Mask:
    """The outermost pixels of an area."""
    return area & ~_eroded(area, 1)


def _eroded(mask: Mask, depth: int) -> Mask:
    small = cv2.erode(
        np.pad(mask, 1).astype(np.uint8), np.ones((2 * depth + 1, 2 * depth + 1), np.uint8), borderValue=0
    )
    return np.asarray(small)[1:-1, 1:-1] > 0


def ground(view: View, area: Mask, least: float = _RIM) -> Mask | None:
    """What lies along the rim of an area, smoothly on from there, and all of its color that reaches the rim elsewhere.

    least: share of the rim; None where nothing takes so much of it.
    """
    even, around = view.smooth & area, rim(area)
    count, labels = _components(even, 4)
    on_rim = np.bincount(labels[around], minlength=count)
    on_rim[0] = 0
    if not count or on_rim.max() < least * max(1, int(around.sum())):
        # One pixel outwards lies beside another color where the area begins at an edge.
        return None
    main = labels == int(on_rim.argmax())
    lab = view.lab[main]
    center = np.median(lab, axis=0)
    reached = main
    if float(np.percentile(narrow.length(lab[:: max(1, len(lab) // 20000)] - center), 95)) < _ALIKE:
        alike = area & (narrow.length(view.lab - center) < _ALIKE)
        count, labels = _components(alike | main, 4)
        touched = np.zeros(count, np.bool_)
        touched[labels[around]] = True
        touched[0] = False
        reached = touched[labels]
    return reached


def connected(view: View, shown: Mask, most: int, reach: int = 0, at: tuple[int, int] = (0, 0)) -> list[Piece]:
    """The pieces of what is shown, at most so many, the largest. reach: pixels by which each is grown for touching.

    at: x, y in the sheet of the corner of `shown`.
    """
    grown = shown.astype(np.uint8)
    if reach:
        grown = np.asarray(cv2.dilate(grown, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)
    count, found = _components(grown > 0, 8)
    labels = np.where(shown, found, 0)
    areas = np.bincount(labels.reshape(-1), minlength=count)
    areas[0] = 0
    boxes = ndimage.find_objects(labels)
    pieces = []
    for number in np.argsort(-areas, kind="stable")[:most].tolist():
        if areas[number]:
            rows, columns = boxes[number - 1]
            mask = labels[rows, columns] == number
            pieces.append(Piece(view, at[0] + columns.start, at[1] + rows.start, mask))
    return pieces


def together(view: View, first: Piece, other: Piece) -> Piece:
    """Two pieces as one."""
    x, y = min(first.x, other.x), min(first.y, other.y)
    right = max(first.x + first.width, other.x + other.width)
    mask = np.zeros((max(first.y + first.height, other.y + other.height) - y, right - x), np.bool_)
    for one in (first, other):
        mask[one.y - y : one.y - y + one.height, one.x - x : one.x - x + one.width] |= one.mask
    return Piece(view, x, y, mask)


def _components(mask: Mask, connectivity: int) -> tuple[int, NDArray[np.int32]]:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=connectivity)
    return count, np.asarray(labels, np.int32)


def median_color(pixels: NDArray[np.uint8]) -> Color:
    """The median of …×3 sRGB colors, channel by channel."""
    red, green, blue = np.median(pixels, axis=0).astype(int).tolist()
    return red, green, blue


def likeness(piece: Piece, known: Sequence[Floats]) -> tuple[int, float]:
    """How many of the known colors a piece has, and the share of its area in any of them."""
    if not known or not len(piece.samples):
        return 0, 0.0
    scale = np.asarray([_SHADE, 1.0, 1.0], np.float32)
    difference = np.linalg.norm((piece.samples[:, None] - np.asarray(known)[None]) * scale, axis=2)
    shares = [float((difference[:, number] < _LIKE).mean()) for number in range(len(known))]
    distinct: list[Floats] = []
    for color, share in zip(known, shares, strict=True):
        if share >= _LEAST_COLOR / 2 and all(np.linalg.norm(color - one) > SAME for one in distinct):
            distinct.append(color)
    return len(distinct), float((difference.min(axis=1) < _LIKE).mean())


def gap(one: Piece, other: Piece) -> float:
    """Pixels between the pieces, at least of their boxes."""
    across = max(0, other.x - one.x - one.width, one.x - other.x - other.width)
    down = max(0, other.y - one.y - one.height, one.y - other.y - other.height)
    return float(np.hypot(across, down))
