"""How near a coloring is to the drawing it should have become.

Pictures are H×W×3 uint8 sRGB on white. Everything that compares two of them does so at one size, `COMPARED_SIDE` for
the longer side (see `fit`), so that drawings of any size weigh alike. Colors are CIELAB (D65) with L in [0, 100]; color
differences are CIEDE2000. A measure that a picture does not allow (no region, too narrow) is NaN.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.line_art.xdog import gray_of, xdog
from trainer import extras

if TYPE_CHECKING:  # only those measures that need torch and torchmetrics import them
    from torch import Tensor

Pixels = NDArray[np.uint8]
Lab = NDArray[np.float32]

COMPARED_SIDE = 512  # pixels
SIGMA = 0.4  # of the XDoG that cuts a picture into regions
SMALLEST_REGION = 0.0002  # of the picture
SMALLEST_PAPER = 0.02  # of the picture, from which a white region is the paper
PAPER_LIGHTNESS, PAPER_CHROMA = 96.0, 3.0
RIGHT_DIFFERENCE = 10.0  # CIEDE2000 up to which a region has the right color
TINT_DIFFERENCE = 3.0  # CIEDE2000 from which paper is tinted
PALETTE_BIN, PALETTE_SHARE = 32, 0.005  # side of a bin of similar colors in levels of 256; share that makes it a color
BEST_PSNR = 100.0  # dB, stands for infinity
PAPER_CODE_SIDE = 256


@dataclass(frozen=True, eq=False)
class Regions:
    """The areas between the lines of a picture, n of them.

    labels: H×W uint16, 0 where there is no region, else 1 … n. areas: n pixel counts. colors: n×3 medians (L, a, b).
    paper: n bool, True for the white background.
    pixels, bounds: region i has the flat pixel indices pixels[bounds[i - 1] : bounds[i]].
    """

    labels: NDArray[np.uint16]
    areas: NDArray[np.int64]
    colors: Lab
    paper: NDArray[np.bool_]
    pixels: NDArray[np.int64]
    bounds: NDArray[np.int64]


@dataclass(frozen=True)
class RegionScore:
    """accuracy: share in [0, 1] of the regions' area with the right color. difference: mean CIEDE2000 over area."""

    accuracy: float
    difference: float


def fit(pixels: Pixels, side: int = COMPARED_SIDE) -> Pixels:
    """`pixels` with its longer side at `side`: averaged when it shrinks, cubic when it grows; keeps the aspect."""
    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    if factor == 1.0:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(
        cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if factor < 1.0 else cv2.INTER_CUBIC), np.uint8
    )


def find_regions(picture: Pixels) -> Regions:
    """Cut a picture (at `COMPARED_SIDE`) at its lines.

    Regions are the 4-connected components of the paper of its XDoG, σ = 0.4, of at least 0.02 % of the picture. Those
    with a median of L* > 96 and chroma < 3 that cover over 2 % of the picture are paper.
    """
    paper = (xdog(gray_of(picture), SIGMA) > 0.5).astype(np.uint8)
    count, components, statistics, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    all_areas = statistics[:, cv2.CC_STAT_AREA].astype(np.int64)
    all_areas[0] = 0  # the lines
    kept = np.flatnonzero((all_areas >= SMALLEST_REGION * paper.size) & (all_areas > 0))
    number = np.zeros(count, np.uint16)
    number[kept] = np.arange(1, len(kept) + 1)
    labels, areas = number[np.asarray(components, np.intp)], all_areas[kept]
    # numpy sorts 16-bit integers by radix, in a few milliseconds for a whole picture.
    pixels = np.argsort(labels.reshape(-1), kind="stable")[labels.size - int(areas.sum()) :]
    bounds = np.concatenate([[0], np.cumsum(areas)])
    colors = _medians(to_lab(picture), pixels, bounds)
    white = (colors[:, 0] > PAPER_LIGHTNESS) & (np.hypot(colors[:, 1], colors[:, 2]) < PAPER_CHROMA)
    return Regions(labels, areas, colors, white & (areas > SMALLEST_PAPER * paper.size), pixels, bounds)


def region_colors(output: Pixels, regions: Regions) -> Lab:
    """n×3 medians (L, a, b) of `output`, a picture of the same size, in each region. Raises ValueError for another."""
    if output.shape[:2] != regions.labels.shape:
        raise ValueError(f"the picture is {output.shape[:2]}, its regions are of {regions.labels.shape}")
    return _medians(to_lab(output), regions.pixels, regions.bounds)


def _medians(lab: Lab, pixels: NDArray[np.int64], bounds: NDArray[np.int64]) -> Lab:
    values = np.ascontiguousarray(lab.reshape(-1, 3)[pixels].T)
    found = [np.median(values[:, start:end], axis=1) for start, end in pairwise(bounds)]
    return np.asarray(found, np.float32).reshape(-1, 3)


def region_score(colors: Lab, regions: Regions) -> RegionScore:
    """Region color accuracy: is each region of the drawing in its color?

    colors: n×3, of `region_colors`. A region is right when CIEDE2000 between the medians is at most 10; paper is left
    out. NaN when the drawing has no region but paper.
    """
    scored = ~regions.paper
    areas = regions.areas[scored].astype(np.float64)
    if not areas.size:
        return RegionScore(float("nan"), float("nan"))
    difference = ciede2000(regions.colors[scored], colors[scored])
    right = difference <= RIGHT_DIFFERENCE
    return RegionScore(float(np.average(right, weights=areas)), float(np.average(difference, weights=areas)))


def tinted_paper(output: Pixels, target: Pixels, regions: Regions) -> float:
    """Share in [0, 1] of the paper of `target` that is tinted in `output`: CIEDE2000 of the pixels above 3.

    Paper are the pixels of paper regions that are white themselves (a shadow on the paper is not, nor is cloth that the
    paper reaches through a gap in the lines) and do not touch a line, because lines of another smoothness are no tint.
    NaN when there is no paper.
    """
    is_paper = np.concatenate([[False], regions.paper])[regions.labels]
    inside = cv2.erode(is_paper.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    wanted = to_lab(target)
    inside &= (wanted[..., 0] > PAPER_LIGHTNESS) & (np.hypot(wanted[..., 1], wanted[..., 2]) < PAPER_CHROMA)
    area = int(np.count_nonzero(inside))
    if area == 0:
        return float("nan")
    # Most of the paper has a few pairs of colors: compare each pair once.
    both = np.concatenate([output[inside], target[inside]], axis=1).astype(np.int64)
    codes, counts = np.unique(both @ (1 << np.arange(40, -1, -8, dtype=np.int64)), return_counts=True)
    pairs = (codes[:, None] >> np.arange(40, -1, -8) & 255).astype(np.uint8).reshape(-1, 2, 3)
    lab = to_lab(pairs)
    return float(counts[ciede2000(lab[:, 0], lab[:, 1]) > TINT_DIFFERENCE].sum() / area)


def find_palette(reference: Pixels) -> Lab:
    """The colors that a reference (at `COMPARED_SIDE`) has to give: k×3 (L, a, b).

    The medians of its regions, paper included; and, as one region may hold light and shade, the mean of every bin of
    32×32×32 RGB levels with at least 0.5 % of the picture.
    """
    steps = (reference // PALETTE_BIN).reshape(-1, 3).astype(np.intp)
    side = 256 // PALETTE_BIN
    bins = (steps[:, 0] * side + steps[:, 1]) * side + steps[:, 2]
    counts = np.bincount(bins, minlength=side**3)
    lab = to_lab(reference).reshape(-1, 3)
    sums = np.stack([np.bincount(bins, lab[:, axis], side**3) for axis in range(3)], axis=1)
    common = counts >= PALETTE_SHARE * len(bins)
    return np.concatenate([find_regions(reference).colors, sums[common] / counts[common, None]]).astype(np.float32)


def palette_share(colors: Lab, regions: Regions, palette: Lab) -> float:
    """Share in [0, 1] of the regions' area, paper left out, whose color is within CIEDE2000 10 of the palette.

    colors: n×3 of `region_colors`; palette: k×3 of `find_palette`. NaN when there is no region but paper.
    """
    scored = ~regions.paper
    if not scored.any():
        return float("nan")
    nearest = ciede2000(colors[scored][:, None], palette[None]).min(axis=1)
    return float(np.average(nearest <= RIGHT_DIFFERENCE, weights=regions.areas[scored].astype(np.float64)))


def psnr(output: Pixels, target: Pixels) -> float:
    """Peak signal-to-noise ratio in dB over all pixels and channels; 100 where the pictures are (nearly) the same."""
    error = float(np.mean((output.astype(np.float64) - target) ** 2))
    return BEST_PSNR if error == 0.0 else min(BEST_PSNR, 10.0 * float(np.log10(255.0**2 / error)))


def ssim_of_paper(output: Pixels, target: Pixels) -> float:
    """SSIM as the code of the ECCV 2022 paper takes it: over the whole picture at once, without a window.

    Both pictures are squeezed to 256×256 and turned grey, as there. The formula is Wang et al. (IEEE TIP 13(4), 2004,
    Eq. 13) with the statistics of all pixels, k1 = 0.01, k2 = 0.03, L = 255. It hardly sees where an error is, so its
    values are far above those of `ssim`.
    """
    one, two = (_small_gray(picture) for picture in (output, target))
    c1, c2 = (0.01 * 255.0) ** 2, (0.03 * 255.0) ** 2
    mean1, mean2 = one.mean(), two.mean()
    covariance = ((one - mean1) * (two - mean2)).mean()
    lightness = (2.0 * mean1 * mean2 + c1) / (mean1**2 + mean2**2 + c1)
    return float(lightness * (2.0 * covariance + c2) / (one.var() + two.var() + c2))


def _small_gray(picture: Pixels) -> NDArray[np.float64]:
    small = cv2.resize(picture, (PAPER_CODE_SIDE, PAPER_CODE_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float64)


def ssim(output: Pixels, target: Pixels) -> float:
    """Structural similarity, at most 1: 11×11 Gaussian window, σ = 1.5, mean of R, G and B (torchmetrics).

    Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment", IEEE TIP 13(4), 2004. In float32,
    so that a picture against itself may give 0.9999. NaN for a side below 11 pixels. Raises RequestError where
    torchmetrics is not installed.
    """
    extras.require("torchmetrics")
    from torchmetrics.functional.image import structural_similarity_index_measure

    if min(target.shape[:2]) < 11:
        return float("nan")
    one, two = _tensors(output, target)
    return float(structural_similarity_index_measure(one, two, sigma=1.5, data_range=1.0))  # type: ignore[arg-type]


def ms_ssim(output: Pixels, target: Pixels) -> float:
    """Multi-scale structural similarity over five scales, in [0, 1] (torchmetrics).

    Wang, Simoncelli, Bovik: "Multi-scale structural similarity for image quality assessment", Asilomar 2003. NaN where
    the shorter side has less than 176 pixels, too few for the window on the fifth scale. Raises RequestError where
    torchmetrics is not installed.
    """
    extras.require("torchmetrics")
    from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

    if min(target.shape[:2]) < 176:
        return float("nan")
    one, two = _tensors(output, target)
    return float(multiscale_structural_similarity_index_measure(one, two, sigma=1.5, data_range=1.0, normalize="relu"))


def _tensors(*pictures: Pixels) -> "tuple[Tensor, ...]":
    """H×W×3 uint8 → 1×3×H×W float32 in [0, 1]."""
    import torch

    return tuple(torch.from_numpy(np.ascontiguousarray(p.transpose(2, 0, 1)))[None].float() / 255.0 for p in pictures)
