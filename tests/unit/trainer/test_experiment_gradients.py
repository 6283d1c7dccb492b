"""Gradients taken apart by their paths, and measured while a network learns."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file
from torch import Tensor

from engine.architectures.sga_generator import SGAGenerator
from engine.errors import TrainingError
from tests.drawings import write_drawings
from trainer.experiments import gradients as experiment
from trainer.experiments.gradient_parts import PARTS, cosines, gradients, separate_paths
from trainer.experiments.gradients import ROWS, figures
from trainer.experiments.runner import Hooks
from trainer.experiments.settings import ExperimentConfig
from trainer.experiments.tables import network
from trainer.training_loop import train


def losses_of(output: Tensor) -> Mapping[str, Tensor]:
    return {"l1": 30.0 * (output - 0.3).abs().mean(), "other": (output.square() * 2.0).mean()}


def inputs() -> tuple[Tensor, Tensor]:
    torch.manual_seed(5)
    return torch.rand(2, 1, 16, 16) * 2.0 - 1.0, torch.rand(2, 3, 16, 16) * 2.0 - 1.0


def generator(changes: Mapping[str, Any]) -> SGAGenerator:
    torch.manual_seed(3)
    return SGAGenerator(replace(network(changes, 2), residual_blocks=1))


@pytest.mark.parametrize("changes", [*(row.changes for row in ROWS.values()), {}])
def test_parts_add_up_to_the_gradient_that_autograd_finds(changes: Mapping[str, Any]) -> None:
    model, (line, reference) = generator(changes), inputs()
    tokens: dict[str, Tensor] = {}

    def keep(_: Any, given: tuple[Any, ...]) -> tuple[Any, ...]:
        x, y, *more = given
        tokens["x"], tokens["y"] = x.clone(), y.clone()
        return (tokens["x"], tokens["y"], tokens["y"], *more[1:])

    handle = model.cross_attention.register_forward_pre_hook(keep)
    output = model(line, [reference])
    handle.remove()
    x, y = torch.autograd.grad(torch.stack(list(losses_of(output).values())).sum(), [tokens["x"], tokens["y"]])
    parts = gradients(model, line, reference, losses_of)["total"]
    assert torch.allclose(parts["skip"] + parts["query"], x, rtol=1e-4, atol=1e-9)
    assert torch.allclose(parts["value"] + parts["key"], y, rtol=1e-4, atol=1e-9)
    flows = bool(changes)  # no changes: SGA, which stops the gradient of the map
    assert bool(parts["query"].any()) == bool(parts["key"].any()) == flows


def test_the_losses_add_up_to_the_total() -> None:
    found = gradients(generator({"fusion": "scft"}), *inputs(), losses_of)
    assert list(found) == ["total", "l1", "other"]
    for part in PARTS:
        both = found["l1"][part] + found["other"][part]
        assert torch.allclose(found["total"][part], both, rtol=1e-3, atol=1e-7)


def test_separate_paths_change_no_output() -> None:
    model, (line, reference) = generator({"fusion": "scft"}), inputs()
    expected = model.eval()(line, [reference])
    with separate_paths(model):
        assert torch.equal(model(line, [reference]), expected)
    assert torch.equal(model(line, [reference]), expected)


@given(st.integers(0, 2**32 - 1))
def test_cosines_are_those_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = {part: torch.from_numpy(rng.normal(size=(2, 3, 4))) * 1e-9 for part in PARTS}
    found = cosines(parts)
    for side in (("skip", "query"), ("value", "key")):
        total = (parts[side[0]] + parts[side[1]]).reshape(-1, 4).numpy()
        for part in side:
            own = parts[part].reshape(-1, 4).numpy()
            expected = (own * total).sum(1) / np.linalg.norm(own, axis=1) / np.linalg.norm(total, axis=1)
            np.testing.assert_allclose(found[part].numpy(), expected, atol=1e-12)


def test_what_has_no_gradient_has_no_cosine() -> None:
    found = cosines(gradients(generator({}), *inputs(), losses_of)["total"])
    assert torch.isnan(found["query"]).all() and torch.isnan(found["key"]).all()
    assert torch.allclose(found["skip"], torch.ones(()).double())
    assert figures(found["query"].numpy())["below_0"] is None


def test_figures_count_what_they_say() -> None:
    found = figures(np.array([-1.0, -0.5, 0.0, 0.94, 1.0, np.nan]))
    assert (found["tokens"], found["undefined"]) == (5, 1)
    assert (found["below_0"], found["above_0.935"], found["mean"]) == pytest.approx((0.4, 0.4, 0.088))
    counts = found["histogram"]
    assert (sum(counts), counts[0], counts[-1], counts[50]) == (5, 1, 1, 1)


@pytest.fixture
def config(tmp_path: Path) -> ExperimentConfig:
    write_drawings(tmp_path / "data", ["a.png", "b.png", "c.png"])
    write_drawings(tmp_path / "test", ["d.png", "e.png"])
    return ExperimentConfig(
        data=(tmp_path / "data",),
        test=tmp_path / "test",
        output=tmp_path / "out",
        size=32,
        batch=2,
        pictures=8,
        levels=2,
        device="cpu",
        precision="fp32",
        workers=0,
        perceptual_network="seeded",
    )


def weights_of(run: Path) -> dict[str, Tensor]:
    (last,) = (run / "checkpoints").iterdir()
    return {name: value for file in last.glob("*.safetensors") for name, value in load_file(file).items()}


def test_measuring_leaves_training_as_it_is_and_is_the_same_twice(config: ExperimentConfig, tmp_path: Path) -> None:
    config = replace(config, pictures=4)
    value = experiment.run(config, "scft", 1, 1, Hooks(), "the command")
    assert value["finished"]
    assert [one["step"] for one in value["measured"]] == [0, 1, 2]
    again = experiment.run(replace(config, output=tmp_path / "again"), "scft", 1, 1, Hooks(), "the command")
    assert again["measured"] == value["measured"]
    train(config.train_config(ROWS["scft"].changes, tmp_path / "plain"))
    (run,) = (config.output / "gradients").glob("*/run")
    plain, measured = weights_of(tmp_path / "plain"), weights_of(run)
    assert plain.keys() == measured.keys()
    assert all(torch.equal(value, measured[name]) for name, value in plain.items())


def test_the_files_and_going_on(config: ExperimentConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(100))
    stopped = experiment.run(config, "sga", 2, 1, Hooks(should_stop=lambda: next(asked) >= 1), "the command")
    assert not stopped["finished"] and [one["step"] for one in stopped["measured"]] == [0]  # and one step on
    said: list[str] = []
    value = experiment.run(config, "sga", 2, 1, Hooks(say=said.append), "the command")
    assert value["finished"] and [one["step"] for one in value["measured"]] == [0, 2, 4]
    before = len(said)
    monkeypatch.setattr(experiment, "train", None)
    monkeypatch.setattr(experiment, "measure", None)
    assert experiment.run(config, "sga", 2, 1, Hooks(say=said.append), "the command")["measured"] == value["measured"]
    assert len(said) == before
    lines = list(csv.DictReader((config.output / "gradients_sga.csv").open(encoding="utf-8")))
    assert {line["part"] for line in lines} == {"g_skip", "g_Q", "g_V", "g_K"}
    assert {line["loss"] for line in lines} == {"total", "l1", "perceptual", "style", "adversarial"}
    kept = json.loads((config.output / "gradients_sga.json").read_text(encoding="utf-8"))
    assert kept["command"] == "the command" and kept["perceptual_network"] == "seeded-20220713"
    for name in ("gradients_sga.png", "gradients_sga_over_training.png"):
        picture = cv2.imread(str(config.output / name))
        assert picture is not None and picture.std() > 10.0
    with pytest.raises(TrainingError, match="measured on 1 batches, not 2"):
        experiment.run(config, "sga", 2, 2, Hooks(), "the command")
