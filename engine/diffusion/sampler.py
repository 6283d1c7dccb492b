"""From noise to a picture in steps: the schedule, classifier-free guidance, and the solver, which is diffusers' own.

Noise goes to zero signal (Lin et al., "Common Diffusion Noise Schedules and Sample Steps are Flawed", 2023): with the
usual schedule a network never learns to paint paper that is white all over. It predicts v = α·noise - σ·picture
(Salimans and Ho, "Progressive Distillation", 2022). The solver is DPM-Solver++ 2M (Lu et al., 2022).
"""

from functools import lru_cache
from typing import Any, Literal

import torch
from torch import Tensor

from engine.diffusion import imported

TIMES = 1000
Prediction = Literal["v", "epsilon"]


def scheduler(prediction: Prediction = "v", zero_snr: bool = True) -> Any:
    """diffusers' solver, new; it remembers the steps of one picture."""
    return imported().DPMSolverMultistepScheduler(
        num_train_timesteps=TIMES,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        algorithm_type="dpmsolver++",
        solver_order=2,
        prediction_type="v_prediction" if prediction == "v" else "epsilon",
        rescale_betas_zero_snr=zero_snr,
        timestep_spacing="trailing" if zero_snr else "leading",
        steps_offset=0 if zero_snr else 1,
    )


@lru_cache(maxsize=4)
def schedule(zero_snr: bool = True) -> tuple[Tensor, Tensor]:
    """How much of the picture and of the noise there is at each of the 1000 times: α and σ, α² + σ² = 1."""
    kept = scheduler(zero_snr=zero_snr).alphas_cumprod.double()
    return kept.sqrt().float(), (1.0 - kept).sqrt().float()


def noised(picture: Tensor, noise: Tensor, time: Tensor, zero_snr: bool = True) -> Tensor:
    """A latent N×C×h×w at times N."""
    alpha, sigma = _at(time, picture, zero_snr)
    return alpha * picture + sigma * noise


def target(picture: Tensor, noise: Tensor, time: Tensor, prediction: Prediction = "v", zero_snr: bool = True) -> Tensor:
    """What the network is to predict there."""
    alpha, sigma = _at(time, picture, zero_snr)
    return noise if prediction == "epsilon" else alpha * noise - sigma * picture


def clean(
    noisy: Tensor, predicted: Tensor, time: Tensor, prediction: Prediction = "v", zero_snr: bool = True
) -> Tensor:
    """The picture that a prediction means."""
    alpha, sigma = _at(time, noisy, zero_snr)
    if prediction == "epsilon":
        return (noisy - sigma * predicted) / alpha.clamp_min(1e-4)
    return alpha * noisy - sigma * predicted


def skipped(time: Tensor, like: Tensor, spread: float, zero_snr: bool = True) -> tuple[Tensor, Tensor]:
    """The best linear prediction of v, as a factor of the noisy latent, and the deviation of what it leaves.

    spread: the deviation of pictures; for 1 nothing is known beforehand. After Karras et al., "Elucidating the Design
    Space of Diffusion-Based Generative Models", 2022, Table 1, for v: a network that says nothing paints the mean.
    """
    alpha, sigma = _at(time, like, zero_snr)
    total = (alpha * spread) ** 2 + sigma**2
    return alpha * sigma * (1.0 - spread**2) / total, spread / total.sqrt()


def _at(time: Tensor, like: Tensor, zero_snr: bool) -> tuple[Tensor, Tensor]:
    alpha, sigma = (one.to(like.device)[time][:, None, None, None] for one in schedule(zero_snr))
    return alpha, sigma


def first_noise(shape: tuple[int, ...], seed: int, device: torch.device) -> Tensor:
    """Normal numbers by a generator of their own on the CPU, so that a seed paints the same on every device."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(device)
