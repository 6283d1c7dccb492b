"""Stop-Gradient Attention: Li et al., "Eliminating Gradient Conflict in Reference-based Line-Art Colorization"
(ECCV 2022)."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import LEAK
from engine.architectures.fusion.attention import attend, attend_each
from engine.architectures.fusion.base import Fusion, Layout, split

# Adam moves every weight at about the same pace, which would take tens of thousands of steps to double a temperature
# that is learned as a plain logarithm.
TEMPERATURE_PACE = 10.0


class SGABlock(Fusion):
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
        project_keys: bool = False,
        learn_temperature: bool = False,
    ) -> None:
        """similarity: "dot" (the paper) or "cosine"; temperature multiplies the similarity before the softmax.

        learn_temperature: the temperature is where learning begins; with stop-gradient it stays there.

        project_keys (an ablation): both sides of the map pass through linear maps of their own. With stop-gradient they
        can learn nothing and stay as they were drawn; they then ask for no gradient, because DistributedDataParallel
        would wait for it in vain.
        """
        super().__init__()
        self.query = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.normalize = nn.BatchNorm1d(width)
        self.map_query: nn.Module = nn.Identity()
        self.map_key: nn.Module = nn.Identity()
        if project_keys:
            self.map_query = nn.Linear(width, width, bias=False).requires_grad_(not stop_gradient)
            self.map_key = nn.Linear(width, width, bias=False).requires_grad_(not stop_gradient)
        self.similarity = similarity
        self.temperature = temperature
        self.log_temperature: nn.Parameter | None = None
        if learn_temperature:
            self.log_temperature = nn.Parameter(torch.zeros(()), requires_grad=not stop_gradient)
        self.double_normalization = double_normalization
        self.stop_gradient = stop_gradient

    @property
    def scale(self) -> float | Tensor:
        """What the similarity is multiplied with before the softmax."""
        if self.log_temperature is None:
            return self.temperature
        return self.temperature * (TEMPERATURE_PACE * self.log_temperature).exp()

    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """See `Fusion.forward`; `skip` stands for X in σ(X W_q) and in the sum."""
        skip = x if skip is None else skip
        queries, compared = self.map_query(x), self.map_key(y if keys is None else keys)
        if self.similarity == "cosine":
            queries, compared = F.normalize(queries, dim=-1), F.normalize(compared, dim=-1)
        gathered = self.gather(queries, compared, F.leaky_relu(self.value(y), LEAK), layout)
        mixed = F.leaky_relu(self.query(skip), LEAK) + gathered
        # All tokens of all pictures as one list: the same statistics as N×C×Q, without transposing.
        return self.normalize(mixed.flatten(0, 1)).view_as(mixed) + skip

    def gather(self, queries: Tensor, keys: Tensor, values: Tensor, layout: Layout | None) -> Tensor:
        """Â V for queries N×Q×C, keys N×K×C and values N×K×D: N×Q×D. Several references of the layout are attended to
        one by one, see `attend_each`."""
        settings: dict[str, Any] = {
            "scale": self.scale,
            "double_normalization": self.double_normalization,
            "stop_gradient": self.stop_gradient,
        }
        grids = () if layout is None else layout.references
        if len(grids) < 2:
            return attend(queries, keys, values, **settings)
        weights = [grid.weight for grid in grids]
        return attend_each(queries, split(keys, grids), split(values, grids), weights, **settings)
