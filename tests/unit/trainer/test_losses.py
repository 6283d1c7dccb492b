"""The generator's losses and the least squares game with the discriminator."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engine.architectures.discriminators import PatchDiscriminator
from trainer.config import LossConfig
from trainer.losses import adversarial_discriminator, adversarial_generator, generator_losses, weighted_l1
from trainer.perceptual import PerceptualNetwork, load

ALL = {"l1": 30.0, "perceptual": 0.01, "style": 50.0, "adversarial": 1.0}


@pytest.fixture(scope="module")
def network() -> PerceptualNetwork:
    return load("seeded")


def pictures(seed: int = 0) -> tuple[Tensor, Tensor]:
    numbers = torch.Generator().manual_seed(seed)
    output, target = (torch.rand(2, 3, 32, 32, generator=numbers) * 2.0 - 1.0 for _ in range(2))
    return output, target


def only(**weights: float) -> LossConfig:
    return replace(LossConfig(), **{**dict.fromkeys(ALL, 0.0), **weights})


def test_foreground_weighs_more_than_paper() -> None:
    target = torch.ones(1, 3, 4, 4)
    target[..., :2] = 0.0
    miss_paper, miss_figure = target.clone(), target.clone()
    miss_paper[..., 2:] -= 0.5
    miss_figure[..., :2] -= 0.5
    assert weighted_l1(miss_figure, target, 2.0) == pytest.approx(2.0 * weighted_l1(miss_paper, target, 2.0).item())
    assert weighted_l1(target, target, 2.0) == 0.0


def test_without_extra_weight_it_is_the_plain_l1() -> None:
    output, target = pictures()
    torch.testing.assert_close(weighted_l1(output, target, 1.0), torch.nn.functional.l1_loss(output, target))


def test_least_squares_has_its_minimum_where_the_scores_are_as_wanted() -> None:
    ones, zeros = torch.ones(2, 1, 3, 3), torch.zeros(2, 1, 3, 3)
    assert adversarial_generator(ones) == 0.0
    assert adversarial_generator(zeros) == 1.0
    assert adversarial_discriminator(ones, zeros) == 0.0
    assert adversarial_discriminator(zeros, ones) == 2.0
    assert adversarial_generator(zeros.bfloat16()).dtype == torch.float32


@pytest.mark.parametrize("name", list(ALL))
def test_only_losses_with_a_weight_are_computed_and_grow_with_it(name: str, network: PerceptualNetwork) -> None:
    output, target = pictures()
    features = network if name in ("perceptual", "style") else None
    scores = torch.full((2, 1, 2, 2), 0.3) if name == "adversarial" else None
    single = generator_losses(only(**{name: 1.0}), output, target, features=features, fake_scores=scores)
    triple = generator_losses(only(**{name: 3.0}), output, target, features=features, fake_scores=scores)
    assert list(single) == list(triple) == [name]
    torch.testing.assert_close(triple[name], 3.0 * single[name])
    assert single[name] > 0.0


@pytest.mark.parametrize("name", list(ALL))
def test_a_weight_of_zero_leaves_a_loss_out_and_the_others_as_they_are(name: str, network: PerceptualNetwork) -> None:
    output, target = pictures()
    scores = torch.full((2, 1, 2, 2), 0.3)
    whole = generator_losses(LossConfig(), output, target, features=network, fake_scores=scores)
    rest = generator_losses(replace(LossConfig(), **{name: 0.0}), output, target, features=network, fake_scores=scores)
    assert list(whole) == list(ALL)
    assert rest == {key: value for key, value in whole.items() if key != name}


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32])
def test_gradients_reach_the_output_alone_and_are_numbers(kind: torch.dtype, network: PerceptualNetwork) -> None:
    output, target = pictures()
    # A generator ends in a half-precision picture under autocast; where it is right already, nothing may blow up.
    output[0, :, :16] = target[0, :, :16]
    output, target = output.to(kind).requires_grad_(), target.requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=kind == torch.bfloat16):
        losses = generator_losses(
            only(perceptual=0.01, style=50.0), output, target.detach(), features=network, fake_scores=None
        )
        losses["l1"] = generator_losses(only(l1=30.0), output, target, features=None, fake_scores=None)["l1"]
    assert all(loss.dtype == torch.float32 and loss.isfinite() for loss in losses.values())
    torch.stack(list(losses.values())).sum().backward()
    assert output.grad is not None and output.grad.isfinite().all()
    assert output.grad.abs().amax(dim=(1, 2, 3)).min() > 0.0


def test_half_precision_hardly_changes_the_losses(network: PerceptualNetwork) -> None:
    output, target = pictures()
    config = only(perceptual=0.01, style=50.0)
    exact = generator_losses(config, output, target, features=network, fake_scores=None)
    with torch.autocast("cpu", torch.bfloat16):
        rounded = generator_losses(config, output, target, features=network, fake_scores=None)
    for name, loss in rounded.items():
        assert loss.item() == pytest.approx(exact[name].item(), rel=0.03)


def test_following_the_losses_leads_to_the_target(network: PerceptualNetwork) -> None:
    output, target = pictures()
    output = output.requires_grad_()
    optimizer = torch.optim.Adam([output], lr=0.05)
    config, seen = only(perceptual=1.0, style=50.0), []
    for _ in range(30):
        loss = sum(generator_losses(config, output, target, features=network, fake_scores=None).values())
        assert isinstance(loss, Tensor)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append((output - target).abs().mean().item())
    assert seen[-1] < 0.7 * seen[0]


def test_a_step_of_the_generator_lowers_its_adversarial_loss() -> None:
    torch.manual_seed(1)
    judge = PatchDiscriminator().eval().requires_grad_(False)
    line = pictures(2)[1][:, :1]
    generator = torch.nn.Conv2d(1, 3, 3, padding=1)
    optimizer = torch.optim.SGD(generator.parameters(), lr=0.05)

    def loss() -> Tensor:
        output = generator(line)
        scores = judge(output, line)
        return generator_losses(only(adversarial=1.0), output, output, features=None, fake_scores=scores)["adversarial"]

    before = loss()
    before.backward()
    optimizer.step()
    assert loss() < before
