"""The losses of a generator and of its discriminator, Eq. 1–5 of Li et al., ECCV 2022."""

import torch
import torch.distributed as dist
from torch import Tensor

from trainer.config import LossConfig
from trainer.perceptual import PerceptualNetwork, perceptual_loss, style_loss

PAPER_LEVEL = 0.92  # a pixel whose darkest channel is above this (in [-1, 1]) is paper


def generator_losses(
    config: LossConfig,
    output: Tensor,
    target: Tensor,
    *,
    features: PerceptualNetwork | None,
    fake_scores: Tensor | None,
) -> dict[str, Tensor]:
    """The losses among "l1", "perceptual", "style" and "adversarial" that have a weight, each times its weight.

    output and target: N×3×H×W in [-1, 1]; features: wanted for the perceptual and the style loss; fake_scores: the
    discriminator's of `output`, wanted for the adversarial loss. The losses are float32 numbers; their sum is the loss
    of the generator (Eq. 1).
    """
    losses: dict[str, Tensor] = {}
    if config.l1 > 0.0:
        losses["l1"] = config.l1 * weighted_l1(output, target, config.foreground_weight)
    if config.perceptual > 0.0 or config.style > 0.0:
        assert features is not None
        with torch.no_grad():
            wanted = features(target)
        found = features(output)
        if config.perceptual > 0.0:
            losses["perceptual"] = config.perceptual * perceptual_loss(found, wanted)
        if config.style > 0.0:
            losses["style"] = config.style * style_loss(found, wanted)
    if config.adversarial > 0.0:
        assert fake_scores is not None
        losses["adversarial"] = config.adversarial * adversarial_generator(fake_scores)
    return losses


def weighted_l1(output: Tensor, target: Tensor, foreground_weight: float) -> Tensor:
    """Mean absolute difference of N×3×H×W pictures in [-1, 1]; pixels that are not paper count `foreground_weight`.

    Most of a drawing on white is paper, and a network that learned only that would already have a small plain L1. With
    a weight of 1 this is that plain L1 (Eq. 2).
    """
    difference = (output.float() - target).abs()
    if foreground_weight == 1.0:
        return difference.mean()
    weight = torch.where(target.amin(dim=1, keepdim=True) > PAPER_LEVEL, 1.0, foreground_weight)
    return (difference * weight).sum() / (3.0 * _mean_of_processes(weight.sum()))


def _mean_of_processes(value: Tensor) -> Tensor:
    """The mean over the processes of a distributed run. With it as denominator, gradients averaged over processes are
    those of the whole batch, even where one process has more paper than another."""
    if not dist.is_initialized():
        return value
    total = value.detach().clone()
    dist.all_reduce(total)
    return total / dist.get_world_size()


def adversarial_generator(fake_scores: Tensor) -> Tensor:
    """Least squares (Mao et al., ICCV 2017; Eq. 5): what the generator draws should score 1."""
    return (fake_scores.float() - 1.0).square().mean()


def adversarial_discriminator(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """Least squares, the other side: drawings should score 1, and what the generator draws 0."""
    return (real_scores.float() - 1.0).square().mean() + fake_scores.float().square().mean()
