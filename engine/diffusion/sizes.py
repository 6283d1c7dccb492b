"""The sizes a painting goes through: a drawing is painted small, and decoded at its own size."""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from engine.diffusion.latent import FACTOR


def fitted(picture: Tensor, longest: int, stride: int) -> Tensor:
    """A picture or mask with no side longer than `longest`, and sides that are multiples of the stride again."""
    if max(picture.shape[2:]) <= longest:
        return picture
    factor = longest / max(picture.shape[2:])
    height, width = (max(stride, round(side * factor / stride) * stride) for side in picture.shape[2:])
    return F.interpolate(picture, (height, width), mode="area")


def shrunk(sketch: Tensor, longest: int, stride: int, pixel: int = FACTOR) -> tuple[Tensor, tuple[int, int]]:
    """A sketch whose longer side is at most `longest`, padded with paper, and its height and width before that.

    Thin lines stay dark: they are thickened by half the shrinking before it. pixel: of a latent, in pixels a side.
    """
    height, width = sketch.shape[2], sketch.shape[3]
    if max(height, width) <= longest:
        return sketch, (height, width)
    factor = longest / max(height, width)
    size = tuple(max(pixel, round(side * factor / pixel) * pixel) for side in (height, width))
    reach = round(0.5 / factor)
    if reach > 1:
        before, after = (reach - 1) // 2, reach // 2
        sketch = -F.max_pool2d(F.pad(-sketch, (before, after, before, after), value=-1.0), reach, stride=1)
    small = F.interpolate(sketch, size, mode="area")
    padded = F.pad(small, (0, -size[1] % stride, 0, -size[0] % stride), value=1.0)
    return padded, (size[0], size[1])


def at_size(picture: Tensor, size: tuple[int, int], padded: Sequence[int], value: float) -> Tensor:
    """A picture of the sketch's size as `shrunk` made the sketch, with a value in the padding."""
    if tuple(picture.shape[2:]) == tuple(padded):
        return picture
    small = F.interpolate(picture, size, mode="area")
    return F.pad(small, (0, padded[1] - size[1], 0, padded[0] - size[0]), value=value)


def latent_of(size: Sequence[int]) -> tuple[int, int]:
    """Height and width of the latent of a picture of these."""
    return size[0] // FACTOR, size[1] // FACTOR


def covering(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """A picture at another height and width."""
    if tuple(picture.shape[2:]) == size:
        return picture
    return F.interpolate(picture, size, mode="bilinear", align_corners=False)
