"""The schedule, and diffusers' solver as it is set up here, on a picture whose noise is known exactly."""

import pytest
import torch
from torch import Tensor

from engine.diffusion import sampler

MEAN, DEVIATION = 0.7, 0.4


def exact(noisy: Tensor, time: Tensor, zero_snr: bool) -> Tensor:
    """The best prediction of v where pictures are normal numbers of MEAN and DEVIATION."""
    alpha, sigma = (one[time] for one in sampler.schedule(zero_snr))
    variance = (alpha * DEVIATION) ** 2 + sigma**2
    picture = MEAN + alpha * DEVIATION**2 / variance * (noisy - alpha * MEAN)
    noise = sigma / variance * (noisy - alpha * MEAN)
    return alpha * noise - sigma * picture


def painted(steps: int, seed: int = 0, zero_snr: bool = True, count: int = 40_000) -> Tensor:
    solver = sampler.scheduler(zero_snr=zero_snr)
    solver.set_timesteps(steps)
    latent = sampler.first_noise((1, 1, 1, count), seed, torch.device("cpu")) * solver.init_noise_sigma
    for time in solver.timesteps:
        latent = solver.step(exact(latent, time, zero_snr), time, latent, return_dict=False)[0]
    return latent


@pytest.mark.parametrize("steps", [15, 50])
def test_a_picture_that_is_known_is_painted(steps: int) -> None:
    latent = painted(steps)
    assert float(latent.mean()) == pytest.approx(MEAN, rel=0.03)
    # The last step goes to the mean of all pictures that what it is given may become, which are fewer than there are.
    solver = sampler.scheduler()
    solver.set_timesteps(steps)
    alpha, sigma = (one[solver.timesteps[-1]] for one in sampler.schedule())
    told = alpha * DEVIATION / torch.sqrt((alpha * DEVIATION) ** 2 + sigma**2)
    assert float(latent.std()) == pytest.approx(DEVIATION * float(told), rel=0.03)


@pytest.mark.parametrize("steps", [1, 2])
def test_few_steps_find_the_mean(steps: int) -> None:
    assert float(painted(steps).mean()) == pytest.approx(MEAN, rel=0.03)


def test_the_same_seed_paints_the_same() -> None:
    assert torch.equal(painted(5, seed=3, count=99), painted(5, seed=3, count=99))
    assert not torch.equal(painted(5, seed=3, count=99), painted(5, seed=4, count=99))


def white(zero_snr: bool) -> float:
    """The mean of a picture that is white all over, as a network paints it that knows its v exactly."""
    solver = sampler.scheduler(zero_snr=zero_snr)
    solver.set_timesteps(15)
    latent = sampler.first_noise((1, 1, 64, 64), 1, torch.device("cpu"))
    # What a network learns where the last time of training still has a trace of the picture: it goes by the mean of
    # what it is given, and noise has none, so that the picture becomes as gray as the noise.
    for time in solver.timesteps:
        alpha, sigma = (one[time] for one in sampler.schedule(zero_snr))
        seen = latent.mean() / alpha if not zero_snr and alpha > 0.0 else torch.tensor(1.0)
        picture = torch.full_like(latent, float(seen.clamp(-1.0, 1.0)))
        noise = (latent - alpha * picture) / sigma.clamp_min(1e-4)
        latent = solver.step(alpha * noise - sigma * picture, time, latent, return_dict=False)[0]
    return float(latent.mean())


def test_paper_stays_white_only_where_noise_is_nothing_but_noise() -> None:
    assert white(zero_snr=True) >= 0.995
    assert white(zero_snr=False) < 0.995


def test_the_last_time_is_nothing_but_noise() -> None:
    alpha, sigma = sampler.schedule()
    assert float(alpha[-1]) < 1e-3 and float(alpha[0]) > 0.999
    torch.testing.assert_close(alpha**2 + sigma**2, torch.ones(sampler.TIMES))
    assert float(sampler.schedule(zero_snr=False)[0][-1]) > 0.05


@pytest.mark.parametrize("prediction", ["v", "epsilon"])
def test_a_prediction_means_the_picture(prediction: sampler.Prediction) -> None:
    picture, noise = torch.randn(3, 2, 4, 4), torch.randn(3, 2, 4, 4)
    time = torch.tensor([0, 400, 900])
    noisy = sampler.noised(picture, noise, time)
    wanted = sampler.target(picture, noise, time, prediction)
    torch.testing.assert_close(sampler.clean(noisy, wanted, time, prediction), picture, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize("spread", [1.0, 0.4])
def test_what_is_known_beforehand_is_left_out_of_what_is_learned(spread: float) -> None:
    generator = torch.Generator().manual_seed(0)
    time = torch.tensor([5, 300, 700, 999])
    picture, noise = (torch.randn(4, 1, 200, 200, generator=generator) for _ in range(2))
    picture = picture * spread
    noisy, wanted = sampler.noised(picture, noise, time), sampler.target(picture, noise, time)
    known, left = sampler.skipped(time, noisy, spread)
    error = (wanted - known * noisy) / left
    # What is left has deviation 1 at every time, and nothing in common with what is known.
    torch.testing.assert_close(error.std((1, 2, 3)), torch.ones(4), atol=0.02, rtol=0.02)
    assert (error * noisy).mean((1, 2, 3)).abs().max() < 0.03
    if spread == 1.0:
        assert not known.any() and left.sub(1.0).abs().max() < 1e-5
