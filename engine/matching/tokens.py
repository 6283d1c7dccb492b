"""Regions and parts as tokens: pictures on a square canvas, and of each piece where it lies and whom it borders."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.architectures.lite_backbone import STRIDE

MOST_TOKENS = 768  # of one side: the largest regions; attention among them takes memory with the square
_FILLED = 0.96  # of the canvas's side that the content takes
_MARGIN = 0.03  # of the content's longer side around it
_INK = 0.5

Labels = NDArray[np.int32]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture's content in the middle of a square: line S×S float32 ink; labels S×S int32, 0 for none; color
    S×S×3 uint8 where there is one."""

    line: NDArray[np.float32]
    labels: Labels
    color: Picture | None = None


@dataclass(frozen=True, eq=False)
class Side:
    """K tokens of one picture.

    ids: their labels in the picture. geometry: K×14 float32. border: K×K float32, twice the root of the share of a
    piece's border that is with another. center: K×2, in sides of the canvas from its corner. area: K, pixels of the
    canvas. inside, around: K×cells sparse, weights (rows sum to 1) of the canvas's cells of 8×8 pixels, by what of them
    is the piece's, and around it.
    """

    ids: NDArray[np.intp]
    geometry: NDArray[np.float32]
    border: NDArray[np.float32]
    center: NDArray[np.float32]
    area: NDArray[np.float32]
    inside: sparse.csr_matrix
    around: sparse.csr_matrix

    def pooled(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """cells×C → K×2C: the mean inside and the mean around each piece."""
        return np.concatenate([self.inside @ features, self.around @ features], axis=1)


def on_canvas(
    line: NDArray[np.float32], labels: Labels, content: NDArray[np.bool_], side: int, color: Picture | None = None
) -> Canvas:
    """The box around `content` (h×w, as line and labels are) scaled to the canvas. No label of it is lost."""
    box = _box(content)
    line, labels = line[box], labels[box]
    scale = side * _FILLED / max(line.shape)
    size = max(1, round(line.shape[0] * scale)), max(1, round(line.shape[1] * scale))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    top, left = (side - size[0]) // 2, (side - size[1]) // 2
    place = (slice(top, top + size[0]), slice(left, left + size[1]))
    drawn = np.ones((side, side), np.float32)
    drawn[place] = np.clip(cv2.resize(np.ascontiguousarray(line), size[::-1], interpolation=how), 0.0, 1.0)
    around = ((top, side - size[0] - top), (left, side - size[1] - left))
    placed = np.pad(_reduced(labels, size), around, mode="edge")
    colored = None
    if color is not None:
        colored = np.full((side, side, 3), 255, np.uint8)
        colored[place] = cv2.resize(np.ascontiguousarray(color[box]), size[::-1], interpolation=how)
    return Canvas(drawn, placed, colored)


def of_canvas(canvas: Canvas, most: int = MOST_TOKENS) -> Side:
    """The tokens of a canvas: its labels from 1 on, the `most` largest of them."""
    areas = np.bincount(canvas.labels.reshape(-1))
    ids = np.flatnonzero(areas)
    ids = ids[ids > 0]
    ids = ids[np.argsort(-areas[ids], kind="stable")][:most]
    count = len(ids)
    number = np.full(len(areas), count, np.intp)  # what is left out is one further piece, seen by its neighbors
    number[ids] = np.arange(count)
    labels = number[canvas.labels]
    borders = _borders(labels, count + 1)
    length = borders.sum(axis=1)
    share = borders[:count, :count] / np.maximum(length[:count, None], 1.0)
    geometry, center, area = _geometry(labels, count, length)
    inside, around = _cells(labels, count)
    return Side(ids, geometry, (2.0 * np.sqrt(share)).astype(np.float32), center, area, inside, around)


def _box(content: NDArray[np.bool_]) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(content.any(axis=1)), np.flatnonzero(content.any(axis=0))
    if not len(rows):
        return slice(None), slice(None)
    margin = round(_MARGIN * max(rows[-1] - rows[0], columns[-1] - columns[0])) + 1
    down, across = (slice(max(0, at[0] - margin), at[-1] + margin + 1) for at in (rows, columns))
    return down, across


def _reduced(labels: Labels, size: tuple[int, int]) -> Labels:
    """The nearest label at each pixel of another size; a label that would vanish keeps one pixel."""
    height, width = labels.shape
    rows, columns = ((np.arange(few) * 2 + 1) * many // (2 * few) for few, many in zip(size, labels.shape, strict=True))
    small = labels[rows[:, None], columns].copy()
    most = int(labels.max()) + 1
    lost = np.flatnonzero(
        (np.bincount(labels.reshape(-1), minlength=most) > 0) & (np.bincount(small.reshape(-1), minlength=most) == 0)
    )
    if len(lost):
        is_lost = np.zeros(most, np.bool_)
        is_lost[lost] = True
        places = np.flatnonzero(is_lost[labels])
        owner = labels.reshape(-1)[places]
        order = np.argsort(owner, kind="stable")
        starts, ends = (np.searchsorted(owner[order], lost, side=where) for where in ("left", "right"))
        middle = places[order[(starts + ends) // 2]]
        small[middle // width * size[0] // height, middle % width * size[1] // width] = lost
    return small


def _borders(labels: NDArray[np.intp], count: int) -> NDArray[np.float32]:
    """count×count: how many pairs of neighboring pixels two pieces have."""
    keys = []
    for one, other in ((labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])):
        apart = one != other
        keys.append(one[apart] * count + other[apart])
    found = np.bincount(np.concatenate(keys), minlength=count**2).reshape(count, count).astype(np.float32)
    return found + found.T


def _geometry(
    labels: NDArray[np.intp], count: int, length: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """count×14 numbers of about unit size; centers and areas. length: of each piece's border, in pixels."""
    side = labels.shape[0]
    flat = labels.reshape(-1)
    y, x = np.divmod(np.arange(flat.size), side)

    def total(values: NDArray) -> NDArray[np.float64]:
        return np.asarray(np.bincount(flat, values, count + 1)[:count], np.float64)

    area = np.bincount(flat, minlength=count + 1)[:count].astype(np.float64)
    some = np.maximum(area, 1.0)
    center_x, center_y = total(x) / some / side, total(y) / some / side
    spread_x, spread_y = (
        np.sqrt(np.maximum(total(at * at) / some / side**2 - middle**2, 0.0))
        for at, middle in ((x, center_x), (y, center_y))
    )
    together = total(x * y) / some / side**2 - center_x * center_y
    low, high = np.full((2, count + 1), side), np.zeros((2, count + 1), np.intp)
    for axis, at in enumerate((x, y)):
        np.minimum.at(low[axis], flat, at)
        np.maximum.at(high[axis], flat, at)
    low, high = low[:, :count], high[:, :count]
    at_edge = np.zeros(count + 1)
    for line in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        at_edge[line] = 1.0
    box = np.maximum((high[0] - low[0] + 1) * (high[1] - low[1] + 1), 1)
    numbers = [
        center_x * 2 - 1, center_y * 2 - 1, spread_x * 4, spread_y * 4,
        together / np.maximum(spread_x * spread_y, 1e-4),
        low[0] / side * 2 - 1, high[0] / side * 2 - 1, low[1] / side * 2 - 1, high[1] / side * 2 - 1,
        np.log(some / side**2) / 3 + 1.5, np.sqrt(area) / side * 2, at_edge[:count], area / box,
        np.log1p(length[:count]) / 3 - 1,
    ]  # fmt: skip
    center = np.stack([center_x, center_y], axis=1).astype(np.float32)
    return np.stack(numbers, axis=1).astype(np.float32), center, area.astype(np.float32)


def _cells(labels: NDArray[np.intp], count: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    side = labels.shape[0] // STRIDE
    cell = np.arange(labels.shape[0]) // STRIDE
    keys = labels * side**2 + cell[:, None] * side + cell
    held = np.bincount(keys.reshape(-1), minlength=(count + 1) * side**2)[: count * side**2]
    held = held.reshape(count, side, side).astype(np.float32) / STRIDE**2
    reach = (held > 0.0).astype(np.float32)
    for axis in (1, 2):
        ahead, behind = ([slice(None)] * 3, [slice(None)] * 3)
        ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
        grown = reach.copy()
        grown[tuple(ahead)] = np.maximum(grown[tuple(ahead)], reach[tuple(behind)])
        grown[tuple(behind)] = np.maximum(grown[tuple(behind)], reach[tuple(ahead)])
        reach = grown
    around = reach * (1.0 - 0.9 * np.minimum(held, 1.0))
    return _rows(held), _rows(around)


def _rows(weights: NDArray[Any]) -> sparse.csr_matrix:
    flat = weights.reshape(len(weights), -1)
    return sparse.csr_matrix(flat / np.maximum(flat.sum(axis=1, keepdims=True), 1e-6))
