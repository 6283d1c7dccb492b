"""Correlation of two sets of tokens as CoCosNet, UNITE and CMFT compute it, always in fp32."""

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.architectures.fusion.attention import attend

TEMPERATURE = 0.01  # of the softmax over correlations, as in CoCosNet


def centered_unit(tokens: Tensor) -> Tensor:
    """Tokens N×K×C less their mean over channels, scaled to unit length, in fp32."""
    tokens = tokens.float()
    return F.normalize(tokens - tokens.mean(dim=-1, keepdim=True), dim=-1)


def full_precision(tensor: Tensor) -> torch.autocast:
    """No autocast on the tensor's device: with bf16's 8 bits, cosines over 0.01 would be wrong by up to a quarter."""
    return torch.autocast(tensor.device.type, enabled=False)


def warp(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """softmax(cos / 0.01) V for queries N×Q×C, keys N×K×C, values N×K×D → N×Q×D in fp32; large maps in row blocks."""
    with full_precision(values):
        return attend(
            centered_unit(queries),
            centered_unit(keys),
            values.float(),
            scale=1.0 / TEMPERATURE,
            double_normalization=False,
            stop_gradient=False,
        )
