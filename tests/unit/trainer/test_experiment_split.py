"""The ablation of split painting: its measures by hand, and the command on an untaught network."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from app.cli.main import main
from engine import checkpoint, model_catalog
from engine.architectures.split_config import SplitConfig
from engine.architectures.split_diffusion import SplitColorizer
from engine.checkpoint import CheckpointInfo
from trainer.experiments import split
from trainer.scene_samples import HELD_OUT, Scene, SceneSamples


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    config = SplitConfig.smoke()
    path = tmp_path_factory.mktemp("model") / "smoke.safetensors"
    info = CheckpointInfo("split", dataclasses.asdict(config), "smoke")
    checkpoint.save(path, SplitColorizer(config).state_dict(), info)
    return path


@pytest.fixture(scope="module")
def scene() -> Scene:
    return SceneSamples(128, 1, 3, characters=4, first=HELD_OUT, scene_share=1.0, square=True).scene(0)


def perfect(one: Scene) -> np.ndarray:
    return np.rint(one.drawing.under * (one.drawing.line[..., None] / 255.0)).astype(np.uint8)


def test_a_perfect_painting_is_right_everywhere(scene: Scene) -> None:
    scores = split.measured(scene, perfect(scene), perfect(scene))
    assert scores["figure"] == scores["background"] == 1.0
    assert scores["difference"] == 0.0 and scores["spread"] == 0.0
    wrong = 255 - perfect(scene)
    assert split.measured(scene, wrong)["difference"] > 20.0


def test_a_background_in_the_colors_of_the_figure_is_entangled(scene: Scene) -> None:
    reference = scene.reference
    two = np.zeros_like(reference.color)
    inside = reference.figure > 127
    two[inside], two[~inside] = (200, 40, 40), (40, 160, 60)
    known = dataclasses.replace(scene, reference=dataclasses.replace(reference, color=two))
    assert split.entanglement(known, np.full_like(two, (40, 160, 60))) == 0.0
    assert split.entanglement(known, np.full_like(two, (200, 40, 40))) == 1.0
    # The figure of the drawing is left out.
    half = np.full_like(two, (40, 160, 60))
    half[scene.drawing.figure > 127] = (200, 40, 40)
    assert split.entanglement(known, half) == 0.0
    nothing = dataclasses.replace(reference, figure=np.zeros_like(reference.figure))
    assert np.isnan(split.entanglement(dataclasses.replace(known, reference=nothing), half))


def test_the_command_paints_all_rows(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["experiment", "split", "--model", str(model), "--output", str(tmp_path), "--limit", "2"]
    assert main([*arguments, "--size", "64", "--steps", "1", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in value["rows"]] == ["plain", "split", "lora", "recovery", "truth"] and value[
        "finished"
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"split.csv", "split.md", "split.png"}
    text = (tmp_path / "split.md").read_text(encoding="utf-8")
    assert "entanglement" in text and "uv run main.py experiment split" in text


def test_a_model_of_one_look_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one_look = model_catalog.find().name
    assert main(["experiment", "split", "--model", one_look, "--output", str(tmp_path)]) == 2
    assert "does not paint figure and background apart" in capsys.readouterr().err
