"""Which color of the references belongs to which region of a drawing, by what the network's attention compares."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine import cancellation
from engine.architectures.fusion.attention import attend
from engine.architectures.interface import LineFeatures
from engine.color import figure
from engine.color.palette import Palette
from engine.line_art.regions import RegionMap
from engine.request import Reference

_ON_LINE = 1e-3  # weight of a pixel of a line in its region
_INK = 0.5  # below it a pixel of a reference's line art is a line

Ink = NDArray[np.float32]
Describe = Callable[[Ink], LineFeatures | None]


def swatch_masses(
    ink: Ink, regions: RegionMap, references: Sequence[tuple[Reference, Ink]], palette: Palette, describe: Describe
) -> NDArray[np.float32] | None:
    """For each region of a drawing the share of the attention that rests on each swatch.

    ink: h×w, the drawing's line art at working size; references: each with its line art at working size; describe:
    the tokens of line art. Returns count×n float32 for the palette's n swatches, rows that sum to 1, or to 0 where the
    attention rests on lines alone; None where the network compares no line art.

    The map is double-normalized as the network's own is: with a plain softmax small parts of a reference are drowned
    by large ones.
    """
    drawn = describe(ink)
    if drawn is None:
        return None
    keys, carried = [], []
    for reference, line in references:
        cancellation.check()
        seen = describe(line)
        assert seen is not None
        keys.append(_rows(seen.tokens))
        carried.append(_rows(_shares(_places(reference, line, palette), seen).to(seen.tokens.device)))
    cancellation.check()
    with torch.inference_mode():
        gathered = attend(
            _rows(drawn.tokens).float(), torch.cat(keys, 1).float(), torch.cat(carried, 1), scale=drawn.scale
        )
    size = drawn.tokens.shape[2:]
    grid = gathered[0].cpu().numpy().reshape(*size, len(palette.swatches))
    return _of_regions(grid, drawn.stride, ink, regions)


def _rows(maps: Tensor) -> Tensor:
    """1×C×h×w → 1×hw×C."""
    return maps.flatten(2).transpose(1, 2)


def _places(reference: Reference, line: Ink, palette: Palette) -> NDArray[np.float32]:
    """Where on a reference each swatch lies: h×w×n, 1 for the swatch nearest to a pixel; all 0 on lines and where the
    reference is masked out."""
    height, width = line.shape
    pixels = np.asarray(cv2.resize(reference.pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    lab, swatches = figure.to_lab(pixels), figure.to_lab(palette.colors())
    distance = np.stack([np.square(lab - swatch).sum(axis=2) for swatch in swatches], axis=2)
    held = line > _INK
    if reference.mask is not None:
        held &= cv2.resize(reference.mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    places = np.zeros(distance.shape, np.float32)
    np.put_along_axis(places, distance.argmin(axis=2)[..., None], held[..., None].astype(np.float32), axis=2)
    return places


def _shares(places: NDArray[np.float32], seen: LineFeatures) -> Tensor:
    """h×w×n → 1×n×th×tw, the mean over each token's pixels; what lies beyond the picture holds nothing."""
    height, width = (size * seen.stride for size in seen.tokens.shape[2:])
    padded = F.pad(
        torch.from_numpy(places.transpose(2, 0, 1)), (0, width - places.shape[1], 0, height - places.shape[0])
    )
    return F.avg_pool2d(padded[None], seen.stride)


def _of_regions(grid: NDArray[np.float32], stride: int, ink: Ink, regions: RegionMap) -> NDArray[np.float32]:
    """th×tw×n over tokens → count×n, the means over the regions, rows scaled to a sum of 1."""
    height, width = ink.shape
    labels = regions.labels
    rows, columns = (np.arange(few) * many // few for few, many in zip(ink.shape, labels.shape, strict=True))
    small = labels[rows[:, None], columns].reshape(-1) - 1
    weight = (_ON_LINE + ink.astype(np.float64) ** 2).reshape(-1)
    size = grid.shape[1] * stride, grid.shape[0] * stride
    sums = np.zeros((regions.count, grid.shape[2]))
    for swatch in range(grid.shape[2]):
        full = cv2.resize(grid[..., swatch], size, interpolation=cv2.INTER_LINEAR)[:height, :width]
        sums[:, swatch] = np.bincount(small, weight * full.reshape(-1), regions.count)
    _fill_unseen(sums, np.bincount(small, minlength=regions.count) == 0, labels, grid)
    total = sums.sum(axis=1, keepdims=True)
    return (sums / np.where(total > 0.0, total, 1.0)).astype(np.float32)


def _fill_unseen(
    sums: NDArray[np.float64], unseen: NDArray[np.bool_], labels: NDArray[np.int32], grid: NDArray[np.float32]
) -> None:
    """Regions too small to be met at working size take the token at their first pixel."""
    if not unseen.any():
        return
    found, first = np.unique(labels, return_index=True)
    chosen = unseen[found - 1]
    row, column = np.divmod(first[chosen], labels.shape[1])
    height, width = labels.shape
    sums[found[chosen] - 1] = grid[row * grid.shape[0] // height, column * grid.shape[1] // width]
