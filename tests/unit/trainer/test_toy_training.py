"""Engines that are nothing like SGA learn by the same loop, and stages teach parts of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine import model_catalog, model_loading, registry
from engine.errors import TrainingError
from engine.pipeline import run
from engine.request import ColorizeRequest
from tests import toy_engines
from tests.drawings import write_drawings
from tests.toy_engines import STEPS, STYLE
from tests.unit.engine.test_colorizer import drawing, ignore, picture
from tests.unit.trainer.test_trainer import require_same
from trainer import config_file
from trainer.config import DataConfig, FineTuneConfig, LossConfig, Stage, TrainConfig
from trainer.fine_tuning_run import AdaptingRun
from trainer.training_loop import train

BOTH = pytest.mark.parametrize("architecture", [STYLE, STEPS])


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    with toy_engines.registered():
        yield


def run_of(architecture: str, folder: Path, output: str, **changes: object) -> TrainConfig:
    pictures = folder / "pictures"
    if not pictures.exists():
        write_drawings(pictures, ["a.png", "b.png", "c.png"])
    config = TrainConfig(
        data=DataConfig(folders=(str(pictures),), workers=0),
        output=str(folder / output),
        architecture=architecture,
        network=registry.find(architecture).config(),
        stages=(Stage(32, 40, 1e-2, 4),),
        losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0),
        precision="fp32",
        device="cpu",
        log_every=1,
        sample_every=5,
    )
    return replace(config, **changes)  # type: ignore[arg-type]


@BOTH
def test_ten_steps_of_training_and_the_model_colors(architecture: str, tmp_path: Path) -> None:
    losses: list[float] = []
    state = train(run_of(architecture, tmp_path, "run"), lambda progress: losses.append(progress.losses["total"]))
    assert state.step == len(losses) == 10 and losses[-1] < losses[0]
    assert len(list((tmp_path / "run" / "samples").glob("*.png"))) == 2
    one = model_loading.load_colorizer(tmp_path / "run" / "model.safetensors", "cpu")
    assert run(one.colorize(ColorizeRequest(drawing(40, 40), (picture(20, 20),), 64)), ignore).color.shape == (
        40,
        40,
        3,
    )
    assert config_file.read(tmp_path / "run" / "config.json").network == registry.find(architecture).config()


@BOTH
def test_a_stopped_training_ends_at_the_same_weights(architecture: str, tmp_path: Path) -> None:
    straight = train(run_of(architecture, tmp_path, "straight"))
    stops = iter([False, False, True])
    train(run_of(architecture, tmp_path, "sliced"), should_stop=lambda: next(stops))
    require_same(straight, train(run_of(architecture, tmp_path, "sliced")))


def test_a_stage_teaches_the_part_it_names_and_goes_on_bit_for_bit(tmp_path: Path) -> None:
    stages = tuple(Stage(32, 16, 1e-2, 4, parts=parts) for parts in (("style",), ("lines", "painter"), ()))
    torch.manual_seed(1)
    fresh = toy_engines.StyleNetwork(toy_engines.StyleConfig()).state_dict()
    weights = []
    for count in (1, 2, 3):
        state = train(run_of(STYLE, tmp_path, f"first{count}", stages=stages[:count]))
        weights.append({name: value.clone() for name, value in state.model.state_dict().items()})
    for name, value in fresh.items():
        assert torch.equal(weights[0][name], value) != name.startswith("style"), name
    for name in ("style.weight", "style.bias"):
        assert torch.equal(weights[1][name], weights[0][name]), name
        assert not torch.equal(weights[2][name], weights[1][name]), name
    assert not torch.equal(weights[1]["lines.1.running_mean"], weights[0]["lines.1.running_mean"])
    sliced = run_of(STYLE, tmp_path, "sliced", stages=stages)
    for stop in (3, 2, 4):
        steps = iter(range(1, 100))
        state = train(sliced, should_stop=lambda steps=steps, stop=stop: next(steps) == stop)
    state = train(sliced)
    for name, value in state.model.state_dict().items():
        assert torch.equal(value, weights[2][name]), name


def test_settings_of_a_network_are_those_of_its_architecture(tmp_path: Path) -> None:
    config = config_file.from_values({"architecture": STYLE, "network": {"width": 5}})
    assert config.network == toy_engines.StyleConfig(5)
    assert config_file.from_values(config_file.to_values(config)) == config
    assert config_file.from_values({"architecture": STEPS}).network == toy_engines.StepsConfig()
    for values, words in (
        ({"architecture": "none"}, "no recipe to train 'none'.*sga.*toy_steps"),
        ({"architecture": 3}, "'architecture' must be a text"),
        ({"architecture": STYLE, "network": {"widths": [1]}}, "did you mean 'width'"),
        ({"architecture": STYLE, "width": 4}, r"belongs into \[network\]"),
        ({"architecture": STYLE, "network": {"width": "x"}}, "'network.width' must be a whole number"),
        ({"architecture": STYLE, "preset": "compact"}, "'toy_style' has none"),
    ):
        with pytest.raises(TrainingError, match=words):
            config_file.from_values(values)
    for changes, words in (
        ({"network": toy_engines.StyleConfig(-1)}, "build no network"),
        ({"stages": (Stage(30, 40, 1e-2, 4),)}, "a multiple of 4"),
        ({"stages": (Stage(32, 40, 1e-2, 4, parts=("soul",)),)}, "no part 'soul'.*style, lines, painter"),
    ):
        with pytest.raises(TrainingError, match=words):
            train(run_of(STYLE, tmp_path, "never", **changes))


def test_a_checkpoint_of_another_architecture_is_refused(tmp_path: Path) -> None:
    train(run_of(STYLE, tmp_path, "run", stages=(Stage(32, 4, 1e-2, 4),)))
    with pytest.raises(TrainingError, match="its 'architecture' is"):
        train(run_of(STEPS, tmp_path, "run"))


def test_an_engine_that_cannot_be_adapted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_catalog._folders, "user", tmp_path)
    entry = model_catalog.find(toy_engines.write_model(tmp_path / "toy.safetensors", STYLE))
    with pytest.raises(TrainingError, match="not a model that can be adapted"):
        AdaptingRun((), entry, FineTuneConfig(), tmp_path / "run")
