"""Spatially Corresponding Feature Transfer: Lee et al., "Reference-Based Sketch Image Colorization using
Augmented-Self Reference and Dense Semantic Correspondence" (CVPR 2020)."""

from torch import Tensor, nn

from engine.architectures.fusion.attention import attend
from engine.architectures.fusion.base import Fusion, Layout


class SCFTBlock(Fusion):
    """softmax( (X W_q)(Y W_k)ᵀ / √C ) (Y W_v) + X, with X from the sketch and Y from the reference; no biases.

    Differences from the paper: its triplet loss on the map belongs to its training, not to the module, and is not here;
    keys other than Y may be given.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)

    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """See `Fusion.forward`; the layout plays no part."""
        gathered = attend(
            self.query(x),
            self.key(y if keys is None else keys),
            self.value(y),
            scale=x.shape[2] ** -0.5,
            double_normalization=False,
            stop_gradient=False,
        )
        return gathered + (x if skip is None else skip)
