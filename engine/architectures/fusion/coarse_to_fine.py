"""Attention in two steps: blocks of tokens are compared first, and tokens only within the blocks most alike."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.architectures.blocks import map_of
from engine.architectures.fusion.base import Grid, Layout, place, require_layout, split
from engine.architectures.fusion.sga import SGABlock

BLOCKS_KEPT = 8  # of the references, for each block of the drawing
_NOTHING = -1e4  # logarithm of the weight of a place without a token; finite, so that its gradient is a number


class CoarseToFineBlock(SGABlock):
    """An `SGABlock` whose map is restricted: fine tokens, at the cost of coarse ones.

    The mean tokens of r×r blocks have the (double-normalised) map P. A token then attends to the tokens of those
    `BLOCKS_KEPT` blocks of the references that its own block weighs most: softmax of their similarity + log P.
    The gradient flows through both. The grids must be multiples of r; weights of references are not heeded.
    """

    def __init__(self, width: int, ratio: int, **settings: Any) -> None:
        """ratio: r; settings: see `SGABlock`."""
        super().__init__(width, **settings)
        self.ratio = ratio

    def gather(self, queries: Tensor, keys: Tensor, values: Tensor, layout: Layout | None) -> Tensor:
        """See `SGABlock.gather`; raises ValueError without a layout that fits."""
        layout = require_layout(layout)
        if self.stop_gradient:
            queries, keys = queries.detach(), keys.detach()
        drawn = self._blocks(queries, (Grid(layout.sketch),))
        seen, held = self._blocks(keys, layout.references), self._blocks(values, layout.references)
        there = self._blocks(torch.ones_like(keys[..., :1]), layout.references)
        coarse, chosen = self._choose(drawn, seen, there)
        rows = torch.arange(len(seen), device=seen.device)[:, None, None]
        close, carried, real = (part[rows, chosen].flatten(2, 3) for part in (seen, held, there))
        # Each token has its block's weight; an empty place none.
        guide = coarse.unsqueeze(3).expand(*chosen.shape, self.ratio**2).flatten(2, 3) + (1.0 - real[..., 0]) * _NOTHING
        similarity = (drawn * self._scale()) @ close.transpose(2, 3)
        weights = F.softmax(similarity + guide.unsqueeze(2), dim=-1, dtype=torch.float32)
        return self._tokens(weights.to(carried.dtype) @ carried, layout.sketch)

    def _scale(self) -> float | Tensor:
        scale = self.scale
        return scale.detach() if self.stop_gradient and isinstance(scale, Tensor) else scale

    def _choose(self, drawn: Tensor, seen: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """N×B×r²×C blocks of the drawing, N×M×r²×C of the references and which places N×M×r²×1 have a token → the
        logarithms of the weights of the references' blocks chosen for each of the drawing's, N×B×k, and which."""
        blocks, count = drawn.mean(dim=2), there.sum(dim=2)
        known = seen.sum(dim=2) / count.clamp_min(1.0)
        if self.similarity == "cosine":
            blocks, known = F.normalize(blocks, dim=-1), F.normalize(known, dim=-1)
        empty = (count == 0.0).transpose(1, 2) * _NOTHING
        similarity = (blocks * self._scale()) @ known.transpose(1, 2) + empty
        weights = F.log_softmax(similarity, dim=-1, dtype=torch.float32)
        if self.double_normalization:
            excess = math.log(known.shape[1] / blocks.shape[1])
            weights = weights - torch.logsumexp(weights, dim=1, keepdim=True) - excess + empty
        return weights.topk(min(BLOCKS_KEPT, weights.shape[2]), dim=2)

    def _blocks(self, tokens: Tensor, grids: tuple[Grid, ...]) -> Tensor:
        """N×K×C tokens of several grids → N×blocks×r²×C, zero where there is no token."""
        found = []
        for part, grid in zip(split(tokens, grids), grids, strict=True):
            cut = F.pixel_unshuffle(place(part, grid), self.ratio).flatten(2)
            batch, width = part.shape[0], part.shape[2]
            found.append(cut.view(batch, width, self.ratio**2, -1).permute(0, 3, 2, 1))
        return torch.cat(found, dim=1)

    def _tokens(self, blocks: Tensor, size: tuple[int, int]) -> Tensor:
        """The other way, for one full grid: N×blocks×r²×C → N×K×C."""
        batch, _, places, width = blocks.shape
        rows = blocks.permute(0, 1, 3, 2).reshape(batch, -1, width * places)
        coarse = map_of(rows, (size[0] // self.ratio, size[1] // self.ratio))
        return F.pixel_shuffle(coarse, self.ratio).flatten(2).transpose(1, 2)
