"""What lies under the lines: the paper's colour and lighting, and whether the drawing is light on dark.

Everything here looks at a reduced picture, H×W×C float32 in [0, 1] (`reduced`), for which a few hundred pixels a side
are plenty.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import narrow
from engine.line_art.extent import seen_side

_LOOKING_SIZE = 512  # pixels of the seen side
_BLOCKS = 16  # a side, in which the paper is looked for
_BRIGHT_SHARE = 75  # percentile: what is brighter in a block is taken for its paper
_PAPER_SPREAD = 0.04  # blocks darker than the fitted paper by more than this hold no paper
_FIT_ROUNDS = 8
_UNEVEN = (0.85, 1.1)  # local paper against the fitted one; beyond lie black fills and light leaks

FloatPicture = NDArray[np.float32]


def reduced(pixels: NDArray[np.uint8]) -> FloatPicture:
    """`pixels` (H×W or H×W×C uint8) as H×W×C float32 in [0, 1], no side longer than 512; of a strip the
    shorter one is a third of that at most."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _LOOKING_SIZE / seen_side((height, width)))
    if scale < 1.0:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    small = pixels.astype(np.float32) / np.float32(255.0)
    return small if small.ndim == 3 else small[..., None]


def is_light_on_dark(small: FloatPicture) -> bool:
    """True for white lines on black or coloured paper: dark within and at the border, and all that is light is thin."""
    tone = narrow.mean(small)
    border = np.concatenate((tone[0], tone[-1], tone[:, 0], tone[:, -1]))
    paper = float(np.median(tone))
    if paper > 0.5 or float(np.median(border)) > 0.5:
        return False
    lighter = np.maximum(tone - paper, 0.0)
    lit = float((lighter > 0.15).mean())
    broad = float((opened(lighter, 0.04) > 0.15).mean())
    darker = float((tone < paper - 0.15).mean())
    return lit > 0.0 and broad < 0.25 * lit and darker < 0.25 * lit


def opened(values: FloatPicture, share: float) -> FloatPicture:
    """Grey opening of H×W `values` with a disc `share` of the longer side wide: what is thinner vanishes."""
    width = max(3, round(seen_side(values.shape) * share) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.morphologyEx(values, cv2.MORPH_OPEN, disc), dtype=np.float32)


def fitted_paper(small: FloatPicture) -> FloatPicture:
    """Paper colour at every pixel of H×W×C `small`: a quadratic in x and y through its brightest blocks.

    So stiff a surface follows a lamp's falloff but never a coloured area. Least squares, dropping in each round the
    blocks that lie below the surface and so hold no paper.
    """
    height, width = small.shape[:2]
    places, colors = _bright_blocks(small)
    tones = colors.mean(axis=1)
    kept = tones >= np.percentile(tones, 60)
    terms = coefficients = None
    for _ in range(_FIT_ROUNDS):
        terms = _quadratic(*places.T)
        if kept.sum() < 24:
            terms = terms[:, :1]  # too little paper to tell how its light falls
        coefficients = np.linalg.lstsq(terms[kept], colors[kept], rcond=None)[0]
        again = tones > (terms @ coefficients).mean(axis=1) - _PAPER_SPREAD
        if not again.any() or (again == kept).all():
            break
        kept = again
    assert terms is not None and coefficients is not None
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    surface = _quadratic(y, x)[..., : terms.shape[1]] @ coefficients
    return np.clip(surface, 0.02, 1.5).astype(np.float32)


def local_paper(small: FloatPicture) -> FloatPicture:
    """Paper level of H×W×1 `small`, following shadows and folds that the fitted surface is too stiff for."""
    height, width = small.shape[:2]
    fitted = fitted_paper(small)[..., 0]
    count = min(2 * _BLOCKS, height), min(2 * _BLOCKS, width)
    coarse = np.empty(count, dtype=np.float32)
    for which, blocks in _blocks(np.stack((small[..., 0], fitted), axis=-1), count):
        expected = blocks[..., 1].mean(axis=-1)
        seen = np.percentile(blocks[..., 0], 90, axis=-1)
        even = (_UNEVEN[0] < seen / expected) & (seen / expected < _UNEVEN[1])
        coarse[which] = np.where(even, seen, expected)
    coarse = cv2.GaussianBlur(coarse, (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def whitened(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """H×W×3 uint8 with its paper and the lighting divided out of each channel: on white, its grain still there."""
    height, width = pixels.shape[:2]
    channels = []
    for number in range(3):
        channel = np.ascontiguousarray(pixels[..., number])
        paper = cv2.resize(local_paper(reduced(channel)), (width, height), interpolation=cv2.INTER_LINEAR)
        level = np.asarray(cv2.divide(channel.astype(np.float32), paper), np.float32)
        channels.append(np.clip(level + 0.5, 0.0, 255.0).astype(np.uint8))
    return np.asarray(cv2.merge(channels), np.uint8)


def _bright_blocks(small: FloatPicture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres (y, x in [-1, 1]) and mean colours of the brighter part of each block."""
    height, width = small.shape[:2]
    count = min(_BLOCKS, height), min(_BLOCKS, width)
    colors = np.empty((*count, small.shape[2]))
    for which, blocks in _blocks(small, count):
        tones = narrow.total(blocks)
        bright = tones >= np.percentile(tones, _BRIGHT_SHARE, axis=-1, keepdims=True)
        colors[which] = (blocks * bright[..., None]).sum(axis=-2) / bright.sum(axis=-1, keepdims=True)
    y, x = ((edges[:-1] + edges[1:]) / edges[-1] - 1.0 for edges in map(_edges, (height, width), count))
    places = np.stack(np.meshgrid(y, x, indexing="ij"), axis=-1)
    return places.reshape(-1, 2), colors.reshape(-1, small.shape[2])


def _blocks(values: FloatPicture, count: tuple[int, int]) -> Iterator[tuple[Any, FloatPicture]]:
    """H×W×C `values` cut into rows × columns blocks whose sides differ by a pixel at most, those of one size together:
    where they are among all (an index), and their pixels, r×c×N×C."""
    rows, columns = (
        [(edges[:-1][sides == side], int(side), np.flatnonzero(sides == side)) for side in np.unique(sides)]
        for edges, sides in ((edges, np.diff(edges)) for edges in map(_edges, values.shape[:2], count))
    )
    for (tops, height, row), (lefts, width, column) in itertools.product(rows, columns):
        down, across = tops[:, None] + np.arange(height), lefts[:, None] + np.arange(width)
        block = values[down[:, None, :, None], across[None, :, None, :]]
        yield np.ix_(row, column), block.reshape(len(tops), len(lefts), height * width, values.shape[2])


def _edges(length: int, count: int) -> NDArray[np.int64]:
    return np.linspace(0, length, count + 1).astype(np.int64)


def _quadratic(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack((np.ones_like(x), x, y, x * x, x * y, y * y), axis=-1)
