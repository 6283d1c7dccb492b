"""A character sheet → training samples. Colors stay as they are: here the character's own are to be remembered.

Sample i depends on the seed and i alone, so a run that stops and goes on sees the same samples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.line_art.xdog import gray_of, xdog
from trainer import augmentation as augment
from trainer.config import FineTuneConfig

Pixels = NDArray[np.uint8]

_SMALLEST = 0.85  # of the size at which pictures are shown
_SEVERAL = 0.4  # share of the samples with other pictures that take several of them
_REFERENCES = 3  # at most
_OWN_WARP, _OTHER_WARP, _TARGET_WARP = (0.05, 0.22), (0.02, 0.1), (0.02, 0.12)  # strengths of thin-plate warps


@dataclass(frozen=True, eq=False)
class SheetSample:
    """line: 1×1×H×W, target: 1×3×H×W; references: each with its line art, 1×3×h×w and 1×1×h×w; float32 in [-1, 1]."""

    line: Tensor
    target: Tensor
    references: tuple[tuple[Tensor, Tensor], ...]


class SheetSamples:
    """Endless samples of the pictures of one character."""

    def __init__(self, pictures: Sequence[Pixels], config: FineTuneConfig, stride: int) -> None:
        """pictures: H×W×3 uint8 each; stride: pictures' sides become multiples of it."""
        self.pictures = [_at_most(picture, round(1.25 * config.size)) for picture in pictures]
        self.config = config
        self.stride = stride

    @property
    def pairs(self) -> int:
        """Ordered pairs of two pictures, the strongest signal; a single picture makes one pair with its own warp."""
        return max(1, len(self.pictures) * (len(self.pictures) - 1))

    def sample(self, number: int) -> SheetSample:
        """Sample `number`, from 0 up."""
        rng = np.random.default_rng((self.config.seed, number))
        target = int(rng.integers(len(self.pictures)))
        others = [other for other in range(len(self.pictures)) if other != target]
        count = int(rng.integers(2, _REFERENCES + 1)) if rng.random() < _SEVERAL else 1
        scale = rng.uniform(_SMALLEST, 1.0)
        color = self._target(self.pictures[target], scale, rng)
        line = augment.vary_line(self._lines(color, rng), rng)
        if others and rng.random() < self.config.cross_share:
            references = [self._other(self.pictures[i], scale, rng) for i in rng.permutation(others)[:count]]
        else:
            references = [self._own(self.pictures[target], scale, rng)]
        return SheetSample(
            _to_tensor(line),
            _to_tensor(color),
            tuple((_to_tensor(one), _to_tensor(self._lines(one, rng))) for one in references),
        )

    def _target(self, picture: Pixels, scale: float, rng: np.random.Generator) -> Pixels:
        canvas = self._canvas(picture, scale)
        placed = augment.place(
            picture, augment.affine(picture.shape[:2], canvas, rng, scale=(0.85, 1.25), turn=12.0), canvas
        )
        return _bent(placed, rng, _TARGET_WARP, 0.5)

    def _other(self, picture: Pixels, scale: float, rng: np.random.Generator) -> Pixels:
        """Another picture, nearly as it is: that is how it will be given."""
        canvas = self._canvas(picture, scale)
        matrix = augment.affine(picture.shape[:2], canvas, rng, scale=(0.85, 1.15), turn=8.0)
        return _bent(augment.place(picture, matrix, canvas), rng, _OTHER_WARP, 0.3)

    def _own(self, picture: Pixels, scale: float, rng: np.random.Generator) -> Pixels:
        """The picture itself, warped so strongly that it is nearly another pose."""
        canvas = self._canvas(picture, scale)
        matrix = augment.affine(picture.shape[:2], canvas, rng, scale=(0.75, 1.15), turn=30.0)
        return _bent(augment.place(picture, matrix, canvas), rng, _OWN_WARP, 1.0)

    def _canvas(self, picture: Pixels, scale: float) -> augment.Size:
        """Height and width at `scale` times the largest size that the picture is shown in."""
        height, width = picture.shape[:2]
        factor = min(1.0, self.config.size / max(height, width)) * scale / self.stride
        return max(1, round(height * factor)) * self.stride, max(1, round(width * factor)) * self.stride

    def _lines(self, color: Pixels, rng: np.random.Generator) -> Pixels:
        sigma = self.config.sigma + rng.uniform(-1.0, 1.0) * self.config.sigma_spread
        return (xdog(gray_of(color), float(sigma)) * 255.0).astype(np.uint8)


def _bent(picture: Pixels, rng: np.random.Generator, strength: tuple[float, float], share: float) -> Pixels:
    if rng.random() >= share:
        return picture
    size = picture.shape[0], picture.shape[1]
    return augment.warp(picture, augment.thin_plate_warp(size, rng, rng.uniform(*strength)))


def _at_most(picture: Pixels, side: int) -> Pixels:
    factor = side / max(picture.shape[:2])
    if factor >= 1.0:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _to_tensor(pixels: Pixels) -> Tensor:
    """H×W or H×W×3 uint8 → 1×C×H×W float32 in [-1, 1], channels last in memory."""
    array = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    tensor = torch.from_numpy(np.ascontiguousarray(array))[None].float().div_(127.5).sub_(1.0)
    return tensor.contiguous(memory_format=torch.channels_last)
