"""`nurie evaluate`."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from PIL import Image

from app.cli import evaluate as command
from engine import checkpoint
from engine.architectures.sga_generator import SGAGenerator
from engine.checkpoint import CheckpointInfo
from tests.unit.app.cli.conftest import FakeColorizer, Run
from tests.unit.engine.architectures.test_sga_generator import TINY
from tests.unit.trainer.test_evaluation import draw

Nurie = Callable[..., Run]


@pytest.fixture
def data(place: Path) -> Path:
    """Two characters, and one picture that is none."""
    for seed, name in enumerate(["ann/01", "ann/02", "ann/03", "Bö/1", "Bö/2"]):
        draw(place / "data" / "characters" / f"{name}.png", seed)
    (place / "data" / "characters" / "ann" / "04.png").write_bytes(b"no picture\n" * 20)
    return place / "data"


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies in this computer's cache."""
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))


def test_protocols_are_those_of_the_trainer() -> None:
    from trainer import evaluation

    assert get_args(evaluation.ProtocolName) == command.PROTOCOLS


def test_json_has_everything(nurie: Nurie, data: Path) -> None:
    run = nurie("evaluate", "--data", data, "--size", "128", "--seed", "7", "--json")
    value = run.json
    assert set(value) == {
        "protocol", "data", "seed", "model", "device", "n", "means", "fid", "characters", "pictures", "skipped",
        "notes", "size", "flats", "limit", "sheets", "seconds", "groups", "calibration",
    }  # fmt: skip
    assert (value["protocol"], value["size"], value["seed"], value["n"]) == ("cross-pose", 128, 7, 3)
    assert value["model"]["name"] == "tiny"
    assert len(value["model"]["sha256"]) == 64
    assert {name: row["n"] for name, row in value["characters"].items()} == {"ann": 2, "Bö": 1}
    assert [row["target"] for row in value["pictures"]] == [f"characters/{n}.png" for n in ("Bö/2", "ann/02", "ann/03")]
    assert value["pictures"][1]["reference"] == "characters/ann/01.png"
    assert [row["file"] for row in value["skipped"]] == ["characters/ann/04.png"]
    assert value["fid"]["value"] is None
    assert "Inception" in value["fid"]["reason"]
    assert value["means"]["palette"] is None
    accuracies = [row["accuracy"] for row in value["pictures"]]
    assert value["means"]["accuracy"] == pytest.approx(np.mean(accuracies), abs=1e-4)
    assert "characters/ann/04.png is left out: " in run.err
    assert len(FakeColorizer.loads) == 1


def test_flats_are_measured_when_asked_for(nurie: Nurie, data: Path) -> None:
    raw = nurie("evaluate", "--data", data, "--size", "128", "--json").json
    flats = nurie("evaluate", "--data", data, "--size", "128", "--flats", "--json").json
    assert flats["flats"] and not raw["flats"]
    assert raw["calibration"] == []
    assert sum(one["share"] for one in flats["calibration"]) == pytest.approx(1.0, abs=1e-3)
    assert "so much is right" in nurie("evaluate", "--data", data, "--size", "128", "--flats").out
    # The fake paints everything in one color; its flats are a color that the reference has.
    assert flats["means"]["difference"] != raw["means"]["difference"]


def test_the_table_is_readable(nurie: Nurie, data: Path) -> None:
    run = nurie("evaluate", "--data", data, "--limit", "2")
    assert run.code == 0
    assert run.out.startswith("cross-pose: 2 drawings at 512 pixels, seed 1,")
    for label in ("region color accuracy", "SSIM as in the paper's code", "PSNR in dB", "character"):
        assert label in run.out
    assert "color of the reference" not in run.out
    assert max(map(len, run.out.splitlines()[3:12])) < 60


def test_shuffled_says_what_its_numbers_mean(nurie: Nurie, data: Path) -> None:
    draw(data / "characters" / "Bö" / "3.png", 9)
    draw(data / "characters" / "Bö" / "4.png", 10)
    run = nurie("evaluate", "--data", data, "--protocol", "shuffled", "--json")
    value = run.json
    assert value["n"] == 7
    assert value["characters"] == {}
    assert 0.0 <= value["means"]["palette"] <= 1.0
    assert any("mean little" in note for note in value["notes"])
    for row in value["pictures"]:
        assert Path(row["target"]).parent != Path(row["reference"]).parent
    table = nurie("evaluate", "--data", data, "--protocol", "shuffled").out
    assert "regions in a color of the reference" in table
    assert "mean little" in table


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_the_sheet_is_written(nurie: Nurie, data: Path, place: Path, suffix: str) -> None:
    path = place / f"sheet.{suffix}"
    run = nurie("evaluate", "--data", data, "--sheet", path, "--json")
    assert run.json["sheets"] == [str(path)]
    with Image.open(path) as sheet:
        assert sheet.format == suffix.upper()
        assert sheet.width == 4 * 328 + 8
        assert 250 < sheet.height < 3 * 360


def test_a_real_network_takes_the_same_walk(
    nurie: Nurie, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice, without the stand-in: the same command gives the same numbers."""
    config = replace(TINY)
    info = CheckpointInfo("sga", asdict(config), "Real", licence="CC0-1.0")
    torch.manual_seed(0)
    checkpoint.save(models / "real.safetensors", SGAGenerator(config).state_dict(), info)
    for seed in range(3):
        draw(tmp_path / "flat" / f"{seed}.png", seed)
    arguments = ["--data", tmp_path / "flat", "--model", "real", "--protocol", "warp", "--device", "cpu", "--json"]
    one, two = (nurie("evaluate", "--size", "64", *arguments).json for _ in range(2))
    assert one["n"] == 3
    assert one["pictures"] == two["pictures"]
    assert one["means"]["accuracy"] is not None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--data", "nowhere"], "not there"),
        (["--data", "empty"], "no pictures"),
        (["--data", "one", "--protocol", "shuffled"], "only one picture"),
        (["--data", "one"], "has two drawings"),
        (["--data", "broken", "--protocol", "warp"], "None of the drawings"),
        (["--data", "data", "--model", "unknown"], "no model named 'unknown'"),
        (["--data", "data", "--sheet", "sheet.jpg"], ".png"),
        (["--data", "data", "--sheet", "data/characters/ann/01.png"], "overwrite"),
        (["--data", "data", "--inception", "line.png"], "published Inception"),
        (["--data", "data", "--limit", "0"], "from 1 up"),
        (["--data", "data", "--seed", "-1"], "seed from 0"),
        (["--data", "data", "--protocol", "shuffle"], "shuffled"),
        ([], "--data"),
    ],
)
def test_bad_input_is_one_line(
    nurie: Nurie, data: Path, place: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str
) -> None:
    monkeypatch.chdir(place)
    (place / "empty").mkdir()
    draw(place / "one" / "x.png", 0)
    (place / "broken").mkdir()
    for name in "ab":
        (place / "broken" / f"{name}.png").write_bytes(b"no picture at all")
    assert said in nurie("evaluate", *more).error
    if said != "None of the drawings":
        assert FakeColorizer.loads == []


def test_groups_of_characters_and_some_of_them_only(nurie: Nurie, data: Path) -> None:
    run = nurie("evaluate", "--data", data, "--size", "128", "--group", "first=a*,c*", "--group", "none=x*", "--json")
    assert run.json["groups"].keys() == {"first"}
    assert run.json["groups"]["first"]["accuracy"] == run.json["characters"]["ann"]["accuracy"]
    only = nurie("evaluate", "--data", data, "--size", "128", "--only", "ann", "--json")
    assert set(only.json["characters"]) == {"ann"}


def test_a_group_without_a_pattern_is_one_sentence(nurie: Nurie, data: Path) -> None:
    for wrong in ("people", "people=h*:2", "people=h*:", "=h*"):
        assert nurie("evaluate", "--data", data, "--group", wrong).code == 2
    run = nurie("evaluate", "--data", data, "--group", "people")
    assert run.code == 2
    assert "people=human*" in run.err
