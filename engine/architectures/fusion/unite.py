"""Correspondence by unbalanced transport: Zhan et al., "Unbalanced Feature Transport for Exemplar-based Image
Translation" (CVPR 2021)."""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from engine import cancellation
from engine.architectures.fusion import attention
from engine.architectures.fusion.attention import attend, checkpointed, row_blocks
from engine.architectures.fusion.cocosnet import CoCosNetBlock
from engine.architectures.fusion.correlation import TEMPERATURE, centered_unit, full_precision

RELAXATION = 0.1  # τ: what leaving the uniform marginals costs, against ε = 0.01 of entropy
ITERATIONS = 30


class UNITEBlock(CoCosNetBlock):
    """CoCosNet whose map is a transport plan: features can no longer all go to the same few of the other side.

    The plan P solves  min ⟨1 − M, P⟩ − ε H(P) + τ KL(P 1 | 1/Q) + τ KL(Pᵀ 1 | 1/K)  with M the centered cosine; its
    rows are normalized to mass 1 before warping. With τ = 0 it is CoCosNet's softmax, with τ → ∞ balanced transport.

    Differences from the paper: injection is CoCosNet's instead of its semantic-activation normalization, so that the
    two differ in the map alone; ε is CoCosNet's temperature for the same reason; τ and the number of iterations are
    ours: each iteration brings the potentials nearer by (τ/(τ+ε))² = 0.83, thirty to 0.3 % of the first distance.
    """

    def warped(self, x: Tensor, y: Tensor, keys: Tensor) -> Tensor:
        """The reference's features y as the plan spreads them over the sketch: N×Q×C."""
        queries, keys = self.query(x), self.key(keys)
        with full_precision(y):
            queries, keys = centered_unit(queries) / TEMPERATURE, centered_unit(keys)
            potential = column_potential(queries, keys, RELAXATION / TEMPERATURE, ITERATIONS)
            # The row potential cancels when a row is normalized; the column potential is one more channel.
            ones = queries.new_ones((*queries.shape[:2], 1))
            return attend(
                torch.cat([queries, ones], dim=2),
                torch.cat([keys, potential.unsqueeze(2)], dim=2),
                y.float(),
                double_normalization=False,
                stop_gradient=False,
            )


def column_potential(queries: Tensor, keys: Tensor, relaxation: float, iterations: int) -> Tensor:
    """The potential v (N×K) of the unbalanced plan P = exp(S + u + v), where S = queries·keysᵀ = M/ε.

    Sinkhorn iterations in the log domain with KL-relaxed uniform marginals (Chizat et al., "Scaling Algorithms for
    Unbalanced Optimal Transport Problems", 2018): with ρ = r/(r + 1) and r = relaxation = τ/ε,
    u = ρ (−log Q − logsumexp_j(S + v)), then v from u in the same way. One pass over blocks of rows does both, so no
    more than `attention.WHOLE_MAP_LIMIT` entries are ever stored; backward computes each pass again.
    """
    exponent = relaxation / (relaxation + 1.0)
    row_mass, column_mass = -math.log(queries.shape[1]), -math.log(keys.shape[1])

    def column_sums(scores: Tensor, potential: Tensor) -> Tensor:
        """What one pass over some rows of S adds to logsumexp_i(S + u)."""
        cancellation.check()
        rows = exponent * (row_mass - torch.logsumexp(scores + potential.unsqueeze(1), dim=2))
        return torch.logsumexp(scores + rows.unsqueeze(2), dim=1)

    def column_sums_of(rows: Tensor, keys: Tensor, potential: Tensor) -> Tensor:
        return column_sums(rows @ keys.transpose(1, 2), potential)

    passes: list[Callable[[Tensor], Tensor]]
    if queries.shape[1] * keys.shape[1] <= attention.WHOLE_MAP_LIMIT:
        passes = [partial(checkpointed, column_sums, queries @ keys.transpose(1, 2))]
    else:
        passes = [partial(checkpointed, column_sums_of, queries[:, rows], keys) for rows in row_blocks(queries, keys)]
    potential = keys.new_zeros(keys.shape[:2])
    for _ in range(iterations):
        sums = torch.logsumexp(torch.stack([one(potential) for one in passes]), dim=0)
        potential = exponent * (column_mass - sums)
    return potential
