"""The recipe: rows that change network, losses or data, measured on held-out characters and on further ones."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli import main as cli
from engine.errors import TrainingError
from tests.drawings import write_drawings
from trainer.config import TrainConfig
from trainer.experiments import scoring
from trainer.experiments.recipe import RECIPE
from trainer.experiments.settings import ExperimentConfig, prepare, row_key

NAMES = [f"characters/{who}/{number}.png" for who in ("ann", "bob", "cem", "dan") for number in range(3)]


@pytest.fixture
def config(tmp_path: Path) -> ExperimentConfig:
    write_drawings(tmp_path / "data", [*NAMES, "alone.png"])
    write_drawings(tmp_path / "val", ["eve/1.png", "eve/2.png"])
    data, output = (tmp_path / "data",), tmp_path / "out"
    return ExperimentConfig(data, output, size=128, pictures=4, base="compact", held_out=0.4, val=tmp_path / "val")


def trained(config: ExperimentConfig) -> dict[str, TrainConfig]:
    return {row.name: config.train_config(row.changes, Path(), row.losses, row.data) for row in RECIPE.rows}


def test_every_row_changes_one_thing_of_the_recipe_that_ships(config: ExperimentConfig) -> None:
    rows, base = trained(config), trained(config)["base"]
    training = prepare(config).training
    assert len({row_key(row, training) for row in rows.values()}) == len(rows)
    assert base.network == TrainConfig.compact().network and base.losses == TrainConfig.compact().losses
    for name, row in rows.items():
        changed = [part for part in ("network", "losses", "data") if getattr(row, part) != getattr(base, part)]
        assert len(changed) == (0 if name == "base" else 1)
    assert rows["paper"].network == TrainConfig.paper().network
    assert rows["perceptual"].losses.style / rows["perceptual"].losses.l1 == pytest.approx(50.0 / 30.0)


def test_the_table_has_both_protocols(config: ExperimentConfig, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["experiment", "recipe", "--data", str(config.data[0]), "--val", str(config.val), "--output"]
    arguments += [str(config.output), "--pictures", "4", "--batch", "2", "--held-out", "0.4"]
    arguments += ["--rows", "base,multi-reference,perceptual", "--device", "cpu", "--precision", "fp32"]
    assert cli.main([*arguments, "--workers", "0", "--limit", "1", "--perceptual-network", "seeded"]) == 0
    assert "region accuracy" in capsys.readouterr().out
    lines = list(csv.DictReader((config.output / "recipe.csv").open(encoding="utf-8")))
    assert [line["row"] for line in lines] == ["base", "multi-reference", "perceptual"]
    for line in lines:
        assert 0.0 <= float(line["own_accuracy"]) <= 1.0 and 0.0 <= float(line["val_tinted"]) <= 1.0
        assert "paper_fid" not in line
    assert [line["perceptual_network"] for line in lines] == ["", "", "seeded-20220713"]
    text = (config.output / "recipe.md").read_text(encoding="utf-8")
    assert "| seconds |" in text and "not at hand" not in text and "the folder val" in text
    # What is shown of the rows is never art of the further characters.
    assert all(len(list(folder.iterdir())) == 4 for folder in config.output.glob("runs/*/sheet"))


def test_without_poses_there_is_nothing_to_measure(config: ExperimentConfig, tmp_path: Path) -> None:
    write_drawings(tmp_path / "flat", [f"{number}.png" for number in range(9)])
    flat = replace(config, data=(tmp_path / "flat",))
    with pytest.raises(TrainingError, match="No character of the test drawings has two"):
        scoring.make_plans(flat, prepare(flat))


def test_the_size_must_suit_the_compact_network(config: ExperimentConfig) -> None:
    with pytest.raises(TrainingError, match="For the recipe the size must be a multiple of 128, not 160"):
        replace(config, size=160)
    assert replace(config, size=160, pictures=0).working_size == 160
