"""The recipe of the matcher in the common training: it goes on bit for bit, and what it writes matches parts."""

from dataclasses import replace
from pathlib import Path

import cv2
import pytest
import torch

from engine import checkpoint, model_catalog, model_loading
from engine.architectures.parts import PartsConfig, PartsMatcher
from engine.errors import TrainingError
from tests.unit.trainer.test_parts_training import a_character
from tests.unit.trainer.test_trainer import require_same
from trainer import config_file, recipes
from trainer.config import DataConfig, Stage, TrainConfig
from trainer.parts import __main__ as command
from trainer.parts import samples as parts_samples
from trainer.training_loop import train


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    for number in range(4):
        parts_samples.save(tmp_path / "cache" / "drawn" / f"drawn_{number:05d}.0.npz", a_character(number))
    parts_samples.save(tmp_path / "cache" / "drawn" / "drawn_00861.0.npz", a_character(99))
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that ships, from which the backbone is taken."""
    torch.manual_seed(3)
    path = tmp_path / "nurie-parts.safetensors"
    values = {"side": 64, "width": 8, "heads": 1, "layers": 1}
    info = checkpoint.CheckpointInfo("parts", values, "tiny")
    checkpoint.save(path, PartsMatcher(PartsConfig(side=64, width=8, heads=1, layers=1)).state_dict(), info)
    monkeypatch.setattr(model_catalog, "matcher", lambda: path)
    return path


def run_of(cache: Path, output: Path, **changes: object) -> TrainConfig:
    config = replace(
        recipes.find("parts").presets["parts"](),
        network=PartsConfig(side=64, width=16, heads=2, layers=1, dropout=0.1),
        data=DataConfig(folders=(str(cache),), workers=0),
        stages=(Stage(64, 24, 5e-3, 4),),
        output=str(output),
        device="cpu",
        precision="fp32",
        log_every=1,
        sample_every=3,
    )
    return replace(config, **changes)  # type: ignore[arg-type]


def test_it_learns_stops_and_goes_on_to_the_same_weights(cache: Path, tmp_path: Path, shipped: Path) -> None:
    losses: list[float] = []
    config = run_of(cache, tmp_path / "straight")
    straight = train(config, lambda progress: losses.append(progress.losses["total"]))
    assert len(losses) == 6 and losses[-1] < losses[0]
    stops = iter([False, True])
    train(run_of(cache, tmp_path / "sliced"), should_stop=lambda: next(stops))
    require_same(straight, train(run_of(cache, tmp_path / "sliced")))
    assert (tmp_path / "straight" / "log.csv").read_text().splitlines()[0].endswith("total,matching,naming")
    sheet = cv2.imread(str(tmp_path / "straight" / "samples" / "00000003.png"))
    assert sheet is not None and sheet.std() > 10.0
    assert config_file.read(tmp_path / "straight" / "config.json").network == config.network


def test_what_it_writes_is_a_matcher_with_the_backbone_that_ships(cache: Path, tmp_path: Path, shipped: Path) -> None:
    train(run_of(cache, tmp_path / "run"))
    made = tmp_path / "run" / "model.safetensors"
    assert model_loading.load_matcher(made).config.width == 16
    ours, theirs = (checkpoint.load_stored(path) for path in (made, shipped))
    assert not any(name.startswith("naming.") for name in ours)
    backbone = [name for name in theirs if name.startswith("backbone.")]
    assert backbone and all(torch.equal(ours[name].float(), theirs[name].half().float()) for name in backbone[:8])
    again = train(run_of(cache, tmp_path / "again", start=str(made), stages=(Stage(64, 4, 1e-6, 4),)))
    before = checkpoint.load_stored(made)["head.query.weight"].float()
    assert torch.allclose(again.model.state_dict()["head.query.weight"], before, atol=1e-3)


def test_certainty_is_made_true_afterwards(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(run_of(cache, tmp_path / "run"))
    made = tmp_path / "run" / "model.safetensors"
    assert command.main(["calibrate", str(made), "--samples", str(cache)]) == 0
    assert "said" in capsys.readouterr().out
    scale, _ = checkpoint.read_info(made).config["calibration"]
    assert scale != 1.0 and model_loading.load_matcher(made).config.calibration[0] == scale
    (cache / "drawn" / "drawn_00861.0.npz").unlink()
    assert command.main(["calibrate", str(made), "--samples", str(cache)]) == 2
    assert "held out" in capsys.readouterr().err


def test_without_samples_or_a_backbone_there_is_one_sentence(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no samples"):
        train(run_of(tmp_path / "empty", tmp_path / "a"))
    with pytest.raises(TrainingError, match="multiple of 64"):
        train(run_of(cache, tmp_path / "b", stages=(Stage(48, 4, 1e-3, 4),)))
    monkeypatch.setattr(model_catalog, "matcher", lambda: None)
    with pytest.raises(TrainingError, match="backbone"):
        train(run_of(cache, tmp_path / "c"))
