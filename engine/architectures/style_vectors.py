"""What a painting looks like as a whole: a vector (or a small map) of style, by our own network or a published one.

Published ones are never stored in a model, only the SHA-256 of their file, and never learn.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PAPER = 0.92  # a pixel whose darkest channel is brighter (in [0, 1]) fades into paper, which has no style
BINS = 8  # of the histogram along each axis of CIELAB
_LAB_LOW = (0.0, -90.0, -90.0)
_LAB_HIGH = (100.0, 90.0, 90.0)
_SRGB_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_D65 = (0.95047, 1.0, 1.08883)
_TINY = 1e-6
LEAST_SHARE = 0.003  # of a swatch; less are the blends along edges


class StyleNetwork(Protocol):
    """Pictures N×3×H×W in [-1, 1], and what counts of them (N×1×H×W in [0, 1], None for all) → N×`shape`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(C,) for a vector, (C, 8, 8) for a map."""
        ...

    def __call__(self, pictures: Tensor, mask: Tensor | None) -> Tensor:
        """See the class."""
        ...


class OwnStyle(nn.Module):
    """A style encoder of our own, not VGG19; it learns together with the network that colors.

    Five convolutions of stride 2; mean and deviation of the maps of each, a soft histogram of colors in CIELAB, and the
    share of paper, through one linear layer. Neither paper nor what the mask leaves out counts. Once trained it looks
    at a picture and at its mirror image, so that both have the same style.
    """

    def __init__(self, shape: tuple[int, ...], widths: Sequence[int], side: int) -> None:
        """shape: of the style. widths: of the five convolutions. side: pictures are shrunk to so many pixels."""
        super().__init__()
        self.shape = shape
        self.side = side
        inputs = (3, *widths)
        self.steps = nn.ModuleList(
            nn.Sequential(nn.Conv2d(one, other, 3, 2, 1), nn.LeakyReLU(0.2))
            for one, other in zip(inputs, widths, strict=False)
        )
        self.balance = nn.LayerNorm(2 * sum(widths))
        self.linear = nn.Linear(2 * sum(widths) + BINS**3 + 1, shape[0])
        # A map has a head of its own, as its places are to differ.
        self.places = nn.Conv2d(widths[-1], shape[0], 1) if len(shape) == 3 else None

    def forward(self, pictures: Tensor, mask: Tensor | None) -> Tensor:
        """See `StyleNetwork`. A picture of paper alone counts with all its pixels."""
        pictures, mask = _shrunk(pictures, mask, self.side)
        if mask is not None:  # convolutions look beyond the edge of a mask
            pictures = 1.0 + (pictures - 1.0) * mask
        seen = self._seen(pictures, mask)
        if self.training:
            return seen
        flipped = self._seen(pictures.flip(3), None if mask is None else mask.flip(3))
        return (seen + flipped) / 2.0

    def _seen(self, pictures: Tensor, mask: Tensor | None) -> Tensor:
        weight, paper = counted(pictures, mask)
        moments, x = [], pictures
        for step in self.steps:
            x = step(x)
            moments.append(_moments(x, F.interpolate(weight, size=x.shape[2:], mode="area")))
        colors = color_histogram(pictures, weight).sqrt() * BINS
        vector = self.linear(torch.cat([self.balance(torch.cat(moments, 1)), colors, paper], 1))
        if self.places is None:
            return vector
        return vector[..., None, None] + F.adaptive_avg_pool2d(self.places(x), (self.shape[1], self.shape[2]))


def counted(pictures: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
    """How much every pixel counts, N×1×H×W in [0, 1], and the share of paper, N×1.

    pictures: N×3×H×W in [-1, 1]. Where nothing but paper would count, all that the mask leaves does.
    """
    darkest = (pictures.amin(1, keepdim=True) + 1.0) / 2.0
    drawn = ((1.0 - darkest) / (1.0 - PAPER)).clamp(0.0, 1.0)
    whole = torch.ones_like(drawn) if mask is None else mask.to(drawn.dtype)
    weight = drawn * whole
    sums, area = weight.sum((1, 2, 3), keepdim=True), whole.sum((1, 2, 3), keepdim=True)
    paper = 1.0 - sums / area.clamp_min(_TINY)
    nothing = sums < 1.0
    return torch.where(nothing, whole + _TINY, weight), paper.flatten(1)


def _moments(x: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean and deviation of every map: N×C×H×W → N×2C."""
    total = weight.sum((2, 3)).clamp_min(_TINY)
    mean = (x * weight).sum((2, 3)) / total
    spread = ((x - mean[..., None, None]).square() * weight).sum((2, 3)) / total
    return torch.cat([mean, (spread + _TINY).sqrt()], 1)


@torch.no_grad()
def color_histogram(pictures: Tensor, weight: Tensor, bins: int = BINS) -> Tensor:
    """Shares of the colors of N×3×H×W pictures in [-1, 1], N×bins³, every pixel shared by its 8 nearest bins.

    weight: N×1×H×W; the shares sum to 1.
    """
    lab = to_lab(pictures.float())
    low, high = (lab.new_tensor(ends).view(1, 3, 1, 1) for ends in (_LAB_LOW, _LAB_HIGH))
    place = (((lab - low) / (high - low)).clamp(0.0, 1.0) * (bins - 1)).flatten(2)
    below = place.floor().clamp_max(bins - 2)
    share = place - below
    corner, weights = below.long(), weight.float().flatten(1)
    histogram = lab.new_zeros(len(pictures), bins**3)
    for corners in range(8):
        offsets = [(corners >> axis) & 1 for axis in range(3)]
        index = torch.zeros_like(corner[:, 0])
        part = weights
        for axis, offset in enumerate(offsets):
            index = index * bins + corner[:, axis] + offset
            part = part * (share[:, axis] if offset else 1.0 - share[:, axis])
        histogram.scatter_add_(1, index, part)
    return histogram / histogram.sum(1, keepdim=True).clamp_min(_TINY)


@torch.no_grad()
def swatches_of(pictures: Tensor, weight: Tensor, count: int, bins: int = BINS) -> Tensor:
    """The `count` most frequent colors of N×3×H×W pictures in [-1, 1]: N×count×4, the color in [-1, 1] and its share.

    weight: N×1×H×W. A color is the mean of a cell of CIELAB; where there are fewer cells, the share is 0.
    """
    if not count:
        return pictures.new_zeros(len(pictures), 0, 4)
    lab = to_lab(pictures.float())
    low, high = (lab.new_tensor(ends).view(1, 3, 1, 1) for ends in (_LAB_LOW, _LAB_HIGH))
    place = (((lab - low) / (high - low)).clamp(0.0, 1.0) * bins).long().clamp_max(bins - 1).flatten(2)
    cell = (place[:, 0] * bins + place[:, 1]) * bins + place[:, 2]
    weights = weight.float().flatten(1)
    sums = lab.new_zeros(len(pictures), bins**3, 4)
    told = torch.cat([pictures.float().flatten(2) * weights[:, None], weights[:, None]], 1).transpose(1, 2)
    sums.scatter_add_(1, cell[..., None].expand(-1, -1, 4), told)
    area, order = sums[..., 3].topk(count, dim=1)
    found = sums.gather(1, order[..., None].expand(-1, -1, 4))
    share = area / weights.sum(1, keepdim=True).clamp_min(_TINY)
    share = torch.where(share >= LEAST_SHARE, share, 0.0)
    return torch.cat([found[..., :3] / area.clamp_min(_TINY)[..., None], share[..., None]], 2)


def to_lab(pictures: Tensor) -> Tensor:
    """sRGB N×3×H×W in [-1, 1] → CIELAB (D65) of the same shape."""
    srgb = ((pictures + 1.0) / 2.0).clamp(0.0, 1.0)
    linear = torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    matrix = linear.new_tensor(_SRGB_TO_XYZ) / linear.new_tensor(_D65)[:, None]
    xyz = torch.einsum("ij,njhw->nihw", matrix, linear)
    f = torch.where(xyz > (6 / 29) ** 3, xyz.clamp_min(_TINY) ** (1 / 3), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f.unbind(1)
    return torch.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], 1)


def _shrunk(pictures: Tensor, mask: Tensor | None, side: int) -> tuple[Tensor, Tensor | None]:
    """No side longer than `side`; never enlarged."""
    height, width = pictures.shape[2:]
    factor = side / max(height, width)
    if factor >= 1.0:
        return pictures, mask
    size = max(1, round(height * factor)), max(1, round(width * factor))
    small: Any = F.interpolate(pictures, size=size, mode="area")
    return small, None if mask is None else F.interpolate(mask, size=size, mode="area")
