"""Correspondence by cosine and injection by modulation: Zhang et al., "Cross-domain Correspondence Learning for
Exemplar-based Image Translation" (CVPR 2020)."""

from torch import Tensor, nn

from engine.architectures.blocks import map_of
from engine.architectures.fusion.base import Fusion, Layout, require_layout
from engine.architectures.fusion.correlation import warp
from engine.architectures.fusion.modulation import Modulation, positional_normalization


class CoCosNetBlock(Fusion):
    """PONO(X) (1 + γ) + β, where γ and β are convolved from the reference's features warped to the sketch.

    The warp is softmax(M / 0.01) Y with M the cosine of W_x X and W_y K, both centered over channels.

    Differences from the paper: features are warped, not the picture; they are injected once at the tokens' resolution,
    not in each block of a generator that starts from a constant; its losses on the correspondence (domain alignment,
    cycle) belong to its training and are not here.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.modulation = Modulation(width)

    def warped(self, x: Tensor, y: Tensor, keys: Tensor) -> Tensor:
        """The reference's features y where the sketch has theirs: N×Q×C."""
        return warp(self.query(x), self.key(keys), y)

    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """See `Fusion.forward`; of the layout only the sketch's grid is used."""
        size = require_layout(layout).sketch
        gamma, beta = self.modulation(map_of(self.warped(x, y, y if keys is None else keys), size))
        return positional_normalization(x if skip is None else skip) * (1.0 + gamma) + beta
