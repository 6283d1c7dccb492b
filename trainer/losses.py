"""Reconstruction loss."""

import torch
from torch import Tensor

PAPER_LEVEL = 0.92  # a pixel whose darkest channel is above this (in [-1, 1]) is paper


def weighted_l1(output: Tensor, target: Tensor, foreground_weight: float) -> Tensor:
    """Mean absolute difference of N×3×H×W pictures in [-1, 1]; pixels that are not paper count `foreground_weight`.

    Most of a drawing on white is paper, and a network that learned only that would already have a small plain L1.
    """
    weight = torch.where(target.amin(dim=1, keepdim=True) > PAPER_LEVEL, 1.0, foreground_weight)
    return ((output.float() - target).abs() * weight).sum() / (3.0 * weight.sum())
