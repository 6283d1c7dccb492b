"""A reference → local tokens, none for the whole picture: what is asked for a color must know where it is from."""

import math

import torch
from torch import Tensor, nn

STRIDE = 8  # pixels of a reference for each token, along a side


class TokenEncoder(nn.Module):
    """Picture and line art, and what another network sees there, → N×(h·w)×width, one token for each 8×8 pixels."""

    def __init__(self, width: int, layers: int, heads: int, seen: int = 0) -> None:
        """layers: of self-attention; seen: channels of another network's tokens of the same places, 0 for none."""
        super().__init__()
        steps = []
        inputs = 4
        for outputs in (32, 64, width):
            steps += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.SiLU()]
            inputs = outputs
        self.stem = nn.Sequential(*steps, nn.Conv2d(width, width, 3, padding=1))
        self.seen = nn.Linear(seen, width) if seen else None
        layer = nn.TransformerEncoderLayer
        self.layers = nn.ModuleList(
            layer(width, heads, 2 * width, 0.0, nn.functional.silu, batch_first=True, norm_first=True)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, picture: Tensor, line: Tensor, seen: Tensor | None = None) -> Tensor:
        """picture: N×3×H×W, line: N×1×H×W, both in [-1, 1], sides multiples of 8; seen: N×(h·w)×C."""
        drawn = self.stem(torch.cat([picture, line], dim=1))
        tokens = drawn.flatten(2).transpose(1, 2) + _places(drawn.shape[2], drawn.shape[3], drawn.shape[1]).to(drawn)
        if self.seen is not None and seen is not None:
            tokens = tokens + self.seen(seen.to(tokens.dtype))
        for layer in self.layers:
            tokens = layer(tokens)
        return self.norm(tokens)


def _places(height: int, width: int, channels: int) -> Tensor:
    """(height·width)×channels: sines of where a token is, as a share of the longer side, so that size tells nothing."""
    quarter = channels // 4
    rates = math.pi * 2.0 ** (torch.arange(quarter) * (6.0 / max(1, quarter - 1)))
    longer = max(height, width)
    y = (torch.arange(height) + 0.5)[:, None].expand(height, width).flatten() / longer
    x = (torch.arange(width) + 0.5).expand(height, width).flatten() / longer
    angles = torch.cat([y[:, None] * rates, x[:, None] * rates], dim=1)
    places = torch.cat([angles.sin(), angles.cos()], dim=1)
    return torch.nn.functional.pad(places, (0, channels - places.shape[1])) * 0.5
