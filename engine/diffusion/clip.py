"""The two halves of CLIP (Radford et al., 2021), as far as an assembled model needs them: what an empty text says, and
what a picture shows. Layers are torch's own; weights come in the names of transformers.
"""

from collections.abc import Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.diffusion.stable_layouts import EYES, EYES_OUT, TEXT, EyesSizes, Sizes

_TEXT_HEAD = 64  # channels of a head of what reads
_HEADS = 16  # of what looks, in all sizes that IP-Adapters were published for
_MEAN, _DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)  # of CLIP's pictures

Weights = Mapping[str, Tensor]


def _quick_gelu(x: Tensor) -> Tensor:
    """As OpenAI's CLIP has it, which reads for Stable Diffusion 1.x."""
    return x * torch.sigmoid(1.702 * x)


class Text(nn.Module):
    """What reads for Stable Diffusion 1.x; here it reads nothing but the empty text."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width, self.words, positions, layers = sizes.text
        # No nn.Embedding: filling it with random numbers that nobody sees makes torch import seconds of itself.
        self.token, self.position = (nn.Parameter(torch.empty(count, width)) for count in (self.words, positions))
        heads = max(1, width // _TEXT_HEAD)
        layer = nn.TransformerEncoderLayer
        self.layers = nn.ModuleList(
            layer(width, heads, 4 * width, 0.0, _quick_gelu, batch_first=True, norm_first=True) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self) -> Tensor:
        """1×positions×width. The last two words are the beginning and the end of a text, so no tokenizer is needed."""
        count = len(self.position)
        words = torch.full((1, count), self.words - 1, device=self.token.device)
        words[0, 0] = self.words - 2
        x = self.token[words] + self.position
        later = torch.ones(count, count, dtype=torch.bool, device=x.device).triu(1)
        for layer in self.layers:
            x = layer(x, src_mask=later)
        return self.norm(x)


class Seen(NamedTuple):
    """A picture as CLIP sees it. whole: N×projected; parts: N×T×width, before the last layer."""

    whole: Tensor
    parts: Tensor


class Eyes(nn.Module):
    """What looks at pictures: a vision transformer."""

    def __init__(self, sizes: EyesSizes) -> None:
        super().__init__()
        self.side, width = sizes.side, sizes.width
        self.patches = nn.Conv2d(3, width, sizes.patch, stride=sizes.patch, bias=False)
        self.first = nn.Parameter(torch.empty(width))
        self.position = nn.Parameter(torch.empty((sizes.side // sizes.patch) ** 2 + 1, width))
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        heads = _HEADS if width % _HEADS == 0 else 1
        layer = nn.TransformerEncoderLayer
        self.layers = nn.ModuleList(
            layer(width, heads, sizes.inner, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(sizes.layers)
        )
        self.out = nn.Linear(width, sizes.projected, bias=False)

    def forward(self, picture: Tensor | None) -> Seen:
        """picture: N×3×H×W in [-1, 1], of any size. None: the picture of nothing that an IP-Adapter learned without."""
        weight = self.patches.weight
        if picture is None:
            seen = weight.new_zeros(1, 3, self.side, self.side)
        else:
            seen = self.prepared(picture).to(weight.dtype)
        tokens = self.patches(seen).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(tokens), 1, -1), tokens], dim=1) + self.position
        x = self.before(x)
        parts = x
        for layer in self.layers:
            parts = x
            x = layer(x)
        return Seen(self.out(self.after(x[:, 0])), parts)

    def prepared(self, picture: Tensor) -> Tensor:
        """N×3×side×side, as CLIP was shown pictures: on a square of paper, because a crop would lose head and feet."""
        height, width = picture.shape[2], picture.shape[3]
        longer = max(height, width)
        top, left = (longer - height) // 2, (longer - width) // 2
        square = F.pad(picture.float(), (left, longer - width - left, top, longer - height - top), value=1.0)
        small = F.interpolate(square, (self.side, self.side), mode="bicubic", antialias=True, align_corners=False)
        mean, deviation = (small.new_tensor(one)[:, None, None] for one in (_MEAN, _DEVIATION))
        return ((small.clamp(-1.0, 1.0) + 1.0) / 2.0 - mean) / deviation


def text_weights(stored: Weights) -> dict[str, Tensor]:
    """Weights of `Text` from those of a file in one piece."""
    return {
        "token": stored[TEXT + "embeddings.token_embedding.weight"],
        "position": stored[TEXT + "embeddings.position_embedding.weight"],
        **_layers(stored, TEXT),
        **_affine(stored, TEXT + "final_layer_norm", "norm"),
    }


def eyes_weights(stored: Weights) -> dict[str, Tensor]:
    """Weights of `Eyes` from those of transformers."""
    return {
        "first": stored[EYES + "embeddings.class_embedding"],
        "patches.weight": stored[EYES + "embeddings.patch_embedding.weight"],
        "position": stored[EYES + "embeddings.position_embedding.weight"],
        "out.weight": stored[EYES_OUT],
        **_layers(stored, EYES),
        **_affine(stored, EYES + "pre_layrnorm", "before"),
        **_affine(stored, EYES + "post_layernorm", "after"),
    }


def _layers(stored: Weights, beginning: str) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for number in range(sum(name.endswith(".mlp.fc1.weight") for name in stored if name.startswith(beginning))):
        theirs, ours = f"{beginning}encoder.layers.{number}", f"layers.{number}"
        for kind in ("weight", "bias"):
            three = [stored[f"{theirs}.self_attn.{one}_proj.{kind}"] for one in "qkv"]
            found[f"{ours}.self_attn.in_proj_{kind}"] = torch.cat(three)
        for their, our in (
            ("self_attn.out_proj", "self_attn.out_proj"),
            ("mlp.fc1", "linear1"), ("mlp.fc2", "linear2"), ("layer_norm1", "norm1"), ("layer_norm2", "norm2"),
        ):  # fmt: skip
            found |= _affine(stored, f"{theirs}.{their}", f"{ours}.{our}")
    return found


def _affine(stored: Weights, theirs: str, ours: str) -> dict[str, Tensor]:
    return {f"{ours}.{kind}": stored[f"{theirs}.{kind}"] for kind in ("weight", "bias")}
