"""Double-normalised attention, whole for few tokens and in row blocks for many.

With S = scale·X·Yᵀ and P its softmax over each row, double normalisation divides every column by its sum
(Li et al., ECCV 2022, Eq. 8–9; after Guo et al., "External Attention", 2021). Columns then sum to 1, so the rows sum to
N_keys/N_queries on average; scaling by N_queries/N_keys keeps the row mass at 1 when the two counts differ, and is
exactly 1 in the paper's setting. With column sums c = Pᵀ1:  Â V = P (V / c) · N_queries/N_keys.

The blocked form takes two passes over blocks of rows (one for c, one for the product), so memory is linear in tokens.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint

from engine import cancellation

WHOLE_MAP_LIMIT = 4096 * 4096  # entries of one map (64 MiB in fp32); larger maps are taken in row blocks
TRUST = 2.0  # power to which the masses of several references are taken before they share a query
BLOCK_ENTRIES = 2048 * 1024  # entries of one block of rows: 8 MiB in fp32, small enough to stay near the cache


def attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    *,
    scale: float | Tensor = 1.0,
    double_normalization: bool = True,
    stop_gradient: bool = True,
    whole_map_limit: int = WHOLE_MAP_LIMIT,
) -> Tensor:
    """Â V for queries N×Q×C, keys N×K×C and values N×K×D; returns N×Q×D.

    scale multiplies the dot products. With `stop_gradient` no gradient reaches queries, keys and scale.
    Maps of more than `whole_map_limit` entries are never stored whole, forward or backward. Under fp16 autocast all of
    it is fp32: dot products of the paper's features, and values over small column sums, pass fp16's 65504.
    """
    if _is_fp16(queries.device.type):
        with torch.autocast(queries.device.type, enabled=False):
            return attend(
                queries.float(),
                keys.float(),
                values.float(),
                scale=scale,
                double_normalization=double_normalization,
                stop_gradient=stop_gradient,
                whole_map_limit=whole_map_limit,
            )
    if stop_gradient:
        queries, keys = queries.detach(), keys.detach()
        scale = scale.detach() if isinstance(scale, Tensor) else scale
    queries = queries * scale
    whole = queries.shape[1] * keys.shape[1] <= whole_map_limit
    if torch.is_grad_enabled() and (queries.requires_grad or keys.requires_grad):
        if whole:
            return _attend_whole_flowing(queries, keys, values, double_normalization)
        return _attend_blocked_flowing(queries, keys, values, double_normalization)
    if whole:
        return _attend_whole(queries, keys, values, double_normalization)
    return _BlockedStopGradient.apply(queries, keys, values, double_normalization)


def attend_each(
    queries: Tensor,
    keys: Sequence[Tensor],
    values: Sequence[Tensor],
    weights: Sequence[float],
    *,
    scale: float | Tensor = 1.0,
    double_normalization: bool = True,
    stop_gradient: bool = True,
) -> Tensor:
    """`attend` to several references, each by itself: Σ_r g_r Â_r V_r for queries N×Q×C and, of each reference, keys
    N×K_r×C, values N×K_r×D and a weight above 0; returns N×Q×D.

    Double normalization over all references at once would make every token of every one be used equally, also of those
    that show something else. g_r, a number for each query, is a softmax over the references of
    log w_r + `TRUST` · log Σ_k exp S_k, where a trust of 1 is what a plain softmax over all keys gives to reference r.
    They sum to 1, so the same reference given twice changes nothing, and neither do weights that are all alike.
    """
    if _is_fp16(queries.device.type):
        with torch.autocast(queries.device.type, enabled=False):
            return attend_each(
                queries.float(),
                [one.float() for one in keys],
                [one.float() for one in values],
                weights,
                scale=scale,
                double_normalization=double_normalization,
                stop_gradient=stop_gradient,
            )
    settings = {"scale": scale, "double_normalization": double_normalization, "stop_gradient": stop_gradient}
    gathered = [attend(queries, k, v, **settings) for k, v in zip(keys, values, strict=True)]
    scaled = queries * scale
    if stop_gradient:
        scaled, keys = scaled.detach(), [one.detach() for one in keys]
    masses = TRUST * torch.stack([_row_masses(scaled, one) for one in keys], dim=2)
    if len(set(weights)) > 1:
        masses = masses + torch.tensor(weights, dtype=torch.float32, device=masses.device).log()
    shares = F.softmax(masses, dim=2).to(gathered[0].dtype).split(1, dim=2)
    return torch.stack([share * one for share, one in zip(shares, gathered, strict=True)]).sum(dim=0)


def _row_masses(queries: Tensor, keys: Tensor) -> Tensor:
    """log Σ_k exp S_k of each query: N×Q float32, in blocks of rows."""

    def block_masses(q: Tensor, k: Tensor) -> Tensor:
        cancellation.check()
        return torch.logsumexp((q @ k.transpose(1, 2)).float(), dim=2)

    blocks = row_blocks(queries, keys)
    return torch.cat([checkpointed(block_masses, queries[:, rows], keys) for rows in blocks], dim=1)


def _is_fp16(kind: str) -> bool:
    """Whether fp16 autocast is on for this kind of device."""
    available = torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)
    return available and torch.get_autocast_dtype(kind) == torch.float16


def weighed(
    queries: Tensor, keys: Tensor, values: Tensor, weights: Sequence[float], scale: float | Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values such that `attend` with this `scale` heeds each key by its weight w (K, above 0).

    P = softmax(S + log w), where w multiplies what a row gives to a key. Double normalization would take that away
    again: it lets every key be used equally. So a column has its share of the rows by its weight, too:
    Â V = P (V · f / c) · N_queries/N_keys with f = w / mean(w). Weights that are all alike change nothing.
    """
    given = torch.tensor(weights, dtype=torch.float32, device=keys.device)
    bias = (given.log() / scale).to(keys.dtype).expand(*keys.shape[:2]).unsqueeze(2)
    factor = (given / given.mean()).to(values.dtype).unsqueeze(1)
    ones = queries.new_ones((*queries.shape[:2], 1))
    return torch.cat([queries, ones], 2), torch.cat([keys, bias], 2), values * factor


def _column_factor(sums: Tensor, keys: int, queries: int) -> Tensor:
    """What column j of P is multiplied with: (Q/K)/c_j. A column nobody looks at keeps a finite factor."""
    return (queries / keys) / sums.clamp_min(torch.finfo(torch.float32).tiny * 1e6)


def _attend_whole(queries: Tensor, keys: Tensor, values: Tensor, double: bool) -> Tensor:
    weights = F.softmax(queries @ keys.transpose(1, 2), dim=-1, dtype=torch.float32)
    if double:
        factor = _column_factor(weights.sum(dim=1), keys.shape[1], queries.shape[1])
        values = values * factor.unsqueeze(2)
    return weights.to(values.dtype) @ values


def row_blocks(queries: Tensor, keys: Tensor) -> list[slice]:
    """Rows of the map of N×Q×C queries and N×K×C keys, so many at a time that a block has about `BLOCK_ENTRIES`."""
    rows = max(1, BLOCK_ENTRIES // keys.shape[1])
    return [slice(start, min(start + rows, queries.shape[1])) for start in range(0, queries.shape[1], rows)]


def _block_weights(queries: Tensor, keys: Tensor) -> Tensor:
    cancellation.check()
    return F.softmax(queries @ keys.transpose(1, 2), dim=-1, dtype=torch.float32)


def _column_sums(queries: Tensor, keys: Tensor) -> Tensor:
    sums = torch.zeros(keys.shape[:2], dtype=torch.float32, device=keys.device)
    for rows in row_blocks(queries, keys):
        sums += _block_weights(queries[:, rows], keys).sum(dim=1)
    return sums


class _BlockedStopGradient(torch.autograd.Function):
    """The map carries no gradient, so backward needs only Âᵀ dZ: the blocks are computed again, not kept."""

    @staticmethod
    def forward(ctx: Any, queries: Tensor, keys: Tensor, values: Tensor, double: bool) -> Tensor:
        factor = torch.ones(keys.shape[:2], dtype=torch.float32, device=keys.device)
        if double:
            factor = _column_factor(_column_sums(queries, keys), keys.shape[1], queries.shape[1])
        ctx.save_for_backward(queries, keys, factor)
        scaled = values * factor.unsqueeze(2)
        output = queries.new_empty((*queries.shape[:2], values.shape[2]), dtype=scaled.dtype)
        for rows in row_blocks(queries, keys):
            output[:, rows] = _block_weights(queries[:, rows], keys).to(scaled.dtype) @ scaled
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, None, Tensor, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        queries, keys, factor = ctx.saved_tensors
        total = torch.zeros((*keys.shape[:2], gradient.shape[2]), dtype=torch.float32, device=keys.device)
        for rows in row_blocks(queries, keys):
            weights = _block_weights(queries[:, rows], keys)
            total += weights.transpose(1, 2) @ gradient[:, rows].float()
        return None, None, (total * factor.unsqueeze(2)).to(gradient.dtype), None


def _block_logarithms(queries: Tensor, keys: Tensor) -> Tensor:
    return F.log_softmax(queries @ keys.transpose(1, 2), dim=-1, dtype=torch.float32)


def _attend_whole_flowing(queries: Tensor, keys: Tensor, values: Tensor, double: bool) -> Tensor:
    """With the gradient flowing through the map, of which logarithms are taken: the derivative of 1/c overflows where
    a column's sum c is tiny."""
    logarithms = _block_logarithms(queries, keys)
    weights = F.softmax(logarithms, dim=1) * (queries.shape[1] / keys.shape[1]) if double else logarithms.exp()
    return weights.to(values.dtype) @ values


def _attend_blocked_flowing(queries: Tensor, keys: Tensor, values: Tensor, double: bool) -> Tensor:
    """The same in blocks of rows: each is checkpointed and computed again in backward."""
    blocks = row_blocks(queries, keys)

    def block_sums(q: Tensor, k: Tensor) -> Tensor:
        return torch.logsumexp(_block_logarithms(q, k), dim=1)

    def block_product(q: Tensor, k: Tensor, v: Tensor, columns: Tensor) -> Tensor:
        return (_block_logarithms(q, k) - columns.unsqueeze(1)).exp().to(v.dtype) @ v

    columns = torch.zeros(keys.shape[:2], dtype=torch.float32, device=keys.device)
    if double:
        sums = [checkpointed(block_sums, queries[:, rows], keys) for rows in blocks]
        columns = torch.logsumexp(torch.stack(sums), dim=0) - math.log(queries.shape[1] / keys.shape[1])
    products = [checkpointed(block_product, queries[:, rows], keys, values, columns) for rows in blocks]
    return torch.cat(products, dim=1)


def checkpointed(function: Any, *inputs: Tensor) -> Tensor:
    """function(*inputs), where a gradient is wanted computed again in backward instead of kept."""
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in inputs):
        return checkpoint(function, *inputs, use_reentrant=False)  # type: ignore[return-value]
    return function(*inputs)
