"""What the background's queries ask instead of the reference's own tokens: a background without the hole of a figure.

After arXiv 2502.19937: learned queries look at the tokens of a reference whose figure is painted white, and become
tokens as if it had never stood there. The thresholds of the masks are told to the tokens.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_FREQUENCIES = 128  # of a threshold, sine and cosine each
_LONGEST = 10_000.0


class _Layer(nn.Module):
    """Cross-attention and MLP, pre-norm and residual."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_query, self.norm_tokens, self.norm_mlp = (nn.LayerNorm(width) for _ in range(3))
        self.to_query, self.to_out = nn.Linear(width, width), nn.Linear(width, width)
        self.to_pair = nn.Linear(width, 2 * width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor, tokens: Tensor, bias: Tensor | None) -> Tensor:
        key, value = self.to_pair(self.norm_tokens(tokens)).chunk(2, dim=-1)
        q, k, v = (self._heads(one) for one in (self.to_query(self.norm_query(x)), key, value))
        scores = None if bias is None else bias[:, None, None, :].to(q.dtype)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=scores)
        x = x + self.to_out(seen.transpose(1, 2).flatten(2))
        return x + self.mlp(self.norm_mlp(x))

    def _heads(self, tokens: Tensor) -> Tensor:
        return tokens.view(tokens.shape[0], tokens.shape[1], self.heads, -1).transpose(1, 2)


class RecoveryTransformer(nn.Module):
    """Tokens N×T×C of a background with a hole → N×queries×C of the background."""

    def __init__(self, queries: int, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) / math.sqrt(width))
        self.layers = nn.ModuleList(_Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor, bias: Tensor | None = None) -> Tensor:
        """bias: N×T, added to the scores."""
        x = self.queries.to(tokens.dtype).expand(tokens.shape[0], -1, -1)
        for layer in self.layers:
            x = layer(x, tokens, bias)
        return self.norm(x)


class ThresholdEmbedding(nn.Module):
    """A threshold in [0, 1] → what is added to every token, C numbers; zero at birth."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.out = nn.Linear(2 * _FREQUENCIES, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, threshold: Tensor) -> Tensor:
        """N → N×1×C."""
        rates = torch.exp(-math.log(_LONGEST) * torch.arange(_FREQUENCIES, device=threshold.device) / _FREQUENCIES)
        angles = 1000.0 * threshold.float()[:, None] * rates
        return self.out(torch.cat([angles.sin(), angles.cos()], dim=1))[:, None]
