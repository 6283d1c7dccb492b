"""Stop-Gradient Attention: Li et al., "Eliminating Gradient Conflict in Reference-based Line-Art Colorization"
(ECCV 2022)."""

import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import LEAK
from engine.architectures.fusion.attention import attend


class SGABlock(nn.Module):
    """One Stop-Gradient Attention block (Algorithm 1, Eq. 7–10).

    Z = BN( σ(X W_q) + Â σ(Y W_v) ) + X with σ a leaky ReLU and Â the double-normalised map of X and the keys, through
    which no gradient flows. Cross-SGA takes X from the sketch and Y from the reference; self-SGA takes both from the
    first block's output. The paper's keys are Y itself; other keys may be given (see `SGAGenerator`, keys="line").
    """

    def __init__(
        self,
        width: int,
        *,
        similarity: str = "dot",
        temperature: float = 1.0,
        double_normalization: bool = True,
        stop_gradient: bool = True,
    ) -> None:
        """similarity: "dot" (the paper) or "cosine"; temperature multiplies the similarity before the softmax."""
        super().__init__()
        self.query = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.normalize = nn.BatchNorm1d(width)
        self.similarity = similarity
        self.temperature = temperature
        self.double_normalization = double_normalization
        self.stop_gradient = stop_gradient

    def forward(self, x: Tensor, y: Tensor, keys: Tensor | None = None) -> Tensor:
        """x: N×Q×C; y: N×K×C; keys: N×K×C or None for y. Returns N×Q×C."""
        keys = y if keys is None else keys
        queries = x
        if self.similarity == "cosine":
            queries, keys = F.normalize(queries, dim=-1), F.normalize(keys, dim=-1)
        gathered = attend(
            queries,
            keys,
            F.leaky_relu(self.value(y), LEAK),
            scale=self.temperature,
            double_normalization=self.double_normalization,
            stop_gradient=self.stop_gradient,
        )
        mixed = F.leaky_relu(self.query(x), LEAK) + gathered
        # All tokens of all pictures as one list: the same statistics as N×C×Q, without transposing.
        return self.normalize(mixed.flatten(0, 1)).view_as(mixed) + x
