"""U-Net decoders: fused tokens and the sketch encoder's feature maps → a picture."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import ConvBlock


class UNetDecoder(nn.Module):
    """The paper's decoder: concatenates every feature map of the sketch on the way up.

    At the token level the fused features become as wide as that level; each finer level upsamples (bilinear),
    concatenates the level's last feature map and convolves; where the encoder kept a second map, it joins a second
    convolution. (The token level joins one map only: its last one is inside the tokens already.)
    A last convolution and tanh give colours in [-1, 1].
    """

    def __init__(self, inputs: int, widths: Sequence[int], convolutions: Sequence[int], start: int) -> None:
        """inputs: channels of the fused features; start: the level (0 finest) whose resolution they have."""
        super().__init__()
        self.start = start
        self.entry = ConvBlock(inputs, widths[start])
        self.joins = nn.ModuleList()
        self.seconds = nn.ModuleList()
        for level in range(start, -1, -1):
            width = widths[level]
            if level < start:
                self.joins.append(ConvBlock(widths[level + 1] + width, width))
            self.seconds.append(ConvBlock(width * 2, width) if convolutions[level] > 1 else nn.Identity())
        self.to_color = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(self, fused: Tensor, levels: list[list[Tensor]]) -> Tensor:
        """fused: N×inputs×h×w; levels: the sketch encoder's maps. Returns N×3×H×W in [-1, 1]."""
        x = self.entry(fused)
        for step, second in enumerate(self.seconds):
            maps = levels[self.start - step]
            if step > 0:
                x = F.interpolate(x, size=maps[0].shape[2:], mode="bilinear", align_corners=False)
                x = self.joins[step - 1](torch.cat([maps[-1], x], dim=1))
            if len(maps) > 1:
                x = second(torch.cat([x, maps[0]], dim=1))
        return torch.tanh(self.to_color(x))


class AddingDecoder(nn.Module):
    """The compact decoder: adds the sketch's feature maps instead of concatenating them, at a third of the cost.

    Each level narrows the coarser result (1×1), upsamples it (bilinear), adds the level's last feature map and
    convolves. The finest level may stand at 1/stem_stride: the last convolution then unfolds its pixels.
    """

    def __init__(
        self, inputs: int, widths: Sequence[int], convolutions: Sequence[int], start: int, stem_stride: int
    ) -> None:
        """inputs: channels of the fused features; convolutions: of each level; start: the level they stand at."""
        super().__init__()
        self.start = start
        self.stem_stride = stem_stride
        self.narrow = nn.ModuleList([nn.Conv2d(inputs, widths[start], 1)])
        self.narrow.extend(nn.Conv2d(widths[level + 1], widths[level], 1) for level in range(start - 1, -1, -1))
        self.levels = nn.ModuleList(
            nn.Sequential(*(ConvBlock(widths[level], widths[level]) for _ in range(convolutions[level])))
            for level in range(start, -1, -1)
        )
        self.to_color = nn.Conv2d(widths[0], 3 * stem_stride**2, 3, padding=1)

    def forward(self, fused: Tensor, levels: list[list[Tensor]]) -> Tensor:
        """fused: N×inputs×h×w; levels: the sketch encoder's maps. Returns N×3×H×W in [-1, 1]."""
        x = fused
        for step, (narrow, convolve) in enumerate(zip(self.narrow, self.levels, strict=True)):
            skip = levels[self.start - step][-1]
            x = narrow(x)
            if step > 0:
                x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
            x = convolve(x + skip)
        x = self.to_color(x)
        return torch.tanh(x if self.stem_stride == 1 else F.pixel_shuffle(x, self.stem_stride))
