"""Two processes on the CPU learn what one would from the same batch."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from engine.errors import TrainingError
from tests.drawings import write_drawings
from tests.unit.trainer.test_trainer import PAPER, log_of, of
from trainer import config_file
from trainer.config import LossConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.training_loop import train


def train_in_two(config: TrainConfig) -> None:
    file = Path(f"{config.output}.json")
    file.write_text(config_file.to_json(config))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*command, "-m", "trainer", "--config", str(file)],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_two_processes_give_the_losses_and_gradients_of_one(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    write_drawings(pictures, ["a.png", "b.png", "c.png"])
    config = of(
        PAPER,
        pictures,
        tmp_path / "one",
        stages=(Stage(32, 4, 1e-3, 4),),
        freeze_batch_statistics=True,
        losses=LossConfig(perceptual_network="seeded", foreground_weight=2.0),
    )
    train(config)
    train_in_two(replace(config, output=str(tmp_path / "two")))
    one, two = (log_of(tmp_path / name)[-1] for name in ("one", "two"))
    for key in ("total", "l1", "perceptual", "style", "adversarial", "discriminator"):
        assert float(two[key]) == pytest.approx(float(one[key]), rel=1e-5, abs=1e-5), key
    # After one step of Adam its first moment is the gradient times 1 - beta1.
    states = [next((tmp_path / name / "checkpoints").glob("*/state-00001.safetensors")) for name in ("one", "two")]
    first, second = (load_file(state) for state in states)
    moments = [name for name in first if "exp_avg." in name]
    assert any(name.startswith("discriminator_optimizer") for name in moments) and len(moments) > 40
    for name in moments:
        assert (first[name] - second[name]).abs().max().item() < 1e-5, name
    assert json.loads((tmp_path / "two" / "run.json").read_text())["processes"] == 2


def test_parts_of_a_batch_cover_it_once() -> None:
    import torch

    parts = [Ranks(rank, 3, torch.device("cpu")).part_of(12) for rank in range(3)]
    assert [number for part in parts for number in range(12)[part]] == list(range(12))
    with pytest.raises(TrainingError, match="multiple of 3"):
        Ranks(0, 3, torch.device("cpu")).part_of(16)


def test_two_processes_teach_parts_of_a_network(tmp_path: Path) -> None:
    """The processes agree anew on what learns when a stage teaches another part."""
    write_drawings(tmp_path / "pictures", ["a.png", "b.png", "c.png"])
    stages = tuple(Stage(32, 8, 1e-3, 4, parts=parts) for parts in (("decoder",), ("sketch_encoder", "residual"), ()))
    losses = LossConfig(perceptual=0.0, style=0.0)
    config = of(
        PAPER, tmp_path / "pictures", tmp_path / "one", stages=stages, freeze_batch_statistics=True, losses=losses
    )
    train(config)
    train_in_two(replace(config, output=str(tmp_path / "two")))
    found = [[float(row["total"]) for row in log_of(tmp_path / name)] for name in ("one", "two")]
    assert len(found[0]) == 6
    assert found[1] == pytest.approx(found[0], rel=1e-3)
