"""The pyramid encoder of sketch and reference, and the two ways from its levels to tokens."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import ConvBlock


class PyramidEncoder(nn.Module):
    """Convolutions in levels, stride 2 between levels: N×C×H×W → a list of feature maps for each level.

    Level i works at 1/(stem_stride·2^i) of the picture; a stem stride of 2 folds 2×2 pixels into channels first.
    H and W must be multiples of the coarsest stride.
    """

    def __init__(self, inputs: int, widths: Sequence[int], convolutions: Sequence[int], stem_stride: int = 1) -> None:
        """inputs: channels of the picture. convolutions: how many in each level."""
        super().__init__()
        inputs *= stem_stride**2
        self.stem_stride = stem_stride
        self.levels = nn.ModuleList()
        for level, (width, count) in enumerate(zip(widths, convolutions, strict=True)):
            first = ConvBlock(inputs, width, stride=1 if level == 0 else 2)
            self.levels.append(nn.ModuleList([first, *(ConvBlock(width, width) for _ in range(count - 1))]))
            inputs = width

    def forward(self, picture: Tensor) -> list[list[Tensor]]:
        """Every feature map, level by level, finest first."""
        levels: list[list[Tensor]] = []
        x = picture if self.stem_stride == 1 else F.pixel_unshuffle(picture, self.stem_stride)
        for blocks in self.levels:
            maps = []
            for block in blocks:  # type: ignore[union-attr]
                x = block(x)
                maps.append(x)
            levels.append(maps)
        return levels


class ConcatenatedTokens(nn.Module):
    """Every feature map average-pooled to the coarsest level and concatenated, as in Li et al., ECCV 2022.

    With widths 16…256 and two convolutions a level these are the paper's 992 channels at 16×16 for 256×256.
    """

    def __init__(self, widths: Sequence[int], convolutions: Sequence[int]) -> None:
        super().__init__()
        self.width = sum(w * c for w, c in zip(widths, convolutions, strict=True))

    def forward(self, levels: list[list[Tensor]]) -> Tensor:
        """The encoder's feature maps → N×width×h×w at the coarsest level's resolution."""
        coarsest = len(levels) - 1
        pooled = [
            feature_map if level == coarsest else F.avg_pool2d(feature_map, 2 ** (coarsest - level))
            for level, maps in enumerate(levels)
            for feature_map in maps
        ]
        return torch.cat(pooled, dim=1)


class ProjectedTokens(nn.Module):
    """The last feature map of every level, brought to one resolution and one width and summed.

    The same linear map as concatenating and a 1×1 convolution, but coarse levels are projected before they are
    upsampled and no wide concatenation is ever stored.
    """

    def __init__(self, widths: Sequence[int], token_level: int, width: int) -> None:
        """token_level: the level whose resolution the tokens have; width: their channels."""
        super().__init__()
        self.width = width
        self.token_level = token_level
        # One bias is enough for a sum.
        self.projections = nn.ModuleList(nn.Conv2d(w, width, 1, bias=i == token_level) for i, w in enumerate(widths))

    def forward(self, levels: list[list[Tensor]]) -> Tensor:
        """The encoder's feature maps → N×width×h×w at the token level's resolution."""
        size = levels[self.token_level][-1].shape[2:]
        total: Tensor | None = None
        for level, (maps, project) in enumerate(zip(levels, self.projections, strict=True)):
            if level <= self.token_level:
                ratio = 2 ** (self.token_level - level)
                tokens = project(maps[-1] if ratio == 1 else F.avg_pool2d(maps[-1], ratio))
            else:
                tokens = F.interpolate(project(maps[-1]), size=size, mode="bilinear", align_corners=False)
            total = tokens if total is None else total + tokens
        assert total is not None
        return total
