"""Pictures in the place of a text: what an IP-Adapter (Ye et al., 2023) makes of a reference, and how it is asked.

Each attention of the denoiser to the text has a second one to the tokens of the references, with keys and values of its
own. Here that one is split by region, as in `split_attention`, by masks alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.diffusion.clip import Seen
from engine.diffusion.split_attention import Split, Tokens, at_level, cross_attentions
from engine.diffusion.stable_layouts import Sizes, asking

_HEAD = 64  # channels of a head of a "plus" adapter


@dataclass(frozen=True, eq=False)
class Prompt(Split):
    """A `Split` of the references' tokens; the figure asks `whole`. scale: how much of them is added."""

    scale: float = 1.0


class Projection(nn.Module):
    """The last word of CLIP → tokens."""

    def __init__(self, seen: int, width: int, many: int) -> None:
        super().__init__()
        self.width = width
        self.proj, self.norm = nn.Linear(seen, many * width), nn.LayerNorm(width)

    def forward(self, seen: Seen) -> Tensor:
        """N×many×width."""
        return self.norm(self.proj(seen.whole).unflatten(1, (-1, self.width)))

    def without(self, nothing: Seen) -> Tensor:
        """The tokens that it learned to be without a picture."""
        return self(Seen(torch.zeros_like(nothing.whole), nothing.parts))


class _Looking(nn.Module):
    """A layer of `Resampler`: latents look at the picture and at each other."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.to_q, self.to_kv = nn.Linear(width, width, bias=False), nn.Linear(width, 2 * width, bias=False)
        self.to_out = nn.Linear(width, width, bias=False)

    def forward(self, picture: Tensor, latents: Tensor) -> Tensor:
        picture, latents = self.norm1(picture), self.norm2(latents)
        key, value = self.to_kv(torch.cat([picture, latents], dim=1)).chunk(2, dim=-1)
        query = self.to_q(latents)
        return self.to_out(attend(query, key, value, max(1, query.shape[-1] // _HEAD)))


class Resampler(nn.Module):
    """All that CLIP sees → tokens: what a "plus" adapter has. Its parts are called as in the published file."""

    def __init__(self, seen: int, width: int, many: int, layers: int) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.zeros(1, many, width))
        self.proj_in, self.proj_out = nn.Linear(seen, width), nn.Linear(width, width)
        self.norm_out = nn.LayerNorm(width)
        self.layers = nn.ModuleList(
            nn.ModuleList(
                [
                    _Looking(width),
                    nn.Sequential(
                        nn.LayerNorm(width), nn.Linear(width, 4 * width, bias=False), nn.GELU(),
                        nn.Linear(4 * width, width, bias=False),
                    ),
                ]
            )
            for _ in range(layers)
        )  # fmt: skip

    def forward(self, seen: Seen) -> Tensor:
        """N×many×width."""
        picture = self.proj_in(seen.parts)
        latents = self.latents.expand(len(picture), -1, -1)
        for looking, thinking in cast(Any, self.layers):
            latents = latents + looking(picture, latents)
            latents = latents + thinking(latents)
        return self.norm_out(self.proj_out(latents))

    def without(self, nothing: Seen) -> Tensor:
        """The tokens that it learned to be without a picture."""
        return self(nothing)


class Asking(nn.Module):
    """Keys and values of the references' tokens for one attention."""

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.to_k_ip, self.to_v_ip = nn.Linear(tokens, width, bias=False), nn.Linear(tokens, width, bias=False)


class PromptProcessor:
    """What diffusers calls in the place of its own attention; a `Prompt` comes through its `cross_attention_kwargs`."""

    def __init__(self, asking: Asking | None = None) -> None:
        """asking: of this attention, None where it asks no reference."""
        self.asking = asking

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        split: Prompt | None = None,
    ) -> Tensor:
        """N×L×C → N×L×C. attn: the attention of diffusers that holds the linear maps."""
        text = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query = attn.to_q(hidden_states)
        attended = attend(query, attn.to_k(text), attn.to_v(text), attn.heads)
        if encoder_hidden_states is not None and split is not None and self.asking is not None:
            attended = attended + split.scale * self._pictures(query, split, attn.heads)
        return attn.to_out[1](attn.to_out[0](attended))

    def _pictures(self, query: Tensor, split: Prompt, heads: int) -> Tensor:
        of_figure = self._ask(query, split.whole, heads)
        if split.figure is None:
            return of_figure
        rest = self._ask(query, split.background or split.whole, heads)
        return torch.where(split.mask(at_level(split.figure, query.shape[1])), of_figure, rest)

    def _ask(self, query: Tensor, asked: Tokens, heads: int) -> Tensor:
        assert self.asking is not None
        key, value = self.asking.to_k_ip(asked.tokens), self.asking.to_v_ip(asked.tokens)
        return attend(query, key, value, heads, asked.bias)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int, bias: Tensor | None = None) -> Tensor:
    """N×L×C: softmax(q·kᵀ/√d) v over the heads. bias: N×T, added to the scores."""
    q, k, v = (one.unflatten(2, (heads, -1)).transpose(1, 2) for one in (query, key, value))
    mask = None if bias is None else bias[:, None, None, :].to(q.dtype)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2)


def prompt_attention(unet: nn.Module, sizes: Sizes) -> nn.ModuleList:
    """Let a denoiser of diffusers heed a `Prompt`; returns the keys and values, in the order of an IP-Adapter."""
    found = nn.ModuleList(Asking(sizes.context, width) for width in asking(sizes))
    places = {name: cast(Asking, one) for name, one in zip(cross_attentions(unet), found, strict=True)}
    processors = {
        name: PromptProcessor(places.get(name.removesuffix(".processor"))) for name in cast(Any, unet).attn_processors
    }
    cast(Any, unet).set_attn_processor(processors)
    return found


def of_pictures(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of `Projection` or `Resampler` in an IP-Adapter's file."""
    return {name.removeprefix("image_proj."): one for name, one in stored.items() if name.startswith("image_proj.")}


def of_asking(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of `prompt_attention`: a file numbers those of the picture's attention to itself, too."""
    found = {}
    for name, one in stored.items():
        if name.startswith("ip_adapter."):
            _, number, part = name.split(".", 2)
            found[f"{int(number) // 2}.{part}"] = one
    return found
