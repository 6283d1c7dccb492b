"""The network that matches the regions of a drawing with the parts of references: a small transformer over both.

A token is a region of the drawing or a part of a reference: what an ImageNet backbone sees of the line art there (and,
of a reference, of the colors), where it lies and how large it is, its neighbors. A pair of both carries what another
network already thinks of it: its attention, and how far its guess is from the part's color.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.lite_backbone import CHANNELS, STRIDE, LiteBackbone

GEOMETRY = 14  # numbers a token, see `engine.matching.tokens`
COLORS = 5  # L, a, b, chroma, share of the swatch
PAIR = 3  # numbers a pair: log of the attention, two of the guess's distance
FEATURES = 2 * CHANNELS  # of a token: mean inside, and on a ring around it
LEAST_ATTENTION = 0.01
_MASKED = -1e4  # stands for minus infinity, which would make NaN of an empty row


@dataclass(frozen=True)
class PartsConfig:
    """side: of the canvas, in pixels, on which pictures are looked at. picture: whether the reference's colors go
    through the backbone too. calibration: scale and shift of the logit of a choice that make it a probability.
    """

    side: int = 384
    width: int = 96
    layers: int = 2
    heads: int = 4
    dropout: float = 0.3
    picture: bool = True
    calibration: tuple[float, ...] = (1.0, 0.0)

    def __post_init__(self) -> None:
        if self.side < 64 or self.side % (4 * STRIDE):
            raise ValueError("the side must be a multiple of 32 from 64 on")
        if self.heads < 1 or self.width % self.heads or self.layers < 1:
            raise ValueError("the width must be a multiple of the heads, with one layer or more")
        if not 0.0 <= self.dropout < 1.0 or len(self.calibration) != 2:
            raise ValueError("dropout must be from 0 to below 1, and calibration two numbers")


class Tokens(NamedTuple):
    """The tokens of one side, padded to N of them, for each of B pairs of drawing and references.

    features: B×N×FEATURES. geometry: B×N×GEOMETRY. border: B×N×N, see `tokens.Side`. distance: B×N×N between centers,
    in sides of the canvas. here: B×N, False for padding. Of references too: colors B×N×COLORS, picture as features
    (None without), source B×N, which reference a part is of; emphasis B×N, log of its reference's weight.
    """

    features: Tensor
    geometry: Tensor
    border: Tensor
    distance: Tensor
    here: Tensor
    colors: Tensor | None = None
    picture: Tensor | None = None
    source: Tensor | None = None
    emphasis: Tensor | None = None


def pair_features(attention: Tensor | None, difference: Tensor | None) -> Tensor:
    """…×PAIR. attention: shares in [0, 1]; difference: CIEDE2000 of guess and part, below 0 where there is no guess."""
    given = attention if attention is not None else difference
    assert given is not None
    none = torch.zeros_like(given)
    looked = none if attention is None else torch.log(attention + LEAST_ATTENTION)
    if difference is None:
        return torch.stack([looked, none, none], -1)
    known = difference >= 0.0
    near = torch.where(known, torch.exp(-((difference / 10.0) ** 2)), none)
    return torch.stack([looked, torch.where(known, difference / -20.0, none), near], -1)


def _attend(queries: Tensor, keys: Tensor, values: Tensor, heads: int, bias: Tensor) -> Tensor:
    """B×N×C, B×M×C twice, bias B×heads×N×M or to be broadcast to it → B×N×C."""
    batch, count, width = queries.shape
    parts = (one.view(batch, -1, heads, width // heads).transpose(1, 2) for one in (queries, keys, values))
    found = F.scaled_dot_product_attention(*parts, attn_mask=bias)
    return found.transpose(1, 2).reshape(batch, count, width)


class _Layer(nn.Module):
    """Each side among itself, then each looks at the other, then each token by itself. Both sides share the weights."""

    def __init__(self, config: PartsConfig) -> None:
        super().__init__()
        width, self.heads = config.width, config.heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.own, self.own_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.query, self.other, self.other_out = (nn.Linear(width, k * width) for k in (1, 2, 1))
        self.alone = nn.Sequential(
            nn.Linear(width, 3 * width), nn.GELU(), nn.Dropout(config.dropout), nn.Linear(3 * width, width)
        )
        self.bordering = nn.Parameter(torch.full((self.heads,), 0.5))
        # From -2 to 1, in Python: where only shapes are wanted (device "meta"), arithmetic and torch.linspace
        # import sympy or all of torch's compiler, which takes seconds.
        self.falling = nn.Parameter(torch.tensor([3.0 * n / max(1, self.heads - 1) - 2.0 for n in range(self.heads)]))
        self.pairs = nn.Parameter(torch.zeros(PAIR, self.heads))
        with torch.no_grad():
            self.pairs[0] = 0.3
        self.dropped = nn.Dropout(config.dropout / 2.0)

    def forward(
        self, drawn: Tensor, known: Tensor, drawing: Tokens, parts: Tokens, pairs: Tensor
    ) -> tuple[Tensor, Tensor]:
        drawn, known = self._among(drawn, drawing), self._among(known, parts)
        bias = (pairs @ self.pairs).permute(0, 3, 1, 2)
        ours, theirs = self.norms[1](drawn), self.norms[1](known)
        emphasis = 0.0 if parts.emphasis is None else parts.emphasis[:, None, None, :]
        drawn = drawn + self._across(ours, theirs, bias + emphasis, parts.here)
        known = known + self._across(theirs, ours, bias.transpose(2, 3), drawing.here)
        return tuple(x + self.dropped(self.alone(self.norms[2](x))) for x in (drawn, known))  # type: ignore[return-value]

    def _among(self, x: Tensor, tokens: Tokens) -> Tensor:
        query, key, value = self.own(self.norms[0](x)).chunk(3, -1)
        near = tokens.border[:, None] * self.bordering[:, None, None]
        far = tokens.distance[:, None] * F.softplus(self.falling)[:, None, None]
        seen = tokens.here[:, None, :]
        if tokens.source is not None:
            seen = seen & (tokens.source[:, :, None] == tokens.source[:, None, :])
        bias = (near - 4.0 * far).masked_fill(~seen[:, None], _MASKED)
        return x + self.dropped(self.own_out(_attend(query, key, value, self.heads, bias)))

    def _across(self, x: Tensor, other: Tensor, bias: Tensor, here: Tensor) -> Tensor:
        key, value = self.other(other).chunk(2, -1)
        bias = bias.masked_fill(~here[:, None, None, :], _MASKED)
        return self.dropped(self.other_out(_attend(self.query(x), key, value, self.heads, bias)))


class PartsHead(nn.Module):
    """From tokens to logits: the part of which a learner trains only this."""

    def __init__(self, config: PartsConfig) -> None:
        super().__init__()
        width = config.width
        self.seen = self._reader(config)
        self.picture = self._reader(config) if config.picture else None
        self.geometry, self.colors = (
            nn.Sequential(nn.Linear(count, width), nn.GELU(), nn.Linear(width, width)) for count in (GEOMETRY, COLORS)
        )
        self.side = nn.Parameter(torch.zeros(2, width))
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.common, self.absent = nn.Linear(width, 1), nn.Linear(width, 1)
        self.pairs = nn.Parameter(torch.tensor([1.0, 0.5, 0.0]))

    @staticmethod
    def _reader(config: PartsConfig) -> nn.Module:
        return nn.Sequential(nn.LayerNorm(FEATURES), nn.Dropout(config.dropout), nn.Linear(FEATURES, config.width))

    def forward(self, drawing: Tokens, parts: Tokens, pairs: Tensor) -> Tensor:
        """pairs: B×R×P×PAIR. Returns B×R×(P + 1) logits of each part, and of none of them, last."""
        return self.compared(*self.understood(drawing, parts, pairs), parts, pairs)

    def understood(self, drawing: Tokens, parts: Tokens, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """What is made of both sides before they are compared: B×R×width and B×P×width."""
        drawn = self.seen(drawing.features) + self.geometry(drawing.geometry) + self.side[0]
        known = self.seen(parts.features) + self.geometry(parts.geometry) + self.side[1]
        if parts.colors is not None:
            known = known + self.colors(parts.colors)
        if self.picture is not None and parts.picture is not None:
            shown = (parts.picture != 0.0).any(-1, keepdim=True)  # of some references there may be none
            known = known + self.picture(parts.picture) * shown
        for layer in self.layers:
            drawn, known = layer(drawn, known, drawing, parts, pairs)
        return self.norms[0](drawn), self.norms[1](known)

    def compared(self, drawn: Tensor, known: Tensor, parts: Tokens, pairs: Tensor) -> Tensor:
        """The logits of `forward`, from what `understood` returned."""
        logits = self.query(drawn) @ self.key(known).transpose(1, 2) / math.sqrt(drawn.shape[-1])
        logits = logits + self.common(known).transpose(1, 2) + pairs @ self.pairs
        if parts.emphasis is not None:
            logits = logits + parts.emphasis[:, None]
        logits = logits.masked_fill(~parts.here[:, None], _MASKED)
        return torch.cat([logits, self.absent(drawn)], -1)


class PartsMatcher(nn.Module):
    """The backbone and the head in one file."""

    def __init__(self, config: PartsConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = LiteBackbone()
        self.head = PartsHead(config)

    def look(self, pictures: Tensor) -> Tensor:
        """N×3×side×side in [-1, 1] → N×CHANNELS×side/8×side/8."""
        return self.backbone(pictures)
