"""The pictures of a long strip, and windows over those that are long themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STRIP = 3.0  # times as long as wide, from which a drawing is surely of several pictures
_APART, _FAR_APART = 0.1, 0.3  # of the shorter side: paper that divides two pictures of a strip, and of less than that
_WINDOW, _MOST = 1.5, 3.0  # times the shorter side: length of a window, and of a picture that is looked at as one
_MARGIN = 0.05  # of a picture's longer side, of paper around it

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Box:
    """Rows from `top` to `bottom` and columns from `left` to `right`, the last ones not in it."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index a picture with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left

    def moved(self, origin: "Box") -> "Box":
        """The same box, told in a picture of which `origin` is the part that it was told in."""
        return Box(self.top + origin.top, self.bottom + origin.top, self.left + origin.left, self.right + origin.left)

    def within(self, other: "Box") -> "Box":
        """What of it lies in another one."""
        return Box(
            max(self.top, other.top), min(self.bottom, other.bottom),
            max(self.left, other.left), min(self.right, other.right),
        )  # fmt: skip


def windows_of(drawn: Mask, short: int, *, whole: bool) -> list[Box]:
    """Boxes in which a long drawing (h×w, True where something is drawn) is looked at, in order along its longer side.

    short: the shorter side of the strip that it is of. Paper right across divides pictures; each is a box of what is
    drawn and a margin. A picture that is long itself gets windows that overlap by half, unless `whole` asks for all of
    it as one.
    """
    if drawn.shape[0] < drawn.shape[1]:
        turned = windows_of(np.ascontiguousarray(drawn.T), short, whole=whole)
        return [Box(one.left, one.right, one.top, one.bottom) for one in turned]
    rows = np.flatnonzero(drawn.any(axis=1))
    if not len(rows):
        return []
    # A drawing that is not much longer than wide may be one figure, with paper between its parts.
    apart = (_APART if drawn.shape[0] >= _STRIP * short else _FAR_APART) * short
    breaks = np.flatnonzero(np.diff(rows) > max(2.0, apart))
    firsts, lasts = rows[np.append(0, breaks + 1)], rows[np.append(breaks, len(rows) - 1)]
    boxes: list[Box] = []
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        columns = np.flatnonzero(drawn[first : last + 1].any(axis=0))
        box = with_margin(Box(first, last + 1, int(columns[0]), int(columns[-1]) + 1), drawn.shape, short)
        for begin, end in [(box.top, box.bottom)] if whole else _windows(box, short):
            boxes.append(Box(begin, end, box.left, box.right))
    return boxes


def with_margin(box: Box, size: tuple[int, ...], short: int) -> Box:
    """A box of what is drawn with some paper around it, in a part of this height and width of a strip.

    Along the strip that is half of what divides two pictures at most, so that no other one is seen.
    """
    margin = max(2, round(_MARGIN * min(max(box.size), _MOST * short)))
    along = min(margin, int(_APART * short / 2))
    down, across = (along, margin) if size[0] >= size[1] else (margin, along)
    return Box(
        max(0, box.top - down), min(size[0], box.bottom + down),
        max(0, box.left - across), min(size[1], box.right + across),
    )  # fmt: skip


def _windows(box: Box, width: int) -> list[tuple[int, int]]:
    """Windows over the rows of one picture, the first at its top and the last at its bottom. width: of the strip."""
    top, bottom = box.top, box.bottom
    side = max(box.size[1], width / 2)  # a thin picture in a wide strip is no reason for many windows
    length = round(_WINDOW * side)
    if bottom - top <= _MOST * side:
        return [(top, bottom)]
    count = 1 + int(np.ceil((bottom - top - length) / (length / 2)))
    starts = np.linspace(top, bottom - length, count)
    return [(round(start), round(start) + length) for start in starts.tolist()]
