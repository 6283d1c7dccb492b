"""Convolutions that look at other frames: a learned shift of channels in time, gated, and the network made of them.

Chang, Liu, Lee, Hsu: "Learnable Gated Temporal Shift Module for Deep Video Inpainting", BMVC 2019, as "Deep Line Art
Video Colorization with a Few References" (Shi et al., 2020) refines its colors.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.architectures.blocks import LEAK

DILATIONS = (2, 4, 8, 16)


def convolution(
    inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1, *, spectral: bool
) -> nn.Conv2d:
    """A convolution whose map is as large as its input, over the stride.

    spectral: whether its weight is divided by its largest singular value while it learns (Miyato et al., ICLR 2018).
    A model file has the divided weight, so that nothing is left to do when it colors.
    """
    layer = nn.Conv2d(inputs, outputs, size, stride, dilation * (size // 2), dilation)
    if spectral and not layer.weight.is_meta:  # where only parts and shapes are wanted; it would take seconds there
        spectral_norm(layer)
    return layer


class LearnedShift(nn.Module):
    """A quarter of the channels looks ahead, a quarter back, and half stays: N×T×C×H×W → the same shape.

    Each quarter has one kernel of three frames, born as the plain shift (Lin, Gan, Han: "TSM", ICCV 2019). There is
    nothing before the first frame and after the last.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.quarter = channels // 4
        self.kernels = nn.Parameter(torch.tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        if not self.quarter:
            return x
        ahead, back, stays = x.split((self.quarter, self.quarter, x.shape[2] - 2 * self.quarter), dim=2)
        return torch.cat([_along(ahead, self.kernels[0]), _along(back, self.kernels[1]), stays], dim=2)


def _along(x: Tensor, kernel: Tensor) -> Tensor:
    count = x.shape[1]
    padded = F.pad(x, (0, 0, 0, 0, 0, 0, 1, 1))
    before, now, after = (padded[:, start : start + count] for start in range(3))
    return kernel[0] * before + kernel[1] * now + kernel[2] * after


class GatedShiftConv(nn.Module):
    """A convolution of shifted channels, let through by a gate that sees its own frame alone.

    N×T×inputs×H×W → N×T×outputs×⌈H/stride⌉×⌈W/stride⌉.
    """

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1, *, spectral: bool
    ) -> None:
        super().__init__()
        self.shift = LearnedShift(inputs)
        self.feature = convolution(inputs, outputs, size, stride, dilation, spectral=spectral)
        self.gate = convolution(inputs, outputs, size, stride, dilation, spectral=spectral)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return _by_frame(self.gate, x).sigmoid() * F.leaky_relu(_by_frame(self.feature, self.shift(x)), LEAK)


class TemporalNetwork(nn.Module):
    """Frames in time order, each line and color, to their colors: three levels, four dilated convolutions, skips.

    The paper's figure has no skips; rebuilders report that nothing but noise comes out without them.
    """

    def __init__(self, width: int, *, changes: bool, spectral: bool) -> None:
        """changes: what comes out is added to the colors that went in, none at first; else it is the colors."""
        super().__init__()
        self.changes = changes
        wide, widest = 2 * width, 4 * width
        self.down1 = GatedShiftConv(4, width, spectral=spectral)
        self.down2 = GatedShiftConv(width, wide, stride=2, spectral=spectral)
        self.down3 = GatedShiftConv(wide, widest, stride=2, spectral=spectral)
        self.dilated = nn.Sequential(
            *(GatedShiftConv(widest, widest, dilation=dilation, spectral=spectral) for dilation in DILATIONS)
        )
        self.up2 = GatedShiftConv(2 * widest, wide, spectral=spectral)
        self.up1 = GatedShiftConv(2 * wide, width, spectral=spectral)
        # Not normalized: that divides by the weight's size, and a change begins at 0.
        self.out = convolution(2 * width, 3, spectral=spectral and not changes)
        if changes:
            nn.init.zeros_(self.out.weight)
        assert self.out.bias is not None
        nn.init.zeros_(self.out.bias)

    def forward(self, frames: Tensor) -> Tensor:
        """frames: N×T×4×H×W in [-1, 1], color before line, H and W multiples of 4. Returns N×T×3×H×W."""
        down1 = self.down1(frames)
        down2 = self.down2(down1)
        down3 = self.down3(down2)
        x = _twice(torch.cat([self.dilated(down3), down3], dim=2))
        x = _twice(torch.cat([self.up2(x), down2], dim=2))
        painted = _by_frame(self.out, torch.cat([self.up1(x), down1], dim=2))
        return frames[:, :, :3] + painted if self.changes else painted


def _by_frame(layer: nn.Module, x: Tensor) -> Tensor:
    """A layer for N×C×H×W on each frame of N×T×C×H×W."""
    made = layer(x.flatten(0, 1))
    return made.unflatten(0, x.shape[:2])


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x.flatten(0, 1), scale_factor=2.0, mode="nearest").unflatten(0, x.shape[:2])
