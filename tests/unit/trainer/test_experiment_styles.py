"""The comparison of networks that color in a style: measures by hand, equal budgets, tables that say what looked."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from app.cli import main as cli
from engine.errors import NurieError, TrainingError
from engine.request import ColorizeRequest, LineArt, Reference
from tests.drawings import write_drawings
from tests.finishing import BLUE, RED, patches, rooms
from tests.style_engines import TINY, write_model
from trainer import palette_distance as distances
from trainer.config import Stage
from trainer.experiments import paper_figures, style_scores, styles, tables
from trainer.experiments.gradient_parts import PARTS
from trainer.experiments.runner import Hooks
from trainer.experiments.settings import ExperimentConfig
from trainer.recipes import style as recipe


def plain(*colors: tuple[int, int, int]) -> np.ndarray:
    return np.concatenate([np.full((20, 60, 3), color, np.uint8) for color in colors])


def test_the_palette_distance_is_what_it_costs_to_move_the_colors() -> None:
    gray, dark = (119, 119, 119), (48, 48, 48)  # L* 50.0 and 19.9 without any chroma
    assert distances.palette_distance(plain(gray), plain(gray)) == pytest.approx(0.0, abs=1e-4)
    assert distances.palette_distance(plain(gray), plain(dark)) == pytest.approx(50.03 - 19.87, abs=0.2)
    assert distances.palette_distance(plain(gray, dark), plain(gray)) == pytest.approx((50.03 - 19.87) / 2, abs=0.2)
    # Where colors are, and how much paper there is, does not matter.
    moved = plain((255, 255, 255), dark, gray)
    assert distances.palette_distance(moved, plain(gray, dark)) == pytest.approx(0.0, abs=1e-4)
    assert np.isnan(distances.palette_distance(plain((255, 255, 255)), plain(gray)))


def test_the_spread_tells_a_network_that_ignores_styles_from_one_that_follows_them() -> None:
    of_styles = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    followed = np.repeat(of_styles[None], 4, axis=0)
    assert distances.spread(followed, of_styles) == pytest.approx(1.0)
    assert distances.spread(followed * 0.0 + 0.4, of_styles) == pytest.approx(0.0, abs=1e-9)
    # Drawings that differ among themselves are no spread over styles.
    assert distances.spread(np.arange(12.0).reshape(4, 1, 3).repeat(3, axis=1), of_styles) == 0.0
    assert distances.mean_color(plain(RED, (255, 255, 255))) == pytest.approx(np.array(RED) / 255)


def test_palette_only_paints_swatches_and_no_paper() -> None:
    made = style_scores.palette_only(ColorizeRequest(LineArt(rooms(3)), (Reference(patches(RED, BLUE).pixels),), 128))
    colors = {tuple(color) for color in made.flats.reshape(-1, 3).tolist()}
    assert {RED, BLUE} & colors and (made.flats[0, 0] == 255).all()


def config_of(folder: Path, **changes: object) -> ExperimentConfig:
    config = ExperimentConfig((folder / "data",), folder / "out", 128, 4, pictures=8, base="compact", workers=0)
    return replace(config, test=folder / "val", limit=3, device="cpu", precision="fp32", **changes)


def test_rows_differ_in_nothing_but_what_they_name(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    made = {name: styles.training_of(name, config, "own") for name in styles.VARIANTS}
    for name, training in made.items():
        assert [(one.size, one.pictures, one.batch) for one in training.stages] == [(128, 8, 4)], name
        assert styles.encoder_of(training.network) == "own style encoder"
        assert training.data.protocol == ("varied" if styles.VARIANTS[name].varied else "paper")
    assert made["m1-varied"].network == made["m1"].network
    assert made["own-gan"].losses.adversarial > made["own"].losses.adversarial == 0.0
    assert made["m3"].network.has_map and made["m2"].network.norm == "batch"
    published = styles.training_of("m1", config, "auto")
    assert styles.encoder_of(published.network) == "VGG19 fc1"
    with pytest.raises(TrainingError, match="no variant 'm9'"):
        styles.chosen(["m9"])


def test_a_published_network_that_is_not_there_is_told_before_anything_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    write_drawings(tmp_path / "data", [f"{number}.png" for number in range(4)])
    write_drawings(tmp_path / "val", [f"v{number}.png" for number in range(3)])
    with pytest.raises(NurieError, match="published VGG19 weights, which are not on this computer"):
        styles.run(config_of(tmp_path), ["own", "m1"], "auto", (), Hooks())
    assert not (tmp_path / "out").exists()
    command = ["experiment", "styles", "--data", str(tmp_path / "data"), "--output", str(tmp_path / "out")]
    command += ["--val", str(tmp_path / "val")]
    assert cli.main([*command, "--variants", "m3", "--pictures", "8"]) == 2
    told = capsys.readouterr().err
    assert "inception_v3_google-0cc3c7bd.pth" in told and "Traceback" not in told
    wrong = tmp_path / "wrong.pth"
    wrong.write_bytes(b"no weights")
    assert cli.main([*command, "--variants", "m1", "--pictures", "8", "--style-network", str(wrong)]) == 2
    assert "does not hold the published VGG19 weights" in capsys.readouterr().err


def test_a_table_is_made_goes_on_and_marks_other_budgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_drawings(tmp_path / "data", [f"{number}.png" for number in range(4)])
    write_drawings(tmp_path / "val", [f"v{number}.png" for number in range(3)])
    small = replace(recipe.own(), network=TINY)
    monkeypatch.setattr(recipe.StyleRecipe, "presets", {**recipe.StyleRecipe.presets, "style-own": lambda: small})
    model = write_model(tmp_path / "ready.safetensors")
    command = ["experiment", "styles", "--data", str(tmp_path / "data"), "--val", str(tmp_path / "val")]
    command += ["--output", str(tmp_path / "out"), "--variants", "own,own-natural", "--pictures", "8", "--batch", "4"]
    command += ["--limit", "3", "--workers", "0", "--model", str(model)]
    assert cli.main(command) == 0
    assert "own style encoder" in capsys.readouterr().out
    out = tmp_path / "out"
    rows = list(csv.DictReader((out / "styles.csv").open(encoding="utf-8")))
    assert [row["row"] for row in rows] == ["own", "own-natural", "ready", "palette-only"]
    assert {row["style_encoder"] for row in rows} == {"own style encoder", "the swatches"}
    assert [row["pictures"] for row in rows] == ["8", "8", "", ""]
    for row in rows:
        assert float(row["mse"]) >= 0.0 and float(row["palette_distance"]) > 0.0 and float(row["spread"]) >= 0.0
    text = (out / "styles.md").read_text(encoding="utf-8")
    assert "as it ships (another budget)" in text and "8 samples at 128 pixels" in text
    key = json.loads((out / "styles_blind_key.json").read_text(encoding="utf-8"))
    assert len(key) == 3 and all(sorted(order) == sorted(row["row"] for row in rows) for order in key.values())
    assert all((out / f"styles{end}").stat().st_size > 1000 for end in (".png", "_sheet.webp", "_blind.webp"))
    monkeypatch.setattr(styles, "train", None)
    monkeypatch.setattr(style_scores, "_measure", None)
    assert cli.main([*command, "--json"]) == 0  # nothing is done twice
    value = json.loads(capsys.readouterr().out)
    assert value["finished"] and len(value["rows"]) == 4


def test_a_stopped_experiment_says_which_rows_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_drawings(tmp_path / "data", [f"{number}.png" for number in range(4)])
    write_drawings(tmp_path / "val", [f"v{number}.png" for number in range(3)])
    small = replace(recipe.own(), network=TINY)
    monkeypatch.setattr(recipe.StyleRecipe, "presets", {"style-own": lambda: small})
    stopped = styles.run(config_of(tmp_path), ["own"], "own", (), Hooks(should_stop=lambda: True))
    assert stopped.rows == [] and list(stopped.unfinished) == ["own", "palette-only"]
    assert recipe.own().stages[0] == Stage(128, 80_000, learning_rate=6e-4, batch=8)


def test_the_papers_figures_are_of_rows_there_are() -> None:
    for name, rows in paper_figures.BY_TABLE.items():
        assert set(rows) <= {row.name for row in tables.TABLES[name].rows}
        for found in rows.values():
            assert all(0.0 < one.ssim < 1.0 < one.fid for one in found.values())
    assert paper_figures.figures_of("table1", "sga") == paper_figures.figures_of("table3", "full")
    assert paper_figures.figures_of("table3", "line-keys") == {} == paper_figures.figures_of("recipe", "base")
    assert paper_figures.figures_of("table1", "scft")["anime"] == (44.65, 0.788)
    assert paper_figures.figures_of("table2", "flowing-projected") == {
        "anime": paper_figures.figures_of("table1", "scft")["anime"]
    }
    assert set(paper_figures.GRADIENT_SHARES) == set(PARTS)
    # What its text says of the mean over the four data sets.
    sga, scft = (paper_figures.figures_of("table1", row) for row in ("sga", "scft"))
    gains = [1 - sga[one].fid / scft[one].fid for one in paper_figures.DATA_SETS]
    assert np.mean(gains) == pytest.approx(0.2722, abs=1e-4)
    assert np.mean([sga[one].ssim / scft[one].ssim - 1 for one in paper_figures.DATA_SETS]) == pytest.approx(
        0.2567, abs=1e-4
    )
