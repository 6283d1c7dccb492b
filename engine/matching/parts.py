"""The parts of a reference: connected pieces of one swatch, between its lines."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color import figure
from engine.matching.attention import nearest_swatches
from engine.palette import Palette
from engine.request import Reference

MOST_PARTS = 256  # of one reference; the largest are kept, and the largest of every swatch
_SMALLEST, _SMALLEST_SHARE = 4, 0.0002  # pixels, and share of the picture, of a part that is not its swatch's only one
_INK = 0.5  # below it a pixel of line art is a line
_LEAST_CLEAR = 0.05  # share of the picture between the lines, else all of it is taken


@dataclass(frozen=True, eq=False)
class Parts:
    """labels: h×w int32, 1 … count, 0 where the reference is masked out; what is under lines is the nearest part's.

    swatch: count, each part's number in the palette. content: h×w, True for what is neither paper nor masked out.
    """

    labels: NDArray[np.int32]
    swatch: NDArray[np.intp]
    content: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many parts there are, at least one."""
        return len(self.swatch)


def find_parts(reference: Reference, line: NDArray[np.float32], palette: Palette, most: int = MOST_PARTS) -> Parts:
    """line: h×w, the reference's line art at the size to look at. The paper is a part like any other."""
    size = line.shape
    held = nearest_swatches(reference, size, palette.colors())
    counted = np.ones(size, np.bool_)
    if reference.mask is not None:
        counted = _resized(reference.mask, size)
        if not counted.any():
            counted[:] = True
    clear = (line > _INK) & counted
    if clear.mean() < _LEAST_CLEAR:
        clear = counted
    own = None if reference.figure is None else _resized(reference.figure, size)
    # White cloth that its maker says is the figure's is no part of the white around it.
    around = np.zeros(size, np.bool_) if own is None else ~own
    count = len(palette.swatches)
    labels, swatch, areas = _pieces(held + count * around, clear)
    swatch %= count
    chosen = _worth_having(swatch, areas, most, held.size)
    number = np.zeros(len(swatch) + 1, np.int32)
    number[chosen + 1] = np.arange(1, len(chosen) + 1)
    labels = _filled(number[labels])
    labels[~counted] = 0
    pixels = cv2.resize(reference.pixels, size[::-1], interpolation=cv2.INTER_AREA)
    seen = ~figure.is_paper(figure.to_lab(np.asarray(pixels, np.uint8))) if own is None else own
    content = counted & (seen | (line < _INK))
    return Parts(labels, swatch[chosen], content)


def _resized(mask: NDArray[np.bool_], size: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST)) > 0


def _pieces(
    held: NDArray[np.intp], clear: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.int64]]:
    """Labels of the connected pieces from 1, the number of each in `held`, and its area in pixels."""
    labels = np.zeros(held.shape, np.int32)
    swatch: list[int] = []
    areas: list[int] = []
    for number in np.unique(held[clear]):
        inside = ((held == number) & clear).astype(np.uint8)
        count, found, statistics, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
        found = np.asarray(found, np.int32)
        labels[found > 0] = found[found > 0] + len(swatch)
        swatch += [int(number)] * (count - 1)
        areas += statistics[1:, cv2.CC_STAT_AREA].tolist()
    return labels, np.asarray(swatch, np.intp), np.asarray(areas, np.int64)


def _worth_having(swatch: NDArray[np.intp], areas: NDArray[np.int64], most: int, pixels: int) -> NDArray[np.intp]:
    """The pieces that are parts, the largest first: large enough, or their swatch's largest; at most `most`."""
    order = np.argsort(-areas, kind="stable")
    first = np.zeros(len(areas), np.bool_)
    first[order[np.unique(swatch[order], return_index=True)[1]]] = True
    kept = first | (areas >= max(_SMALLEST, _SMALLEST_SHARE * pixels))
    kept &= first | (np.cumsum((kept & ~first)[order])[np.argsort(order)] <= max(0, most - int(first.sum())))
    return order[kept[order]]


def _filled(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Every pixel without a label takes the nearest one's."""
    empty = (labels == 0).astype(np.uint8)
    if not empty.any():
        return labels
    nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)[1]
    # OpenCV numbers the pixels that have a label row by row, from 1.
    return np.append(np.int32(0), labels[empty == 0])[np.asarray(nearest, np.intp)].astype(np.int32)
