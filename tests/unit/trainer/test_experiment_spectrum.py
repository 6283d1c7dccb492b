"""The spectrum of features before and after a fusion."""

import csv
import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main as cli
from engine import checkpoint
from engine.architectures.blocks import tokens_of
from engine.architectures.sga_generator import SGAGenerator
from engine.checkpoint import CheckpointInfo
from tests.drawings import write_drawings
from trainer.experiments.spectrum import Spectra, accumulated, components, listening
from trainer.experiments.tables import network


def test_a_feature_of_rank_one_has_one_component() -> None:
    tokens = torch.outer(torch.arange(1.0, 8.0), torch.tensor([1.0, -2.0, 3.0]))
    curve = accumulated(tokens)
    assert curve.shape == (3,)
    np.testing.assert_allclose(curve, 1.0)
    assert components(curve, 0.9) == components(curve, 0.99) == 1


@given(st.integers(1, 12), st.integers(0, 12))
def test_orthogonal_features_of_one_size_share_the_energy(count: int, more: int) -> None:
    curve = accumulated(torch.eye(count + more, count) * 3.0)
    np.testing.assert_allclose(curve, np.arange(1, count + 1) / count)
    assert components(curve, 0.9) == int(np.ceil(0.9 * count - 1e-6))


def test_features_that_are_zero_have_a_curve_too() -> None:
    np.testing.assert_array_equal(accumulated(torch.zeros(4, 3)), 1.0)


def test_drawings_with_fewer_tokens_hold_all_from_their_last_component_on() -> None:
    spectra = Spectra("x", Path("x"), {"after": [np.array([0.5, 1.0]), np.array([0.4, 0.6, 1.0])]})
    np.testing.assert_allclose(spectra.mean("after"), [0.45, 0.8, 1.0])
    assert spectra.numbers("after")["90%"] == 2.5


def test_listening_sees_the_tokens_on_both_sides_of_the_fusion() -> None:
    model = SGAGenerator(dataclasses.replace(network({}, 2), residual_blocks=1)).eval()
    line, reference = torch.rand(1, 1, 16, 16), torch.rand(1, 3, 16, 16)
    found: dict[str, list[np.ndarray]] = {}
    with torch.inference_mode(), listening(model, found):
        model(line, [reference])
    with torch.inference_mode():
        model(line, [reference])
        drawn = tokens_of(model.sketch_tokens(model.sketch_encoder(line)))[0]
    assert {stage: len(curves) for stage, curves in found.items()} == {"before": 1, "after": 1, "context": 1}
    np.testing.assert_allclose(found["before"][0], accumulated(drawn))


def publish(path: Path, fusion: str) -> None:
    torch.manual_seed(1)
    config = network({"fusion": fusion}, 2)
    info = CheckpointInfo("sga", json.loads(json.dumps(dataclasses.asdict(config))), "x")
    checkpoint.save(path, SGAGenerator(config).state_dict(), info)


def test_the_command_measures_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_drawings(tmp_path / "data", ["a.png", "b.png"])
    write_drawings(tmp_path / "test", ["c.png", "d.png"])
    names = [tmp_path / "one.safetensors", tmp_path / "two.safetensors", tmp_path / "three.safetensors"]
    for path, fusion in zip(names, ("scft", "sga", "sga"), strict=True):
        publish(path, fusion)
    out = tmp_path / "out"
    given = ["--data", str(tmp_path / "data"), "--test", str(tmp_path / "test"), "--output", str(out)]
    given += ["--size", "64", "--device", "cpu"]
    models = [word for name in names for word in ("--model", str(name))]
    assert cli.main(["experiment", "spectrum", *given, *models, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert [one["label"] for one in value["models"]] == ["SCFT", "SGA (two)", "SGA (three)"]
    assert value["drawings"] == 2
    assert [set(one["components"]) for one in value["models"]] == [
        {"before", "after"},
        *[{"before", "after", "context"}] * 2,
    ]
    lines = list(csv.DictReader((out / "spectrum.csv").open(encoding="utf-8")))
    shares = [float(line["accumulated"]) for line in lines if (line["model"], line["stage"]) == ("SCFT", "after")]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0)
    picture = cv2.imread(str(out / "spectrum.png"))
    assert picture is not None and picture.std() > 10.0
    assert cli.main(["experiment", "spectrum", *given]) == 2
    assert "train a table there first" in capsys.readouterr().err
