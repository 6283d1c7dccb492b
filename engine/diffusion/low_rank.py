"""Low-rank changes of attention, one set for the figure and one for the background, that act in one forward.

After Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022, and the split attention of
arXiv 2502.19937, where each region has its own. Query, key and value are changed, the output is not.
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

Region = Literal["figure", "background"]


def rank_of(rank: int | float, inputs: int, outputs: int) -> int:
    """A whole number as it is, a share below 1 of the smaller side; at least 1, at most that side."""
    least = min(inputs, outputs)
    wanted = round(rank * least) if isinstance(rank, float) and rank < 1.0 else int(rank)
    return max(1, min(wanted, least))


class LowRank(nn.Module):
    """A linear map of small rank, added to a larger one; zero at birth."""

    def __init__(self, inputs: int, outputs: int, rank: int | float) -> None:
        """rank: see `rank_of`."""
        super().__init__()
        rank = rank_of(rank, inputs, outputs)
        self.down = nn.Linear(inputs, rank, bias=False)
        self.up = nn.Linear(rank, outputs, bias=False)
        nn.init.normal_(self.down.weight, std=1.0 / rank)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        """…×inputs → …×outputs."""
        return self.up(self.down(x))

    def merged(self) -> Tensor:
        """outputs×inputs: the same as one matrix."""
        return self.up.weight @ self.down.weight


class Projected(NamedTuple):
    """Query N×L×C, key and value N×T×C of an attention."""

    query: Tensor
    key: Tensor
    value: Tensor


class AttentionLoRA(nn.Module):
    """The change of one attention for one region."""

    def __init__(self, query_width: int, token_width: int, inner: int, rank: int | float) -> None:
        """query_width, token_width: channels of what asks and of what is asked; inner: of all heads together."""
        super().__init__()
        self.query = LowRank(query_width, inner, rank)
        self.key = LowRank(token_width, inner, rank)
        self.value = LowRank(token_width, inner, rank)

    def forward(self, asking: Tensor, tokens: Tensor) -> Projected:
        """What is added to query, key and value."""
        return Projected(self.query(asking), self.key(tokens), self.value(tokens))


class RegionLoRA(nn.Module):
    """The changes of one attention, for queries in the figure and for those in the background."""

    def __init__(
        self, query_width: int, token_width: int, inner: int, figure_rank: int | float, background_rank: int | float
    ) -> None:
        super().__init__()
        self.figure = AttentionLoRA(query_width, token_width, inner, figure_rank)
        self.background = AttentionLoRA(query_width, token_width, inner, background_rank)

    def of(self, region: Region) -> AttentionLoRA:
        """The change of a region."""
        return self.figure if region == "figure" else self.background


@torch.no_grad()
def merge(projections: tuple[nn.Linear, nn.Linear, nn.Linear], lora: AttentionLoRA) -> None:
    """Add a change to the linear maps of query, key and value for good: for a mode in which it acts everywhere."""
    for linear, change in zip(projections, (lora.query, lora.key, lora.value), strict=True):
        linear.weight += change.merged()
