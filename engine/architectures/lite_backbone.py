"""EfficientNet-Lite0 as a source of features, without its classifier.

Tan, Le: "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, in the variant for small
devices of 2020 (no squeeze-and-excitation, ReLU6, stem and head not scaled).
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDE = 8  # pixels for each place of the joined features
_EPSILON = 1e-3  # of the batch normalization


class _Stage(NamedTuple):
    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


_STEM = 32
_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)
_LAST_OF_STRIDE = 1, 2, 4, 6  # the stages whose output is used: 1/4, 1/8, 1/16, 1/32
CHANNELS = sum(_STAGES[stage].channels for stage in _LAST_OF_STRIDE)


class _SamePadding(nn.Module):
    """Padding as TensorFlow has it, where the weights come from: an odd pixel goes to the right and below."""

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, x: Tensor) -> Tensor:
        down, across = (
            max((-(-side // self.stride) - 1) * self.stride + self.kernel - side, 0) for side in x.shape[2:]
        )
        return F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2))


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    layers: list[nn.Module] = [] if kernel == 1 else [_SamePadding(kernel, stride)]
    layers.append(nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False))
    return [*layers, nn.BatchNorm2d(outputs, eps=_EPSILON)]


class _Block(nn.Module):
    """An inverted residual: wide inside, narrow outside."""

    def __init__(self, inputs: int, stage: _Stage, stride: int) -> None:
        super().__init__()
        wide = inputs * stage.expansion
        layers = [] if stage.expansion == 1 else [*_convolution(inputs, wide, 1), nn.ReLU6(inplace=True)]
        layers += [*_convolution(wide, wide, stage.kernel, stride, wide), nn.ReLU6(inplace=True)]
        self.layers = nn.Sequential(*layers, *_convolution(wide, stage.channels, 1))
        self.skips = stride == 1 and inputs == stage.channels

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x) + x if self.skips else self.layers(x)


class LiteBackbone(nn.Module):
    """Features of pictures N×3×H×W in [-1, 1]: N×`CHANNELS`×H/8×W/8, four scales laid over each other."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(*_convolution(3, _STEM, 3, 2), nn.ReLU6(inplace=True))
        self.stages = nn.ModuleList()
        inputs = _STEM
        for stage in _STAGES:
            blocks = [_Block(inputs, stage, stage.stride)]
            blocks += [_Block(stage.channels, stage, 1) for _ in range(stage.repeats - 1)]
            self.stages.append(nn.Sequential(*blocks))
            inputs = stage.channels

    def forward(self, pictures: Tensor) -> Tensor:
        """Raises ValueError for sides that are no multiples of 8."""
        if pictures.shape[2] % STRIDE or pictures.shape[3] % STRIDE:
            raise ValueError(f"the sides of a picture must be multiples of {STRIDE}")
        x, found = self.stem(pictures), []
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number in _LAST_OF_STRIDE:
                found.append(x)
        fine, middle, *coarse = found
        size = middle.shape[2:]
        enlarged = [F.interpolate(one, size=size, mode="bilinear", align_corners=False) for one in coarse]
        return torch.cat([F.avg_pool2d(fine, 2), middle, *enlarged], 1)
