"""Spatially adaptive normalization: Park et al., "Semantic Image Synthesis with Spatially-Adaptive Normalization"
(CVPR 2019)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.fusion.base import Fusion, Layout, place, require_layout, split
from engine.architectures.fusion.modulation import Modulation


class SPADEBlock(Fusion):
    """BN(X) (1 + γ) + β, where γ and β are convolved from the reference's features at the same place: no alignment.

    Differences from the paper: a reference's token map, resized bilinearly to the sketch's grid, stands for the label
    map; with several references γ and β are their means; one layer at the tokens' resolution, not one in each block.
    Places without a token count as zero, like what lies outside the picture. Keys play no part.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.normalize = nn.BatchNorm1d(width, affine=False)
        self.modulation = Modulation(width)

    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """See `Fusion.forward`: nothing is compared, so of x and skip only the latter matters where both are given."""
        layout = require_layout(layout)
        maps = [
            place(tokens, grid) for tokens, grid in zip(split(y, layout.references), layout.references, strict=True)
        ]
        modulations = [
            self.modulation(F.interpolate(features, size=layout.sketch, mode="bilinear", align_corners=False))
            for features in maps
        ]
        gamma = torch.stack([one for one, _ in modulations]).mean(dim=0)
        beta = torch.stack([one for _, one in modulations]).mean(dim=0)
        drawn = x if skip is None else skip
        normalized = self.normalize(drawn.flatten(0, 1).float()).view_as(drawn)
        return normalized * (1.0 + gamma) + beta
