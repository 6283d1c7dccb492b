"""Which color of the references belongs to which region of a drawing, by what the network's attention compares."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import KDTree
from torch import Tensor

from engine import cancellation
from engine.architectures.fusion.attention import attend, weighed
from engine.architectures.interface import MASK_SHARE, LineFeatures
from engine.color import figure
from engine.line_art.regions import RegionMap
from engine.palette import Palette
from engine.request import Reference

_ON_LINE = 1e-3  # weight of a pixel of a line in its region
_INK = 0.5  # below it a pixel of a reference's line art is a line
_MOST_COLUMNS = 256  # swatches that attention is summed up for; more than that are told apart by color alone

Ink = NDArray[np.float32]
Describe = Callable[[Ink], LineFeatures | None]


def swatch_masses(
    ink: Ink, regions: RegionMap, references: Sequence[tuple[Reference, Ink]], palette: Palette, describe: Describe
) -> NDArray[np.float32] | None:
    """For each region of a drawing the share of the attention that rests on each swatch.

    ink: h×w, the drawing's line art at working size; references: at least one, each with its line art at working size;
    describe: the tokens of line art. Returns count×n float32 for the palette's n swatches, rows that sum to 1, or to 0
    where the attention rests on lines alone; None where the network compares no line art. Raises Cancelled.

    The map is double-normalized as the network's own is: with a plain softmax small parts of a reference are drowned
    by large ones. References of other weights are heeded as the network does.
    """
    drawn = describe(ink)
    if drawn is None:
        return None
    keys, carried, weights = [], [], []
    columns, held = _held_swatches(references, palette)
    for (reference, line), swatches in zip(references, held, strict=True):
        cancellation.check()
        seen = describe(line)
        assert seen is not None
        shares, places = _carried(reference, swatches, len(columns), seen)
        keys.append(_rows(seen.tokens)[:, places])
        carried.append(torch.from_numpy(shares[places])[None].to(seen.tokens.device))
        weights += [reference.weight] * len(places)
    cancellation.check()
    parts = _rows(drawn.tokens).float(), torch.cat(keys, 1).float(), torch.cat(carried, 1)
    with torch.inference_mode():
        if len(set(weights)) > 1:
            parts = weighed(*parts, weights, drawn.scale)
        gathered = attend(*parts, scale=drawn.scale)
    size = drawn.tokens.shape[2:]
    grid = gathered[0].cpu().numpy().reshape(*size, len(columns))
    masses = np.zeros((regions.count, len(palette.swatches)), np.float32)
    masses[:, columns] = _of_regions(grid, drawn.stride, ink, regions)
    return masses


def region_features(ink: Ink, regions: RegionMap, seen: LineFeatures) -> NDArray[np.float32]:
    """What the network sees in the lines around each region: count×C float32 of unit length.

    ink: h×w at working size; seen: its tokens. The mean over the region's tokens, each weighing as the paper that the
    region has in it.
    """
    grid = seen.tokens.shape[2:]
    labels = _small_labels(ink, regions)
    rows, columns = (np.arange(side) // seen.stride for side in ink.shape)
    tokens = np.add.outer(rows * grid[1], columns).reshape(-1)
    weight = (_ON_LINE + ink.astype(np.float32) ** 2).reshape(-1)
    shape = regions.count, grid[0] * grid[1]
    share = sparse.csr_matrix((weight, (labels, tokens)), shape)
    features = share @ _rows(seen.tokens)[0].float().cpu().numpy()
    unseen = np.bincount(labels, minlength=regions.count) == 0
    if unseen.any():
        at = _first_tokens(ink, regions, unseen, seen.stride)
        features[unseen] = seen.tokens[0, :, at[0], at[1]].float().cpu().numpy().T
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(length, 1e-12)).astype(np.float32)


def _rows(maps: Tensor) -> Tensor:
    """1×C×h×w → 1×hw×C."""
    return maps.flatten(2).transpose(1, 2)


def _held_swatches(
    references: Sequence[tuple[Reference, Ink]], palette: Palette
) -> tuple[NDArray[np.intp], list[NDArray[np.intp]]]:
    """The numbers of the swatches that the references hold, and of each of their pixels which of these it holds, -1 for
    a line.

    Time grows with each of them. Of a palette of thousands those are taken that most pixels hold, and each pixel holds
    the nearest of these.
    """
    off_lines = [line > _INK for _, line in references]
    swatches = palette.colors()
    held = [nearest_swatches(reference, line.shape, swatches) for reference, line in references]
    counts = sum(
        np.bincount(numbers[counted], minlength=len(swatches)) for numbers, counted in zip(held, off_lines, strict=True)
    )
    columns = np.flatnonzero(counts)
    if len(columns) == 0:
        columns = np.arange(1)
    if len(columns) > _MOST_COLUMNS:
        columns = np.sort(np.argsort(-np.asarray(counts), kind="stable")[:_MOST_COLUMNS])
        held = [nearest_swatches(reference, line.shape, swatches[columns]) for reference, line in references]
    else:
        held = [np.searchsorted(columns, numbers) for numbers in held]
    return columns, [np.where(counted, numbers, -1) for numbers, counted in zip(held, off_lines, strict=True)]


def _carried(
    reference: Reference, held: NDArray[np.intp], count: int, seen: LineFeatures
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The share of each of `count` swatches in each token of a reference, tokens×count, and the tokens looked at.

    held: the swatch of each pixel, -1 on lines. Lines and what is masked out hold no swatch; as in the network, tokens
    masked out for the most part are left out.
    """
    grid = seen.tokens.shape[2], seen.tokens.shape[3]
    if reference.mask is None:
        return _shares(held, grid, seen.stride, count), np.arange(grid[0] * grid[1])
    mask = cv2.resize(reference.mask.astype(np.uint8), held.shape[::-1], interpolation=cv2.INTER_NEAREST)
    counts = np.asarray(mask) > 0
    looked_at = _shares(np.where(counts, 0, -1), grid, seen.stride, 1)[:, 0] >= MASK_SHARE
    places = np.flatnonzero(looked_at if looked_at.any() else ~looked_at)
    return _shares(np.where(counts, held, -1), grid, seen.stride, count), places


def nearest_swatches(reference: Reference, size: tuple[int, ...], swatches: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The number of the swatch (n×3 sRGB) nearest to each pixel of a reference at a size of height and width; of equal
    ones the first."""
    pixels = np.asarray(cv2.resize(reference.pixels, (size[1], size[0]), interpolation=cv2.INTER_AREA), np.uint8)
    known, first = np.unique(swatches, axis=0, return_index=True)
    digits = pixels.astype(np.int32) @ np.asarray([65536, 256, 1], np.int32)
    packed, place = np.unique(digits, return_inverse=True)
    colors = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8)
    nearest = first[KDTree(figure.to_lab(known)).query(figure.to_lab(colors))[1]]
    return nearest[place].reshape(size)


def _shares(held: NDArray[np.intp], grid: tuple[int, int], stride: int, count: int) -> NDArray[np.float32]:
    """h×w numbers of `count` swatches → th·tw×count, of each token's pixels the share that each swatch holds."""
    tokens = np.add.outer(np.arange(held.shape[0]) // stride * grid[1], np.arange(held.shape[1]) // stride)
    keys = (tokens * count + held)[held >= 0]
    found = np.bincount(keys, minlength=grid[0] * grid[1] * count).reshape(-1, count)
    return (found / np.float32(stride**2)).astype(np.float32)


def _of_regions(grid: NDArray[np.float32], stride: int, ink: Ink, regions: RegionMap) -> NDArray[np.float32]:
    """th×tw×n over tokens → count×n, the means over the regions, rows scaled to a sum of 1."""
    height, width = ink.shape
    small = _small_labels(ink, regions)
    weight = (_ON_LINE + ink.astype(np.float64) ** 2).reshape(-1)
    size = grid.shape[1] * stride, grid.shape[0] * stride
    sums = np.zeros((regions.count, grid.shape[2]))
    for swatch in range(grid.shape[2]):
        full = cv2.resize(grid[..., swatch], size, interpolation=cv2.INTER_LINEAR)[:height, :width]
        sums[:, swatch] = np.bincount(small, weight * full.reshape(-1), regions.count)
    unseen = np.bincount(small, minlength=regions.count) == 0
    if unseen.any():
        tokens = _first_tokens(ink, regions, unseen, stride)
        sums[unseen] = grid[tokens[0], tokens[1]]
    total = sums.sum(axis=1, keepdims=True)
    return (sums / np.where(total > 0.0, total, 1.0)).astype(np.float32)


def _small_labels(ink: Ink, regions: RegionMap) -> NDArray[np.int32]:
    """The labels at the pixels of h×w ink, from 0, row by row."""
    sides = zip(ink.shape, regions.labels.shape, strict=True)
    rows, columns = (np.arange(few) * many // few for few, many in sides)
    return regions.labels[rows[:, None], columns].reshape(-1) - 1


def _first_tokens(
    ink: Ink, regions: RegionMap, chosen: NDArray[np.bool_], stride: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the token that holds the first pixel of each chosen region."""
    first = _first_pixels(regions.labels, chosen)
    row, column = (
        at * few // many // stride for at, few, many in zip(first, ink.shape, regions.labels.shape, strict=True)
    )
    return row, column


def _first_pixels(labels: NDArray[np.int32], chosen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the first pixel of each chosen region; regions are counted from 0."""
    pixels = np.flatnonzero(np.append(False, chosen)[labels])
    first = np.zeros(len(chosen) + 1, np.intp)
    first[labels.reshape(-1)[pixels[::-1]]] = pixels[::-1]  # what is assigned last stays
    return np.divmod(first[1:][chosen], labels.shape[1])
