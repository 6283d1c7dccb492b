"""Regions of one frame found again in another: how likely each is which, from flow, lines, shape and neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.regions import RegionMap
from engine.video.flow import Field, flow_between

# Weights of the logistic score of a pair, fitted on drawn scenes with true parts.
_BIAS, _OVERLAP, _COVERED, _SEEN, _FAR, _SIZE, _AROUND = -3.75, 3.76, 1.45, 4.6, -13.93, -0.15, 0.89
_NEAR = 0.25  # of the diagonal beyond which two regions are not compared unless they overlap
_LEAST = 0.02  # probability of a pair that is kept
_PAIRS = 12  # that are kept of a region


@dataclass(frozen=True, eq=False)
class Look:
    """What is compared of a frame's regions.

    small: h×w int32, their labels at the flow's size, 1 … count. field: of `flow.field_of`. area: count, pixels there.
    center: count×2, (x, y) in diagonals. edge: count bool, whether it reaches the picture's edge. seen: count×C unit
    vectors or None. around: count×count bool, who borders whom.
    """

    small: NDArray[np.int32]
    field: Field
    area: NDArray[np.float64]
    center: NDArray[np.float64]
    edge: NDArray[np.bool_]
    seen: NDArray[np.float32] | None
    around: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many regions there are."""
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Links:
    """Which region of one frame is which of the next: pairs (one, other), numbers from 0, and how likely each is."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    sure: NDArray[np.float32]


def look_at(field: Field, regions: RegionMap, seen: NDArray[np.float32] | None) -> Look:
    """What is compared of the regions of a frame. field: of `flow.field_of`. seen: of `Colorizer.describe`, or None."""
    height, width = field.shape
    tall, wide = regions.labels.shape
    rows = ((np.arange(height) * 2 + 1) * tall // (2 * height)).astype(np.intp)
    columns = ((np.arange(width) * 2 + 1) * wide // (2 * width)).astype(np.intp)
    small = regions.labels[rows[:, None], columns]
    flat, count = small.reshape(-1), regions.count
    area = np.bincount(flat, minlength=count + 1)[1:].astype(np.float64)
    y, x = np.divmod(np.arange(flat.size), width)
    some, diagonal = np.maximum(area, 1.0), float(np.hypot(height, width))
    center = np.stack([np.bincount(flat, at, count + 1)[1:] / some / diagonal for at in (x, y)], axis=1)
    edge = np.zeros(count + 1, np.bool_)
    for line in (small[0], small[-1], small[:, 0], small[:, -1]):
        edge[line] = True
    return Look(small, field, area, center, edge[1:], seen, _neighbors(small, count))


def link(one: Look, other: Look) -> Links:
    """The regions of `other` that each region of `one` may be. Raises Cancelled.

    Several may be one: a limb in front cuts a region in two, and joins what it leaves.
    """
    cancellation.check()
    overlap = _overlap(one, other)
    share = overlap / np.maximum(one.area, 1.0)[:, None], overlap / np.maximum(other.area, 1.0)[None]
    union = one.area[:, None] + other.area[None] - overlap
    covered = np.maximum(*share)
    distance = np.linalg.norm(one.center[:, None] - other.center[None], axis=2)
    size = np.minimum(np.abs(np.log(np.maximum(one.area, 1.0)[:, None] / np.maximum(other.area, 1.0)[None])), 3.0)
    alike = np.zeros_like(overlap)
    if one.seen is not None and other.seen is not None:
        alike = np.clip(one.seen @ other.seen.T, 0.0, 1.0) ** 4
    score = _BIAS + _OVERLAP * overlap / np.maximum(union, 1.0) + _COVERED * covered + _SEEN * alike
    score += _FAR * distance * (1.0 - covered) + _SIZE * size * (1.0 - covered)
    score[(distance > _NEAR) & (overlap <= 0.0)] = -np.inf
    sure = _probability(score)
    # Second round: whose neighbors went where mine did.
    neighbors = one.around.astype(np.float64) @ sure @ other.around.T.astype(np.float64)
    most = np.minimum(one.around.sum(axis=1)[:, None], other.around.sum(axis=1)[None])
    score += _AROUND * np.minimum(neighbors / np.maximum(most, 1.0), 1.0)
    return _kept(_probability(score))


def same(count: int) -> Links:
    """The links between two equal frames of so many regions."""
    number = np.arange(count, dtype=np.int32)
    return Links(number, number, np.ones(count, np.float32))


def _overlap(one: Look, other: Look) -> NDArray[np.float64]:
    """count×count: pixels that both have once `one` has moved; half where the flow does not lead home."""
    ahead, closes = flow_between(one.field, other.field)
    height, width = one.small.shape
    rows, columns = np.mgrid[0:height, 0:width]
    x = np.clip(np.rint(columns + ahead[..., 0]).astype(np.intp), 0, width - 1)
    y = np.clip(np.rint(rows + ahead[..., 1]).astype(np.intp), 0, height - 1)
    met = other.small[y, x]
    keys = (one.small.astype(np.int64) - 1) * other.count + met - 1
    weights = np.where(closes, 1.0, 0.5)
    found = np.bincount(keys.reshape(-1), weights.reshape(-1), one.count * other.count)
    return found.astype(np.float64).reshape(one.count, other.count)


def _probability(score: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-score))


def _kept(sure: NDArray[np.float64]) -> Links:
    if sure.shape[0] > _PAIRS:
        least = np.partition(sure, -_PAIRS, axis=0)[-_PAIRS]
        sure = np.where(sure >= least[None], sure, 0.0)
    one, other = np.nonzero(sure >= _LEAST)
    return Links(one.astype(np.int32), other.astype(np.int32), sure[one, other].astype(np.float32))


def _neighbors(labels: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    around = np.zeros((count, count), np.bool_)
    for a, b in ((labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])):
        apart = a != b
        around[a[apart] - 1, b[apart] - 1] = True
    return around | around.T
