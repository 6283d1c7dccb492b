"""The ablation of the keyframe networks, at a tiny size: trained, measured, told, gone on with."""

import csv
import dataclasses
import json
from pathlib import Path

import pytest

from app.cli import main
from engine import pipeline
from engine.errors import TrainingError
from tests.keyframe_engines import TINY, write_model, write_scenes
from trainer.experiments import keyframes
from trainer.experiments.keyframes import ALONE, VARIANTS, Budget, chosen, training_of
from trainer.experiments.runner import Hooks

SMALL = Budget(32, 8, 8, 4, 1, 3)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny networks in the place of compact ones, and small scenes."""
    original = keyframes.training_of

    def small(name: str, data: object, output: Path, budget: Budget) -> object:
        made = original(name, data, output, budget)  # type: ignore[arg-type]
        return dataclasses.replace(made, network=dataclasses.replace(TINY, **VARIANTS[name][1]), precision="fp32")

    monkeypatch.setattr(keyframes, "training_of", small)
    monkeypatch.setattr("trainer.scene_evaluation._SIZE", 96)


def test_a_variant_lacks_its_part_and_nothing_else(tmp_path: Path) -> None:
    full = training_of("full", [tmp_path], tmp_path, Budget())
    for name, (_, changes) in VARIANTS.items():
        one = training_of(name, [tmp_path], tmp_path, Budget())
        assert one.network == dataclasses.replace(full.network, **changes)
        assert [stage.parts for stage in one.stages] == [("transform",), ("temporal",)][
            : 2 if one.network.temporal else 1
        ]
        assert one.stages[0] == full.stages[0] and one.losses == full.losses
    with pytest.raises(TrainingError, match="no variant 'x'"):
        chosen(["x"])


def test_rows_are_trained_measured_and_told(tiny: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenes, model = write_scenes(tmp_path / "scenes"), write_model(tmp_path / "tiny.safetensors")
    words = ["experiment", "keyframes", "--data", str(scenes), "--output", str(tmp_path / "out"), "--model", str(model)]
    words += ["--variants", "full,no-adain", "--size", "32", "--pictures", "8", "--temporal-pictures", "8"]
    words += ["--batch", "4", "--scenes", "1", "--frames", "3", "--json"]
    assert main.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told["rows"]] == ["full", "no-adain", "tiny", ALONE] and told["finished"]
    for row in told["rows"][:-1]:
        assert all(0.0 <= value <= 1.0 for value in row["scores"].values()) and len(row["scores"]) == 4
    assert set(told["rows"][-1]["scores"]) == {"tracks_accuracy", "tracks_flicker"}
    rows = list(csv.DictReader((tmp_path / "out" / "keyframes.csv").open()))
    assert rows[0]["row"] == "full" and rows[-1]["guess_accuracy"] == ""
    assert "--variants full,no-adain" in (tmp_path / "out" / "keyframes.md").read_text()


def test_a_stopped_experiment_goes_on(tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = write_scenes(tmp_path / "scenes")
    hooks = Hooks(lambda progress: None, lambda sentence: None, lambda: True)
    assert keyframes.run([scenes], tmp_path / "out", ["full"], [], SMALL, hooks) == ([], False)
    assert keyframes.write([], tmp_path / "out", SMALL, "") == []
    hooks = Hooks(lambda progress: None, lambda sentence: None, lambda: False)
    rows, finished = keyframes.run([scenes], tmp_path / "out", ["full"], [], SMALL, hooks)
    assert finished and rows[0].pictures == 16
    asked: list[object] = []
    load = pipeline.load_model
    monkeypatch.setattr(pipeline, "load_model", lambda *a, **k: asked.append(a) or load(*a, **k))
    again, _ = keyframes.run([scenes], tmp_path / "out", ["full"], [], SMALL, hooks)
    assert again == rows and len(asked) == 1  # only the model that ships, for the tracks
