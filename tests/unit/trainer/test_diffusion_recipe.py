"""Training of the engine that paints in steps: its parts, its samples, and that it learns colors from references."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine import model_catalog, model_loading
from engine.architectures.split_diffusion import SplitColorizer
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.device import Device
from engine.diffusion.modes import Mode, which
from engine.errors import TrainingError
from engine.options import Sampling
from engine.pipeline import run
from engine.request import ColorizeRequest
from tests.drawings import write_drawings
from tests.unit.engine.test_colorizer import drawing, ignore, picture
from tests.unit.trainer.test_trainer import require_same
from trainer import recipes
from trainer.config import Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.networks import build, teach
from trainer.painting_samples import PaintingSamples
from trainer.recipes import diffusion
from trainer.recipes.diffusion import BASE, LATENT, SPLIT
from trainer.run_state import RunState
from trainer.training_loop import train

BASE_OF_SMOKE = tuple(part for part in BASE if part != "guess")
WHERE = Device("cpu", "fp32")
SIDE = 32


def run_of(folder: Path, output: str, *stages: Stage, **changes: Any) -> TrainConfig:
    pictures = folder / "pictures"
    if not pictures.exists():
        write_drawings(pictures, ["a.png", "b.png", "c.png"])
    start = diffusion.smoke()
    return dataclasses.replace(
        start,
        data=dataclasses.replace(start.data, folders=(str(pictures),)),
        output=str(folder / output),
        stages=stages or (Stage(64, 8, 1e-3, 4, parts=BASE_OF_SMOKE), Stage(64, 8, 1e-3, 4, parts=SPLIT)),
        precision="fp32",
        device="cpu",
        log_every=1,
        **changes,
    )


def scene(count: int, seed: int = 0) -> dict[str, Tensor]:
    """A square before a background, in other colors each time; the reference has the same colors, and stands still."""
    generator = torch.Generator().manual_seed(seed)
    colors = torch.rand(count, 2, 3, generator=generator).round() * 1.6 - 0.8
    mask = torch.zeros(count, 1, SIDE, SIDE)
    mask[:, :, 8:24, 8:24] = 1.0
    line = torch.ones(count, 1, SIDE, SIDE)
    line[:, :, 8:24, [8, 23]] = -1.0
    line[:, :, [8, 23], 8:24] = -1.0
    figure, behind = colors[:, 0, :, None, None], colors[:, 1, :, None, None]
    target = torch.where(mask > 0.0, figure, behind)
    reference = torch.where(line < 0.0, -1.0, target)
    return {
        "line": line, "figure": mask, "target": target, "reference": reference, "reference_line": line,
        "reference_figure": mask, "number": torch.arange(count),
    }  # fmt: skip


def state_of(*stages: Stage, network: Any = None) -> tuple[TrainConfig, RunState]:
    config = dataclasses.replace(diffusion.smoke(), stages=stages)
    if network is not None:
        config = dataclasses.replace(config, network=network)
    return config, build(config, torch.device("cpu"))


def step_of(config: TrainConfig, state: RunState, stage: Stage) -> diffusion.DiffusionStep:
    teach(state, config, stage.parts)
    return diffusion.DiffusionStep(config, stage, state, WHERE, Ranks(0, 1, torch.device("cpu")))


def learned(config: TrainConfig, state: RunState, stage: Stage, steps: int, count: int = 8) -> None:
    step = step_of(config, state, stage)
    for number in range(steps):
        batch = scene(count, seed=number)
        losses = step({**batch, "number": batch["number"] + number * count}, stage.learning_rate)
        assert np.isfinite(losses["total"])


def painted(network: SplitColorizer, batch: dict[str, Tensor], mode: Mode = "vanilla") -> Tensor:
    encoded = network.encode_reference(batch["reference"], batch["reference_line"])
    encoded = network.divided(encoded, batch["reference_figure"])
    state = network.begin(batch["line"], [encoded], Sampling(steps=6), batch["figure"], which(mode))
    for number in range(6):
        state = network.advance(state, number)
    return network.finish(state)


def differences(pictures: Tensor, wanted: Tensor) -> tuple[float, float]:
    """Mean CIEDE2000 of the square's inside, and of what is well outside."""
    lab = [
        to_lab(((one + 1.0) * 127.5).round().byte().permute(0, 2, 3, 1).reshape(-1, SIDE, 3).numpy())
        for one in (pictures, wanted)
    ]
    difference = ciede2000(*lab).reshape(-1, SIDE, SIDE)
    outside = np.ones((SIDE, SIDE), bool)
    outside[6:26, 6:26] = False
    return float(difference[:, 11:21, 11:21].mean()), float(difference[:, outside].mean())


@pytest.mark.timeout(600)
def test_it_learns_to_take_its_colors_from_the_reference() -> None:
    torch.manual_seed(0)
    base, split = Stage(SIDE, 1, 4e-3, 8, parts=BASE_OF_SMOKE), Stage(SIDE, 1, 4e-3, 8, parts=SPLIT)
    config, state = state_of(base, split)
    learned(config, state, base, 420)
    network = state.model.eval()
    assert isinstance(network, SplitColorizer)
    batch, other = scene(6, seed=10_001), scene(6, seed=10_002)
    with torch.no_grad():
        # Figure and background are nearer to their own colors than to those of another reference.
        for own, wrong in ((batch, other), (other, batch)):
            pictures = painted(network, {**batch, "reference": own["reference"]})
            for near, far in zip(
                differences(pictures, own["target"]), differences(pictures, wrong["target"]), strict=True
            ):
                assert near < 0.8 * far
    learned(config, state, split, 40)
    network.eval()
    with torch.no_grad():
        pictures = painted(network, batch, "fig2fig")
        assert differences(pictures, batch["target"])[1] < 0.8 * differences(pictures, other["target"])[1]


def test_a_stage_gives_gradients_to_its_part_only() -> None:
    config, state = state_of(*(Stage(SIDE, 8, 1e-3, 4, parts=parts) for parts in (BASE_OF_SMOKE, SPLIT)))
    before = {name: value.clone() for name, value in state.model.state_dict().items()}
    for _ in range(2):  # the first step moves what is zero only
        step_of(config, state, config.stages[1])(scene(4), 1e-2)
    moved = {
        name.partition(".")[0] for name, value in state.model.state_dict().items() if not value.equal(before[name])
    }
    assert moved == set(SPLIT)
    before = {name: value.clone() for name, value in state.model.state_dict().items()}
    for _ in range(2):
        step_of(config, state, config.stages[0])(scene(4), 1e-2)
    moved = {
        name.partition(".")[0] for name, value in state.model.state_dict().items() if not value.equal(before[name])
    }
    assert moved == set(BASE_OF_SMOKE)


@pytest.mark.parametrize(("kind", "channels"), [("lines", 3), ("vae", 4)])
def test_latents_learn_to_give_back_what_they_were(kind: Any, channels: int) -> None:
    torch.manual_seed(0)
    network = dataclasses.replace(diffusion.smoke().network, latent=kind, latent_channels=channels)
    stage = Stage(SIDE, 8, 3e-3, 4, parts=LATENT)
    config, state = state_of(stage, network=network)
    step = step_of(config, state, stage)
    first = step(scene(8), 3e-3)
    last = [step(scene(8, seed=number), 3e-3) for number in range(40)][-1]
    assert last["l1"] < 0.85 * first["l1"] and last["gradient"] < first["gradient"]
    assert ("divergence" in last) == (kind == "vae")


@pytest.mark.parametrize("prediction", ["v", "epsilon"])
def test_either_prediction_is_learned(prediction: Any) -> None:
    network = dataclasses.replace(diffusion.smoke().network, prediction=prediction, zero_snr=prediction == "v")
    stage = Stage(SIDE, 8, 3e-3, 4, parts=BASE_OF_SMOKE)
    config, state = state_of(stage, network=network)
    step = step_of(config, state, stage)
    losses = [step(scene(8, seed=number), 3e-3)["velocity"] for number in range(30)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:3])


def test_a_stopped_training_ends_at_the_same_weights_and_its_model_colors(tmp_path: Path) -> None:
    straight = train(run_of(tmp_path, "straight", sample_every=4))
    assert straight.step == 4 and len(list((tmp_path / "straight" / "samples").glob("*.png"))) == 1
    stops = iter([True, False, True])  # within the first part, and within the second
    for _ in range(2):
        train(run_of(tmp_path, "sliced"), should_stop=lambda: next(stops))
    require_same(straight, train(run_of(tmp_path, "sliced")))
    one = model_loading.load_colorizer(tmp_path / "straight" / "model.safetensors", "cpu")
    request = ColorizeRequest(drawing(40, 50), (picture(20, 20),), 64, sampling=Sampling(steps=2))
    assert run(one.colorize(request), ignore).color.shape == (40, 50, 3)


def test_samples_are_scenes_and_pictures_with_masks(tmp_path: Path) -> None:
    config = run_of(tmp_path, "run")
    store = recipes.find("split").open_data(config)
    samples = PaintingSamples(store, config.data, 64, 2, 1, scenes=1, characters=2)  # type: ignore[arg-type]
    kinds = [samples[0], samples[2]]
    assert set(kinds[0]) == set(kinds[1]) and int(kinds[1]["number"]) == 2
    for one in kinds:
        assert one["target"].shape[1:] == one["line"].shape[1:] == one["figure"].shape[1:]
        assert one["reference_figure"].shape[1:] == one["reference"].shape[1:]
        assert float(one["figure"].min()) >= 0.0 and float(one["figure"].max()) <= 1.0
        assert one["target"].abs().max() <= 1.0 and one["figure"].any()
    again = samples[2]
    assert all(torch.equal(kinds[1][name], again[name]) for name in again)
    # What a picture is to become has no lines: where ink is, there is color.
    ink = kinds[1]["line"][0] < -0.9
    assert ink.any() and kinds[1]["target"].mean(0)[ink].mean() > kinds[1]["line"][0][ink].mean() + 0.3


def test_a_first_look_begins_as_the_model_that_ships() -> None:
    model = recipes.find("split").build(diffusion.tiny().network)
    assert isinstance(model, SplitColorizer) and model.first is not None
    shipped = model_loading.build(model_catalog.find().path)[1].state_dict()
    assert all(value.equal(shipped[name]) for name, value in model.first.state_dict().items())
    assert not any(parameter.requires_grad for parameter in model.first.parameters())
    other = dataclasses.replace(diffusion.tiny().network.first_look, fusion_width=64)
    with pytest.raises(TrainingError, match="no first look"):
        recipes.find("split").build(dataclasses.replace(diffusion.tiny().network, first_look=other))


def test_the_presets_are_found_by_name() -> None:
    assert {recipes.of_preset(name) for name in ("split-tiny", "split-smoke", "split-paper")} == {"split"}
    assert [stage.parts for stage in diffusion.tiny().stages] == [LATENT, BASE, SPLIT]
    assert diffusion.paper().network.prediction == "epsilon"
