"""Spatially adaptive modulation: scale and shift of normalized features, convolved from other features."""

import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import tokens_of

HIDDEN = 128  # channels between, as in SPADE


class Modulation(nn.Module):
    """Two 3×3 convolutions with a ReLU between, the second one twofold: a map → γ and β (Park et al., CVPR 2019)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.shared = nn.Conv2d(width, HIDDEN, 3, padding=1)
        self.gamma = nn.Conv2d(HIDDEN, width, 3, padding=1)
        self.beta = nn.Conv2d(HIDDEN, width, 3, padding=1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """features: N×C×h×w. Returns γ and β as tokens, N×(h·w)×C."""
        hidden = F.relu(self.shared(features))
        return tokens_of(self.gamma(hidden)), tokens_of(self.beta(hidden))


def positional_normalization(tokens: Tensor) -> Tensor:
    """PONO (Li et al., NeurIPS 2019): each of the tokens N×Q×C to mean 0 and deviation 1 over its channels, in fp32."""
    return F.layer_norm(tokens.float(), tokens.shape[-1:])
