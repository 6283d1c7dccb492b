"""Cross-attention that is split by region: each query asks as figure or as background, with its own tokens and change.

After arXiv 2502.19937. Where the figure's mask of the drawing is above the threshold, a query asks the tokens of the
whole reference with the figure's low-rank change; elsewhere those of the background with the background's. Both are
computed everywhere, and the mask picks. (A founding document of the project divides the scores by d; √d is meant.)
"""

from dataclasses import dataclass, field
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.diffusion.low_rank import AttentionLoRA, Region, RegionLoRA


@dataclass(frozen=True, eq=False)
class Tokens:
    """What queries ask. tokens: N×T×C; bias: N×T or 1×T, added to the scores (log of weights), None for none."""

    tokens: Tensor
    bias: Tensor | None = None


@dataclass(frozen=True, eq=False)
class Split:
    """How one forward splits its cross-attention; it belongs to one call, so that several threads may paint.

    whole: asked by the figure, and by all without a mask; background: asked by the rest, None for the same as whole.
    figure: N×1×H×W in [0, 1] of any size, how likely the figure is there; None where nothing is split. threshold:
    above it a query is of the figure. figure_lora, background_lora: whether the changes act.
    """

    whole: Tokens
    background: Tokens | None = None
    figure: Tensor | None = None
    threshold: float | Tensor = 0.5
    figure_lora: bool = False
    background_lora: bool = False
    _masks: dict[tuple[int, int], Tensor] = field(default_factory=dict)

    def mask(self, size: tuple[int, int]) -> Tensor:
        """N×L×1 bool at a level of this height and width: where a query is of the figure."""
        if size not in self._masks:
            assert self.figure is not None
            # Averaged, because any sharper filter rings at thin parts and calls paper beside a finger figure.
            small = F.adaptive_avg_pool2d(self.figure.float(), size).flatten(2).transpose(1, 2)
            self._masks[size] = small > _column(self.threshold, small)
        return self._masks[size]


def _column(threshold: float | Tensor, like: Tensor) -> float | Tensor:
    return threshold.view(-1, 1, 1).to(like.device) if isinstance(threshold, Tensor) else threshold


class SplitProcessor:
    """What diffusers calls in the place of its own attention; `split` comes through its `cross_attention_kwargs`.

    Without a split, or for attention of a picture to itself, it is the plain one. lora: of this attention, held
    elsewhere, so that all changes are one part of the network; None where there is none.
    """

    def __init__(self, lora: RegionLoRA | None = None) -> None:
        self.lora = lora

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        split: Split | None = None,
    ) -> Tensor:
        """N×L×C → N×L×C. attn: the attention of diffusers that holds the linear maps."""
        if encoder_hidden_states is None or split is None:
            tokens = hidden_states if encoder_hidden_states is None else encoder_hidden_states
            attended = _attend(attn, hidden_states, Tokens(tokens), None)
        else:
            attended = self._split(attn, hidden_states, split)
        return attn.to_out[1](attn.to_out[0](attended))

    def _split(self, attn: Any, asking: Tensor, split: Split) -> Tensor:
        def change(region: Region, wanted: bool) -> AttentionLoRA | None:
            return self.lora.of(region) if wanted and self.lora is not None else None

        of_figure = _attend(attn, asking, split.whole, change("figure", split.figure_lora))
        if split.figure is None:
            return of_figure
        background = split.background or split.whole
        rest = _attend(attn, asking, background, change("background", split.background_lora))
        return torch.where(split.mask(at_level(split.figure, asking.shape[1])), of_figure, rest)


def at_level(figure: Tensor, length: int) -> tuple[int, int]:
    """Height and width of a level with so many queries: those of the mask, halved until they are so few."""
    height, width = figure.shape[2], figure.shape[3]
    while height * width > length and max(height, width) > 1:
        height, width = (height + 1) // 2, (width + 1) // 2
    if height * width != length:
        raise ValueError(f"{length} queries are no level of a mask of {figure.shape[2]}×{figure.shape[3]}")
    return height, width


def _attend(attn: Any, asking: Tensor, asked: Tokens, lora: AttentionLoRA | None) -> Tensor:
    """N×L×(heads·d): softmax(q·kᵀ/√d) v over the heads."""
    query, key, value = attn.to_q(asking), attn.to_k(asked.tokens), attn.to_v(asked.tokens)
    if lora is not None:
        added = lora(asking, asked.tokens)
        query, key, value = query + added.query, key + added.key, value + added.value
    batch, length, inner = query.shape
    q, k, v = (
        one.view(one.shape[0], -1, attn.heads, inner // attn.heads).transpose(1, 2) for one in (query, key, value)
    )
    bias = None if asked.bias is None else asked.bias[:, None, None, :].to(q.dtype)
    seen = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    return seen.transpose(1, 2).reshape(batch, length, inner)


def cross_attentions(unet: nn.Module) -> dict[str, nn.Module]:
    """The cross-attentions of a network of diffusers by name, in their order in the forward's list of processors."""
    found = {}
    for name in cast(Any, unet).attn_processors:
        path = name.removesuffix(".processor")
        attention = unet.get_submodule(path)
        if path.endswith(".attn2") or getattr(attention, "is_cross_attention", False):
            found[path] = attention
    return found


def lora_of(unet: nn.Module, figure_rank: int | float, background_rank: int | float) -> nn.ModuleDict:
    """A change for each cross-attention, by its name with "-" for "." (a module's name has no dots)."""
    changes = nn.ModuleDict()
    for path, attention in cross_attentions(unet).items():
        to_q, to_k = cast(nn.Linear, attention.to_q), cast(nn.Linear, attention.to_k)
        change = RegionLoRA(to_q.in_features, to_k.in_features, to_q.out_features, figure_rank, background_rank)
        changes[path.replace(".", "-")] = change
    return changes


def split_attention(unet: nn.Module, changes: nn.ModuleDict) -> None:
    """Let all attentions of a network of diffusers heed a `Split`, with the changes of `lora_of`."""
    processors = {}
    for name in cast(Any, unet).attn_processors:
        key = name.removesuffix(".processor").replace(".", "-")
        processors[name] = SplitProcessor(cast(RegionLoRA, changes[key]) if key in changes else None)
    cast(Any, unet).set_attn_processor(processors)
