"""How the style U-Net learns: the losses where they belong, a discriminator that learns styles, runs that go on."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from engine import model_loading
from engine.architectures.style_unet import Painted, StyleConfig, StyleUNet
from engine.device import Device
from engine.errors import NurieError, TrainingError
from tests.drawings import write_drawings
from tests.style_engines import TINY, make, small
from tests.unit.trainer.test_trainer import require_same
from trainer import config_file, networks, recipes
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.pictures import PictureStore
from trainer.recipes.style import StyleRecipe, StyleStep, guided_losses, own, palette_classes, published, spread
from trainer.sources import find_sources
from trainer.style_discriminator import CLASSES, StyleDiscriminator, real_or_fake, seems_real
from trainer.training_loop import train

ALONE = Ranks(0, 1, torch.device("cpu"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    write_drawings(folder, ["a.png", "b.png", "characters/one/01.png", "characters/one/02.png"])
    return folder


def config_of(pictures: Path, output: Path, network: StyleConfig = TINY, **changes: Any) -> TrainConfig:
    config = TrainConfig(
        data=DataConfig((str(pictures),), workers=0),
        output=str(output),
        architecture="style",
        network=network,
        stages=(Stage(32, 40, 3e-3, 4),),
        losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.01),
        optimizer=OptimizerConfig(gradient_clip=1.0),
        precision="fp32",
        device="cpu",
        log_every=1,
    )
    return replace(config, **changes)


def batch_of(count: int = 4, side: int = 64) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    colors = torch.rand(count, 3, 1, 1, generator=generator) * 1.6 - 1.0
    picture = colors.expand(count, 3, side, side).clone()
    line = torch.ones(count, 1, side, side)
    line[:, :, side // 2] = -1.0
    return {"line": line, "target": picture, "reference": picture.flip(3)}


@pytest.mark.parametrize("variant", ["m1", "m2", "m3", "own"])
def test_ten_steps_and_the_model_colors(variant: str, pictures: Path, tmp_path: Path) -> None:
    seen: list[dict[str, float]] = []
    steps = 3 if variant == "m3" else 10
    stages = (Stage(32, 4 * steps, 3e-3, 4),)
    config = config_of(pictures, tmp_path / "run", small(variant), stages=stages, sample_every=5)
    train(config, lambda progress: seen.append(progress.losses))
    assert len(seen) == steps and seen[-1]["total"] < seen[0]["total"]
    guided = variant in ("m1", "own")
    assert {"gray_guide", "color_guide"} <= set(seen[0]) if guided else "gray_guide" not in seen[0]
    assert {"l1", "adversarial", "auxiliary", "discriminator", "spread"} <= set(seen[0])
    parts = [value for name, value in seen[0].items() if name not in ("total", "discriminator", "spread")]
    assert seen[0]["total"] == pytest.approx(sum(parts), rel=1e-5)
    info, network = model_loading.build(tmp_path / "run" / "model.safetensors")
    assert info.architecture == "style" and not [name for name, _ in network.named_parameters() if "guide" in name]


@pytest.mark.parametrize("variant", ["m2", "own"])
def test_a_stopped_run_ends_at_the_same_weights(variant: str, pictures: Path, tmp_path: Path) -> None:
    network = replace(small(variant), auxiliary="style")
    straight = train(config_of(pictures, tmp_path / "straight", network))
    stops = iter([False, False, True])
    train(config_of(pictures, tmp_path / "sliced", network), should_stop=lambda: next(stops))
    require_same(straight, train(config_of(pictures, tmp_path / "sliced", network)))
    assert straight.discriminator is not None


def test_guides_weigh_what_the_paper_says_and_gray_comes_before_the_style() -> None:
    target = torch.zeros(1, 3, 4, 4)
    target[:, 0] = 0.9
    gray, off = torch.full((1, 1, 4, 4), 0.3), torch.full((1, 3, 4, 4), 0.5)
    config = LossConfig(l1=10.0, perceptual=0.0, style=0.0)
    losses = guided_losses(config, Painted(target + 0.1, gray, target + off), target)
    assert losses["l1"] == pytest.approx(10 * 0.1)
    assert losses["gray_guide"] == pytest.approx(0.0, abs=1e-6)  # the mean over its channels is its gray
    assert losses["color_guide"] == pytest.approx(10 * 0.9 * 0.5)
    darker = guided_losses(config, Painted(target, gray - 0.2, target), target)
    assert darker["gray_guide"] == pytest.approx(10 * 0.3 * 0.2, rel=1e-5)


def test_the_auxiliary_loss_teaches_the_discriminator_and_the_generator() -> None:
    """A public rebuild averages 1 - V instead, which depends on neither of them: nothing learns."""
    judge = StyleDiscriminator(TINY)
    style = torch.randn(4, 8)
    pictures = batch_of()["target"].requires_grad_()
    _, answers = judge(pictures)
    judge.auxiliary_loss(answers, judge.target(style, torch.zeros(4, 64))).backward()
    for name in ("auxiliary.weight", "layers.0.parametrizations.weight.original"):
        gradient = dict(judge.named_parameters())[name].grad
        assert gradient is not None and gradient.abs().sum() > 0, name
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0
    wrong = (1.0 - style.requires_grad_()).mean()
    assert not torch.autograd.grad(wrong, list(judge.parameters()), allow_unused=True)[0]


def test_a_discriminator_learns_which_style_is_which() -> None:
    torch.manual_seed(0)
    judge, data = StyleDiscriminator(TINY), batch_of()
    style = torch.randn(4, 8)
    answers = judge.target(style, torch.zeros(4, 64))
    optimizer = torch.optim.Adam(judge.parameters(), 2e-3)
    losses = []
    for _ in range(25):
        loss = judge.auxiliary_loss(judge(data["target"])[1], answers)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize("auxiliary", ["style", "palette", "none"])
def test_both_sides_take_part_in_a_step(auxiliary: str) -> None:
    network = replace(TINY, auxiliary=auxiliary)
    config = config_of(Path(), Path(), network)
    state = networks.build(config, torch.device("cpu"))
    before = [{k: v.clone() for k, v in one.state_dict().items()} for one in (state.model, state.discriminator) if one]
    losses = StyleStep(config, state, Device("cpu", "fp32"), ALONE)(batch_of(), 1e-2)
    assert all(map(math.isfinite, losses.values())) and ("auxiliary" in losses) == (auxiliary != "none")
    for module, old in zip((state.model, state.discriminator), before, strict=True):
        assert module is not None
        changed = {name.split(".")[0] for name, value in module.state_dict().items() if not value.equal(old[name])}
        wanted = {
            "own_style",
            "down",
            "bottom",
            "spread",
            "embed",
            "up",
            "out",
            "gray_guide",
            "color_guide",
            "swatches",
        }
        judging = {"layers", "score"} | ({"auxiliary"} if auxiliary != "none" else set())
        assert changed == (wanted if isinstance(module, StyleUNet) else judging)


def test_the_adversarial_losses_by_hand() -> None:
    real, fake = torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 0.0])
    assert real_or_fake("hinge", real, fake) == pytest.approx((0 + 0.5) / 2 + (0 + 1) / 2)
    assert seems_real("hinge", fake) == pytest.approx(1.5)
    likely = -(F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean())
    assert real_or_fake("likelihood", real, fake) == pytest.approx(likely.item())
    assert seems_real("likelihood", fake) == pytest.approx(-F.logsigmoid(fake).mean().item())


def test_spread_is_1_for_a_network_that_paints_its_styles_and_0_for_one_that_ignores_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, data = make(), batch_of()

    def painted(self: StyleUNet, line: torch.Tensor, pictures: list[torch.Tensor]) -> torch.Tensor:
        return pictures[0].mean((2, 3), keepdim=True) + 0 * line

    monkeypatch.setattr(StyleUNet, "forward", painted)
    assert spread(network, data["line"], data["reference"]) == pytest.approx(1.0, abs=1e-4)
    monkeypatch.setattr(StyleUNet, "forward", lambda self, line, pictures: 0 * line.expand(-1, 3, -1, -1))
    assert spread(network, data["line"], data["reference"]) == pytest.approx(0.0, abs=1e-6)


def test_a_network_that_ignores_the_style_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    config = config_of(Path(), Path(), replace(TINY, swatches=0), losses=LossConfig(1.0, 0.0, 0.0, 0.0))
    state = networks.build(config, torch.device("cpu"))
    step = StyleStep(config, state, Device("cpu", "fp32"), ALONE)
    with torch.no_grad():
        for weight in state.average.state_dict().values():
            weight.zero_()
    for number in range(10):
        state.step = 200 * number
        assert step(batch_of(2, 32), 1e-6)["spread"] == pytest.approx(0.0, abs=1e-6)
    assert caplog.text.count("ignores the style") == 1


def test_eight_pairs_are_learned_and_styles_swap_their_colors() -> None:
    """A few seconds are enough for plain colors: the spread is far from the collapse of the public rebuilds."""
    torch.manual_seed(0)
    network = replace(TINY, width=4, bottom=32, middle=32, style_width=32)
    config = config_of(Path(), Path(), network, losses=LossConfig(1.0, 0.0, 0.0, 0.0))
    state = networks.build(config, torch.device("cpu"))
    step = StyleStep(config, state, Device("cpu", "fp32"), ALONE)
    data = batch_of(8, 32)
    losses = []
    for number in range(120):
        state.step = number
        losses.append(step(data, 1e-2)["l1"])
    assert losses[-1] < 0.35 * losses[0]
    state.average.load_state_dict(state.model.state_dict())
    assert spread(state.average, data["line"], data["reference"][:4]) > 0.5  # type: ignore[arg-type]


def test_palettes_fall_into_32_classes_and_fewer_pictures_are_refused(pictures: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    write_drawings(many, [f"{number}.png" for number in range(40)])
    store = PictureStore(find_sources(many), 64, 1.0)
    centers = palette_classes(store, 1)
    assert centers.shape == (CLASSES, 64) and torch.equal(centers, palette_classes(store, 1))
    judge = StyleDiscriminator(replace(TINY, auxiliary="palette"))
    judge.centers.copy_(centers)
    assert torch.equal(judge.target(torch.zeros(CLASSES, 8), centers), torch.arange(CLASSES))
    network = replace(TINY, auxiliary="palette")
    with pytest.raises(TrainingError, match="32 pictures at least, and there are 4"):
        train(config_of(pictures, tmp_path / "run", network))
    train(config_of(many, tmp_path / "run", network, stages=(Stage(32, 8, 1e-3, 4),)))


def test_settings_that_teach_nothing_are_refused(pictures: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    for network, changes, words in (
        (small("m2"), {"stages": (Stage(32, 4, 1e-3, 1),)}, "batch of 2 or more"),
        (TINY, {"losses": LossConfig(1.0, 0.01, 0.0, 0.0)}, "no perceptual and no style loss"),
        (StyleConfig.m1(), {}, "published VGG19 weights, which are not on this computer: put vgg19-dcbb9e9d.pth"),
        (StyleConfig.m3(), {}, "published Inception v3 weights"),
        (TINY, {"stages": (Stage(48, 4, 1e-3, 4),)}, "multiple of 32"),
    ):
        with pytest.raises(NurieError, match=words):
            train(config_of(pictures, tmp_path / "never", network, **changes))
    assert not (tmp_path / "never").exists()


def test_presets_are_found_by_name_alone() -> None:
    assert config_file.from_values({"preset": "style-own"}) == own()
    assert config_file.from_values({"preset": "style-m1"}) == published(StyleConfig.m1())
    for architecture in recipes.known():
        offered = tuple(name for name in recipes.presets() if recipes.of_preset(name) == architecture)
        assert offered == tuple(recipes.find(architecture).presets)
    assert isinstance(recipes.find("style"), StyleRecipe)
    with pytest.raises(TrainingError, match="no preset 'style-own' for 'preset'"):
        config_file.from_values({"architecture": "sga", "preset": "style-own"})
