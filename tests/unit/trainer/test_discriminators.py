"""The patch discriminator: its published size, its spectral norms, and that it learns."""

import pytest
import torch

from engine.architectures.discriminators import PatchDiscriminator
from trainer.losses import adversarial_discriminator


def pictures(batch: int = 4, size: int = 32, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    numbers = torch.Generator().manual_seed(seed)
    color = torch.rand(batch, 3, size, size, generator=numbers) * 2.0 - 1.0
    return color, torch.rand(batch, 1, size, size, generator=numbers) * 2.0 - 1.0


def test_it_has_the_published_size() -> None:
    """0.10 M parameters."""
    count = sum(parameter.numel() for parameter in PatchDiscriminator().parameters())
    assert count == 98_737


@pytest.mark.parametrize(("size", "patches"), [((256, 256), (16, 16)), ((40, 72), (3, 5)), ((17, 16), (2, 1))])
def test_one_score_for_each_patch_of_any_picture(size: tuple[int, int], patches: tuple[int, int]) -> None:
    scores = PatchDiscriminator()(torch.zeros(2, 3, *size), torch.zeros(2, 1, *size))
    assert scores.shape == (2, 1, *patches)


def test_scores_stay_float32_and_alike_under_autocast() -> None:
    network = PatchDiscriminator().eval()
    color, line = pictures()
    expected = network(color, line)
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(color, line)
    assert scores.dtype == torch.float32
    assert torch.equal(scores, expected)


def test_a_score_does_not_depend_on_the_other_pictures_of_the_batch() -> None:
    network = PatchDiscriminator()
    color, line = pictures()
    # Power iterations move the weights a hair at every pass in training mode, but not here.
    scores = network.eval()(color, line)
    torch.testing.assert_close(network(color[1:2], line[1:2]), scores[1:2])


def test_it_learns_to_tell_and_keeps_its_spectral_norms_at_one() -> None:
    torch.manual_seed(1)
    network = PatchDiscriminator()
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3, betas=(0.5, 0.999))
    real, line = pictures(seed=1)
    fake = real.mean(dim=(2, 3), keepdim=True).expand_as(real)
    losses = []
    for _ in range(60):
        loss = adversarial_discriminator(network(real, line), network(fake, line))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    network(real, line)
    convolutions = [layer for layer in network.layers if isinstance(layer, torch.nn.Conv2d)]
    assert len(convolutions) == 5
    for layer in convolutions:
        norm = torch.linalg.matrix_norm(layer.weight.flatten(1), ord=2).item()
        assert norm == pytest.approx(1.0, abs=0.05)
