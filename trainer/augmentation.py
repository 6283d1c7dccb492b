"""Random changes of pictures: colors that can only be copied, never guessed, and shapes that never match exactly.

Pictures are H×W×3 uint8 sRGB on white, line art H×W uint8 (0 ink, 255 paper) until it becomes a tensor.
"""

from functools import lru_cache

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, RBFInterpolator
from scipy.ndimage import zoom
from torch import Tensor

Pixels = NDArray[np.uint8]
Generator = np.random.Generator
Size = tuple[int, int]  # height, width
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]  # x and y to take every pixel from

LUT_SIDE = 32  # entries along each side of a color table: 8 levels share one
JITTER = (0.6, 1.4)  # range of the factors of `jitter`
_WARP_KNOTS = 9  # along each side of a thin-plate warp
_IDENTITY_GRID = 4  # nodes along each side of the random color map before it is refined to LUT_SIDE


def random_color_table(rng: Generator, strength: float) -> NDArray[np.uint8]:
    """A random smooth map of colors, as a 32×32×32×3 table indexed by the top five bits of R, G and B.

    Every node of a coarse grid moves on its own, so hair, skin and cloth change independently. White and black stay:
    paper and ink are not colors of the character. strength in [0, 1]: how far from its place a color may go.
    """
    axis = np.linspace(0.0, 255.0, _IDENTITY_GRID, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)
    random = rng.uniform(0.0, 255.0, grid.shape).astype(np.float32)
    # Two neighboring nodes that land on one color would merge regions; a share of the old place keeps them apart.
    table = np.asarray(zoom(grid + strength * (random - grid), (LUT_SIDE / _IDENTITY_GRID,) * 3 + (1,), order=1))
    side = np.linspace(0.0, 1.0, LUT_SIDE, dtype=np.float32)
    r, g, b = np.meshgrid(side, side, side, indexing="ij")
    identity = np.stack([r, g, b], axis=-1) * 255.0
    low, high = np.minimum(np.minimum(r, g), b), np.maximum(np.maximum(r, g), b)
    pin = np.maximum(np.clip((low - 0.86) / 0.1, 0.0, 1.0), np.clip((0.28 - high) / 0.16, 0.0, 1.0))[..., None]
    return np.clip(table * (1.0 - pin) + identity * pin, 0.0, 255.0).astype(np.uint8)


def apply_color_table(pixels: Pixels, table: NDArray[np.uint8]) -> Pixels:
    """Look every pixel's color up in a table of `random_color_table`."""
    index = pixels >> 3
    return table[index[..., 0], index[..., 1], index[..., 2]]


def shift_hsl(pixels: Pixels, hue: float, saturation: float, lightness: float) -> Pixels:
    """Turn the hue (degrees), scale the saturation, bend the lightness by a power (1 leaves it)."""
    levels = np.arange(256, dtype=np.float32)
    return _through_hsl(pixels, hue, levels * saturation, 255.0 * (levels / 255.0) ** lightness)


def _through_hsl(pixels: Pixels, hue: float, saturation: NDArray[np.float32], lightness: NDArray[np.float32]) -> Pixels:
    """Turn the hue (degrees), and look up saturation and lightness in tables of 256 levels up to 255."""
    turned = (np.arange(256) + round(hue / 360.0 * 256.0)) % 256
    table = np.clip(np.stack([turned, lightness, saturation], axis=-1), 0, 255).astype(np.uint8)
    hls = cv2.cvtColor(pixels, cv2.COLOR_RGB2HLS_FULL)
    return np.asarray(cv2.cvtColor(cv2.LUT(hls, table[None]), cv2.COLOR_HLS2RGB_FULL), np.uint8)


def jitter(pixels: Pixels, rng: Generator) -> Pixels:
    """Color jitter: hue turned by any angle; saturation, brightness and contrast scaled by 0.6 to 1.4.

    Brightness and contrast are curves of the HSL lightness l that leave 0 and 1 where they are, so that paper stays
    white and ink black, and photographs lose no highlights: l ^ (1 / brightness), then an S with slope `contrast` in
    its middle. A gray has no hue and stays gray.
    """
    hue = rng.uniform(0.0, 360.0)
    saturation, brightness, contrast = rng.uniform(*JITTER, 3)
    levels = np.linspace(0.0, 1.0, 256, dtype=np.float32)
    light = levels ** (1.0 / brightness)
    light += (contrast - 1.0) * 2.0 * (2.0 * light - 1.0) * light * (1.0 - light)
    return _through_hsl(pixels, hue, 255.0 * levels * saturation, 255.0 * light)


def recolor(pictures: list[Pixels], rng: Generator) -> list[Pixels]:
    """The same random change of colors on every picture."""
    choice = rng.random()
    if choice < 0.5:
        table = random_color_table(rng, rng.uniform(0.3, 0.9))
        return [apply_color_table(p, table) for p in pictures]
    if choice < 0.9:
        hue, saturation, lightness = rng.uniform(0, 360), rng.uniform(0.4, 1.5), rng.uniform(0.7, 1.5)
        return [shift_hsl(p, hue, saturation, lightness) for p in pictures]
    return pictures


def affine(size: Size, canvas: Size, rng: Generator, *, scale: tuple[float, float], turn: float) -> NDArray[np.float64]:
    """A random placement of a picture of `size` on a canvas (height, width both), as a 2×3 matrix.

    scale: range of the picture's size over that which just fits; turn: largest rotation in degrees.
    """
    height, width = size
    factor = min(canvas[0] / height, canvas[1] / width) * rng.uniform(*scale)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-turn, turn)), factor)
    if rng.random() < 0.5:
        matrix = matrix @ np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], dtype=np.float64)
    # What is larger than the canvas may move until its edge meets the canvas's; what is smaller may move freely.
    middle = np.array([canvas[1], canvas[0]]) / 2
    room = np.abs(np.array([width, height]) * factor / 2 - middle)
    matrix[:, 2] += middle - np.array([width / 2, height / 2]) + rng.uniform(-room, room)
    return np.asarray(matrix, np.float64)


def place(pixels: Pixels, matrix: NDArray[np.float64], canvas: Size) -> Pixels:
    """Draw a picture on a white canvas (height, width) by a matrix of `affine`."""
    shrink = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if shrink < 0.6:
        # Linear sampling alone skips thin lines when it shrinks far: average first.
        half = np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = matrix @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]], dtype=np.float64)
        return place(half, matrix, canvas)
    white = (255, 255, 255)
    drawn = cv2.warpAffine(pixels, matrix, (canvas[1], canvas[0]), flags=cv2.INTER_LINEAR, borderValue=white)
    return np.asarray(drawn, np.uint8)


def thin_plate_warp(canvas: Size, rng: Generator, strength: float) -> Maps:
    """Maps for `warp` of a random thin-plate-spline warp of a canvas (height, width).

    A 3×3 grid of control points moves by up to `strength` of the side (the corners by half of that).
    """
    ticks = np.array([0.0, 0.5, 1.0])
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    moved = points + rng.uniform(-strength, strength, points.shape) * np.where(
        np.abs(points - 0.5).min(axis=1, keepdims=True) < 0.25, 1.0, 0.5
    )
    coarse = np.linspace(0.0, 1.0, _WARP_KNOTS)
    query = np.stack(np.meshgrid(coarse, coarse), axis=-1).reshape(-1, 2)
    field = RBFInterpolator(points, moved, kernel="thin_plate_spline")(query)
    field = field.reshape(_WARP_KNOTS, _WARP_KNOTS, 2) * (canvas[1] - 1, canvas[0] - 1)
    # The warp is smooth: cubic interpolation between a few knots is exact to well under a pixel, and quick. The
    # products are torch's, which keeps to the threads it is given: NumPy's wake others, which costs more than they do.
    down, across = _spline_basis(canvas[0]), _spline_basis(canvas[1])
    x, y = ((down @ torch.from_numpy(field[..., axis]) @ across.T).float().numpy() for axis in (0, 1))
    return x, y


@lru_cache
def _spline_basis(side: int) -> Tensor:
    """side×knots matrix from values at equidistant knots to a cubic spline through them at every pixel."""
    spline = CubicSpline(np.linspace(0.0, 1.0, _WARP_KNOTS), np.eye(_WARP_KNOTS))
    return torch.from_numpy(spline(np.linspace(0.0, 1.0, side)))


def diagonal_warp(side: int, rng: Generator, strength: float = 0.25) -> Maps:
    """Maps for `warp` of the published thin-plate spline on a canvas of side × side pixels.

    Four control points hold the corners; two, at 0.3 and 0.7 of the diagonal, take their colors from up to `strength`
    of the side away in x and in y (Lee et al., "Reference-Based Sketch Image Colorization using Augmented-Self
    Reference and Dense Semantic Correspondence", CVPR 2020, section 3.2; Li et al., ECCV 2022).
    """
    ticks, (first, second) = np.arange(side, dtype=np.float32), _diagonal_influence(side)
    (x1, y1), (x2, y2) = (rng.uniform(-strength, strength, (2, 2)) * (side - 1)).astype(np.float32)
    return x1 * first + x2 * second + ticks, y1 * first + y2 * second + ticks[:, None]


@lru_cache(maxsize=4)
def _diagonal_influence(side: int) -> NDArray[np.float32]:
    """How far every pixel goes along with either point of the diagonal: 2 × side × side.

    A thin-plate spline is linear in the values at its control points, so these two fields give every warp exactly.
    """
    points = np.array([(0, 0), (1, 0), (0, 1), (1, 1), (0.3, 0.3), (0.7, 0.7)])
    ticks = np.linspace(0.0, 1.0, side)
    query = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    moved = np.concatenate([np.zeros((4, 2)), np.eye(2)])
    field = RBFInterpolator(points, moved, kernel="thin_plate_spline")(query)
    return np.ascontiguousarray(field.T.reshape(2, side, side), np.float32)


def warp(pixels: Pixels, maps: Maps) -> Pixels:
    """Apply the maps of `thin_plate_warp` or `diagonal_warp`; what comes from outside is white."""
    white = (255, 255, 255)
    drawn = cv2.remap(pixels, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=white)
    return np.asarray(drawn, np.uint8)


def vary_line(line: Pixels, rng: Generator) -> Pixels:
    """Line art as different hands and scanners would have it: thicker, softer, paler, with gaps."""
    choice = rng.random()
    if choice < 0.5:
        return line
    if choice < 0.7:
        line = np.asarray(cv2.erode(line, np.ones((2, 2), np.uint8)), np.uint8)
    elif choice < 0.85:
        line = np.asarray(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.4, 0.8)), np.uint8)
    if rng.random() < 0.5:
        paleness = rng.uniform(0.0, 0.5)
        line = np.asarray(cv2.convertScaleAbs(line, alpha=1.0 - paleness, beta=255.0 * paleness), np.uint8)
    if rng.random() < 0.3:
        line = line.copy()
        for _ in range(int(rng.integers(1, 12))):
            x, y = rng.integers(0, line.shape[1]), rng.integers(0, line.shape[0])
            cv2.circle(line, (int(x), int(y)), int(rng.integers(1, 3)), 255, -1)
    return line
