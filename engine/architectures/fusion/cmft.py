"""Correlation matching from coarse to fine: Zhang et al., "Line Art Correlation Matching Feature Transfer Network for
Automatic Animation Colorization" (WACV 2021)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import map_of, tokens_of
from engine.architectures.fusion.base import Fusion, Grid, Layout, place, require_layout, split
from engine.architectures.fusion.correlation import warp

SCALES = (4, 2, 1)  # tokens, along one side, that each stage averages: three stages, as in the paper


class CMFTBlock(Fusion):
    """Color features are gathered where line features correlate; each finer stage also matches what the coarser found.

    The first stage compares the sketch with the keys. Each finer one compares (sketch, upsampled estimate) with
    (keys, color features), so that it starts from the coarser result, as in the paper. An estimate is the
    sketch's features plus a linear map of the gathered ones, and the last one is the output.

    Differences from the paper: it matches encoder levels at 1/8, 1/4 and 1/2 of the picture, whose maps would be too
    large here and finer than the tokens. Tokens hold every level already, so the stages match the tokens themselves,
    averaged over 4×4, 2×2 and 1×1 of them: at 1/64, 1/32 and 1/16 in the paper's configuration of SGA, whatever levels
    the encoders have. The keys are the reference's line art only with keys="line"; correlations are taken at half the
    tokens' width, with CoCosNet's temperature; there is no pretrained semantic network, and its deep residual units
    between the stages are left to the residual blocks that follow every fusion.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(_Stage(width if stage == 0 else 2 * width, width) for stage in range(len(SCALES)))

    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """See `Fusion.forward`. Several references are matched as one set of tokens at each scale."""
        layout = require_layout(layout)
        keys = y if keys is None else keys
        transferred, estimate = x, None
        for stage, scale in zip(self.stages, SCALES, strict=True):
            drawn = _pooled(x, (Grid(layout.sketch),), scale)
            transferred = stage(
                drawn, _pooled(keys, layout.references, scale), _pooled(y, layout.references, scale), estimate
            )
            if scale > 1:
                estimate = _enlarged(drawn + transferred, layout.sketch, scale)
        return transferred + (x if skip is None else skip)


class _Stage(nn.Module):
    """Matching at one scale; `inputs` are the channels of what is compared."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(inputs, width // 2)
        self.key = nn.Linear(inputs, width // 2)
        self.value = nn.Linear(width, width)

    def forward(self, drawn: Tensor, keys: Tensor, colors: Tensor, estimate: Tensor | None) -> Tensor:
        """drawn, estimate: N×Q×C (None in the first stage); keys, colors: N×K×C. Returns N×Q×C."""
        if estimate is not None:
            drawn, keys = torch.cat([drawn, estimate], dim=2), torch.cat([keys, colors], dim=2)
        return self.value(warp(self.query(drawn), self.key(keys), colors))


def _pooled(tokens: Tensor, grids: tuple[Grid, ...], scale: int) -> Tensor:
    """The tokens N×K×C on these grids, averaged over squares of scale×scale; squares without a token are left out."""
    parts = split(tokens, grids)
    if scale == 1:
        return tokens
    pooled = []
    for part, grid in zip(parts, grids, strict=True):
        means = tokens_of(F.avg_pool2d(place(part, grid), scale, ceil_mode=True))
        if grid.places is not None:
            taken = place(part.new_ones((1, part.shape[1], 1)), grid)
            share = tokens_of(F.avg_pool2d(taken, scale, ceil_mode=True)).flatten()
            means = means[:, share > 0] / share[share > 0].unsqueeze(1)
        pooled.append(means)
    return torch.cat(pooled, dim=1)


def _enlarged(tokens: Tensor, size: tuple[int, int], scale: int) -> Tensor:
    """Tokens at 1/scale of a grid of this size as tokens at 2/scale of it (bilinear)."""
    coarse, fine = ((-(-size[0] // s), -(-size[1] // s)) for s in (scale, scale // 2))
    # Doubled and cropped, not stretched: squares keep their places where a side is odd.
    doubled = F.interpolate(map_of(tokens, coarse), scale_factor=2.0, mode="bilinear", align_corners=False)
    return tokens_of(doubled[:, :, : fine[0], : fine[1]])
